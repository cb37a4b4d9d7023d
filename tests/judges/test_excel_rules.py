"""What we write keeps Excel's own rules; and the rules find the faults that are seeded into it."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from poa_xl.actions.updating import Options, update_book
from tests.judges.excel_rules import RULES, broken, taken_apart
from tests.judges.kinds import every_kind
from tests.judges.validator import errors
from tests.plans import save, small

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
Parts = dict[str, bytes]


def sub(part: str, pattern: str, new: str) -> Callable[[Parts], None]:
    def seed(parts: Parts) -> None:
        text, count = re.subn(pattern, new, parts[part].decode(), count=1, flags=re.DOTALL)
        assert count == 1, (part, pattern)
        parts[part] = text.encode()

    return seed


LONG = "&quot;" + "&quot;&amp;&quot;".join(["x" * 200] * 45) + "&quot;"
SEEDED = {
    "márgenes antes de las celdas": sub(SHEET, r"(<sheetData>.*</sheetData>)(.*?)(<pageMargins[^>]*/>)", r"\3\1\2"),
    "formatos condicionales antes de las celdas": sub(
        SHEET, r"(<sheetData>.*</sheetData>)(.*?)(<conditionalFormatting.*?</conditionalFormatting>)", r"\3\1\2"
    ),
    "formato de celda que no está": sub(SHEET, r' s="1"', ' s="9999"'),
    "formato diferencial que no está": sub(SHEET, r'dxfId="0"', 'dxfId="99"'),
    "prioridad doble": sub(SHEET, r'priority="2"', 'priority="1"'),
    "texto compartido que no está": sub(SHEET, r't="s"><v>0</v>', 't="s"><v>99999</v>'),
    "celda doble": sub(SHEET, r'(<c r="A1".*?</c>)', r"\1\1"),
    "celdas en desorden": sub(SHEET, r'(<c r="A4".*?</c>)(<c r="B4".*?</c>)', r"\2\1"),
    "filas en desorden": sub(SHEET, r'(<row r="1".*?</row>)(<row r="2".*?</row>)', r"\2\1"),
    "nombre doble": sub(BOOK, r'(<definedName name="_poa_xl".*?</definedName>)', r"\1\1"),
    "nombre como una celda": sub(BOOK, r'name="_poa_xl"', 'name="POA2020"'),
    "nombre con un literal largo": sub(BOOK, r'name="_poa_xl" hidden="1">"', 'name="_poa_xl" hidden="1">"' + "x" * 300),
    "hoja de nombre largo": sub(BOOK, r'name="Hallazgos"', f'name="{"H" * 40}"'),
    "hoja con barra": sub(BOOK, r'name="Hallazgos"', 'name="Halla/zgos"'),
    "dos hojas iguales": sub(BOOK, r'name="Hallazgos"', 'name="poa 2020"'),
    "dos números de hoja": sub(BOOK, r'sheetId="2"', 'sheetId="1"'),
    "nombre de una hoja que no está": sub(BOOK, r'localSheetId="0"', 'localSheetId="9"'),
    "parte que falta": lambda parts: parts.pop("xl/worksheets/sheet2.xml") and None,
    "parte sin tipo": sub("[Content_Types].xml", r'<Override PartName="/xl/worksheets/sheet2.xml"[^>]*/>', ""),
    "fórmula que no se entiende": sub(SHEET, r"<f>", "<f>IF(("),
    "fórmula larga": sub(SHEET, r"<f>", f"<f>{LONG}&amp;"),
    "literal largo": sub(SHEET, r"<f>", f"<f>&quot;{'x' * 300}&quot;&amp;"),
    "punto y coma": sub(SHEET, r"<f>", "<f>SUM(1;2)+"),
    "función sin prefijo": sub(SHEET, r"<f>", "<f>XLOOKUP(1,A1:A2,B1:B2)&amp;"),
    "lista larga": sub(SHEET, r'"Acumulada,', '"' + "A" * 300 + ","),
    "ayuda larga": sub(SHEET, r'prompt="', 'prompt="' + "A" * 300),
    "título largo": sub(SHEET, r'promptTitle="', 'promptTitle="' + "A" * 40),
    "fila muy alta": sub(
        SHEET, r'<row r="1"([^>]*?)(?: ht="[^"]*")?( customHeight="1")?>', r'<row r="1"\1 ht="1000" customHeight="1">'
    ),
    "texto largo": sub(SHEET, r't="s"><v>0</v></c>', f't="inlineStr"><is><t>{"x" * 40000}</t></is></c>'),
    "nivel 9": sub(SHEET, r'outlineLevel="1"', 'outlineLevel="9"'),
    "columnas encimadas": sub(SHEET, r'<col min="2" max="2"', '<col min="1" max="2"'),
    "verdad que no lo es": sub(SHEET, r'customWidth="1"', 'customWidth="yes"'),
    "panel que no hay": sub(SHEET, r'activePane="\w+"', 'activePane="lowerRight"'),
    "carácter de control": sub(SHEET, r"<v>[^<]*</v>", "<v>\x0b</v>"),
    "cuenta de formatos": sub("xl/styles.xml", r'cellXfs count="\d+"', 'cellXfs count="999"'),
    "texto en un número": sub(SHEET, r'<c r="F5" s="(\d+)"><v>[^<]*</v>', r'<c r="F5" s="\1"><v>abc</v>'),
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    path = save(small(), tmp_path_factory.mktemp("reglas") / "plan.xlsx")
    update_book(path, Options())
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def test_nothing_is_found_in_what_was_not_touched(parts: Parts) -> None:
    assert broken(packed(parts)) == []


@pytest.mark.parametrize("fault", SEEDED)
def test_every_seeded_fault_is_found(fault: str, parts: Parts) -> None:
    changed = dict(parts)
    SEEDED[fault](changed)
    assert broken(packed(changed)) != []


def test_every_rule_finds_something(parts: Parts) -> None:
    seen: set[str] = set()
    for seed in SEEDED.values():
        changed = dict(parts)
        seed(changed)
        book = taken_apart(packed(changed))
        seen |= {rule.__name__ for rule in RULES if not book.damaged and any(rule(book))}
    assert seen == {rule.__name__ for rule in RULES}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return dict(every_kind(tmp_path_factory.mktemp("clases")))


# The workbook of somebody else before we touched it is among them, to compare with.
BOOKS = (
    *("plantilla", "plan", "fórmulas", "valores", "funciones", "sumas", "unidad", "consolidado", "ajeno"),
    *("aprobado", "seguimiento", "informe", "estado", "cambios", "en blanco"),
    *("complemento", "complemento que Calc abre"),
)
KINDS = (*BOOKS, "informe de Word", "plantilla del informe")


def test_all_kinds_are_judged(kinds: dict[str, Path]) -> None:
    assert {*KINDS, "de origen"} == kinds.keys()


@pytest.mark.parametrize("kind", BOOKS)
def test_every_kind_of_file_keeps_the_rules(kind: str, kinds: dict[str, Path]) -> None:
    # What the foreign workbook brought along is not ours.
    assert set(broken(kinds[kind].read_bytes())) <= set(broken(kinds["de origen"].read_bytes()))


@pytest.mark.parametrize("version", ["Office2016", "Microsoft365"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_valid(kind: str, version: str, kinds: dict[str, Path]) -> None:
    assert errors(kinds[kind], version) == []


@pytest.mark.parametrize("fault", ["márgenes antes de las celdas", "verdad que no lo es"])
def test_the_schemas_find_what_they_know(fault: str, parts: Parts, tmp_path: Path) -> None:
    changed = dict(parts)
    SEEDED[fault](changed)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(packed(changed))
    assert errors(path, "Microsoft365") != []

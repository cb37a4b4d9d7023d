"""One file of every kind that we write."""

from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner

from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.template import write_template
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import NewRow
from poa_xl.cli import main
from tests.books.zoo.dialects import DIALECTS, written
from tests.books.zoo.workbooks import plan_workbook
from tests.plans import edit, save, small


def every_kind(folder: Path) -> Mapping[str, Path]:
    """Write one of each into a folder, by what it is."""
    found: dict[str, Path] = {"plantilla": folder / "plantilla.xlsx"}
    write_template(found["plantilla"], 2021)
    found["plan"] = save(small(), folder / "plan.xlsx")
    for kind, options in (
        ("fórmulas", Options()),
        ("valores", Options(values=True)),
        ("funciones", Options(functions=True)),
        ("sumas", Options(rollup=True)),
    ):
        found[kind] = save(small(), folder / f"{kind}.xlsx")
        update_book(found[kind], options)
    split_book(found["plan"], folder / "enviados")
    found["unidad"] = next((folder / "enviados").glob("*.xlsx"))
    legal = next((folder / "enviados").glob("*Legal*.xlsx"))
    edit(legal, ("GRO1.1.1", "target", 24))
    if found["unidad"] == legal:
        found["unidad"] = next(each for each in (folder / "enviados").glob("*.xlsx") if each != legal)
    found["consolidado"] = save(small(), folder / "consolidado.xlsx")
    sync([folder / "enviados"], found["plan"], SyncOptions(output=found["consolidado"]))
    dialect = DIALECTS["openpyxl"]
    found["ajeno"] = folder / "ajeno.xlsx"
    found["ajeno"].write_bytes(written(plan_workbook(wide=True), dialect))
    found["de origen"] = folder / "de origen.xlsx"
    found["de origen"].write_bytes(found["ajeno"].read_bytes())
    editor = Editor(found["ajeno"].read_bytes(), "ajeno.xlsx")
    editor.insert("POA", [NewRow(8, 7, grows=True)])
    found["ajeno"].write_bytes(editor.save())
    update_book(found["ajeno"], Options())
    return {**found, **_commanded(folder, found["plan"], found["consolidado"])}


def _commanded(folder: Path, plan: Path, other: Path) -> dict[str, Path]:
    """What commands write besides."""
    found = {
        "aprobado": save(small(), folder / "aprobado.xlsx"),
        "seguimiento": save(small(), folder / "seguimiento.xlsx"),
    }
    made = {
        "informe": "informe.xlsx",
        "informe de Word": "informe.docx",
        "plantilla del informe": "plantilla_informe.docx",
        "estado": "estado.xlsx",
        "cambios": "cambios.xlsx",
        "en blanco": "en_blanco.xlsx",
        "complemento": "complemento.xlam",
        "complemento que Calc abre": "complemento.xlsm",
    }
    found |= {kind: folder / name for kind, name in made.items()}
    for line in (
        ["approve", found["aprobado"], "--resolution", "RA 1"],
        ["modifications", found["aprobado"]],
        ["track", found["seguimiento"], "--until", "SEP"],
        ["report", found["seguimiento"], "--until", "SEP", "-o", found["informe"]],
        ["report", found["seguimiento"], "--until", "SEP", "-o", found["informe de Word"]],
        ["template", "--report", "-o", found["plantilla del informe"]],
        ["template", "--like", plan, "-o", found["en blanco"]],
        ["status", plan, "-o", found["estado"]],
        ["diff", plan, other, "-o", found["cambios"]],
        ["addin", "build", "-o", found["complemento"]],
        ["addin", "build", "-o", found["complemento que Calc abre"]],
    ):
        CliRunner().invoke(main, ["--quiet", *map(str, line)], catch_exceptions=False)
    return found

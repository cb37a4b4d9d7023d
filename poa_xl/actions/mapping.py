"""How a plan of any office is understood: shown with samples and reasons, asked where in doubt, kept as settings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from poa_xl.actions.load import Opened, find_plans
from poa_xl.actions.reading import read_workbook_of
from poa_xl.actions.settings import SETTINGS, load_profile, read_settings
from poa_xl.books import files
from poa_xl.core.checks import judged
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Kind, Row
from poa_xl.core.targets import listed
from poa_xl.core.values import Invalid
from poa_xl.i18n import number
from poa_xl.sheet.cells import shown, text_of
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.forms import CUSTOMS
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import KEYS, OURS
from poa_xl.sheet.keys import COLUMN_KEYS, KEY_OF
from poa_xl.sheet.months import words_of
from poa_xl.sheet.parse import is_labelled
from poa_xl.sheet.profile import Profile, profile_of

_SAMPLES = 3
_ROWS = 10
_LOOKED_AT = 60
_AMOUNTS = {"target", "budget", *MONTHS}
# What poa-xl put there says nothing about how the plan is understood; the type of a target is what planners write.
_ADDED = {*OURS} - {"stated"}
# Shorter headers could be taken for letters of a column.
_SHORT = 3


@dataclass(frozen=True)
class MappedColumn:
    """A column of the sheet, and what it was taken for.

    Attributes:
        letter: Its letters.
        header: What stands above it.
        field: Key of the settings; empty for a column that is not used.
        caption: What the printed plan calls it.
        samples: What its first cells hold.
        reason: Why it was taken for that.
    """

    letter: str
    header: str
    field: str
    caption: str
    samples: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Question:
    """What is in doubt, and the line of the settings that settles it."""

    field: str
    text: str
    line: str


@dataclass(frozen=True)
class Mapped:
    """A plan sheet as it is understood.

    Attributes:
        sheet: Its name.
        profile: The form that it is of.
        header: First and last row of its heading.
        first: First row of the plan.
        last: Last row of the plan.
        months: Columns of the programmed months, January first; those that there are.
        done: Columns of the executed months.
        target: Column of the target; None for the sum of the months.
        code: Columns of the code.
        fields: Key of the settings to column.
        columns: Every column with a header.
        rows: The first rows as understood.
        counts: Rows, operations, and how many are green, red and in doubt.
        questions: What is in doubt.
        aside: Other sheets that look like a plan and why they were not taken.
        settings: What would be written into `poa.toml`.
    """

    sheet: str
    profile: str
    header: tuple[int, int]
    first: int
    last: int
    months: tuple[str, ...]
    done: tuple[str, ...]
    target: str | None
    code: tuple[str, ...]
    fields: Mapping[str, str]
    columns: tuple[MappedColumn, ...]
    rows: tuple[Mapping[str, str], ...]
    counts: Mapping[str, int]
    questions: tuple[Question, ...]
    aside: tuple[str, ...]
    settings: Mapping[str, Any]

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON takes it; the columns of the fields stand beside the rest."""
        record = asdict(self)
        return record | {
            name: self.fields.get(key) for key, name in COLUMN_KEYS.items() if key not in ("codigo", "meta")
        }


def map_file(path: Path, sheet: str | None = None, profile: Profile | None = None) -> list[Mapped]:
    """Show how the plan sheets of a workbook are understood, the one that lacks least first.

    Args:
        path: The workbook.
        sheet: This sheet only.
        profile: What the office says; by default what `poa.toml` beside the workbook says.

    Raises:
        BookError: It cannot be read.
        LayoutError: It holds no plan.
    """
    chosen = load_profile(None, path.parent) if profile is None else profile
    book, _ = read_workbook_of(path)
    opened = find_plans(book, sheet, profile=chosen)
    opened.sort(key=lambda each: (-_weight(each), not each.grid.visible))
    found = [_mapped(each) for each in opened]
    # Of several sheets all count, and in another workbook of the folder the plan's is called otherwise.
    return found if sheet is None else [replace(each, settings=_of_sheet(each)) for each in found]


def _of_sheet(mapped: Mapped) -> dict[str, Any]:
    return {**mapped.settings, "plan": {**mapped.settings["plan"], "hoja": mapped.sheet}}


def _weight(opened: Opened) -> float:
    found = opened.layout.recognised
    return found.weight if found is not None else len(opened.layout.columns)


def _mapped(opened: Opened) -> Mapped:
    layout, found = opened.layout, opened.layout.recognised
    addresses = layout.addresses
    planned = {name: letter for name, letter in addresses.items() if name not in OURS}
    months = tuple(planned[month] for month in _in_order(opened) if month in planned)
    code = tuple(letters(column) for column in layout.code) or tuple(planned[n] for n in ("code",) if n in planned)
    fields = {KEY_OF[name]: letter for name, letter in planned.items() if name in KEY_OF}
    findings = judged(opened.plan).findings
    states = [each.state for each in flag(opened.plan, findings)]
    operations = [row for row in opened.plan.rows if row.kind is Kind.OPERATION]
    doubts = found.doubts if found is not None else ()
    mapped = Mapped(
        opened.sheet,
        layout.house.name,
        (layout.top, layout.bottom),
        layout.bottom + 1,
        layout.last or opened.last,
        months,
        tuple(letters(layout.done[month]) for month in MONTHS if month in layout.done),
        planned.get("target"),
        code,
        fields,
        _columns(opened),
        tuple(_shown(row) for row in opened.plan.rows[:_ROWS]),
        {
            "filas": len(opened.plan.rows),
            "operaciones": len(operations),
            "verde": states.count(State.GREEN),
            "rojo": states.count(State.RED),
            "aviso": states.count(State.WARNING),
        },
        tuple(Question(KEY_OF.get(each.field, each.field), each.message, each.line) for each in doubts),
        opened.aside,
        {},
    )
    return Mapped(**{**vars(mapped), "settings": _settings(opened, mapped)})


def _in_order(opened: Opened) -> Sequence[str]:
    """The months as they stand from left to right."""
    columns = opened.layout.columns
    return sorted((month for month in MONTHS if month in columns), key=lambda month: columns[month])


def _columns(opened: Opened) -> tuple[MappedColumn, ...]:
    layout, found = opened.layout, opened.layout.recognised
    used: dict[int, list[str]] = {}
    for name, column in layout.columns.items():
        used.setdefault(column, []).append(name)
    for column in layout.code:
        used.setdefault(column, ["code"])
    headers = dict(found.heading.shown) if found is not None else {}
    headers = headers or {column: text_of(opened.grid.get(layout.bottom, column)) for column in used}
    headers |= {column: text for text, column in layout.unknown.items() if text != KEYS}
    added = {column for column, names in used.items() if _ADDED.issuperset(names)}
    return tuple(
        _column(opened, column, headers[column], used.get(column, [])) for column in sorted({*headers} - added)
    )


def _column(opened: Opened, column: int, header: str, names: Sequence[str]) -> MappedColumn:
    found = opened.layout.recognised
    lines = [row.line for row in opened.plan.rows[:_LOOKED_AT]]
    # A code, a year, and whatever else a number may be in other columns stands as it is written.
    written = shown if _AMOUNTS.intersection(names) else text_of
    texts = (written(opened.grid.get(line, column)) for line in lines)
    samples = tuple(list(dict.fromkeys(filter(None, texts)))[:_SAMPLES])
    captions = {**CAPTIONS, **OURS}
    reasons = [found.proposals[name].reason for name in names if found is not None and name in found.proposals]
    return MappedColumn(
        letters(column),
        header,
        ", ".join(KEY_OF.get(name, name) for name in names),
        ", ".join(captions[name] for name in names),
        samples,
        "; ".join(reasons),
    )


def _shown(row: Row) -> dict[str, str]:
    """Return a row as it is understood."""
    months = listed([*row.programmed], row.programmed)
    target = (
        row.target.text if isinstance(row.target, Invalid) else number(row.target) if row.target is not None else ""
    )
    told = {
        "fila": str(row.line),
        "codigo": getattr(row.code, "written", "") or getattr(row.code, "text", ""),
        "nombre": row.name,
        "unidad": row.unit,
        "meta": target,
        "meses": months,
    }
    return {key: text for key, text in told.items() if text}


def _settings(opened: Opened, mapped: Mapped) -> dict[str, Any]:
    """Return what says the same as was recognised, so that it is not guessed again."""
    if opened.layout.recognised is None:
        return {"plan": {"perfil": CUSTOMS}}
    headers = Counter(words_of(each.header) for each in mapped.columns)
    # A header says more than a letter, and is looked for in every workbook of the folder.
    named = {
        each.letter: each.header if headers[words_of(each.header)] == 1 and len(each.header) > _SHORT else each.letter
        for each in mapped.columns
    }
    columns: dict[str, Any] = {key: named[letter] for key, letter in mapped.fields.items() if key != "codigo"}
    if mapped.code:
        columns["codigo"] = named[mapped.code[0]] if len(mapped.code) == 1 else [named[each] for each in mapped.code]
    columns |= {key: "ninguna" for key in KEY_OF.values() if key not in columns}
    found: dict[str, Any] = {"plan": {"perfil": mapped.profile}, "columnas": columns}
    if opened.layout.profile.months:
        found["meses"] = {"columnas": list(mapped.months)}
        found["plan"]["fila_meses"] = opened.layout.recognised.heading.at
    if mapped.target is None:
        columns.pop("meta")
        found["meta"] = {"de": "suma"}
    return found


def settings_of(opened: Opened) -> dict[str, Any]:
    """Return the settings that say of a plan what was recognised of it."""
    return dict(_mapped(opened).settings)


def pinned(opened: Opened) -> Profile:
    """Return what says of a plan all that was recognised of it, for parts of it that are too small to show it again."""
    layout, plan = opened.layout, opened.plan
    told = profile_of(_mapped(opened).settings)
    codes = [
        opened.grid.get(row.line, layout.columns.get("code", 0)) for row in plan.rows if isinstance(row.code, Code)
    ]
    learned = "libre" if plan.house.any_code else "numero" if any(isinstance(c, Decimal) for c in codes) else "puntos"
    by_heading = layout.unit_from == "heading" and not is_labelled(opened.grid, layout)
    return replace(
        layout.profile,
        name=told.name,
        sheet="",
        columns=told.columns,
        months=told.months,
        row=told.row,
        sums=told.sums,
        code=layout.profile.code or (learned if codes else ""),
        style=layout.style,
        sign=layout.sign,
        unit_from="heading" if by_heading else "sheet" if layout.unit_from == "sheet" else layout.profile.unit_from,
        rules={**layout.house.rules, **layout.profile.rules},
    )


def answered(settings: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Put answers into settings: key of a column to its letter or header, `suma` for a target that is none."""
    found = {section: dict(values) for section, values in settings.items()}
    for key, answer in answers.items():
        if key == "meta" and answer == "suma":
            found.setdefault("columnas", {}).pop("meta", None)
            found["meta"] = {"de": "suma"}
        elif key == "meses":
            found.setdefault("meses", {})["columnas"] = answer
        else:
            found.setdefault("columnas", {})[key] = answer
            if key == "meta":
                found.pop("meta", None)
    return found


def write_settings(folder: Path, settings: Mapping[str, Any]) -> tuple[Path, Path | None]:
    """Write settings beside a workbook; what stands there and is not said anew stays. Of columns all is said anew.

    Returns:
        The file, and the backup of what stood there.

    Raises:
        BookError: It cannot be written, or what stands there cannot be read.
    """
    path = folder / SETTINGS
    before = files.stamp(path) if path.is_file() else None
    kept = read_settings(path) if path.is_file() else {}
    merged = {**kept, **{name: {**kept.get(name, {}), **values} for name, values in settings.items()}}
    if "columnas" in settings:
        merged["columnas"] = settings["columnas"]
        # A column for the target takes the place of the sum of the months.
        if "meta" in settings["columnas"] and "meta" not in settings:
            merged.pop("meta", None)
    data = toml_of(merged).encode("utf-8")
    return path, files.replace(path, data, expected=before)


def toml_of(settings: Mapping[str, Any]) -> str:
    """Write settings as TOML: sections of texts, numbers, tables, and lists of them."""
    lines = ["# Ajustes de poa-xl para los planes de esta carpeta. Cada clave se explica en docs/poa-toml.md."]
    for section, values in settings.items():
        lines += ["", f"[{section}]"]
        lines += (f"{_key(key)} = {_value(value)}" for key, value in values.items())
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, int | float):
        return str(value).lower()
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{text}"'

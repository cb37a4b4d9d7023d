"""All findings of a workbook."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.apart import apart, guarded
from poa_xl.actions.load import Opened, find_plans
from poa_xl.actions.reading import read_workbook_of
from poa_xl.actions.settings import load_profile
from poa_xl.core.amounts import currency_of
from poa_xl.core.checks import Checked as Judged
from poa_xl.core.checks import judged
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Located
from poa_xl.core.plan import Kind
from poa_xl.core.tracking import USUAL, Scale
from poa_xl.errors import PoaError
from poa_xl.i18n import say
from poa_xl.sheet.executed import executed_spots
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.tracking_read import is_tracking_sheet

_LARGE = re.compile(r"\b(miles|millones)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """What a check of one file came to.

    Attributes:
        file: Name of the file as given.
        findings: All of them with their cells, sheet by sheet, errors first.
        groups: Rows that are groups.
        operations: Rows that are operations.
        lines: Rows that are partida lines.
        passed: Rows below the header that are no part of the plan: repeated headers, totals, notes.
        hidden: Rows of the plan that are hidden or filtered out; they were checked like any other.
        unknown: Headers of columns that nobody knows.
        aside: Of sheets that look like a plan and were not checked, what they lack.
        notices: What else whoever opens the workbook should know, sentences.
        notes: How the columns of another office's plan were understood, what is in doubt, which rules it does not keep.
        problem: Why the file could not be checked; empty when it could.
    """

    file: str
    findings: tuple[Located, ...] = ()
    groups: int = 0
    operations: int = 0
    lines: int = 0
    passed: int = 0
    hidden: int = 0
    unknown: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


def check_files(paths: Sequence[Path], sheet: str | None = None, year: int | None = None) -> list[Checked]:
    """Check workbooks, in their order; what goes wrong with one of them, whatever it is, is its own problem."""
    tasks = [(path, sheet, year) for path in paths]
    if len(tasks) == 1:
        done = [guarded(_check, tasks[0], str(paths[0]))]
    else:
        done = list(apart(_check, tasks, lambda task: str(task[0])))
    found = {each.task: each.found or Checked(str(each.task[0]), problem=each.problem) for each in done}
    return [found[task] for task in tasks]


def _check(task: tuple[Path, str | None, int | None]) -> Checked:
    return check_file(*task)


def check_file(path: Path, sheet: str | None = None, year: int | None = None) -> Checked:
    """Check every plan sheet of a workbook; a file that cannot be read comes back with its problem."""
    try:
        book, told = read_workbook_of(path)
        profile = load_profile(None, path.parent)
        opened = find_plans(book, sheet, year, profile)
    except PoaError as error:
        return Checked(str(path), problem=str(error))
    done = [judged(each.plan) for each in opened]
    kinds = [row.kind for each in opened for row in each.plan.rows]
    return Checked(
        str(path),
        (
            *(each for one, checked in zip(opened, done, strict=True) for each in one.plan.located(checked.findings)),
            *_tracked(opened, profile.scale or USUAL),
        ),
        kinds.count(Kind.GROUP),
        kinds.count(Kind.OPERATION),
        kinds.count(Kind.LINE),
        sum(len(each.parsed.passed) for each in opened),
        sum(each.parsed.hidden for each in opened),
        tuple(name for each in opened for name in each.layout.unknown),
        tuple(text for each in opened for text in each.aside),
        tuple(told),
        tuple(
            note for one, checked in zip(opened, done, strict=True) for note in notes_of(one.layout, one.sheet, checked)
        ),
    )


def _tracked(opened: Sequence[Opened], scale: Scale) -> tuple[Located, ...]:
    if not any(executed_spots(each.layout, each.plan) or any(map(is_tracking_sheet, each.others)) for each in opened):
        return ()
    from poa_xl.actions.following import tracking_findings  # noqa: PLC0415 - it brings all that draws and edits sheets

    return tracking_findings(opened, scale)


def _of_money(layout: Layout, sheet: str) -> Iterator[str]:
    """Say where the caption of the budget speaks of other money than bolivianos, or of thousands of them."""
    found = layout.recognised.heading.shown if layout.recognised is not None else {}
    caption = found.get(layout.columns.get("budget", 0), "")
    if currency_of(caption) and not layout.sign:
        yield say(
            "hoja «{sheet}»: «{caption}» habla de otra moneda, y sus montos cuentan como bolivianos",
            sheet=sheet,
            caption=caption,
        )
    if _LARGE.search(caption):
        yield say(
            "hoja «{sheet}»: «{caption}» habla de miles o de millones, y sus montos cuentan como están escritos",
            sheet=sheet,
            caption=caption,
        )


def notes_of(layout: Layout, sheet: str, checked: Judged) -> list[str]:
    """Say how the columns of another office's plan were understood, what is in doubt, which rules it does not keep."""
    unfit = [layout.unfit] if layout.unfit else []
    if layout.recognised is None:
        return unfit
    columns = ", ".join(f"{CAPTIONS[name]} {letters(layout.columns[name])}" for name in layout.recognised.proposals)
    months = [layout.columns[month] for month in MONTHS if month in layout.columns]
    notes = [
        *unfit,
        say(
            "hoja «{sheet}»: columnas reconocidas: {columns}, meses {first} a {last}; poa map las muestra y las guarda",
            sheet=sheet,
            columns=columns,
            first=letters(min(months)),
            last=letters(max(months)),
        ),
    ]
    notes += (
        say("hoja «{sheet}»: en duda: {doubt}", sheet=sheet, doubt=doubt.message) for doubt in layout.recognised.doubts
    )
    notes += _of_money(layout, sheet)
    notes += (
        say(
            "hoja «{sheet}»: no se aplica la regla {rule}: {count} filas no la siguen y no es costumbre de este plan",
            sheet=sheet,
            rule=rule,
            count=count,
        )
        for rule, count in checked.habits.items()
    )
    return notes

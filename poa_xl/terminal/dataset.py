"""A dataset in the terminal: regions, answers to questions."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType

from poa_xl.i18n import number, say
from poa_xl.sheet.cells import shown
from poa_xl.terminal.exported import suffix_of, written
from poa_xl.terminal.listing import MOST, Column, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from poa_xl.dataset.query import Answer


def overview(answer: "Answer") -> RenderableType:
    """Draw what there is of each region."""
    listing = Listing(
        [
            Column(say("Regional"), is_key=True),
            Column(say("Libros"), is_number=True),
            Column(say("Sin tomar"), is_number=True),
            Column(say("Filas"), is_number=True),
            Column(say("Rojas"), is_number=True),
            Column(say("Presupuesto (Bs)"), is_number=True),
        ]
    )
    for row in records(answer, plain=False):
        budget = number(row["budget"]) if isinstance(row["budget"], Decimal) else "—"
        if row["hindered"]:
            budget = say("{budget} y montos que no se pueden leer", budget=budget)
        counts = [number(Decimal(str(row[name]))) for name in ("books", "refused", "rows", "red")]
        listing.add(str(row["region"]), *counts, budget, style="red" if row["refused"] else "")
    return listing


def listed(answer: "Answer") -> RenderableType:
    """Draw an answer, as many rows as anybody reads in a terminal."""
    listing = Listing([Column(name, is_key=place == 0) for place, name in enumerate(answer.columns)])
    for row in answer.rows[:MOST]:
        listing.add(*(shown(_counted(value)) for value in row))
    return listing


def repeated(count: int, money: Decimal) -> str:
    """Say that operations came more than once."""
    return say(
        "{count} códigos están en más de un libro, con Bs {money} en total; cuáles: poa query CARPETA "
        '"SELECT * FROM conflicts"',
        count=count,
        money=number(Decimal(money)),
    )


def records(answer: "Answer", *, plain: bool = True) -> list[dict[str, object]]:
    """Return the rows of an answer by column; numbers, texts and truths alone where they are for JSON."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return [{name: _plain(value) for name, value in row.items()} for row in rows] if plain else rows


def table(answer: "Answer", output: Path) -> bytes:
    """Write an answer as the kind of file that the name asks for.

    Raises:
        BookError: It is none that we write, or what it needs is not installed.
    """
    rows = records(answer, plain=False)
    kinds: Mapping[str, type] = {
        name: next((_kind(row[name]) for row in rows if row[name] is not None), str) for name in answer.columns
    }
    texts = (
        {name: str(value) if kinds[name] is str and value is not None else value for name, value in row.items()}
        for row in rows
    )
    return written(suffix_of(output), kinds, texts)  # type: ignore[arg-type]


def _kind(value: object) -> type:
    kinds = (bool, int, Decimal, datetime, date)
    return next((kind for kind in kinds if isinstance(value, kind)), Decimal if isinstance(value, float) else str)


def _counted(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value

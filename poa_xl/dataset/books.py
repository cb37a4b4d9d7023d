"""A dataset as workbooks: one for each region, and one that leads to them; written as a stream, in bounded memory."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from poa_xl.actions.naming import file_name
from poa_xl.books.files import replace, stamp
from poa_xl.core.limits import ROWS as MOST_ROWS
from poa_xl.core.plan import FIELDS
from poa_xl.dataset.batches import Parts
from poa_xl.dataset.query import CONFLICTS, OVERVIEW, query
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.fields import CAPTIONS, DATES, TABLE

_PAINT = {state.value: style for state, style in looks.PAINT.items()}
_NUMBER, _DAY = "#,##0.##", "dd/mm/yyyy"
_CHARTED = 30


@dataclass(frozen=True)
class _Column:
    """A column of a list: its key in the records, caption, width and number format."""

    key: str
    caption: str
    width: float = 14
    form: str = ""


def write_books(folder: Path, output: Path) -> list[tuple[Path, Path | None]]:
    """Write a workbook for every region beside an index of the name that is given.

    Args:
        folder: The dataset.
        output: The index; the regions' workbooks stand in a folder of the same name.

    Returns:
        Every workbook with the backup of the one that it replaced, the index first.

    Raises:
        BookError: Somebody has one of them open, or the folder refuses.
    """
    parts = Parts(folder)
    used: set[str] = set()
    names = {region: file_name(region, used) for region in parts.regions()}
    inside = output.with_suffix("")
    made = [(inside / name, _written(inside / name, _region, parts, region)) for region, name in names.items()]
    links = {region: f"{inside.name}/{name}" for region, name in names.items()}
    return [(output, _written(output, _index, folder, links)), *made]


def _written(path: Path, draw: Any, *what: Any) -> Path | None:  # noqa: ANN401 - whatever is drawn
    before = stamp(path)
    with tempfile.TemporaryDirectory(prefix="poa_xl_") as folder:
        place = Path(folder) / "libro.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(str(place), options) as book:
            draw(_Pen(book), *what)
        return replace(path, place.read_bytes(), expected=before)


class _Pen:
    """Writes lists into a workbook, row by row, each as tall as a sheet allows."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._formats: dict[tuple[str, str], Format] = {}
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": looks.NAVY, "text_wrap": True, "valign": "vcenter"}
        self._head = book.add_format(head)

    def format(self, number: str = "", state: str = "") -> Format:
        """Return the format of a cell, painted as its state asks; equal ones are one."""
        key = number, state
        if key not in self._formats:
            made: dict[str, object] = {"valign": "top"}
            made |= {"num_format": number} if number else {}
            if style := _PAINT.get(state):
                made |= {"bg_color": style.fill, "font_color": style.color}
            self._formats[key] = self.book.add_format(made)
        return self._formats[key]

    def list(
        self, name: str, columns: Sequence[_Column], records: Iterable[Mapping[str, Any]], links: Mapping[str, str] = {}
    ) -> Worksheet:
        """Write a list; what one sheet cannot hold goes on in the next.

        Args:
            name: Name of the sheet.
            columns: Its columns.
            records: Its rows.
            links: Where the first column of a row leads, by what stands there.

        Returns:
            The first of the sheets.
        """
        first = page = self._page(name, columns)
        row, sheets = 0, 1
        for record in records:
            row += 1
            if row >= MOST_ROWS:
                self._filter(page, row - 1, columns)
                sheets += 1
                page, row = self._page(f"{name} {sheets}", columns), 1
            for number, column in enumerate(columns):
                value = record.get(column.key)
                state = record.get("state") or "" if column.key in ("state", "reason") else ""
                if number == 0 and str(value) in links:
                    page.write_url(row, 0, f"external:{links[str(value)]}", None, str(value))
                else:
                    _write(page, row, number, value, self.format(column.form, state))
        self._filter(page, row, columns)
        return first

    def _page(self, name: str, columns: Sequence[_Column]) -> Worksheet:
        page = self.book.add_worksheet(name)
        page.set_row(0, 32)
        for number, column in enumerate(columns):
            page.set_column(number, number, column.width)
        page.write_row(0, 0, [column.caption for column in columns], self._head)
        page.freeze_panes(1, 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&R&P/&N")
        return page

    def _filter(self, page: Worksheet, last: int, columns: Sequence[_Column]) -> None:
        page.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _write(page: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    if value is None:
        page.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        page.write_string(row, column, say("sí") if value else "", look)
    elif isinstance(value, Decimal | int):
        page.write_number(row, column, float(value), look)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, look)
    else:
        page.write_string(row, column, str(value), look)


def _region(pen: _Pen, parts: Parts, region: str) -> None:
    plan = [
        _Column(name, CAPTIONS[name], TABLE[name].width, _DAY if name in DATES else "" if name == "id" else _NUMBER)
        for name in FIELDS
    ]
    more = [
        _Column("state", say("Estado"), 10),
        _Column("reason", say("Motivo"), 60),
        _Column("unread", say("Sin leer"), 30),
        _Column("file", say("Archivo"), 30),
        _Column("row", say("Fila"), 8),
    ]
    pen.list("POA", [*plan, *more], _records(parts, "rows", region))
    findings = [
        _Column("state", say("Estado"), 10),
        _Column("file", say("Archivo"), 30),
        _Column("sheet", say("Hoja")),
        _Column("cell", say("Celda"), 8),
        _Column("code", say("Código"), 20),
        _Column("message", say("Hallazgo"), 60),
        _Column("value", say("Dice")),
        _Column("expected", say("Debería")),
        _Column("suggestion", say("Sugerencia"), 50),
    ]
    found = ({**each, "state": each["severity"]} for each in _records(parts, "findings", region))
    pen.list("Hallazgos", findings, found)
    pen.list("Envíos", _submissions(), _records(parts, "submissions", region))


def _records(parts: Parts, table: str, region: str) -> Iterator[Mapping[str, Any]]:
    for batch in parts.batches(table, region):
        yield from batch.to_pylist()


def _submissions() -> list[_Column]:
    return [
        _Column("file", say("Archivo"), 36),
        _Column("unit", say("Unidad"), 36),
        _Column("status", say("Estado"), 20),
        _Column("author", say("Quién"), 20),
        _Column("read", say("Filas"), 8, _NUMBER),
        _Column("passed", say("Fuera del plan"), 10, _NUMBER),
        _Column("red", say("Rojas"), 8, _NUMBER),
        _Column("changed", say("Cambiadas"), 10, _NUMBER),
        _Column("problem", say("Por qué no"), 70),
        _Column("note", say("Nota"), 40),
    ]


def _index(pen: _Pen, folder: Path, links: Mapping[str, str]) -> None:
    overview = query(folder, OVERVIEW)
    rows = [dict(zip(overview.columns, each, strict=True)) for each in overview.rows]
    columns = [
        _Column("region", say("Regional"), 36),
        _Column("books", say("Libros"), 10, _NUMBER),
        _Column("refused", say("Sin tomar"), 10, _NUMBER),
        _Column("rows", say("Filas"), 12, _NUMBER),
        _Column("red", say("Rojas"), 10, _NUMBER),
        _Column("budget", say("Presupuesto (Bs)"), 20, _NUMBER),
        _Column("doubt", say("Nota"), 50),
    ]
    doubt = say("hay montos que no se pueden leer: la suma es solo de los demás")
    told = ({**each, "doubt": doubt if each["hindered"] else None} for each in rows)
    page = pen.list("Resumen", columns, told, links)
    if rows:
        chart = pen.book.add_chart({"type": "bar"})
        last = min(len(rows), _CHARTED)
        chart.add_series(
            {
                "categories": ["Resumen", 1, 0, last, 0],
                "values": ["Resumen", 1, 5, last, 5],
                "fill": {"color": looks.NAVY},
            }
        )
        chart.set_title({"name": say("Presupuesto por regional (Bs)")})
        chart.set_legend({"none": True})
        chart.set_x_axis({"num_format": "#,##0"})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 900, "height": 120 + 22 * last})
        page.insert_chart(len(rows) + 2, 0, chart)
    refused = query(folder, "SELECT * FROM submissions WHERE problem IS NOT NULL ORDER BY region, file")
    pen.list(
        say("Sin tomar"),
        [_Column("region", say("Regional"), 24), *_submissions()],
        (dict(zip(refused.columns, each, strict=True)) for each in refused.rows),
    )
    found = query(folder, CONFLICTS)
    conflicts = [
        _Column("code", say("Código"), 24),
        _Column("regions", say("Regionales"), 36),
        _Column("units", say("Unidades"), 50),
        _Column("files", say("Archivos"), 50),
        _Column("times", say("Veces"), 8, _NUMBER),
        _Column("counted", say("Suman (Bs)"), 18, _NUMBER),
    ]
    pen.list(say("Repetidos"), conflicts, (dict(zip(found.columns, each, strict=True)) for each in found.rows))

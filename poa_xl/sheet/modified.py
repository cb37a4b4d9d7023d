"""The sheet `Modificaciones`: what differs from the approved plan, and why; the reasons are the planner's to write.

Lines about the approved version of now come first. Those about earlier versions stay below as they were when the next
one was approved, so that the sheet tells the whole year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from poa_xl.core.blocks import Block, blocks, value_of
from poa_xl.core.codes import Code
from poa_xl.core.flags import State
from poa_xl.core.keys import key_of_texts
from poa_xl.core.modifications import Modification, Modified, by_label, money_of, told_apart
from poa_xl.core.plan import DECIDED, Kind, Origin, Plan, Row
from poa_xl.core.values import Invalid
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.cells import shown, text_of
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.formulas.place import SIGN
from poa_xl.sheet.grid import Grid, Value, column_number, letters, quoted
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.listing import TOP, is_list, keep_notes, listing
from poa_xl.sheet.spec import Cell, ConditionalFormat, Content, SheetSpec, Style

MODIFIED = "Modificaciones"
WHOLE = "Operación"

_AGAINST, _CODE, _NAME, _FIELD, _PARTIDA, _BEFORE = range(1, 7)
_AFTER, _DIFFERENCE, _KIND, _MOTIVE, _REPORT, _DOCUMENT = range(7, 13)
# Hidden, and only where codes do not tell operations apart: `Modified.mark` and `Modified.seen`.
_MARK, _SEEN = 13, 14
# Where the name of the version stands that the list is about.
_VERSION = (TOP - 1, 2)
_TYPED = (_MOTIVE, _REPORT, _DOCUMENT)
_KEY = (_AGAINST, _CODE, _FIELD, _PARTIDA)
_PLAIN = tuple(range(1, _KIND + 1))
_CAPTIONS = {_CODE: "Código", _FIELD: "Columna", _KIND: "Tipo", _MOTIVE: "Motivo"}
_NAMES: Mapping[str, str] = {**{name: {**CAPTIONS, **CONTROL}[name] for name in DECIDED}, "": WHOLE}
_FIELDS: Mapping[str, str] = {caption: name for name, caption in _NAMES.items()}
_KINDS = {str(kind) for kind in Modification}

_TEXT = Style(border=True, wrap=True, number_format=looks.TEXT)
_CENTRED = Style(border=True, align="center", wrap=True, number_format=looks.TEXT)
_AMOUNT = Style(border=True, align="right")
_DAY = Style(border=True, align="center", number_format=looks.DATE)
_OPEN = Style(border=True, wrap=True, fill="#FFF9E5", locked=False)
_PAST = "#7F7F7F"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the plan stands in its workbook, so that what holds can be linked.

    Attributes:
        sheet: Name of the plan sheet.
        grid: What it holds.
        columns: Field name to column letters.
    """

    sheet: str
    grid: Grid
    columns: Mapping[str, str]

    def link(self, each: Modified) -> str:
        """Return a reference to the cell that a value stands in; empty where no single number cell holds it."""
        name = each.field or "budget"
        letter = self.columns.get(name, "")
        if not letter or not isinstance(each.after, Decimal) or value_of(each.row, name) != each.after:
            return ""
        place = (each.row.line, column_number(letter))
        value = self.grid.get(*place)
        is_number = isinstance(value, Decimal) and place not in self.grid.scaled
        return f"{quoted(self.sheet)}!{letter}{each.row.line}" if is_number else ""


def modified_sheet(found: Sequence[Modified], against: str, former: Grid | None, place: Place | None) -> SheetSpec:
    """List what differs from an approved version.

    Args:
        found: What differs.
        against: Name of the version.
        former: The sheet as it was; what people typed is kept by code and column.
        place: Where the plan stands, for links to what holds; None for values, of what is approved meanwhile.
    """
    columns = (
        (say("Respecto de"), 14),
        (say("Código"), 17),
        (say("Acción, operación o tarea"), 36),
        (say("Columna"), 19),
        (say("Partida"), 10),
        (say("Aprobado"), 18),
        (say("Vigente"), 18),
        (say("Diferencia"), 14),
        (say("Tipo"), 19),
        (say("Motivo"), 36),
        (say("Informe técnico"), 22),
        (say("Documento"), 22),
    )
    subtitle = say(
        "{count} cambios respecto de la versión «{version}»; escribir Motivo, Informe técnico y Documento: "
        "quedan al actualizar",
        count=len(found),
        version=against,
    )
    image = listing(MODIFIED, say("Modificaciones"), subtitle, "#7030A0", columns)
    image.freeze = (TOP + 1, 3)
    image.cells[TOP - 1, 1] = Cell(say("Respecto de"), looks.NOTE)
    image.cells[_VERSION] = Cell(against, looks.NOTE)
    last = TOP
    for last, each in enumerate(found, TOP + 1):
        _draw(image, last, each, against, place)
    if found:
        painted = looks.PAINT[State.WARNING]
        image.rules.append(
            ConditionalFormat(
                f"{letters(_MOTIVE)}{TOP + 1}:{letters(_MOTIVE)}{last}", f'=${letters(_MOTIVE)}{TOP + 1}=""', painted
            )
        )
    if former is not None:
        for past in _past(former, against):
            last += 1
            _copy(image, last, past)
        marked = {column for row, column in image.cells if row > TOP} & {_MARK, _SEEN}
        keep_notes(image, former, {*_PLAIN, *marked}, ((*_KEY, *sorted(marked)[:1]),), _is_line)
    if any((row, _MARK) in image.cells for row in range(TOP + 1, last + 1)):
        image.widths |= {_MARK: 0, _SEEN: 0}
    for row in range(TOP + 1, last + 1):
        for column in _TYPED:
            cell = image.cells.get((row, column), Cell(None))
            image.cells[row, column] = replace(cell, style=_OPEN)
        texts = [
            (text_of(image.cells[row, column].value), columns[column - 1][1])
            for column in (_NAME, _BEFORE, _AFTER, *_TYPED)
        ]
        image.heights[row] = looks.row_height(texts)
    image.filter = f"A{TOP}:{letters(len(columns))}{max(TOP + 1, last)}"
    return image


def _draw(image: SheetSpec, row: int, each: Modified, against: str, place: Place | None) -> None:
    texts = {
        _AGAINST: against,
        _CODE: each.code,
        _NAME: each.name,
        _FIELD: _NAMES[each.field],
        _PARTIDA: each.partida,
        _KIND: str(each.kind),
        **({_MARK: f"{SIGN}{each.mark}", _SEEN: each.seen} if each.mark else {}),
    }
    for column, text in texts.items():
        image.cells[row, column] = Cell(text or None, _TEXT if column == _NAME else _CENTRED)
    before, after = _content(each.before), _content(each.after)
    link = place.link(each) if place is not None else ""
    image.cells[row, _BEFORE] = Cell(before, _style(before))
    image.cells[row, _AFTER] = Cell(after, _style(after), f"={link}" if link else "")
    difference = each.difference
    formula = f"=N({letters(_AFTER)}{row})-N({letters(_BEFORE)}{row})" if link else ""
    image.cells[row, _DIFFERENCE] = Cell(difference, _style(difference), formula)


def _content(value: object) -> Content:
    if isinstance(value, (Decimal, date)):
        return value
    return shown(value) or None


def _style(value: Content) -> Style:
    if isinstance(value, Decimal):
        return replace(_AMOUNT, number_format=looks.amount_format(value))
    return _DAY if isinstance(value, date) else _TEXT


def _past(former: Grid, against: str) -> Iterator[Mapping[int, Value]]:
    """Yield the lines about other versions."""
    for row, cells in sorted(former.cells.items()):
        if row > TOP and _is_line(cells) and text_of(cells.get(_AGAINST)) != against:
            yield cells


def _copy(image: SheetSpec, row: int, cells: Mapping[int, Value]) -> None:
    for column in (*_PLAIN, *((_MARK, _SEEN) if _mark(cells) else ())):
        value = cells.get(column)
        content = value.text if isinstance(value, Invalid) else value
        style = _style(content) if column in (_BEFORE, _AFTER, _DIFFERENCE) else _CENTRED
        image.cells[row, column] = Cell(content, replace(style, color=_PAST))


def _is_line(cells: Mapping[int, Value]) -> bool:
    """Whether a row is a line of ours, and none of the planner's."""
    return text_of(cells.get(_KIND)) in _KINDS


def caption_of(each: Modified) -> str:
    """Name what differs as people do: its column, and whose money it is."""
    return " · ".join(part for part in (_NAMES[each.field], each.partida) if part)


def _mark(cells: Mapping[int, Value]) -> str:
    """Return what tells the operation of a line apart where its code does not; empty where that does."""
    text = text_of(cells.get(_MARK))
    return text[len(SIGN) :] if text.startswith(SIGN) else ""


def _about(cells: Mapping[int, Value]) -> str:
    return _mark(cells) or text_of(cells.get(_CODE))


def _is_typed(cells: Mapping[int, Value]) -> bool:
    return bool({*cells} - {*_PLAIN, *((_MARK, _SEEN) if _mark(cells) else ())})


def is_modified_sheet(grid: Grid) -> bool:
    """Whether a sheet is one that `modified_sheet` drew."""
    return is_list(grid, _CAPTIONS)


def typed_rows(grid: Grid) -> int:
    """Return how many rows hold something that people typed."""
    return sum(row > TOP and (not _is_line(cells) or _is_typed(cells)) for row, cells in grid.cells.items())


def typed_texts(grid: Grid) -> dict[tuple[str, ...], str]:
    """Return what people typed into the lines, by version, code or name, column, partida and caption of the text."""
    captions = {_MOTIVE: "Motivo", _REPORT: "Informe técnico", _DOCUMENT: "Documento"}
    return {
        (
            text_of(cells.get(_AGAINST)),
            said,
            *(text_of(cells.get(column)) for column in (_FIELD, _PARTIDA)),
            caption,
        ): text
        for row, cells in sorted(grid.cells.items())
        if row > TOP and _is_line(cells)
        for said in (text_of(cells.get(_CODE)) or text_of(cells.get(_NAME)),)
        for column, caption in captions.items()
        if (text := text_of(cells.get(column)))
    }


def is_up_to_date(grid: Grid, image: SheetSpec) -> bool:
    """Whether a sheet shows already what it would show drawn again."""
    return {row: dict(cells) for row, cells in grid.cells.items()} == as_grid(image).cells


def as_grid(image: SheetSpec) -> Grid:
    """Return a sheet as it reads once it is written."""
    cells: dict[int, dict[int, Value]] = {}
    for (row, column), cell in image.cells.items():
        if cell.value is not None:
            cells.setdefault(row, {})[column] = cell.value
    return Grid(image.name, cells)


def documents_of(grid: Grid, against: str) -> dict[tuple[str, str, str], str]:
    """Return the documents that the planner names for differences from a version, by what they are about."""
    return {
        (_about(cells), _FIELDS[text_of(cells.get(_FIELD))], text_of(cells.get(_PARTIDA))): text
        for _, cells in _lines(grid, against)
        if (text := text_of(cells.get(_DOCUMENT)))
    }


def _lines(grid: Grid, against: str) -> Iterator[tuple[int, Mapping[int, Value]]]:
    """Yield the lines about a version, with their row numbers."""
    for row, cells in sorted(grid.cells.items()):
        is_known = _is_line(cells) and text_of(cells.get(_FIELD)) in _FIELDS
        if row > TOP and is_known and text_of(cells.get(_AGAINST)) == against:
            yield row, cells


def modified_again(former: Grid, plan: Plan, file: str) -> SheetSpec:
    """Draw the list for a plan that is drawn anew: what differs still, with its reasons, and the lines of before."""
    return modified_sheet(read_modified(former, plan, file), text_of(former.get(*_VERSION)), former, None)


def read_modified(grid: Grid, plan: Plan, file: str) -> tuple[Modified, ...]:
    """Read the list about the version of now; what holds is the plan's, and what differs no more is left out."""
    listed = [*_lines(grid, text_of(grid.get(*_VERSION)))]
    by_code: dict[str, Block] = {}
    by_texts: dict[str, Block] = {}
    for block in blocks(plan):
        by_code.setdefault(_shown_code(block.head), block)
        if any(_mark(cells) for _, cells in listed):
            by_texts.setdefault(key_of_texts(block.head), block)
    found = [_read(row, cells, by_texts if _mark(cells) else by_code, grid.name, file) for row, cells in listed]
    return tuple(told_apart([each for each in found if each is not None]))


def _shown_code(row: Row) -> str:
    return row.code.text if isinstance(row.code, Invalid) else str(row.code or "")


def _read(
    number: int, cells: Mapping[int, Value], places: Mapping[str, Block], sheet: str, file: str
) -> Modified | None:
    texts = {column: text_of(cells.get(column)) for column in range(1, _DOCUMENT + 1)}
    mark = _mark(cells)
    seen = text_of(cells.get(_SEEN)) if mark else ""
    name, partida, block = _FIELDS[texts[_FIELD]], texts[_PARTIDA], places.get(seen or texts[_CODE])
    kind = Modification(texts[_KIND])
    before, after = _amount(cells.get(_BEFORE)), _amount(cells.get(_AFTER))
    if (kind is Modification.GONE) is (block is not None):
        # It came back, or what differed is gone itself.
        return None
    if block is not None and name:
        after = _holds(block, name, partida)
        if shown(after) == shown(before):
            return None
    columns = {"code": letters(_CODE), "name": letters(_MOTIVE), "budget": letters(_DIFFERENCE)}
    code = block.head.code if block is not None else None
    row = block.head if block is not None else Row(Kind.OPERATION, number)
    line = Row(
        Kind.LINE,
        number,
        Origin(file, sheet, columns),
        code=code if isinstance(code, Code) else None,
        name=texts[_MOTIVE],
    )
    said = (texts[_DOCUMENT], texts[_MOTIVE])
    return Modified(texts[_CODE], texts[_NAME], name, partida, before, after, kind, row, *said, line, mark, seen)


def _amount(value: Value) -> object:
    """Return what a cell of the list holds as the plan would hold it."""
    return value.text if isinstance(value, Invalid) else value


def _holds(block: Block, name: str, partida: str) -> object:
    """Return what a field of an operation holds now."""
    if name == "budget" and (partida or block.lines):
        return money_of(block).get(partida)
    if partida:
        line = by_label(block).get(partida)
        return value_of(line, name) if line is not None else None
    return value_of(block.head, name)

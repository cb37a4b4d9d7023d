"""What formulas come to when some cells of a workbook change: those that add up; others nobody here can say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException, localcontext
from typing import TypeAlias

from poa_xl.sheet.grid import Grid, Value, column_number

Place: TypeAlias = tuple[int, int]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:E[+-]?\d+)?|\.\d+)"
    r"|(?P<cell>(?:(?:'(?:[^']|'')+'|[A-Z_][\w.]*)!)?\$?[A-Z]{1,3}\$?\d+)(?![\w(.])|(?P<name>[A-Z]+(?=\())"
    r'|(?P<text>"[^"]*")|(?P<sign>[-+*/(),:&]))',
    re.IGNORECASE,
)
_CELL = re.compile(r"(?:(?P<sheet>.+)!)?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)", re.IGNORECASE | re.DOTALL)
# Of SUBTOTAL's functions the two that add up.
_ADDS = (Decimal(9), Decimal(109))
_DEEPEST = 200
_VALUE = re.compile(r"<(\w+:)?v(?:/>|>[^<]*</(\w+:)?v>)")


class _UnknownError(Exception):
    """Nobody here can say what a formula comes to."""


_Area: TypeAlias = tuple["Sheet", Place, Place]


@dataclass
class Sheet:
    """A sheet whose cells change.

    Attributes:
        grid: Its cells as they were read.
        changed: Cells that hold other values by now.
        reached: Formulas that read such a cell, of those that were asked for.
        others: The sheets of its workbook that its formulas may look at, by their folded names.
    """

    grid: Grid
    changed: Mapping[Place, Value] = field(default_factory=dict)
    reached: set[Place] = field(default_factory=set)
    others: Mapping[str, "Sheet"] = field(default_factory=dict)
    _known: dict[Place, Decimal | None] = field(default_factory=dict)
    _open: list[Place] = field(default_factory=list)

    def comes_to(self, place: Place) -> Decimal | None:
        """Return what the formula in a cell comes to; None when nobody can say."""
        try:
            return self._formula(place)
        except _UnknownError:
            return None

    def _formula(self, place: Place) -> Decimal:
        if place not in self._known:
            if place in self._open or len(self._open) > _DEEPEST or not self.grid.formulas.get(place):
                raise _UnknownError
            self._open.append(place)
            try:
                self._known[place] = _Reading(self, self.grid.formulas[place]).result()
            except _UnknownError:
                self._known[place] = None
            finally:
                self._open.pop()
        if place in self.reached:
            self.reached |= {*self._open}
        found = self._known[place]
        if found is None:
            raise _UnknownError
        return found

    def value(self, place: Place) -> Value:
        """Return what stands in a cell as a formula sees it, of a percentage the hundredth part."""
        if place in self.changed:
            self.reached |= {*self._open}
            return self.changed[place]
        if place in self.grid.formulas:
            return self._formula(place)
        value = self.grid.get(*place)
        return value / self.grid.scaled.get(place, 1) if isinstance(value, Decimal) else value


class _Reading:
    """A formula being read, from left to right."""

    def __init__(self, sheet: Sheet, text: str) -> None:
        self._sheet = sheet
        self._tokens = list(_tokens(text))
        self._at = 0

    def result(self) -> Decimal:
        """Return what it comes to."""
        try:
            with localcontext() as context:
                context.prec = 28
                found = self._sum()
        except DecimalException as error:
            raise _UnknownError from error
        if self._at < len(self._tokens):
            raise _UnknownError
        return found

    def _next(self, *wanted: str) -> str:
        """Take the next token where it is one of some, or any; nothing where it is not."""
        token = self._peek()
        if token and (not wanted or token in wanted):
            self._at += 1
            return token
        return ""

    def _sum(self) -> Decimal:
        found = self._product()
        while sign := self._next("+", "-"):
            found += self._product() if sign == "+" else -self._product()
        return found

    def _product(self) -> Decimal:
        found = self._factor()
        while sign := self._next("*", "/"):
            other = self._factor()
            if sign == "/" and not other:
                raise _UnknownError
            found = found * other if sign == "*" else found / other
        return found

    def _factor(self) -> Decimal:
        if sign := self._next("+", "-"):
            return self._factor() if sign == "+" else -self._factor()
        if self._next("("):
            found = self._sum()
            self._want(")")
            return found
        if name := self._next("SUM", "SUBTOTAL", "SUMIFS", "N", "ROUND"):
            return self._call(name)
        text = self._next()
        if text[:1].isdigit() or text.startswith("."):
            return Decimal(text)
        if _CELL.fullmatch(text):
            return _number(*self._cell(text))
        raise _UnknownError

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _want(self, sign: str) -> None:
        if not self._next(sign):
            raise _UnknownError

    def _call(self, name: str) -> Decimal:
        self._next("(")
        if name in ("N", "ROUND"):
            found = self._sum()
            if name == "ROUND":
                self._want(",")
                found = _rounded(found, self._sum())
        elif name == "SUMIFS":
            found = self._sumifs()
        else:
            if name == "SUBTOTAL":
                if self._sum() not in _ADDS:
                    raise _UnknownError
                self._want(",")
            found = self._argument(name)
            while self._next(","):
                found += self._argument(name)
        self._want(")")
        return found

    def _argument(self, name: str) -> Decimal:
        """Add up an argument: of ranges and single cells the numbers alone, as programs do."""
        at = self._at
        area = self._area()
        if area is None or self._peek() not in (",", ")"):
            self._at = at
            return self._sum()
        return sum(_numbers(area, name), Decimal(0))

    def _cell(self, text: str) -> tuple[Sheet, Place]:
        """Read a cell, of the sheet of the formula or of the one that it names."""
        match = _CELL.fullmatch(text)
        if match is None:
            raise _UnknownError
        name = (match["sheet"] or "").strip("'").replace("''", "'").casefold()
        sheet = self._sheet.others.get(name) if name else self._sheet
        if sheet is None:
            raise _UnknownError
        return sheet, (int(match["row"]), column_number(match["column"].upper()))

    def _area(self) -> _Area | None:
        """Read a range: two corners, one cell, or `OFFSET` with numbers; None where there is none."""
        if self._next("OFFSET"):
            self._want("(")
            sheet, (row, column) = self._cell(self._next())
            numbers = []
            while self._next(","):
                numbers.append(int(self._sum()))
            self._want(")")
            if len(numbers) != len(("down", "right", "height", "width")) or min(numbers[2:]) < 1:
                raise _UnknownError
            down, right, height, width = numbers
            first = row + down, column + right
            return sheet, first, (first[0] + height - 1, first[1] + width - 1)
        if not _CELL.fullmatch(self._peek()):
            return None
        sheet, corner = self._cell(self._next())
        _, other = self._cell(self._next()) if self._next(":") else (sheet, corner)
        first = min(corner[0], other[0]), min(corner[1], other[1])
        return sheet, first, (max(corner[0], other[0]), max(corner[1], other[1]))

    def _sumifs(self) -> Decimal:
        """Add up what stands beside texts of a pattern."""
        wanted = self._area()
        tests = []
        while self._next(","):
            beside = self._area()
            self._want(",")
            tests.append((beside, self._pattern()))
        if wanted is None or not tests:
            raise _UnknownError
        total = Decimal(0)
        sheet, (top, column), _ = wanted
        for row in _rows(wanted):
            if all(_fits(area, row - top, pattern) for area, pattern in tests):
                value = sheet.value((row, column))
                total += value if isinstance(value, Decimal) else 0
        return total

    def _pattern(self) -> "re.Pattern[str]":
        """Read a criterion that is a text with wildcards; comparisons and numbers nobody here understands."""
        text = ""
        while True:
            token = self._next()
            if token.startswith('"'):
                value: Value = token[1:-1]
            else:
                sheet, place = self._cell(token)
                value = sheet.value(place)
            if not isinstance(value, str):
                raise _UnknownError
            text += value
            if not self._next("&"):
                break
        if text[:1] in ("<", ">", "=", "") or "~" in text or text.replace(".", "").isdecimal():
            raise _UnknownError
        return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE | re.DOTALL)


def _rows(area: _Area) -> list[int]:
    """List the rows of a range in which anything stands."""
    sheet, (top, _), (bottom, _) = area
    rows = {row for row, _ in sheet.changed} | sheet.grid.cells.keys()
    return sorted(row for row in rows if top <= row <= bottom)


def _fits(area: _Area | None, down: int, pattern: "re.Pattern[str]") -> bool:
    """Whether the cell so far down the first column of a range holds a text of a pattern."""
    if area is None:
        raise _UnknownError
    sheet, (top, column), _ = area
    value = sheet.value((top + down, column))
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _numbers(area: _Area, name: str) -> Iterator[Decimal]:
    sheet, (_, left), (_, right) = area
    for row in _rows(area):
        if name == "SUBTOTAL" and row in sheet.grid.hidden:
            raise _UnknownError
        for column in range(left, right + 1):
            if name == "SUBTOTAL" and "SUBTOTAL" in sheet.grid.formulas.get((row, column), "").upper():
                continue
            value = sheet.value((row, column))
            if isinstance(value, Decimal):
                yield value
            elif value is not None and not isinstance(value, str | bool):
                raise _UnknownError


def _number(sheet: Sheet, place: Place) -> Decimal:
    value = sheet.value(place)
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    raise _UnknownError


def _rounded(value: Decimal, digits: Decimal) -> Decimal:
    """Round as spreadsheet programs do: halves away from zero."""
    unit = Decimal(1).scaleb(-int(digits))
    return (abs(value) / unit).to_integral_value("ROUND_HALF_UP") * unit * (1 if value >= 0 else -1)


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _UnknownError
        at = match.end()
        yield match[0].strip() if match["text"] else match[0].strip().upper()


def refreshed(kind: str, inside: str, value: Decimal | None) -> tuple[str, str]:
    """Return type and content of a cell with what its formula comes to beside it; nothing where nobody can say."""
    match = re.match(r"<(\w+:)?f\b", inside)
    prefix = (match[1] or "") if match is not None else ""
    written = _VALUE.sub("", inside) + ("" if value is None else f"<{prefix}v>{value:f}</{prefix}v>")
    return "" if kind in ("n", "str", "b", "e") else kind, written

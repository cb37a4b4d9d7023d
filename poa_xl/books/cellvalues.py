"""A worksheet's cells while its part is read: each with its value, its error or its missing calculation told apart."""

import re
from datetime import datetime

from poa_xl.books.daynumbers import from_day_number
from poa_xl.books.sharedparts import Shared, unescape
from poa_xl.books.sharing import Texts
from poa_xl.core.amounts import parse_number
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import LAST_COLUMN, Merge, Value, column_number, letters
from poa_xl.sheet.number_format import FACTORS, WRITTEN, fixed, scaled_by

_COLUMN = re.compile("[A-Za-z]{1,3}")
_PICTURE = "#VALUE!"
# The types of cells whose blanks are a part of what they say.
_TEXTS = ("str", "inlineStr")


class CellValues:
    """What was read of a worksheet so far, and the cell that is being read.

    Args:
        shared: What the sheets of the workbook share.
        place: File and part, for messages.
    """

    def __init__(self, shared: Shared, place: str) -> None:
        self.cells: dict[int, dict[int, Value]] = {}
        self.merges: list[Merge] = []
        self.hidden: set[int] = set()
        self.formulas = Texts()
        self.scaled: dict[tuple[int, int], int] = {}
        self.shown: dict[tuple[int, int], str] = {}
        self.painted: dict[tuple[int, int], str] = {}
        self.levels: dict[int, int] = {}
        self.indents: dict[tuple[int, int], int] = {}
        self._shared = shared
        self._place = place
        self._row = self._column = 0
        self._columns: dict[str, int] = {}
        # What cells hold that say the same in the same format, but for those that show something else than they hold.
        self._alike: dict[tuple[str, str, str], Value] = {}
        self._type = "n"
        self._style = 0
        self._is_numbered = True
        self._is_rich = False
        self._value: str | None = None
        self._formula: str | None = None
        self._group = ""
        self._masters: dict[str, tuple[tuple[int, int], str]] = {}
        # What `f` elements of cells that share a formula say, as written, to that formula and where it stands.
        self._copied: dict[str, tuple[str, tuple[int, int]]] = {}
        self._pieces: list[str] | None = None
        self._aside: str | None = None

    def _number_of(self, name: str) -> int:
        """Return the number of a column that is met for the first time; names that none has are refused."""
        bare = name.replace("$", "")
        number = column_number(bare.upper()) if _COLUMN.fullmatch(bare) else 0
        if not 0 < number <= LAST_COLUMN:
            raise BookError(
                say(
                    "{place}: hay una celda en la columna «{name}», que no existe; abrir en Excel o Calc y guardar de "
                    "nuevo",
                    place=self._place,
                    name=name,
                )
            )
        return self._columns.setdefault(name, number)

    def _keep_formula(self, text: str) -> None:
        """Keep a formula; one that is shared is written down where it stands first, and meant relative to that."""
        place, text = (self._row, self._column), _bare(text)
        if self._group in self._masters and not text:
            first, shared = self._masters[self._group]
            self.formulas.add_copy(place, shared, first)
            return
        if self._group and text:
            self._masters[self._group] = place, text
            self._copied.clear()
        self.formulas.add(place, text)

    def _convert(self) -> Value:
        raw, kind = self._value, self._type
        if raw and kind not in _TEXTS and (raw[0].isspace() or raw[-1].isspace()):
            # Some programs set in what stands in a cell.
            raw = raw.strip()
        if not raw:
            if self._formula is not None and kind != "str":
                return Invalid(f"={_bare(self._formula)}", Flaw.UNCALCULATED)
            return None
        if kind == "n":
            return self._number(raw)
        if kind == "s":
            return self._shared_string(raw)
        if kind in _TEXTS:
            return unescape(raw)
        if kind == "e":
            # A picture in a cell says #VALUE! to programs that cannot show it.
            return None if self._is_rich and raw == _PICTURE else Invalid(raw, Flaw.ERROR)
        return raw == "1" if kind == "b" else _iso(raw)

    def _shared_string(self, raw: str) -> Value:
        try:
            return self._shared.strings[int(raw)]
        except (ValueError, IndexError) as error:
            cell = f"{letters(self._column)}{self._row}"
            raise BookError(
                say(
                    "{place}: al texto de la celda {cell} le falta su entrada en sharedStrings; "
                    "abrir en Excel o Calc y guardar de nuevo",
                    place=self._place,
                    cell=cell,
                )
            ) from error

    def _number(self, raw: str) -> Value:
        try:
            number = parse_number(raw)
        except (ValueError, ArithmeticError):
            return Invalid(raw, Flaw.MALFORMED)
        formats = self._shared.formats
        kind = formats[self._style] if self._style < len(formats) else ""
        if kind.startswith(WRITTEN):
            text = fixed(number, kind)
            if text != f"{number:f}":
                self.shown[self._row, self._column] = text
            return number
        if not kind:
            return number
        if kind == "date":
            day = from_day_number(float(raw), date1904=self._shared.date1904)
            if day is None:
                self.shown[self._row, self._column] = kind
            return day or number
        # A cell that shows 36 % holds 0.36, one that shows 40:00 holds 40 / 24; what people read is 36 and 40.
        self.scaled[self._row, self._column] = FACTORS[kind]
        return scaled_by(number, kind)


def _bare(formula: str) -> str:
    """Return a formula without the sign and the blanks before it, which some programs write."""
    return formula.strip().removeprefix("=") if formula[:1] in ("=", " ", "\n", "\t", "\r") else formula


def _iso(raw: str) -> Value:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return Invalid(raw, Flaw.MALFORMED)

"""What hangs on cells and workbooks in Calc besides values and looks: names, notes, choices, frozen panes."""

from typing import TYPE_CHECKING, Any

import uno

from poa_xl.calc.member import Member

if TYPE_CHECKING:
    from poa_xl.calc.cell_ranges import Range
    from poa_xl.calc.engine import Book
    from poa_xl.calc.sheets import Sheet

_LIST = uno.Enum("com.sun.star.sheet.ValidationType", "LIST")
_ANY = uno.Enum("com.sun.star.sheet.ValidationType", "ANY")
_TYPES = {"ANY": "none", "LIST": "list"}


class Names(Member):
    """The names that a workbook defines."""

    __slots__ = ("_book", "_names")

    def __init__(self, book: "Book") -> None:
        self._book = book
        self._names = book.document.NamedRanges

    @property
    def api(self) -> Any:
        return self._names

    def __len__(self) -> int:
        return int(self._names.Count)

    def __call__(self, key: int | str) -> "Name":
        if isinstance(key, int):
            return Name(self._book, self._names.getByIndex(key - 1))
        if not self._names.hasByName(key):
            raise KeyError(key)
        return Name(self._book, self._names.getByName(key))

    def snapshot(self) -> list[tuple[str, "Name"]]:
        return [(name, self(name)) for name in self._names.ElementNames]

    def contains(self, key: int | str) -> bool:
        return 1 <= key <= len(self) if isinstance(key, int) else bool(self._names.hasByName(key))

    def add(self, name: str, refers_to: str) -> "Name":
        start = self._book.document.Sheets.getByIndex(0).getCellByPosition(0, 0).CellAddress
        self._names.addNewByName(name, _to_calc(refers_to), start, 0)
        return self(name)


class Name(Member):
    """A name and what it stands for."""

    __slots__ = ("_book", "_name")

    def __init__(self, book: "Book", name: Any) -> None:
        self._book = book
        self._name = name

    @property
    def name(self) -> str:
        return str(self._name.Name)

    @name.setter
    def name(self, value: str) -> None:
        self._name.Name = value

    @property
    def refers_to(self) -> str:
        sheet, _, cells = str(self._name.Content).rpartition(".")
        return f"={sheet.lstrip('$')}!{cells}" if sheet else f"={cells}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._name.Content = _to_calc(value)

    @property
    def refers_to_range(self) -> "Range":
        from poa_xl.calc.cell_ranges import Range  # noqa: PLC0415 - each knows the other
        from poa_xl.calc.sheets import Sheet  # noqa: PLC0415

        area = self._name.getReferredCells().RangeAddress
        sheet = Sheet(self._book, self._book.document.Sheets.getByIndex(area.Sheet))
        return Range(sheet, (area.StartRow + 1, area.StartColumn + 1), (area.EndRow + 1, area.EndColumn + 1))

    def delete(self) -> None:
        self._book.document.NamedRanges.removeByName(self.name)


def _to_calc(refers_to: str) -> str:
    """Write what a name refers to as Calc does: of `=Plan!$B$4` it is `$Plan.$B$4`."""
    sheet, mark, cells = refers_to.removeprefix("=").rpartition("!")
    return f"${sheet}.{cells}" if mark else cells


class Note(Member):
    """The note on a cell."""

    __slots__ = ("_cell",)

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    @property
    def api(self) -> Any:
        return self._cell.Annotation

    @property
    def text(self) -> str:
        return str(self._cell.Annotation.String)

    @text.setter
    def text(self, value: str) -> None:
        self._cell.Annotation.setString(value)

    @property
    def author(self) -> str:
        return str(self._cell.Annotation.Author)

    def delete(self) -> None:
        place = self._cell.CellAddress
        notes = self._cell.Spreadsheet.Annotations
        for number in range(notes.Count):
            if notes.getByIndex(number).Position == place:
                notes.removeByIndex(number)
                return


class DataValidation(Member):
    """What the cells of a range let people choose."""

    __slots__ = ("_range",)

    def __init__(self, cells: "Range") -> None:
        self._range = cells

    @property
    def api(self) -> Any:
        return self._range.api.Validation

    @property
    def type(self) -> str:
        return _TYPES.get(self.api.Type.value, "unknown")

    @property
    def source(self) -> str:
        words = str(self.api.getFormula1()).split(";")
        return ",".join(word.strip('"') for word in words)

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:  # noqa: FBT001 - as xlwings
        words = source.split(",") if isinstance(source, str) else [str(each) for each in source]
        rule = self.api
        rule.Type = _LIST
        rule.ShowList = int(in_cell_dropdown)
        rule.setFormula1(";".join(f'"{word}"' for word in words))
        self._range.api.Validation = rule

    def delete(self) -> None:
        rule = self.api
        rule.Type = _ANY
        self._range.api.Validation = rule


class FreezePanes(Member):
    """The rows and columns that stay in sight."""

    __slots__ = ("_sheet",)

    def __init__(self, sheet: "Sheet") -> None:
        self._sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        """Keep the rows and columns of a range in sight, as Excel does: `A1:C4` keeps four rows and three columns."""
        area = self._sheet.api.getCellRangeByName(frozen_range.replace("$", "")).RangeAddress
        self._sheet.activate()
        self._sheet.book.document.getCurrentController().freezeAtPosition(area.EndColumn + 1, area.EndRow + 1)

    def unfreeze(self) -> None:
        self._sheet.activate()
        self._sheet.book.document.getCurrentController().freezeAtPosition(0, 0)

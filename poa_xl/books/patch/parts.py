"""A package under edit: worksheets that change, come and go, and the formats of their cells."""

import re
from functools import cached_property

from poa_xl.books.package import Package
from poa_xl.books.patch import containers, rows
from poa_xl.books.patch.astray import repaired
from poa_xl.books.patch.bookpart import PRINT_AREA, PRINT_TITLES, BookPart, index_of, literal
from poa_xl.books.patch.edits import SheetEdits
from poa_xl.books.patch.filters import Arrows, arrows
from poa_xl.books.patch.insert import insert_rows
from poa_xl.books.patch.moved import Insertion
from poa_xl.books.patch.newsheet import relations_xml, sheet_xml
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.related import STRICT
from poa_xl.books.patch.sheet import SheetEditor
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.styles import BLANK, Styles
from poa_xl.books.xml import quoteattr
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet import paper
from poa_xl.sheet.grid import Merge, quoted
from poa_xl.sheet.spec import SheetSpec

_MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", f"{STRICT}spreadsheetml/main")
_RELATIONS = re.compile(
    r"https?://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/(?:2006/)?relationships"
)
_SHEET_PART = re.compile(r"(?:.*/)?sheet(\d+)\.xml", re.IGNORECASE)
_STYLE = re.compile(rb"\ss(?:tyle)?\s*=\s*[\"'](\d+)")
_PLAIN_STYLE = re.compile(rb' s="(\d+)')
_DIFFERENTIAL = re.compile(rb"\s(?:\w*[dD]xfId)\s*=\s*[\"'](\d+)")


class Parts(BookPart):
    """The members of a package, with what is done to its worksheets and formats.

    Args:
        package: The workbook.
        name: Name of the file, for messages.
    """

    def __init__(self, package: Package, name: str) -> None:
        super().__init__(package, name)
        self._filters: dict[str, str] = {}
        self._printed: dict[tuple[str, str], str] = {}
        self.mended: list[str] = []
        self._formulas = False
        self._repair_book()

    def _repair_book(self) -> None:
        data, mended = repaired(self.read(self._book_part), f"{self._name}: {self._book_part}")
        if mended:
            self.changed[self._book_part] = data
            self.mended += mended

    def _repair_sheet(self, part: str) -> None:
        data = self.read(part)
        if not re.search(rb"cols\s*/>\s*<(?:[\w.-]+:)?col\s", data):
            return
        cut = rows.cut(data, f"{self._name}: {part}")
        around, mended = repaired(cut.head + cut.tail, f"{self._name}: {part}")
        if mended:
            cut.replace_around(around)
            self.changed[part] = cut.joined()
            self.mended += mended

    # Formats

    @cached_property
    def _styles_part(self) -> str:
        """The part with the formats; made when the workbook has none."""
        part = self._package.only("styles")
        if part is not None and self._package.has(part):
            return self._package.member(part)
        part = part or f"{self._folder}styles.xml"
        self.changed[part] = BLANK.format(_MAIN[self._is_strict]).encode()
        self._relate(part, "styles")
        return part

    @cached_property
    def _styles(self) -> Styles:
        return Styles(self.read(self._styles_part), f"{self._name}: {self._styles_part}", self._used_formats)

    def _used_formats(self) -> dict[str, set[int]]:
        """Find the numbers of formats that the sheets refer to, whether they are there or not."""
        sheets = [self.read(self._package.member(sheet.part)) for sheet in self._package.sheets]
        return {
            "cellXfs": {int(number) for data in sheets for number in _styles_in(data)},
            "dxfs": {int(number) for data in sheets for number in _DIFFERENTIAL.findall(_around(data))},
        }

    def keep_formats(self) -> None:
        """Put the formats that were added into their part."""
        if "_styles" in self.__dict__ and self._styles.data != self.read(self._styles_part):
            self.changed[self._styles_part] = self._styles.data

    # Worksheets

    def insert_rows(self, insertion: Insertion) -> None:
        """Insert rows and move references."""
        if all(sheet.name != insertion.sheet for sheet in self._package.sheets):
            raise BookError(self._no_sheet(insertion.sheet))
        self.changed |= insert_rows(self._package, self.read, insertion)
        self._formulas = True

    def _no_sheet(self, name: str) -> str:
        names = ", ".join(each.name for each in self._package.sheets)
        return say("{file}: no hay hoja «{sheet}»; hay {names}", file=self._name, sheet=name, names=names)

    def edit_sheet(self, name: str, edits: SheetEdits) -> None:
        """Carry edits of one worksheet out."""
        sheet = next((each for each in self._package.sheets if each.name == name), None)
        if sheet is None:
            raise BookError(self._no_sheet(name))
        part = self._package.member(sheet.part)
        self._repair_sheet(part)
        place = f"{self._name}: {part}"
        tables = self._table_headers(sheet.part)
        date1904 = self._package.date1904
        edited = SheetEditor(self.read(part), place, edits, lambda: self._styles, tables, date1904=date1904).run()
        if edits.filter is not None:
            self._filters[name] = edits.filter
        self.changed[part] = edited.data
        self.touched[part] = edited.touched
        self._formulas |= edited.formulas

    def obstacles(self, name: str, edits: SheetEdits) -> dict[tuple[int, int], str]:
        """Return the cells of a worksheet that cannot be written as some edits say, each with the reason."""
        sheet = next((each for each in self._package.sheets if each.name == name), None)
        if sheet is None:
            raise BookError(self._no_sheet(name))
        part = self._package.member(sheet.part)
        place, tables = f"{self._name}: {part}", self._table_headers(sheet.part)
        date1904 = self._package.date1904
        return SheetEditor(self.read(part), place, edits, lambda: self._styles, tables, date1904=date1904).obstacles()

    def _table_headers(self, part: str) -> list[Merge]:
        roots = [root for root in self._table_roots(part) if root.get("headerRowCount", "1") != "0"]
        areas = [area_of(root.get("ref")) for root in roots]
        return [Merge(each.top, each.left, each.top, each.right) for each in areas if each is not None]

    def _table_roots(self, part: str) -> list[Node]:
        tables = [self._package.member(table) for table in self._package.related(part, "table").values()]
        return [self._tree(table) for table in tables if self._package.has(table)]

    def arrows(self, name: str) -> Arrows:
        """Return what a worksheet says of filters."""
        sheet = next(each for each in self._package.sheets if each.name == name)
        part = self._package.member(sheet.part)
        _, root = rows.cut(self.read(part), f"{self._name}: {part}").around()
        areas = (area_of(each.get("ref")) for each in self._table_roots(sheet.part))
        return arrows(root, [each for each in areas if each is not None], is_named=bool(self._filter_names(name)))

    def add_sheet(self, image: SheetSpec) -> None:
        """Put a new worksheet behind the others."""
        book = self._tree(self._book_part)
        declared = next((key for key, value in book.attributes.items() if _RELATIONS.fullmatch(value)), "")
        uri = self._uri
        # Some writers declare the prefix on each sheet and not on top.
        relations = declared.partition(":")[2] or "r"
        declaration = "" if declared else f' xmlns:{relations}="{uri}"'
        part = f"{self._folder}worksheets/sheet{self._free_number()}.xml"
        folder, _, base = part.rpartition("/")
        for each, data in (
            (part, sheet_xml(image, self._styles, uri, strict=self._is_strict)),
            (f"{folder}/_rels/{base}.rels", relations_xml(image, uri)),
        ):
            if data:
                self.dropped.discard(each)
                self.changed[each] = data
        identity = self._relate(part, "worksheet")
        sheets = book.child("sheets")
        listed = sheets.children if sheets is not None else []
        sheet_id = max([0, *(int(each.get("sheetId")) for each in listed if each.get("sheetId").isdigit())]) + 1
        xml = (
            f'<{book.prefix}sheet{declaration} name={quoteattr(image.name)} sheetId="{sheet_id}" '
            f'{relations}:id="{identity}"/>'
        )
        self._splice(self._book_part, containers.put(self.read(self._book_part), book, "sheets", xml))
        area = paper.area(image)
        self._printed[PRINT_TITLES, image.name] = paper.titles(image)
        self._printed[PRINT_AREA, image.name] = area and f"{quoted(image.name)}!{area}"
        self._formulas |= any(cell.formula for cell in image.cells.values())

    def _free_number(self) -> int:
        """Return the number of a new sheet's part, named as every program names them.

        A part that is told of and is not there keeps its name: the sheet that lost it would show ours.
        """
        names = {*self._package.names, *self.changed} - self.dropped
        names |= {each.get("Target") for each in self._relations()}
        taken = {int(match[1]) for name in names if (match := _SHEET_PART.fullmatch(name))}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def drop_sheet(self, name: str) -> None:
        """Take a worksheet away."""
        book = self._tree(self._book_part)
        sheets = book.child("sheets")
        listed = sheets.children if sheets is not None else []
        index = next((i for i, each in enumerate(listed) if each.get("name") == name), None)
        sheet = next((each for each in self._package.sheets if each.name == name), None)
        if index is None or sheet is None or sheets is None:
            return
        node = listed[index]
        splices = [Splice(node.start, node.end, b""), *self._shift_names(book, index)]
        self._splice(self._book_part, splices)
        self._unrelate(lambda each: each.get("Id") == node.get("id"))
        self._drop(sheet.part)

    # The workbook part

    def set_print_area(self, sheet: str, area: str | None) -> None:
        """Set the print area of a sheet; None takes it away."""
        scope = str(index_of(self._tree(self._book_part), sheet))
        self._replace_name(PRINT_AREA, scope, area and f"{quoted(sheet)}!{area}")

    def finish(
        self,
        names: dict[str, str | None],
        ranges: dict[str, str | None],
        *,
        recalculate: bool | None,
        calculation: str | None,
    ) -> None:
        """Write names, formats and the request to calculate; forget members that came out as they were.

        Args:
            names: Hidden names to their texts.
            ranges: Names that people use to what they stand for.
            recalculate: Whether programs are to calculate on opening; None leaves that as it is.
            calculation: What `calculation` said before that was asked for, to be given back.
        """
        for name, text in names.items():
            self._replace_name(name, "", None if text is None else literal(text))
        for name, span in ranges.items():
            self._replace_name(name, "", span, hidden=False)
        for sheet, ref in self._filters.items():
            self._move_filter(sheet, ref)
        # Last, so that they come first: those of a sheet drawn again stand where they stood.
        for (name, sheet), printed in self._printed.items():
            if printed:
                self._replace_name(name, str(index_of(self._tree(self._book_part), sheet)), printed)
        if self._formulas:
            self._drop_chain()
        if recalculate is not None:
            self._set_recalculation(on_load=recalculate, former=calculation)
        self.keep_formats()
        untouched = [
            part for part, data in self.changed.items() if self._package.has(part) and data == self.original(part)
        ]
        for part in untouched:
            del self.changed[part]
            self.touched.pop(part, None)

    def _drop_chain(self) -> None:
        """Formulas came or went: the calculation chain no longer fits, and programs make a new one."""
        part = self._package.only("calcChain")
        if part is not None:
            self._unrelate(lambda each: each.get("Type").endswith("/calcChain"))
            self._drop(part)


def _styles_in(data: bytes) -> set[bytes]:
    """Find what cells, rows and columns refer to; as nearly all programs write it a fixed text leads there fast."""
    is_plain = b" s='" not in data and b" s =" not in data
    return {*(_PLAIN_STYLE if is_plain else _STYLE).findall(data), *_STYLE.findall(_around(data))}


def _around(data: bytes) -> bytes:
    """Return what stands before and behind the rows of a sheet."""
    start, end = data.find(b"sheetData"), data.rfind(b"sheetData")
    return data if start < 0 else data[:start] + data[end:]

"""The members of a package under edit: worksheets, workbook, relationships, content types, formats."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from poa_xl.books.package import Package
from poa_xl.books.patch import spans
from poa_xl.books.patch.insert import insert_rows
from poa_xl.books.patch.moved import Insertion
from poa_xl.books.patch.newsheet import sheet_xml
from poa_xl.books.patch.scan import area
from poa_xl.books.patch.sheet import SheetEditor, SheetEdits
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Merge, quoted
from poa_xl.sheet.image import SheetImage

_TYPES = "[Content_Types].xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
PRINT_AREA = "_xlnm.Print_Area"
_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = re.compile(
    r"https?://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/(?:2006/)?relationships"
)
# The order of the children of a workbook (ECMA-376, 18.2.27).
_ORDER = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
]


class Parts:
    """The members of a package, as one save changes them.

    Args:
        package: The workbook.
        name: Name of the file, for messages.

    Raises:
        BookError: The workbook has no formats to add to.
    """

    def __init__(self, package: Package, name: str) -> None:
        self.changed: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self.touched: dict[str, set[tuple[int, int]]] = {}
        self._package = package
        self._name = name
        self._formulas = False
        part = package.only("styles")
        if part is None:
            raise BookError(
                say("{file}: el libro no tiene formatos (styles.xml); guardarlo en Excel o Calc", file=name)
            )
        self._styles_part = package.member(part)
        self._styles = Styles(package.read(part), f"{name}: {part}")
        self._book_part = package.member(package.workbook_part)
        folder, _, base = self._book_part.rpartition("/")
        self._folder = f"{folder}/" if folder else ""
        self._rels_part = package.member(f"{self._folder}_rels/{base}.rels")

    def _read(self, part: str) -> bytes:
        return self.changed.get(part) or self._package.read(part)

    def _splice(self, part: str, splices: Iterable[Splice]) -> None:
        self.changed[part] = spans.apply(self._read(part), splices)

    def _tree(self, part: str) -> Node:
        return spans.read(self._read(part), f"{self._name}: {part}")

    def insert_rows(self, insertion: Insertion) -> None:
        """Insert rows and move references."""
        if all(sheet.name != insertion.sheet for sheet in self._package.sheets):
            raise BookError(self._no_sheet(insertion.sheet))
        self.changed |= insert_rows(self._package, self._read, insertion)
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
        place = f"{self._name}: {part}"
        tables = self._table_headers(sheet.part)
        date1904 = self._package.date1904
        edited = SheetEditor(self._read(part), place, edits, self._styles, tables, date1904=date1904).run()
        self.changed[part] = edited.data
        self.touched[part] = edited.touched
        self._formulas |= edited.formulas

    def _table_headers(self, part: str) -> list[Merge]:
        roots = [self._tree(self._package.member(table)) for table in self._package.related(part, "table").values()]
        areas = [area(root.get("ref")) for root in roots if root.get("headerRowCount", "1") != "0"]
        return [Merge(each.top, each.left, each.top, each.right) for each in areas if each is not None]

    def add_sheet(self, image: SheetImage) -> None:
        """Put a new worksheet behind the others."""
        book = self._tree(self._book_part)
        declared = next((key for key, value in book.attributes.items() if _RELATIONS.fullmatch(value)), "")
        strict = any(value.startswith(_STRICT) for value in book.attributes.values())
        uri = f"{_STRICT}officeDocument/relationships" if strict else _TRANSITIONAL
        # Some writers declare the prefix on each sheet and not on top.
        relations = declared.partition(":")[2] or "r"
        declaration = "" if declared else f' xmlns:{relations}="{uri}"'
        number = 1
        while (part := f"{self._folder}worksheets/poa{number}.xml") not in self.dropped and (
            self._package.has(part) or part in self.changed
        ):
            number += 1
        self.dropped.discard(part)
        self.changed[part] = sheet_xml(image, self._styles, strict=strict)
        identity = self._relate(part)
        sheets = book.child("sheets")
        if sheets is None:
            raise BookError(say("{file}: el libro no tiene ninguna hoja de cálculo", file=self._name))
        sheet_id = max(int(each.get("sheetId", "0")) for each in sheets.children) + 1
        xml = (
            f'<{sheets.prefix}sheet{declaration} name={quoteattr(image.name)} sheetId="{sheet_id}" '
            f'{relations}:id="{identity}"/>'
        )
        self._splice(self._book_part, [spans.appended(self._read(self._book_part), sheets, xml)])
        self._formulas |= any(cell.formula for cell in image.cells.values())

    def drop_sheet(self, name: str) -> None:
        """Take a worksheet away."""
        book = self._tree(self._book_part)
        sheets = book.child("sheets")
        listed = sheets.children if sheets is not None else []
        index = next((i for i, each in enumerate(listed) if each.get("name") == name), None)
        if index is None:
            return
        node = listed[index]
        sheet = next(each for each in self._package.sheets if each.name == name)
        self._splice(self._book_part, [Splice(node.start, node.end, b""), *self._shift_names(book, index)])
        part = self._package.member(sheet.part)
        rels = self._tree(self._rels_part)
        gone = [each for each in rels.children if each.get("Id") == node.get("id")]
        self._splice(self._rels_part, [Splice(each.start, each.end, b"") for each in gone])
        self._untype(part)
        self.dropped.add(part)
        own = f"{part.rpartition('/')[0]}/_rels/{part.rpartition('/')[2]}.rels"
        if self._package.has(own):
            self.dropped.add(self._package.member(own))

    def _shift_names(self, book: Node, index: int) -> list[Splice]:
        """Names belong to sheets by number: those of the dropped one go, later ones move up."""
        data, splices = self._read(self._book_part), []
        for node in book.walk():
            if node.name == "definedName" and (scope := node.get("localSheetId")):
                if int(scope) == index:
                    splices.append(Splice(node.start, node.end, b""))
                elif int(scope) > index:
                    splices.append(spans.with_attribute(data, node, "localSheetId", str(int(scope) - 1)))
            elif node.name == "workbookView" and int(node.get("activeTab", "0")) >= index > 0:
                splices.append(spans.with_attribute(data, node, "activeTab", str(int(node.get("activeTab")) - 1)))
        return splices

    def _relate(self, part: str) -> str:
        """Add relationship and content type of a new worksheet; give the relationship's id."""
        rels = self._tree(self._rels_part)
        kind = next(each.get("Type") for each in rels.children if each.get("Type").endswith("/worksheet"))
        taken = {each.get("Id") for each in rels.children}
        identity = next(name for number in range(1, len(taken) + 2) if (name := f"rIdPoa{number}") not in taken)
        target = part.removeprefix(self._folder)
        xml = f'<{rels.prefix}Relationship Id="{identity}" Type="{kind}" Target="{target}"/>'
        self._splice(self._rels_part, [spans.appended(self._read(self._rels_part), rels, xml)])
        types_part = self._package.member(_TYPES)
        types = self._tree(types_part)
        xml = f'<{types.prefix}Override PartName="/{part}" ContentType="{_SHEET_TYPE}"/>'
        self._splice(types_part, [spans.appended(self._read(types_part), types, xml)])
        return identity

    def _untype(self, part: str) -> None:
        types_part = self._package.member(_TYPES)
        types = self._tree(types_part)
        wanted = f"/{part}".lower()
        gone = [each for each in types.children if each.get("PartName").lower() == wanted]
        self._splice(types_part, [Splice(each.start, each.end, b"") for each in gone])

    def set_print_area(self, sheet: str, area: str | None) -> None:
        """Set the print area of a sheet; None takes it away."""
        book = self._tree(self._book_part)
        scope = index_of(book, sheet)
        self._replace_name(book, PRINT_AREA, str(scope), area and f"{quoted(sheet)}!{area}")

    def finish(self, names: dict[str, str | None], *, recalculate: bool | None) -> None:
        """Write names, formats and the request to calculate; forget members that came out as they were."""
        for name, text in names.items():
            self._set_name(name, text)
        if self._formulas:
            self._drop_chain()
        if recalculate is not None:
            self._set_recalculation(on_load=recalculate)
        if self._styles.data != self._package.read(self._styles_part):
            self.changed[self._styles_part] = self._styles.data
        untouched = [part for part, data in self.changed.items()
                     if self._package.has(part) and data == self._package.read(part)]  # fmt: skip
        for part in untouched:
            del self.changed[part]
            self.touched.pop(part, None)

    def _set_name(self, name: str, text: str | None) -> None:
        value = None if text is None else '"' + text.replace('"', '""') + '"'
        self._replace_name(self._tree(self._book_part), name, "", value)

    def _replace_name(self, book: Node, name: str, scope: str, value: str | None) -> None:
        """Set a defined name of a scope, ours hidden unless it is built in; None takes it away."""
        defined = book.child("definedNames")
        listed = defined.children if defined is not None else []
        own = next((each for each in listed if (each.get("name"), each.get("localSheetId")) == (name, scope)), None)
        prefix = book.prefix
        where = f' localSheetId="{scope}"' if scope else ' hidden="1"'
        xml = "" if value is None else (
            f'<{prefix}definedName name="{name}"{where}>{escape(value)}</{prefix}definedName>'
        )  # fmt: skip
        if own is not None and defined is not None:
            span = defined if value is None and len(listed) == 1 else own
            splice = Splice(span.start, span.end, xml.encode())
        elif defined is not None:
            splice = Splice(defined.inner, defined.inner, xml.encode())
        else:
            at = self._book_place(book, "definedNames")
            whole = f"<{prefix}definedNames>{xml}</{prefix}definedNames>" if xml else ""
            splice = Splice(at, at, whole.encode())
        self._splice(self._book_part, [splice])

    def _set_recalculation(self, *, on_load: bool) -> None:
        book = self._tree(self._book_part)
        node = book.child("calcPr")
        data = self._read(self._book_part)
        if on_load and node is None:
            at = self._book_place(book, "calcPr")
            splice = Splice(at, at, f'<{book.prefix}calcPr fullCalcOnLoad="1"/>'.encode())
        elif node is None:
            return
        elif on_load:
            splice = spans.with_attribute(data, node, "fullCalcOnLoad", "1")
        elif list(node.attributes) == ["fullCalcOnLoad"]:
            splice = Splice(node.start, node.end, b"")
        else:
            splice = spans.without_attribute(data, node, "fullCalcOnLoad")
        self._splice(self._book_part, [splice])

    def _book_place(self, book: Node, name: str) -> int:
        rank = _ORDER.index(name)
        places = [each.end for each in book.children if each.name in _ORDER and _ORDER.index(each.name) < rank]
        return max(places, default=book.inner)

    def _drop_chain(self) -> None:
        """Formulas came or went: the calculation chain no longer fits, and programs make a new one."""
        part = self._package.only("calcChain")
        if part is None:
            return
        rels = self._tree(self._rels_part)
        gone = [each for each in rels.children if each.get("Type").endswith("/calcChain")]
        self._splice(self._rels_part, [Splice(each.start, each.end, b"") for each in gone])
        self._untype(part)
        if self._package.has(part):
            self.dropped.add(self._package.member(part))


def index_of(book: Node, sheet: str) -> int:
    """Give the number of a sheet among the tabs, from 0."""
    sheets = book.child("sheets")
    names = [each.get("name") for each in sheets.children] if sheets is not None else []
    return names.index(sheet)

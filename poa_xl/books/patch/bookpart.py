"""What the workbook part says beside its sheets: defined names, and when formulas are calculated."""

import re

from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.filters import FILTERED
from poa_xl.books.patch.related import Related
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.xml import escape
from poa_xl.sheet.grid import quoted

PRINT_AREA, PRINT_TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"
# A text in a formula holds 255 characters; a longer one is several, joined.
_LITERAL = 250
_NO_CALC = "-"


class BookPart(Related):
    """The members of a package, with what is done in its workbook part."""

    def _filter_names(self, sheet: str) -> list[Node]:
        """Return the names that programs keep of the filter of a sheet."""
        book = self._tree(self._book_part)
        scope = str(index_of(book, sheet))
        defined = book.child("definedNames")
        listed = defined.children if defined is not None else []
        return [each for each in listed if (each.get("name"), each.get("localSheetId")) == (FILTERED, scope)]

    def _move_filter(self, sheet: str, ref: str) -> None:
        """Let the name that programs keep of a filter follow it; without one they make it themselves."""
        own = self._filter_names(sheet)
        defined = self._tree(self._book_part).child("definedNames")
        if not own or defined is None:
            return
        if not ref:
            self._splice(self._book_part, containers.take(self.read(self._book_part), defined, own))
            return
        data = self.read(self._book_part)
        splices = []
        for each in own:
            # The sheet stays as it is written there: some programs quote every name, some only those that need it.
            said, _, cells = data[each.inner : each.close].rpartition(b"!")
            said = said or escape(quoted(sheet)).encode()
            splices.append(Splice(each.inner, each.close, said + b"!" + _spelled(ref, cells)))
        self._splice(self._book_part, splices)

    def _replace_name(self, name: str, scope: str, value: str | None, *, hidden: bool = True) -> None:
        """Set a defined name of a scope, ours hidden unless it is built in or said otherwise; None takes it away."""
        book = self._tree(self._book_part)
        data = self.read(self._book_part)
        defined = book.child("definedNames")
        listed = defined.children if defined is not None else []
        own = [
            each
            for each in listed
            if (each.get("name").casefold(), each.get("localSheetId")) == (name.casefold(), scope)
        ]
        where = f' localSheetId="{scope}"' if scope else ' hidden="1"' * hidden
        element = f"{book.prefix}definedName"
        xml = "" if value is None else f'<{element} name="{name}"{where}>{escape(value)}</{element}>'
        if not own:
            splices = containers.put(data, book, "definedNames", xml, first=True) if xml else []
        elif xml:
            splices = [Splice(own[0].start, own[0].end, xml.encode())]
            splices += [Splice(each.start, each.end, b"") for each in own[1:]]
        else:
            splices = containers.take(data, defined, own) if defined is not None else []
        self._splice(self._book_part, splices)

    def _set_recalculation(self, *, on_load: bool, former: str | None) -> None:
        book = self._tree(self._book_part)
        data = self.read(self._book_part)
        node = book.child("calcPr")
        splices: list[Splice] = []
        if on_load and node is None:
            splices = containers.child(data, book, "calcPr", f'<{book.prefix}calcPr fullCalcOnLoad="1"/>')
        elif node is None:
            pass
        elif on_load:
            splices = [spans.with_attribute(data, node, "fullCalcOnLoad", "1")]
        elif former == _NO_CALC or (former is None and list(node.attributes) == ["fullCalcOnLoad"]):
            splices = [Splice(node.start, node.end, b"")]
        elif former:
            splices = [spans.with_attribute(data, node, "fullCalcOnLoad", former)]
        else:
            splices = [spans.without_attribute(data, node, "fullCalcOnLoad")]
        self._splice(self._book_part, splices)

    def _shift_names(self, book: Node, index: int) -> list[Splice]:
        """Names belong to sheets by number: those of the dropped one go, later ones move up."""
        data, splices = self.read(self._book_part), list[Splice]()
        defined = book.child("definedNames")
        names = [each for each in (defined.children if defined is not None else ()) if each.get("localSheetId")]
        if defined is not None:
            gone = [each for each in names if each.get("localSheetId") == str(index)]
            splices += containers.take(data, defined, gone)
            if len(gone) < len(defined.children):
                splices += [
                    spans.with_attribute(data, each, "localSheetId", str(int(scope) - 1))
                    for each in names
                    if (scope := each.get("localSheetId")).isdigit() and int(scope) > index
                ]
        for view in book.walk():
            for key in ("activeTab", "firstSheet"):
                shown = view.get(key, "0")
                if view.name == "workbookView" and shown.isdigit() and int(shown) >= max(index, 1):
                    splices.append(spans.with_attribute(data, view, key, str(int(shown) - 1)))
        return splices


def _spelled(ref: str, before: bytes) -> bytes:
    """Return a range as its corners were spelled before; in the name of a filter some programs write no signs."""
    corners = re.findall(r"([A-Z]+)\$?(\d+)", ref.upper())
    known = re.findall(rb"(\$?)([A-Za-z]+)(\$?)\d+", before)
    known = known if len(known) == len(corners) else [(b"$", b"A", b"$")] * len(corners)
    spelled = (
        left + (letters.lower() if old.islower() else letters).encode() + top + number.encode()
        for (left, old, top), (letters, number) in zip(known, corners, strict=True)
    )
    return b":".join(spelled)


def calculation(book: Node) -> str:
    """Say how a workbook asks for calculation on opening: `-` not at all, else the attribute, which may be empty."""
    node = book.child("calcPr")
    return _NO_CALC if node is None else node.get("fullCalcOnLoad")


def literal(text: str) -> str:
    """Write a text as a formula: one literal, or several joined."""
    pieces = [text[at : at + _LITERAL] for at in range(0, len(text), _LITERAL)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def index_of(book: Node, sheet: str) -> int:
    """Return the number of a sheet among the tabs, from 0."""
    return tab_names(book).index(sheet)


def tab_names(book: Node) -> list[str]:
    """List the names of all sheets in tab order."""
    sheets = book.child("sheets")
    return [each.get("name") for each in sheets.children] if sheets is not None else []

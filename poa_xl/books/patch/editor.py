"""A workbook under edit: sheets changed, added and dropped, names kept, the result proved by the gate."""

import contextlib
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

from poa_xl.books.package import Package
from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.arrays import arrays
from poa_xl.books.patch.bookpart import PRINT_AREA, calculation, index_of, tab_names
from poa_xl.books.patch.contents import content
from poa_xl.books.patch.edits import SheetEdits
from poa_xl.books.patch.filters import Arrows
from poa_xl.books.patch.gate import verify, verify_part
from poa_xl.books.patch.members import rewrite
from poa_xl.books.patch.memory import FormerLooks, look
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.parts import Parts
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.spans import Node
from poa_xl.books.patch.walk import verify_moves
from poa_xl.books.samerows import read_again, read_moved
from poa_xl.books.sharedparts import shared_of
from poa_xl.books.sheetxml import read_workbook
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Grid, Workbook, quoted
from poa_xl.sheet.spec import Cell, SheetSpec


class Editor:
    """Edits a workbook and leaves everything else as it is.

    Edits go to the parts in memory, in stages where a later one builds on what an earlier one left; one save packs
    them.

    Args:
        data: The bytes of the file.
        name: Name of the file, for messages.
        force: Edit a digitally signed workbook too; its signature will no longer hold.

    Raises:
        BookError: It is no workbook, or it cannot be edited safely.
    """

    def __init__(self, data: bytes, name: str, *, force: bool = False) -> None:
        self._data = data
        self._name = name
        self.package = Package(data, name)
        self._edits: dict[str, SheetEdits] = {}
        self._added: list[SheetSpec] = []
        self._dropped: list[str] = []
        self._names: dict[str, str | None] = {}
        self._ranges: dict[str, str | None] = {}
        self._recalculate: bool | None = None
        self._areas: dict[str, str | None] = {}
        self._insertions: list[Insertion] = []
        # Formulas over several sheets that inserted rows left as they were; see `Insertion.unmoved`.
        self.unmoved: list[str] = []
        self._proved: dict[str, bytes] = {}
        self._former: str | None = None
        self._cut: tuple[bytes, rows.Rows] | None = None
        signed = [part for part in self.package.parts if part.startswith("_xmlsignatures/")]
        if signed and not force:
            raise BookError(
                say("{file}: lleva una firma digital, que dejaría de valer; --force para seguir", file=name)
            )

    def sheet(self, name: str) -> SheetEdits:
        """Return the edits of a sheet, to be filled in."""
        return self._edits.setdefault(name, SheetEdits())

    def _part(self, sheet: str) -> tuple[bytes, str]:
        """Return the part of a sheet as the stages so far left it; its place for messages."""
        part = next(each.part for each in self.package.sheets if each.name == sheet)
        return self._run.read(self.package.member(part)), f"{self._name}: {part}"

    def pending(self, sheet: str) -> Mapping[tuple[int, int], Cell | None]:
        """Return the cells of a sheet that the edits of this stage say; see `SheetEdits.cells`."""
        return self._edits[sheet].cells if sheet in self._edits else {}

    def _looked_at(self, sheet: str) -> rows.Rows:
        """Return a sheet cut into rows, which nobody changes; the one that was asked for last is kept."""
        data, place = self._part(sheet)
        if self._cut is None or self._cut[0] is not data:
            self._cut = data, rows.cut(data, place)
        return self._cut[1]

    def content(self, sheet: str, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
        """Return type and inner XML of cells as they are, for `SheetEdits.raw`; see `patch.contents`."""
        return content(*self._part(sheet), wanted)

    def last_column(self, sheet: str, limit: int) -> int:
        """Return the last column of a sheet, up to a limit, that has a cell.

        Blank cells with a format count, and those that an array or a table of data reaches without writing them.
        """
        part = self._looked_at(sheet)
        found = max((array.right for array in arrays(part) if array.right <= limit), default=0)
        for text in part.texts:
            last = rows.last_column(text, part.prefix)
            if last <= found:
                continue
            every = [last] if last <= limit else [cell.column for cell in rows.cells(text, part.prefix)]
            found = max([found, *(column for column in every if column <= limit)])
        return found

    def looks(self, sheet: str, columns: Collection[int]) -> FormerLooks:
        """See what setting columns would cut, for `SheetEdits.former` when they go again.

        Raises:
            BookError: The sheet cannot be edited.
        """
        with self._understood():
            part = self._looked_at(sheet)
            _, root = part.around()
            node = root.child("dimension")
            covered = area_of(node.get("ref")) if node is not None else None
            return look(part, root, covered.right if covered is not None else 0, columns)

    def insert(self, sheet: str, rows: Iterable[NewRow]) -> None:
        """Put new rows into a sheet, all places as they are now; every reference of the workbook moves along.

        It happens before all other edits of its stage, whose places count after it.
        """
        self._insertions.append(Insertion(sheet, tuple(sorted(rows, key=lambda each: each.before))))

    @property
    def names(self) -> list[str]:
        """Names of the sheets as they will be: those that stay, and the new ones."""
        return [*self.stay, *(image.name for image in self._added)]

    @property
    def stay(self) -> list[str]:
        """Names of the sheets that stay."""
        return [each.name for each in self.package.sheets if each.name not in self._dropped]

    def add_sheet(self, image: SheetSpec) -> None:
        """Put a new sheet behind the others."""
        self._added.append(image)

    def drop_sheet(self, name: str) -> None:
        """Take a sheet that we made away; nothing happens when there is none."""
        self._dropped.append(name)

    def set_name(self, name: str, text: str | None) -> None:
        """Set a hidden defined name to a text; None takes it away."""
        self._names[name] = text

    def set_range(self, name: str, area: str | None) -> None:
        """Set a defined name that people use to a range, `'POA'!$B$5:$B$9`; None takes it away."""
        self._ranges[name] = area

    @property
    def defined(self) -> set[str]:
        """The names that the whole workbook has now."""
        book = self._workbook()
        return {node.get("name") for node in book.walk() if node.name == "definedName" and not node.get("localSheetId")}

    @property
    def definitions(self) -> dict[str, str]:
        """What names stand for in formulas, by the folded name: defined names, and tables as their ranges."""
        found = {
            node.get("name").casefold(): node.text for node in self._workbook().walk() if node.name == "definedName"
        }
        for sheet in self.package.sheets:
            for part in self.package.related(sheet.part, "table").values():
                table = spans.read(self._run.read(part), self._name)
                found[table.get("displayName").casefold()] = f"{quoted(sheet.name)}!{table.get('ref')}"
        return found

    def recalculate(self, *, on_load: bool, former: str | None = None) -> None:
        """Let programs calculate all formulas when they open the workbook, or take that request back.

        Args:
            on_load: Whether they are to.
            former: What `calculation` said before, to be given back; None when nobody wrote it down.
        """
        self._recalculate = on_load
        self._former = former

    @property
    def calculation(self) -> str:
        """How the workbook asks for calculation on opening now."""
        return calculation(self._workbook())

    @property
    def recalculates(self) -> bool:
        """Whether programs are asked to calculate all formulas on opening."""
        if self._recalculate is not None:
            return self._recalculate
        node = self._workbook().child("calcPr")
        return node is not None and node.get("fullCalcOnLoad") in ("1", "true")

    def set_print_area(self, sheet: str, area: str | None) -> None:
        """Set the print area of a sheet, such as `$A$1:$X$99`; None takes it away."""
        self._areas[sheet] = area

    def has_print_area(self, sheet: str) -> bool:
        """Return whether a sheet has a print area."""
        book = self._workbook()
        scope = str(index_of(book, sheet))
        names = (node for node in book.walk() if node.name == "definedName")
        return any(node.get("name") == PRINT_AREA and node.get("localSheetId") == scope for node in names)

    def arrows(self, sheet: str) -> Arrows:
        """Return what a sheet says of filters.

        Raises:
            BookError: A part cannot be read.
        """
        with self._understood():
            return self._run.arrows(sheet)

    def obstacles(self, sheet: str) -> dict[tuple[int, int], str]:
        """Return the cells of a sheet that cannot be written as its edits say, each with the reason.

        Raises:
            BookError: A part cannot be edited.
        """
        with self._understood():
            package = self.package.with_members(self._run.changed)
            return Parts(package, self._name).obstacles(sheet, self.sheet(sheet))

    def workbook(self, before: Workbook) -> Workbook:
        """End a stage: carry out what was asked of rows and cells so far, prove it, and read the workbook again.

        Args:
            before: The workbook as the stage before left it; sheets that did not change are taken from it.

        Raises:
            BookError: A part cannot be edited, or a change is found that nobody asked for.
            CellError: A cell cannot be written.
        """
        run, first = self._run, next(iter(self._insertions), None)
        inserted = {first.sheet: first} if first is not None and len(self._insertions) == 1 else {}
        with self._understood():
            former = dict(run.changed)
            self._carry_out()
            edited = {*run.touched}
            for part, cells in run.touched.items():
                verify_part(self._as_proved(part), run.changed[part], part, self._name, cells)
            self._proved |= run.changed
            run.touched.clear()
            run.keep_formats()
        package = self.package.with_members(run.changed)
        shared = shared_of(package)
        fresh = {part for part, data in run.changed.items() if data is not former.get(part)}
        sheets = {self.package.member(sheet.part): sheet for sheet in self.package.sheets}
        known: dict[str, Grid] = {}
        looks = {self.package.member(each) for kind in ("styles", "sharedStrings") if (each := package.only(kind))}
        for (part, sheet), grid in zip(sheets.items(), before, strict=True):
            if part not in fresh:
                known[sheet.part] = grid
            # Where formats or texts changed, so may what rows say that are the same bytes.
            if part not in fresh or fresh & looks:
                continue
            was, now, insertion = _former(former, run.original, part), run.changed[part], inserted.get(sheet.name)
            if insertion is None and fresh <= sheets.keys():
                again = read_again(package, sheet, shared, was, now, grid)
            elif insertion is not None and part not in edited:
                again = read_moved(package, sheet, shared, was, now, grid, insertion.row)
            else:
                again = None
            if again is not None:
                known[sheet.part] = again
        return read_workbook(package, known, shared)

    def save(self) -> bytes:
        """Carry the edits out.

        Returns:
            The new bytes, proved by the gate.

        Raises:
            BookError: A part cannot be edited, or the gate found a change that nobody asked for.
            CellError: A cell cannot be written.
        """
        with self._understood():
            return self._saved()

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        """Turn what a damaged part makes of our reading into a sentence; its check sum may be wrong too."""
        try:
            yield
        except (ValueError, LookupError, ArithmeticError, zipfile.BadZipFile, zlib.error) as error:
            raise BookError(
                say(
                    "{file}: hay una parte que no se entiende ({detail}); no se escribió nada; abrir en Excel o Calc y "
                    "guardar de nuevo",
                    file=self._name,
                    detail=error,
                )
            ) from error

    @property
    def mended(self) -> list[str]:
        """Entries of the file that earlier versions had left astray, put in their places."""
        return self._run.mended

    @cached_property
    def _run(self) -> Parts:
        with self._understood():
            return Parts(self.package, self._name)

    def _saved(self) -> bytes:
        run = self._run
        self._carry_out()
        for name in self._dropped:
            run.drop_sheet(name)
        for image in self._added:
            run.add_sheet(image)
        for name, printed in self._areas.items():
            run.set_print_area(name, printed)
        run.finish(self._names, self._ranges, recalculate=self._recalculate, calculation=self._former)
        after = rewrite(self._data, self._name, run.changed, run.dropped)
        verify(self._data, after, self._name, {*run.changed, *run.dropped}, run.touched, self._proved)
        return after

    def _carry_out(self) -> None:
        """Insert the rows, each insertion proved, then edit the sheets."""
        run = self._run
        tabs = tuple(tab_names(self._workbook()))
        parts = {sheet.name: self.package.member(sheet.part) for sheet in self.package.sheets}
        for insertion in self._insertions:
            before = dict(run.changed)
            run.insert_rows(replace(insertion, tabs=tabs, unmoved=self.unmoved))
            changed = {part: data for part, data in run.changed.items() if data is not before.get(part)}
            former = partial(_former, before, run.original)
            verify_moves(former, changed, self._name, {parts[insertion.sheet]: [insertion]})
        if self._insertions:
            self._proved |= run.changed
        for name, edits in self._edits.items():
            run.edit_sheet(name, edits)
        self._insertions.clear()
        self._edits.clear()

    def _as_proved(self, part: str) -> bytes:
        """Return a member as it was last proved, else as it was read."""
        return _former(self._proved, self._run.original, part)

    def _workbook(self) -> Node:
        return spans.read(self._run.read(self.package.member(self.package.workbook_part)), self._name)


def _former(known: Mapping[str, bytes], original: Callable[[str], bytes], part: str) -> bytes:
    return known[part] if part in known else original(part)

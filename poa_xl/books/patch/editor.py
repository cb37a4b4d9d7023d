"""A workbook under edit: sheets changed, added and dropped, names kept, the result proved by the gate."""

from collections.abc import Collection, Iterable

from poa_xl.books.package import Package
from poa_xl.books.patch import spans
from poa_xl.books.patch.gate import verify
from poa_xl.books.patch.members import rewrite
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.parts import PRINT_AREA, Parts, index_of
from poa_xl.books.patch.sheet import SheetEdits, content
from poa_xl.books.patch.spans import Node
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.image import SheetImage


class Editor:
    """Edits a workbook and leaves everything else as it is.

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
        self._added: list[SheetImage] = []
        self._dropped: list[str] = []
        self._names: dict[str, str | None] = {}
        self._recalculate: bool | None = None
        self._areas: dict[str, str | None] = {}
        self._insertions: list[Insertion] = []
        odd = [part for part in self.package.names if "\\" in part or part.startswith("/")]
        if odd:
            raise BookError(
                say("{file}: la parte {part} no se puede copiar por su nombre; guardarlo en Excel o Calc", file=name,
                    part=odd[0])
            )  # fmt: skip
        signed = [part for part in self.package.parts if part.startswith("_xmlsignatures/")]
        if signed and not force:
            raise BookError(
                say("{file}: lleva una firma digital, que dejaría de valer; --force para seguir", file=name)
            )

    def sheet(self, name: str) -> SheetEdits:
        """Give the edits of a sheet, to be filled in."""
        return self._edits.setdefault(name, SheetEdits())

    def content(self, sheet: str, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
        """Give type and inner XML of cells as they are, for `SheetEdits.raw`; see `content` of `patch.sheet`."""
        part = next(each.part for each in self.package.sheets if each.name == sheet)
        return content(self.package.read(part), f"{self._name}: {part}", wanted)

    def insert_rows(self, sheet: str, before: int, count: int = 1) -> None:
        """Put blank rows before a row; every reference of the workbook moves along.

        It happens before all other edits, whose places count after it.
        """
        self.insert(sheet, [NewRow(before)] * count)

    def insert(self, sheet: str, rows: Iterable[NewRow]) -> None:
        """Put new rows into a sheet, all places as they are now; see `insert_rows`."""
        self._insertions.append(Insertion(sheet, tuple(sorted(rows, key=lambda each: each.before))))

    def add_sheet(self, image: SheetImage) -> None:
        """Put a new sheet behind the others."""
        self._added.append(image)

    def drop_sheet(self, name: str) -> None:
        """Take a sheet that we made away; nothing happens when there is none."""
        self._dropped.append(name)

    def set_name(self, name: str, text: str | None) -> None:
        """Set a hidden defined name to a text; None takes it away."""
        self._names[name] = text

    def recalculate(self, *, on_load: bool) -> None:
        """Let programs calculate all formulas when they open the workbook, or take that request back."""
        self._recalculate = on_load

    @property
    def recalculates(self) -> bool:
        """Whether programs are asked to calculate all formulas on opening."""
        node = self._workbook().child("calcPr")
        return node is not None and node.get("fullCalcOnLoad") in ("1", "true")

    def set_print_area(self, sheet: str, area: str | None) -> None:
        """Set the print area of a sheet, such as `$A$1:$X$99`; None takes it away."""
        self._areas[sheet] = area

    def has_print_area(self, sheet: str) -> bool:
        """Tell whether a sheet has a print area."""
        book = self._workbook()
        scope = str(index_of(book, sheet))
        names = (node for node in book.walk() if node.name == "definedName")
        return any(node.get("name") == PRINT_AREA and node.get("localSheetId") == scope for node in names)

    def save(self) -> bytes:
        """Carry the edits out.

        Returns:
            The new bytes, proved by the gate.

        Raises:
            BookError: A part cannot be edited, or the gate found a change that nobody asked for.
            CellError: A cell cannot be written.
        """
        run = Parts(self.package, self._name)
        for insertion in self._insertions:
            run.insert_rows(insertion)
        for name, edits in self._edits.items():
            run.edit_sheet(name, edits)
        for name in self._dropped:
            run.drop_sheet(name)
        for image in self._added:
            run.add_sheet(image)
        for name, printed in self._areas.items():
            run.set_print_area(name, printed)
        run.finish(self._names, recalculate=self._recalculate)
        after = rewrite(self._data, self._name, run.changed, run.dropped)
        # After an insertion cells stand elsewhere, and Calc is the judge in the tests instead.
        touched = {} if self._insertions else run.touched
        verify(self._data, after, self._name, {*run.changed, *run.dropped}, touched)
        return after

    def _workbook(self) -> Node:
        return spans.read(self.package.read(self.package.workbook_part), self.package.name)

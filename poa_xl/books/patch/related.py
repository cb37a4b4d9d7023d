"""The members of a package under edit, how they refer to each other, and what kind each is."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from poa_xl.books.package import Package
from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.xml import quoteattr

STRICT = "http://purl.oclc.org/ooxml/"
_TYPES = "[Content_Types].xml"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class Related:
    """The members of a package, as one save changes them.

    Args:
        package: The workbook.
        name: Name of the file, for messages.
    """

    def __init__(self, package: Package, name: str) -> None:
        self.changed: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self.touched: dict[str, set[tuple[int, int]]] = {}
        self._package = package
        self._name = name
        self._known: dict[str, bytes] = {}
        self._book_part = package.member(package.workbook_part)
        folder, _, base = package.workbook_part.rpartition("/")
        self._folder = f"{folder}/" if folder else ""
        self._rels_part = package.member(f"{self._folder}_rels/{base}.rels")

    def read(self, part: str) -> bytes:
        """Return the present content of a member, in UTF-8."""
        return self.changed[part] if part in self.changed else self.original(part)

    def original(self, part: str) -> bytes:
        """Return a member as it was read, in UTF-8."""
        if part not in self._known:
            self._known[part] = spans.as_utf8(self._package.read(part), f"{self._name}: {part}")
        return self._known[part]

    def _splice(self, part: str, splices: Iterable[Splice]) -> None:
        self.changed[part] = spans.apply(self.read(part), splices)

    def _tree(self, part: str) -> Node:
        return spans.read(self.read(part), f"{self._name}: {part}")

    @cached_property
    def _is_strict(self) -> bool:
        return any(value.startswith(STRICT) for value in self._tree(self._book_part).attributes.values())

    @cached_property
    def _uri(self) -> str:
        """What the types of relationships begin with."""
        return f"{STRICT}officeDocument/relationships" if self._is_strict else _TRANSITIONAL

    def _drop(self, part: str) -> None:
        """Drop a part, its relationships and its content type."""
        self._untype(part)
        folder, _, base = part.rpartition("/")
        for each in (part, f"{folder}/_rels/{base}.rels"):
            if self._package.has(each):
                self.dropped.add(member := self._package.member(each))
                self.changed.pop(member, None)
                self.touched.pop(member, None)

    def _relate(self, part: str, kind: str) -> str:
        """Add relationship and content type of a new part; give the relationship's id."""
        if self._package.has(self._rels_part) or self._rels_part in self.changed:
            rels = self._tree(self._rels_part)
        else:
            self.changed[self._rels_part] = f'<Relationships xmlns="{_PACKAGE}"/>'.encode()
            rels = self._tree(self._rels_part)
        known = (each.get("Type") for each in rels.children if each.get("Type").endswith(f"/{kind}"))
        taken = {each.get("Id") for each in rels.children}
        identity = next(name for number in range(1, len(taken) + 2) if (name := f"rIdPoa{number}") not in taken)
        target = part.removeprefix(self._folder)
        xml = (
            f'<{rels.prefix}Relationship Id="{identity}" Type="{next(known, f"{self._uri}/{kind}")}" '
            f"Target={quoteattr(target)}/>"
        )
        self._splice(self._rels_part, [containers.into(self.read(self._rels_part), rels, xml)])
        types_part = self._package.member(_TYPES)
        types = self._tree(types_part)
        xml = f'<{types.prefix}Override PartName={quoteattr(f"/{part}")} ContentType="{_TYPE.format(kind)}"/>'
        self._splice(types_part, [containers.into(self.read(types_part), types, xml)])
        return identity

    def _relations(self) -> Sequence[Node]:
        """The relationships of the workbook."""
        is_there = self._package.has(self._rels_part) or self._rels_part in self.changed
        return self._tree(self._rels_part).children if is_there else ()

    def _unrelate(self, is_gone: Callable[[Node], bool]) -> None:
        rels = self._tree(self._rels_part)
        gone = [each for each in rels.children if is_gone(each)]
        self._splice(self._rels_part, [Splice(each.start, each.end, b"") for each in gone])

    def _untype(self, part: str) -> None:
        types_part = self._package.member(_TYPES)
        types = self._tree(types_part)
        wanted = f"/{part}".lower()
        gone = [each for each in types.children if each.get("PartName").lower() == wanted]
        self._splice(types_part, [Splice(each.start, each.end, b"") for each in gone])

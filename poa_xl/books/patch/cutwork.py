"""What is known while a workbook is cut down: the rows that go, the sheets that stay, the parts so far."""

from collections.abc import Collection
from dataclasses import dataclass, field

from poa_xl.books.package import Package
from poa_xl.books.patch import spans
from poa_xl.books.patch.removed import GoneError, Removal
from poa_xl.books.patch.spans import Node


@dataclass
class CutWork:
    """A package that is cut down."""

    package: Package
    removal: Removal
    kept: Collection[str]
    changed: dict[str, bytes] = field(default_factory=dict)
    shrunk: set[tuple[int, int]] = field(default_factory=set)

    def read(self, part: str) -> bytes:
        """Return the present content of a part, in UTF-8."""
        member = self.package.member(part)
        if member not in self.changed:
            return spans.as_utf8(self.package.read(part), f"{self.package.name}: {part}")
        return self.changed[member]

    def tree(self, part: str) -> tuple[bytes, Node]:
        """Return the present content of a part, and its tree."""
        data = self.read(part)
        return data, spans.read(data, f"{self.package.name}: {part}")

    def write(self, part: str, data: bytes) -> None:
        """Take over the new content of a part."""
        self.changed[self.package.member(part)] = data


def followed(work: CutWork, formula: str, sheet: str) -> str | None:
    """Return a formula whose references follow; None where it looks at what goes."""
    try:
        return work.removal.formula(formula, sheet)
    except GoneError:
        return None


def plain(text: bytes) -> str:
    """Return the text that stands in a part, its entities resolved."""
    return spans.read(b"<t>" + text + b"</t>", "").text


def rels_of(part: str) -> str:
    """Return the part with the relationships of a part."""
    folder, _, base = part.rpartition("/")
    return f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"

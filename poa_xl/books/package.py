"""The zip package that an .xlsx or .xlsm file is: opened with care, its parts found by relationship.

A file from elsewhere may be anything: a lock file, a renamed CSV, an encrypted container, a bomb. Each gets
a refusal that says what it is and what to do.
"""

import copy
import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from poa_xl.books.files import lock_owner, read_file
from poa_xl.books.xml import parse_tree
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.mark import is_mark_name

# A plan of a whole customs authority inflates to some tens of megabytes.
MOST_BYTES = 512 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What the zip module raises for members that are damaged in one way or another.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet of the package.

    Attributes:
        name: What its tab says.
        part: Name of its member in the zip.
        visible: Whether its tab shows.
    """

    name: str
    part: str
    visible: bool


class Package:
    """A workbook package, read into memory.

    Args:
        data: The bytes of the file.
        name: Name of the file, for messages.

    Raises:
        BookError: The bytes are no workbook that can be read; the message says what they are.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.data = data
        self.stamp = hashlib.sha256(data).hexdigest()
        _recognise(data, name)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._members = self._list_members()
        except (zipfile.BadZipFile, struct.error, NotImplementedError, OSError, ValueError) as error:
            raise BookError(
                say(
                    "{file}: el archivo está cortado o dañado ({detail}); pedir otra copia",
                    file=name,
                    detail=error,
                )
            ) from error
        if "xl/workbook.bin" in self._members:
            raise BookError(say("{file}: es un libro binario (.xlsb); abrirlo y guardarlo como .xlsx", file=name))
        if "[content_types].xml" not in self._members:
            raise BookError(_foreign(self._members, name))
        self._changed: Mapping[str, bytes] = {}
        self._trees: dict[str, Element] = {}

    def with_members(self, changed: Mapping[str, bytes]) -> "Package":
        """Return the package as it would be with other contents of some members, those in UTF-8."""
        found = copy.copy(self)
        for name in ("workbook_part", "sheets", "date1904", "properties", "marks"):
            found.__dict__.pop(name, None)
        found._trees = {}  # noqa: SLF001 - of our own kind
        found._changed = {_normal(part).lower(): data for part, data in changed.items()}  # noqa: SLF001 - of our own kind
        return found

    def _list_members(self) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            key = _normal(info.filename).lower()
            if info.is_dir():
                continue
            if key in members and not _is_same(members[key], info):
                raise BookError(
                    say(
                        "{file}: la parte {part} está dos veces; guardar el libro otra vez en Excel o Calc",
                        file=self.name,
                        part=info.filename,
                    )
                )
            members[key] = info
        total = sum(info.file_size for info in members.values())
        if total > MOST_BYTES:
            raise BookError(
                say(
                    "{file}: descomprimido ocuparía {size} MB; no es un plan",
                    file=self.name,
                    size=total // 2**20,
                )
            )
        return members

    @property
    def names(self) -> list[str]:
        """Names of all members as the zip writes them."""
        return [info.filename for info in self._members.values()]

    @property
    def parts(self) -> list[str]:
        """Names of all members, in lower case."""
        return list(self._members)

    def member(self, part: str) -> str:
        """Return the name of a member as the zip writes it; the name asked for when there is none."""
        info = self._members.get(_normal(part).lower())
        return info.filename if info is not None else part

    def has(self, part: str) -> bool:
        """Return whether the package holds a member."""
        key = _normal(part).lower()
        return key in self._members or key in self._changed

    def read(self, part: str) -> bytes:
        """Read a member.

        Raises:
            BookError: It is missing or damaged.
        """
        key = _normal(part).lower()
        if key in self._changed:
            return self._changed[key]
        info = self._members.get(key)
        if info is None:
            raise BookError(self._broken(part, say("falta")))
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except _DAMAGE as error:
            raise BookError(self._broken(part, str(error))) from error
        return data

    def tree(self, part: str) -> Element:
        """Read a small XML member as a tree of local names, once; whoever asks for it leaves it as it is.

        Raises:
            BookError: It is missing, damaged or no XML.
        """
        key = _normal(part).lower()
        if key not in self._trees:
            self._trees[key] = parse_tree(self.read(part), f"{self.name}: {part}")
        return self._trees[key]

    @cached_property
    def workbook_part(self) -> str:
        """Name of the workbook part."""
        targets = self.related("", "officeDocument")
        if not targets:
            raise BookError(self._broken("_rels/.rels", say("no dice dónde está el libro")))
        return next(iter(targets.values()))

    @cached_property
    def sheets(self) -> list[SheetPart]:
        """Worksheets in tab order; chart sheets, dialog sheets and sheets without a part are left out."""
        targets = self.related(self.workbook_part, "worksheet")
        others = self.related(self.workbook_part, "")
        found, lost = [], []
        for sheet in self.tree(self.workbook_part).iter("sheet"):
            name, identity = sheet.get("name", ""), sheet.get("id", "")
            if identity in targets and self.has(targets[identity]):
                found.append(SheetPart(name, targets[identity], sheet.get("state", "visible") == "visible"))
            elif identity in targets or identity not in others:
                lost.append((targets.get(identity, self.workbook_part), name))
        if not found and lost:
            part, name = lost[0]
            raise BookError(self._broken(part, say("la hoja «{sheet}» no tiene parte", sheet=name)))
        if not found:
            raise BookError(say("{file}: el libro no tiene ninguna hoja de cálculo", file=self.name))
        return found

    @cached_property
    def date1904(self) -> bool:
        """Whether day numbers count from 1904."""
        properties = self.tree(self.workbook_part).find("workbookPr")
        return properties is not None and properties.get("date1904", "0") in ("1", "true")

    @cached_property
    def properties(self) -> dict[str, str]:
        """Custom document properties, as text by name."""
        parts = self.related("", "custom-properties")
        trees = [self.tree(part) for part in parts.values()]
        return {each.get("name", ""): "".join(each.itertext()) for tree in trees for each in tree.iter("property")}

    @cached_property
    def marks(self) -> dict[str, str]:
        """Text of the hidden names that are ours; of doubled ones the first, which is the latest."""
        found: dict[str, str] = {}
        for each in self.tree(self.workbook_part).iter("definedName"):
            # A long text is several literals, joined.
            pieces = _LITERAL.findall(each.text or "")
            if is_mark_name(name := each.get("name", "").casefold()):
                found.setdefault(name, "".join(pieces).replace('""', '"'))
        return found

    def related(self, part: str, kind: str) -> dict[str, str]:
        """Return the internal relationships of a part.

        Args:
            part: The part; empty for the package itself.
            kind: Last word of the relationship type (`worksheet`, `styles`); empty for all.

        Returns:
            Relationship id to member name, in file order.
        """
        path = PurePosixPath(_normal(part))
        rels = str(path.parent / "_rels" / f"{path.name}.rels") if part else "_rels/.rels"
        if not self.has(rels):
            return {}
        return {
            each.get("Id", ""): self._target(path.parent, each.get("Target", ""))
            for each in self.tree(rels)
            if each.get("TargetMode") != "External" and (not kind or each.get("Type", "").rpartition("/")[2] == kind)
        }

    def _target(self, folder: PurePosixPath, text: str) -> str:
        """Return the part that a relationship points at, whose name it may write in the way of the net (`%20`)."""
        part = _resolve(folder, text)
        if "%" not in part or self.has(part):
            return part
        plain = _ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace"), part)
        return plain if self.has(plain) else part

    def only(self, kind: str) -> str | None:
        """Return the workbook's one part of a kind, such as `styles`; None when it has none."""
        return next(iter(self.related(self.workbook_part, kind).values()), None)

    def _broken(self, part: str, detail: str) -> str:
        return say(
            "{file}: parte dañada {part} ({detail}); abrir en Excel o Calc y guardar de nuevo",
            file=self.name,
            part=part,
            detail=detail,
        )


def open_package(path: Path) -> Package:
    """Read a workbook file.

    Raises:
        BookError: There is no such file, it cannot be read, or it is no workbook.
    """
    if path.name.startswith("~$"):
        raise BookError(_lock_message(path))
    return Package(read_file(path), path.name)


def _lock_message(path: Path) -> str:
    owner = lock_owner(path.with_name(path.name.removeprefix("~$"))) or say("otra persona")
    return say("{file}: no es un libro sino la marca de que {owner} lo tiene abierto", file=path.name, owner=owner)


def _recognise(data: bytes, name: str) -> None:
    if not data:
        raise BookError(say("{file}: está vacío (cero bytes); si está en la nube, descargarlo primero", file=name))
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise BookError(say("{file}: está protegido con contraseña; quitarla en Excel y guardar", file=name))
        raise BookError(say("{file}: es un libro .xls antiguo; abrirlo y guardarlo como .xlsx", file=name))
    if not data.startswith(b"PK"):
        what = "HTML" if b"<htm" in data[:2048].lower() or b"<table" in data[:2048].lower() else say("texto o CSV")
        raise BookError(
            say(
                "{file}: no es un libro de Excel sino {what}; abrirlo y guardarlo como .xlsx",
                file=name,
                what=what,
            )
        )


def _foreign(members: dict[str, zipfile.ZipInfo], name: str) -> str:
    if "mimetype" in members or "content.xml" in members:
        return say("{file}: es un libro de LibreOffice (.ods); guardarlo como .xlsx", file=name)
    return say("{file}: es un archivo zip y no un libro de Excel", file=name)


def _is_same(one: zipfile.ZipInfo, other: zipfile.ZipInfo) -> bool:
    """Whether two members are one that was written twice, as far as length and check sum say."""
    return (one.filename, one.file_size, one.CRC) == (other.filename, other.file_size, other.CRC)


def _normal(name: str) -> str:
    """Write the name of a member as the standard wants it; some begin with a slash, or turn all of them round."""
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def _resolve(folder: PurePosixPath, target: str) -> str:
    target = target.replace("\\", "/")
    path = PurePosixPath(target.lstrip("/")) if target.startswith("/") else folder / target
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def is_book_name(path: Path) -> bool:
    """Return whether a file name is that of a workbook, lock and temporary files left out."""
    return path.suffix.lower() in _BOOK_SUFFIXES and not path.name.startswith(("~$", ".~", "."))

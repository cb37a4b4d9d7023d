"""What a workbook carries from another machine: paths to our add-in, and settings that would start programs there."""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote

from poa_xl.books.package import Package
from poa_xl.books.patch.members import rewrite
from poa_xl.books.xml import escape, unescape
from poa_xl.i18n import say
from poa_xl.sheet.called import bare

# Sheets that xlwings takes for its settings; what follows `.py` in a name it takes for a program.
_SETTINGS = ("poa_xl.conf", "xlwings.conf")
_ADDIN = re.compile(r"poa_xl[^/\\]*\.xla[m]?$", re.IGNORECASE)
_FORMULA = re.compile(
    r"(<(?P<tag>(?:\w+:)?(?:f|formula|formula1|formula2|definedName))(?:\s[^>]*)?>)([^<]+)(?=</(?P=tag)>)"
)
_LINK = re.compile(r"<((?:\w+:)?externalReference)\s[^>]*?\bid=(['\"])(.*?)\2[^>]*?(?:/>|>\s*</\1>)")
_NO_LINKS = re.compile(r"<((?:\w+:)?externalReferences)\b[^>]*?(?:/>|>\s*</\1>)")
_TARGET = re.compile(r"(\bTarget=)(['\"])(.*?)\2")
_QUOTES = {"&quot;": '"', "&apos;": "'"}


def notices(package: Package) -> list[str]:
    """Return what whoever opens the workbook should know, a sentence for each."""
    found = foreign_settings(sheet.name for sheet in package.sheets)
    count = sum(calls for _, calls in _mended(package, _links(package)).values())
    if count:
        found.append(
            say(
                "{count} fórmulas llaman a las funciones POA_* por el complemento de otro equipo; poa update lo "
                "corrige",
                count=count,
            )
        )
    return found


def foreign_settings(sheets: Iterable[str]) -> list[str]:
    """Return a sentence for each sheet that would tell xlwings what to start, in any spelling that Excel takes."""
    keys = {sheet: unicodedata.normalize("NFKC", sheet).casefold().strip() for sheet in sheets}
    return [
        say(
            "la hoja «{sheet}» pretende decir qué programa se arranca; poa-xl no la lee: preguntar quién la puso",
            sheet=sheet,
        )
        for sheet, key in keys.items()
        if key in _SETTINGS or key.endswith(".py")
    ]


def without_paths(data: bytes, name: str) -> bytes:
    """Return a workbook in which our functions are called by their names alone and no link leads to an add-in of ours.

    A link that others follow must stay in its place, for they are counted; then it loses its path.

    Raises:
        BookError: The bytes are no workbook that can be read.
    """
    package = Package(data, name)
    links = _links(package)
    changed = {part: text for part, (text, calls) in _mended(package, links).items() if calls}
    dropped = _unlink(package, links, changed)
    members = {package.member(part): text.encode() for part, text in changed.items()}
    return rewrite(data, name, members, {package.member(part) for part in dropped}) if members else data


def _mended(package: Package, links: dict[int, str]) -> dict[str, tuple[str, int]]:
    """Return the parts that hold formulas as they should be, each with the number of formulas that differ from it."""
    count = len(_LINK.findall(_text(package, package.workbook_part)))
    # A link that leads nowhere hinders nobody.
    mend = partial(bare, is_ours=lambda number: number in links or not 0 < number <= count)
    found = {}
    for part in [package.workbook_part, *(sheet.part for sheet in package.sheets)]:
        text = _text(package, part)
        if "poa" in text or "POA" in text:
            found[part] = _rewritten(text, mend)
    return found


def _rewritten(text: str, mend: Callable[[str], str]) -> tuple[str, int]:
    count = 0

    def formula(match: re.Match[str]) -> str:
        nonlocal count
        before = unescape(match[3], _QUOTES)
        after = mend(before)
        count += after != before
        return match[0] if after == before else match[1] + escape(after)

    return _FORMULA.sub(formula, text), count


def _links(package: Package) -> dict[int, str]:
    """Number the links to add-ins of ours, as formulas do, each with its part."""
    parts = package.related(package.workbook_part, "externalLink")
    found = {}
    for number, match in enumerate(_LINK.finditer(_text(package, package.workbook_part)), 1):
        part = parts.get(match[3])
        if part is not None and any(_ADDIN.search(unquote(target)) for target in _targets(package, part)):
            found[number] = part
    return found


def _targets(package: Package, part: str) -> list[str]:
    rels = _rels(part)
    return [each.get("Target", "") for each in package.tree(rels)] if package.has(rels) else []


def _rels(part: str) -> str:
    path = PurePosixPath(part)
    return str(path.parent / "_rels" / f"{path.name}.rels")


def _unlink(package: Package, links: dict[int, str], changed: dict[str, str]) -> set[str]:
    """Take the last links out while they are ours and unused, and the path from those that stay; name the parts."""
    book, rels, types = package.workbook_part, _rels(package.workbook_part), "[Content_Types].xml"
    dropped: set[str] = set()
    known = [*_LINK.finditer(changed.get(book) or _text(package, book))]
    while len(known) in links and not _is_used(package, len(known), changed):
        part, last = links[len(known)], known.pop()
        text = changed.get(book) or _text(package, book)
        changed[book] = _NO_LINKS.sub("", text[: last.start()] + text[last.end() :])
        for listed, element in ((rels, ("Relationship", "Id", last[3])), (types, ("Override", "PartName", f"/{part}"))):
            changed[listed] = _without(changed.get(listed) or _text(package, listed), *element)
        dropped |= {part, _rels(part)}
    for part in (part for part in links.values() if part not in dropped):
        before = _text(package, _rels(part))
        after = _TARGET.sub(_name_alone, before)
        if after != before:
            changed[_rels(part)] = after
    return dropped


def _is_used(package: Package, number: int, changed: dict[str, str]) -> bool:
    """Whether a formula of any part follows a link."""
    link = f"[{number}]"
    known = {part.lower(): text for part, text in changed.items()}
    texts = (known.get(part) or _text(package, part) for part in package.parts if part.endswith(".xml"))
    return any(link in match[3] for text in texts if link in text for match in _FORMULA.finditer(text))


def _name_alone(match: re.Match[str]) -> str:
    found = _ADDIN.search(unquote(match[3]))
    return f"{match[1]}{match[2]}{found[0] if found else match[3]}{match[2]}"


def _without(text: str, element: str, attribute: str, value: str) -> str:
    """Take one element out of a list by one of its attributes."""
    wanted = rf"<((?:\w+:)?{element})\s[^>]*?\b{attribute}=(['\"]){re.escape(value)}\2[^>]*?(?:/>|>\s*</\1>)"
    return re.sub(wanted, "", text, count=1, flags=re.IGNORECASE)


def _text(package: Package, part: str) -> str:
    """Return a part as text; nothing for one that is not in UTF-8, which none of ours is."""
    with contextlib.suppress(UnicodeDecodeError):
        return package.read(part).decode()
    return ""

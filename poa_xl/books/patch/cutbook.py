"""The workbook of a sheet that was cut down: sheets, names and texts that nothing needs go."""

import re
from collections.abc import Iterable, Mapping

from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.cutwork import CutWork, followed, rels_of
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.xml import escape

_STRING = re.compile(
    rb"<(?:[\w.-]+:)?c\s(?=[^<>]*\st\s*=\s*[\"']s[\"'])[^<>]*>.*?<(?:[\w.-]+:)?v>\s*(\d+)\s*<", re.DOTALL
)
_BOOK_DROPPED = {"pivotCaches", "customWorkbookViews", "functionGroups", "webPublishObjects"}
_BOOK_KEPT = {"worksheet", "styles", "theme", "sharedStrings", "externalLink", "person", "vbaProject", "sheetMetadata"}


def cut_book(work: CutWork) -> None:
    """Take the sheets that go out of the workbook part, with their names and relationships."""
    package = work.package
    data, root = work.tree(package.workbook_part)
    rels = rels_of(package.workbook_part)
    sheets = root.child("sheets")
    listed = sheets.children if sheets is not None else []
    stay = [each for each in listed if each.get("name") in work.kept]
    numbers = {str(listed.index(each)): str(number) for number, each in enumerate(stay)}
    ids = {each.get("id") for each in listed if each not in stay}
    splices = [Splice(each.start, each.end, b"") for each in listed if each not in stay]
    splices += [Splice(each.start, each.end, b"") for each in root.children if each.name in _BOOK_DROPPED]
    splices += _names(work, data, root, numbers)
    for view in (each for each in root.walk() if each.name == "workbookView"):
        at = next(number for number, each in enumerate(stay) if each.get("name") == work.removal.sheet)
        splices += [
            spans.with_attribute(data, view, "activeTab", str(at)),
            spans.with_attribute(data, view, "firstSheet", "0"),
        ]
    calc = root.child("calcPr")
    if calc is not None:
        splices.append(spans.with_attribute(data, calc, "fullCalcOnLoad", "1"))
    else:
        splices += containers.child(data, root, "calcPr", f'<{root.prefix}calcPr fullCalcOnLoad="1"/>')
    work.write(package.workbook_part, spans.apply(data, splices))
    data, root = work.tree(rels)
    gone = [
        each for each in root.children if each.get("Id") in ids or each.get("Type").rpartition("/")[2] not in _BOOK_KEPT
    ]
    work.write(rels, spans.apply(data, [Splice(each.start, each.end, b"") for each in gone]))


def _names(work: CutWork, data: bytes, root: Node, numbers: Mapping[str, str]) -> Iterable[Splice]:
    """Names that look at what goes go too; those of a sheet get its new number."""
    node = root.child("definedNames")
    if node is None:
        return
    gone, moved = [], []
    for each in node.children:
        scope = each.get("localSheetId")
        is_ours = each.get("name").casefold().startswith("_poa")
        text = None if (scope and scope not in numbers) or is_ours else followed(work, each.text, "")
        if text is None:
            gone.append(each)
            continue
        moved.append(Splice(each.inner, each.close, escape(text).encode()))
        if scope:
            moved.append(spans.with_attribute(data, each, "localSheetId", numbers[scope]))
    yield from containers.take(data, node, gone)
    yield from moved if len(gone) < len(node.children) else ()


def forget_texts(work: CutWork) -> None:
    """Blank the shared texts that no cell of a sheet that stays shows."""
    part = work.package.only("sharedStrings")
    if part is None or not work.package.has(part):
        return
    parts = [each.part for each in work.package.sheets if each.name in work.kept]
    used = {int(number) for each in parts for number in _STRING.findall(work.read(each))}
    data, root = work.tree(part)
    blank = f"<{root.prefix}si><{root.prefix}t/></{root.prefix}si>".encode()
    texts = [each for each in root.children if each.name == "si"]
    work.write(
        part,
        spans.apply(
            data, [Splice(each.start, each.end, blank) for number, each in enumerate(texts) if number not in used]
        ),
    )

"""Children of an element in the order that the schema wants: one way to put them in, one to take them out.

A container that is missing is made at its place, one written `<a/>` is opened, a `count` keeps counting.
"""

from collections.abc import Collection, Mapping, Sequence

from poa_xl.books.patch import spans
from poa_xl.books.patch.spans import Node, Splice

# The children of worksheet, workbook and styleSheet (ECMA-376, 18.3.1.99, 18.2.27, 18.8.39), in order.
_CHILDREN = {
    "worksheet": (
        "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
        "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
        "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks "
        "customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture "
        "oleObjects controls webPublishItems tableParts extLst"
    ),
    "workbook": (
        "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
        "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
        "fileRecoveryPr webPublishObjects extLst"
    ),
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
}
ORDER: Mapping[str, Sequence[str]] = {root: text.split() for root, text in _CHILDREN.items()}
# What a container may hold; earlier versions of ours put some of these beside an empty one.
MEMBERS: Mapping[str, str] = {
    "cols": "col",
    "definedNames": "definedName",
    "dataValidations": "dataValidation",
    "mergeCells": "mergeCell",
    "sheets": "sheet",
    "numFmts": "numFmt",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "cellXfs": "xf",
    "dxfs": "dxf",
}
# Wrappers that stand where their content would.
_WRAPPERS = ("AlternateContent", "Choice", "Fallback")


def put(data: bytes, root: Node, container: str, xml: str, *, first: bool = False) -> list[Splice]:
    """Put XML into a container of a root element.

    Args:
        data: The part.
        root: Its root element.
        container: Name of the container; made when there is none.
        xml: Elements, with their prefix.
        first: Before what the container holds, instead of behind it.
    """
    node = root.child(container)
    if node is None:
        name = f"{root.prefix}{container}"
        return child(data, root, container, f"<{name}>{xml}</{name}>")
    return [*_counted(data, node, _elements(xml)), into(data, node, xml, first=first)]


def child(data: bytes, root: Node, name: str, xml: str) -> list[Splice]:
    """Put a new child into a root element, behind those that come before it and those of its name."""
    if root.is_empty:
        return [into(data, root, xml)]
    at = place(root, name)
    return [Splice(at, at, xml.encode())]


def into(data: bytes, node: Node, xml: str, *, first: bool = False) -> Splice:
    """Put XML into an element, `<a/>` opened for it."""
    if not node.is_empty:
        at = node.inner if first else node.close
        return Splice(at, at, xml.encode())
    tag = data[node.start : node.end - 2].rstrip()
    return Splice(node.start + len(tag), node.end, f">{xml}</{node.qualified}>".encode())


def take(data: bytes, node: Node, children: Collection[Node]) -> list[Splice]:
    """Take children out of a container; with the last of them the container goes too."""
    if not children:
        return []
    if len(children) == len(node.children):
        return [Splice(node.start, node.end, b"")]
    return [*_counted(data, node, -len(children)), *(Splice(each.start, each.end, b"") for each in children)]


def swap(data: bytes, node: Node, gone: Collection[Node], xml: str) -> list[Splice]:
    """Take children out of a container and put others in at the end."""
    splices = [Splice(each.start, each.end, b"") for each in gone]
    return [*_counted(data, node, _elements(xml) - len(gone)), *splices, into(data, node, xml)]


def place(root: Node, name: str) -> int:
    """Return the place where a new child of a root element belongs."""
    order = ORDER[root.name]
    rank = order.index(name)
    before = [each.end for each in root.children if (known := meant(each)) in order and order.index(known) <= rank]
    return max(before, default=root.inner)


def meant(node: Node) -> str:
    """Return the name of a child, of a wrapper that of what it wraps."""
    if node.name not in _WRAPPERS:
        return node.name
    return next((each.name for each in node.walk() if each.name not in _WRAPPERS), node.name)


def faults(root: Node) -> set[str]:
    """Name what the schema does not allow among the children of a part: order, strangers, doubles, wrong counts."""
    order = ORDER.get(root.name)
    if order is None:
        return set()
    found: set[str] = set()
    last = 0
    seen: set[str] = set()
    for each in root.children:
        name = meant(each)
        if name not in order:
            # Elements of other namespaces may stand anywhere.
            found |= {f"{root.name}/{name}"} if each.prefix == root.prefix else set()
            continue
        if order.index(name) < last or (name in seen and name != "conditionalFormatting"):
            found.add(f"{root.name}/{name}: orden")
        last = max(last, order.index(name))
        seen.add(name)
        found |= _inside(each)
    return found


def _inside(node: Node) -> set[str]:
    member = MEMBERS.get(node.name)
    if member is None:
        return set()
    found = {f"{node.name}/{each.name}" for each in node.children if meant(each) != member}
    if (count := node.get("count")).isdigit() and int(count) != len(node.children):
        found.add(f"{node.name}: count")
    if node.name == "definedNames":
        keys = [(each.get("name").casefold(), each.get("localSheetId")) for each in node.children]
        found |= {f"definedName {name}" for name, scope in keys if keys.count((name, scope)) > 1}
    return found


def _counted(data: bytes, node: Node, more: int) -> list[Splice]:
    if "count" not in node.attributes:
        return []
    return [spans.with_attribute(data, node, "count", str(len(node.children) + more))]


def _elements(xml: str) -> int:
    return len(spans.read(f"<_>{xml}</_>".encode(), "").children)

"""Faults that earlier versions of poa-xl left in workbooks, mended when they are met.

They put new entries behind an empty container (`<definedNames/>`) instead of into it: the entry stood under the root,
where the schema does not allow it, and each update added one more.
"""

from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.spans import Node, Splice

# What stood astray, by its container.
_ASTRAY = {"definedNames": "definedName", "cols": "col"}


def repaired(data: bytes, place: str) -> tuple[bytes, list[str]]:
    """Put entries that stand astray into their containers.

    Args:
        data: A workbook part, or a worksheet part without its rows.
        place: File and part, for messages.

    Returns:
        The part, and the names of the elements that were put in their places or doubled and taken out.
    """
    root = spans.read(data, place)
    mended: list[str] = []
    for container, member in _ASTRAY.items():
        strays = [each for each in root.children if each.name == member and each.prefix == root.prefix]
        node = root.child(container)
        known = {_key(each) for each in (node.children if node is not None else ())}
        kept: list[Node] = []
        for each in strays:
            if _key(each) not in known:
                known.add(_key(each))
                kept.append(each)
        if not strays:
            continue
        mended += [each.get("name") or member for each in strays]
        xml = b"".join(data[each.start : each.end] for each in kept).decode()
        splices = [Splice(each.start, each.end, b"") for each in strays]
        splices += containers.put(data, root, container, xml) if kept else []
        data = spans.apply(data, splices)
        root = spans.read(data, place)
    return data, mended


def _key(node: Node) -> tuple[str, ...]:
    """What two entries must not have in common."""
    if node.name == "col":
        return (node.get("min"), node.get("max"))
    return (node.get("name").casefold(), node.get("localSheetId"))

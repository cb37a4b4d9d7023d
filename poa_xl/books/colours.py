"""The colours that cells are filled with, as the styles of a workbook say them."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from poa_xl.books.package import Package

_WHITE = (
    {"rgb": "FFFFFFFF"},
    {"rgb": "00FFFFFF"},
    {"theme": "0"},
    {"indexed": "9"},
    {"indexed": "64"},
    {"indexed": "65"},
)


def colours_of(package: Package) -> dict[int, str]:
    """Return the colours of the cell formats of a workbook that fill cells with one, by their number; white is none."""
    part = package.only("styles")
    if part is None:
        return {}
    tree = package.tree(part)
    fills = [_colour(each) for each in _children(tree.find("fills"))]
    found: dict[int, str] = {}
    for number, each in enumerate(_children(tree.find("cellXfs"))):
        fill = each.get("fillId", "0")
        colour = fills[int(fill)] if fill.isdigit() and int(fill) < len(fills) else ""
        if colour:
            found[number] = colour
    return found


def _children(element: Element | None) -> Iterable[Element]:
    return element if element is not None else ()


def _colour(fill: Element) -> str:
    pattern = fill.find("patternFill")
    front = pattern.find("fgColor") if pattern is not None and pattern.get("patternType") == "solid" else None
    if front is None or front.attrib in _WHITE:
        return ""
    return " ".join(f"{name}={value}" for name, value in sorted(front.attrib.items()))

"""The tab POA as `macros/customUI14.xml` has it, for Excel's ribbon, Calc's menu and the pane's manifests."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

_RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
_OFFICE = "oficina"


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the ribbon.

    Attributes:
        name: Its function in `ribbon.py`.
        caption: What it says.
        tip: What it says about itself.
        more: What it says about itself further.
        is_off_in_units: Whether it is grey in the workbook of a unit.
    """

    name: str
    caption: str
    tip: str
    more: str
    is_off_in_units: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons that stand together, under what they have in common."""

    name: str
    caption: str
    buttons: tuple[Button, ...]


def groups(ribbon: Path) -> list[Group]:
    """Read the tab, group by group."""
    return [
        Group(
            group.attrib["id"],
            group.attrib["label"],
            tuple(
                Button(
                    _snake(each.attrib["onAction"]),
                    each.attrib["label"],
                    each.attrib["screentip"],
                    each.attrib["supertip"],
                    each.get("tag") == _OFFICE,
                )
                for each in group
            ),
        )
        for group in ET.parse(ribbon).iter(f"{_RIBBON}group")  # noqa: S314 - our own file
    ]


def _snake(action: str) -> str:
    """Return the function behind a callback: of `PoaVerificarMetas` it is `verificar_metas`."""
    return re.sub(r"(?<=.)([A-Z])", r"_\1", action.removeprefix("Poa")).lower()

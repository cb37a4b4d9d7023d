"""Gathers what the pane's manifests and functions say, which stands in the ribbon and in docstrings, for translation.

Usage: python -m tests.captions
"""

from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

from poa_xl.addin import sources
from poa_xl.addin.tab import groups
from poa_xl.addin.wrappers import functions, load
from poa_xl.web import manifests
from poa_xl.web.captions import DOMAIN

FOLDER = Path(__file__).parents[1] / "poa_xl" / "locale" / "en" / "LC_MESSAGES"


def texts() -> list[str]:
    """All of them, each once."""
    found = [manifests.ABOUT, manifests.FULL, manifests.SHORT, manifests.STARTED]
    for group in manifests.tab(groups(sources.macros() / "customUI14.xml")):
        found.append(group.caption)
        found += [text for each in group.buttons for text in (each.caption, each.tip, each.more)]
    for function in functions(load(sources.root() / "udfs.py")):
        found += [function.help, *(each.help for each in function.arguments)]
    return list(dict.fromkeys(found))


def read() -> Catalog:
    """The English there is."""
    path = FOLDER / f"{DOMAIN}.po"
    if not path.is_file():
        return Catalog("en")
    with path.open("rb") as kept:
        return pofile.read_po(kept, locale="en")


def main() -> None:
    known = read()
    made = Catalog("en", header_comment="# Captions of the ribbon and help of the functions, for Excel with the pane.")
    for text in texts():
        message = known.get(text)
        made.add(text, str(message.string) if message is not None else "")
    with (FOLDER / f"{DOMAIN}.po").open("wb") as out:
        pofile.write_po(out, made, width=76, sort_output=True, no_location=True, omit_header=False)
    with (FOLDER / f"{DOMAIN}.mo").open("wb") as out:
        mofile.write_mo(out, made)


if __name__ == "__main__":
    main()

"""A workbook with our functions as Excel saves it: by the number of a link to the add-in in somebody's start folder."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from poa_xl.books.patch.members import rewrite

START = r"file:///C:\Users\José Núñez\AppData\Roaming\Microsoft\Excel\XLSTART\poa_xl.xlam"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"


def saved(path: Path, targets: Sequence[str] = (START,), prefix: str = "[1]!") -> Path:
    """Put links into a workbook, and a prefix before every call of our functions in its cells."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}
    changed = {}
    for name, text in parts.items():
        if "/worksheets/" in name:
            changed[name] = re.sub(
                r"(<f[^>]*>)([^<]*)", lambda match: match[1] + match[2].replace("POA_", f"{prefix}POA_"), text
            )
    links, rels, types = "", "", ""
    for number, target in enumerate(targets, 1):
        part = f"xl/externalLinks/externalLink{number}.xml"
        links += f'<externalReference xmlns:r="{_TYPES}" r:id="rIdE{number}"/>'
        rels += f'<Relationship Id="rIdE{number}" Type="{_TYPES}/externalLink" Target="externalLinks/externalLink{number}.xml"/>'
        types += f'<Override PartName="/{part}" ContentType="{_KIND}"/>'
        changed[part] = (
            f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_TYPES}" r:id="rId1"><definedNames>'
            '<definedName name="POA_TIPO"/></definedNames></externalBook></externalLink>'
        )
        changed[f"xl/externalLinks/_rels/externalLink{number}.xml.rels"] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{_TYPES}/externalLinkPath" Target="{quote(target, safe="/:() ")}" TargetMode="External"/></Relationships>'
        )
    book = parts["xl/workbook.xml"].replace("</sheets>", f"</sheets><externalReferences>{links}</externalReferences>")
    changed["xl/workbook.xml"] = book
    changed["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f"{rels}</Relationships>"
    )
    changed["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", f"{types}</Types>")
    path.write_bytes(rewrite(path.read_bytes(), path.name, {name: text.encode() for name, text in changed.items()}))
    return path

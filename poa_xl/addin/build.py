"""The add-in as a file: sheets by XlsxWriter, VBA by pyOpenVBA, ribbon and add-in type by a few lines here.

The same sources give the same bytes, on any system.
"""

import io
import re
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
import xlwings
from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

import poa_xl
from poa_xl.addin import sources
from poa_xl.addin.wrappers import functions, load, wrapper_module
from poa_xl.addin.zipping import packed, unpacked
from poa_xl.errors import BookError
from poa_xl.i18n import say

# Name of the VBA project; its settings stand in the sheet `<PROJECT>.conf` of the add-in.
PROJECT = "poa_xl"
CONFIGURATION = f"{PROJECT}.conf"
_DOCUMENTS = ("ThisWorkbook", "Sheet1")
_RIBBON = "customUI/customUI14.xml"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TYPES = {
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
_BINARY = "application/vnd.ms-office.vbaProject"


@dataclass(frozen=True, slots=True)
class Module:
    """A VBA module: its name, its kind (`standard`, `class` or `document`), its text with CRLF."""

    name: str
    kind: str
    text: str


def read_modules(udfs: Path | None = None) -> list[Module]:
    """Return the modules of the project: those of `macros/`, for the xlwings installed, and the wrappers.

    Raises:
        BookError: One holds a character that VBA cannot.
    """
    found = [
        _module(path.stem, path.suffix, path.read_text("utf-8").replace("@XLWINGS@", xlwings.__version__), path.name)
        for path in sorted(sources.macros().iterdir())
        if path.suffix in (".bas", ".cls")
    ]
    made = wrapper_module(functions(load(udfs or sources.root() / "udfs.py")))
    found.append(_module("PoaFunctions", ".bas", made, "udfs.py"))
    return found


def _module(name: str, suffix: str, text: str, file: str) -> Module:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise BookError(
            say(
                "{file}, línea {line}: VBA no admite el carácter «{char}»",
                file=file,
                line=str(line),
                char=text[error.start],
            )
        ) from error
    kind = "document" if name in _DOCUMENTS else "standard" if suffix == ".bas" else "class"
    return Module(name, kind, re.sub(r"\r\n?|\n", "\r\n", text))


def body(text: str) -> str:
    """Return a module without the head that files have and modules in a workbook do not."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].startswith("VERSION "):
        lines = lines[next(i for i, line in enumerate(lines) if line.strip().upper() == "END") + 1 :]
    while lines and lines[0].startswith("Attribute VB_"):
        lines.pop(0)
    return "\r\n".join(lines)


def build(suffix: str, configuration: Mapping[str, str] | None = None, udfs: Path | None = None) -> bytes:
    """Build the add-in.

    Args:
        suffix: `.xlam` for the add-in, `.xlsm` for its twin that opens as a workbook.
        configuration: Settings of xlwings for the configuration sheet.
        udfs: The module with the worksheet functions; by default ours.

    Returns:
        The bytes of the file, the same for the same sources and settings.

    Raises:
        BookError: A source cannot become VBA.
    """
    modules = read_modules(udfs)
    with tempfile.TemporaryDirectory() as folder:
        host = Path(folder) / "host.xlsm"
        host.write_bytes(_host(configuration or {}))
        with ExcelFile(host) as file:
            project = file.add_vba_project()
            for module in modules:
                if module.kind == "document":
                    file.set_module(module.name, body(module.text))
                else:
                    kind = VBAModuleKind.standard if module.kind == "standard" else VBAModuleKind.other
                    project.add_module(module.name, module.text, kind=kind)
            file.save()
        parts = unpacked(host.read_bytes())
    parts["xl/vbaProject.bin"] = _renamed(parts["xl/vbaProject.bin"])
    parts[_RIBBON] = (sources.macros() / "customUI14.xml").read_bytes()
    _link(parts, suffix)
    return packed(parts, ("[Content_Types].xml", "_rels/.rels"))


def _host(configuration: Mapping[str, str]) -> bytes:
    """Write the workbook that holds the project: one sheet, the configuration."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(CONFIGURATION)
        text = book.add_format({"num_format": "@"})
        for row, (key, value) in enumerate(configuration.items()):
            sheet.write_string(row, 0, key, text)
            sheet.write_string(row, 1, value, text)
        sheet.set_column(0, 1, 30)
        book.set_vba_name("ThisWorkbook")
        sheet.set_vba_name("Sheet1")
        book.set_properties({"title": "POA", "author": "poa-xl", "comments": f"poa-xl {poa_xl.__version__}"})
    return buffer.getvalue()


def _renamed(project: bytes) -> bytes:
    """Call the project by its name: two add-ins called VBAProject are hard to tell apart."""
    name = PROJECT.encode()
    container = CFB.from_bytes(project)
    listing = decompress(container.get_stream_in_storage("VBA", "dir"))
    record = struct.pack("<HI", 4, 10) + b"VBAProject"
    stream = container.get_stream("PROJECT")
    if listing.count(record) != 1 or stream.count(b'Name="VBAProject"') != 1:
        raise BookError(say("el proyecto VBA no tiene la forma que se esperaba"))
    listing = listing.replace(record, struct.pack("<HI", 4, len(name)) + name)
    container.write_stream_in_storage("VBA", "dir", compress(listing))
    container.write_stream("PROJECT", stream.replace(b'Name="VBAProject"', b'Name="' + name + b'"'))
    return bytes(container.to_bytes())


def _link(parts: dict[str, bytes], suffix: str) -> None:
    """Tell the package of the ribbon and of what it is."""
    types = parts["[Content_Types].xml"].decode()
    for known in (*_TYPES.values(), _SHEET_TYPE):
        types = types.replace(known, _TYPES[suffix])
    for extension, kind in (("bin", _BINARY), ("xml", "application/xml")):
        if f'Extension="{extension}"' not in types:
            types = types.replace("<Default ", f'<Default Extension="{extension}" ContentType="{kind}"/><Default ', 1)
    parts["[Content_Types].xml"] = types.encode()
    link = f'<Relationship Id="rIdPoaRibbon" Type="{_RIBBON_TYPE}" Target="{_RIBBON}"/>'
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", link.encode() + b"</Relationships>")
    times = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
    parts["docProps/core.xml"] = re.sub(times, rb"\g<1>2020-01-01T00:00:00Z", parts["docProps/core.xml"])

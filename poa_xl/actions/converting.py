"""Workbooks of other kinds, `.xls` and `.ods`, as LibreOffice saves them as .xlsx, with what that loses said."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.reading import is_other, read_workbook_of
from poa_xl.actions.regional import NO_WINDOW, plain_environment
from poa_xl.books.files import read_file
from poa_xl.books.package import Package, open_package
from poa_xl.books.sheetxml import read_workbook
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.grid import Grid, Workbook, letters

_MAC = Path("/Applications/LibreOffice.app/Contents/MacOS")
_LONGEST = 300
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
# What each kind holds where it is what its name says; LibreOffice makes a sheet of any bytes.
_HELD = {_OLE: ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")), _ZIP: (b"content.xml",)}
_MACROS = (b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", b"Basic/script-lc.xml")
_NAMED = 5


@dataclass(frozen=True)
class Converted:
    """A workbook as LibreOffice turned it into .xlsx.

    Attributes:
        data: Its bytes.
        lost: What is not in it as it was, sentences.
    """

    data: bytes
    lost: tuple[str, ...]


def program_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Find the folder of LibreOffice's programs: by the path, else where its installers put it."""
    found = shutil.which("soffice", path=environment.get("PATH"))
    roots = [environment[name] for name in ("ProgramFiles", "ProgramFiles(x86)") if name in environment]
    usual = [_MAC, *(Path(root) / "LibreOffice" / "program" for root in roots)]
    known = [Path(found).resolve().parent, *usual] if found is not None else usual
    return next((folder for folder in known if settings_of(folder) is not None), None)


def settings_of(folder: Path) -> Path | None:
    """Return the file beside the programs of LibreOffice that tells the version."""
    places = (folder / "bootstraprc", folder / "bootstrap.ini", folder.parent / "Resources" / "bootstraprc")
    return next((path for path in places if path.is_file()), None)


def package_of(path: Path) -> Package:
    """Open a workbook of any kind as a package: others as LibreOffice saves them, known by the bytes that came.

    Raises:
        BookError: It cannot be read, or there is no LibreOffice for it.
    """
    if not is_other(path) or not path.is_file():
        return open_package(path)
    data = read_file(path)
    if not _is_whole(data):
        return open_package(path)
    package = Package(_as_xlsx(data, path), path.name)
    package.stamp = hashlib.sha256(data).hexdigest()
    return package


def converted(path: Path) -> Converted:
    """Turn a workbook into .xlsx and hold both against each other.

    Raises:
        BookError: It cannot be read, there is no LibreOffice, or LibreOffice makes nothing of it.
    """
    data = read_file(path)
    before, _ = read_workbook_of(path)
    made = _as_xlsx(data, path)
    return Converted(made, tuple(_lost(data, path.name, before, read_workbook(Package(made, path.name)))))


def _is_whole(data: bytes) -> bool:
    return any(data.startswith(mark) and any(each in data for each in held) for mark, held in _HELD.items())


def _as_xlsx(data: bytes, path: Path) -> bytes:
    folder = program_folder()
    if folder is None:
        raise BookError(
            say(
                "{file}: para trabajar en él hay que convertirlo a .xlsx, y en este sistema no se encontró "
                "LibreOffice; instalarlo, o abrir el libro y guardarlo como .xlsx",
                file=path.name,
            )
        )
    with tempfile.TemporaryDirectory() as place:
        # A copy: neither the name of the file nor whoever has it open may stand in the way.
        copy, made = Path(place) / f"libro{path.suffix.lower()}", Path(place) / "libro.xlsx"
        copy.write_bytes(data)
        profile = (Path(place) / "perfil").as_uri()
        command = [
            str(folder / "soffice"),
            "--headless",
            "--norestore",
            f"-env:UserInstallation={profile}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            place,
            str(copy),
        ]
        for _ in range(2):  # a new profile may make the program end once and ask to be started again
            try:
                subprocess.run(  # noqa: S603 - LibreOffice's own command
                    command,
                    check=False,
                    capture_output=True,
                    timeout=_LONGEST,
                    creationflags=NO_WINDOW,
                    env=plain_environment(),
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise BookError(
                    say("{file}: LibreOffice no lo pudo convertir ({detail})", file=path.name, detail=error)
                ) from error
            if made.is_file():
                return made.read_bytes()
    raise BookError(say("{file}: LibreOffice no lo pudo convertir; abrirlo y guardarlo como .xlsx", file=path.name))


def _lost(data: bytes, name: str, before: Workbook, after: Workbook) -> Iterator[str]:
    """Say what a conversion loses: of the cells by comparing them, of the rest by what the formats cannot share."""
    if any(mark in data for mark in _MACROS):
        yield say("{file}: sus macros no pasan a la copia", file=name)
    yield say(
        "{file}: la copia la hizo LibreOffice: formas, controles y formatos propios de la otra clase de libro "
        "pueden verse distintos; las fórmulas dicen lo que LibreOffice calcula",
        file=name,
    )
    now = {grid.name: grid for grid in after}
    for grid in before:
        if grid.name not in now:
            yield say("{file}: la hoja «{sheet}» no está en la copia", file=name, sheet=grid.name)
            continue
        places = list(_different(grid, now[grid.name]))
        if places:
            cells = ", ".join(f"{letters(column)}{row}" for row, column in places[:_NAMED])
            yield say(
                "{file}: hoja «{sheet}»: {count} celdas dicen otra cosa en la copia: {cells}",
                file=name,
                sheet=grid.name,
                count=len(places),
                cells=cells,
            )


def _different(before: Grid, after: Grid) -> Iterator[tuple[int, int]]:
    for row in sorted(before.cells.keys() | after.cells.keys()):
        for column in sorted({*before.cells.get(row, {}), *after.cells.get(row, {})}):
            if shown(before.get(row, column)) != shown(after.get(row, column)):
                yield row, column

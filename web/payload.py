"""Packs what runs in the page: our Python as it stands, what the buttons and functions import and nothing else.

Usage: python web/payload.py OUT.zip
"""

import ast
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

TOP = Path(__file__).parents[1]
# Where a page begins: what the worker calls, and the worksheet functions.
ROOTS = ("poa_xl.web.bridge", "poa_xl.web.regional", "udfs")
# A page has SQLite and no library for it: these stand for their namesakes.
STAND_INS = {f"poa_xl.store.{name}": f"poa_xl.store.page.{name}" for name in ("address", "history")}
# Imported late, by who works with another program or writes a report; a page does neither.
ELSEWHERE = ("poa_xl.actions.document", "poa_xl.books.attached", "poa_xl.books.excel")
# Python alone, as they are installed: what new workbooks are written with.
CARRIED = ("xlsxwriter",)
# Named in code that a page never comes to; `xlwings` is the stand-in beside this.
UNREACHED = ("filelock", "platformdirs", "xlrd")


def source(module: str) -> Path | None:
    """Return the file of a module of ours, of its stand-in where it has one; None for those of others."""
    path = TOP / STAND_INS.get(module, module).replace(".", "/")
    found = next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)
    return found if found is not None and module.split(".", maxsplit=1)[0] in ("poa_xl", "udfs") else None


def imported(path: Path) -> Iterator[str]:
    """Return what a file imports anywhere, by name; of `from a import b` both `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def closure() -> tuple[dict[str, Path], set[str]]:
    """Return the modules of ours that a page can come to, and the names of all others that they import."""
    ours: dict[str, Path] = {}
    others: set[str] = set()
    left = [*ROOTS]
    while left:
        module = left.pop()
        path = source(module)
        if path is None:
            others.add(module.split(".")[0])
        elif module not in ours and module not in ELSEWHERE:
            ours[module] = path
            left += [module.rpartition(".")[0]] if "." in module else []
            left += imported(path)
    return ours, others - {"poa_xl", "udfs"}


def foreign() -> set[str]:
    """Return the libraries that a page would need and does not have."""
    return {each for each in closure()[1] if each not in sys.stdlib_module_names} - {*UNREACHED, *CARRIED, "xlwings"}


def carried() -> Iterator[tuple[str, Path]]:
    """Return the files of the libraries that come along: the path in the page, and the file."""
    for name in CARRIED:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{name} is not installed.")
        folder = Path(spec.origin).parent
        for path in sorted(folder.glob("*.py")):
            yield f"{name}/{path.name}", path


def files() -> Iterator[tuple[str, Path]]:
    """Return what is carried: the path in the page, and the file."""
    for module, path in sorted(closure()[0].items()):
        place = module.replace(".", "/")
        yield f"{place}/__init__.py" if path.name == "__init__.py" else f"{place}.py", path
    for path in sorted(TOP.glob("poa_xl/locale/*/LC_MESSAGES/poa_xl.mo")):
        yield path.relative_to(TOP).as_posix(), path
    yield from carried()
    yield "xlwings.py", TOP / "web" / "python" / "xlwings.py"


def main(out: Path) -> None:
    """Write the archive; the same bytes for the same files."""
    if foreign():
        raise SystemExit(f"A page has no {', '.join(sorted(foreign()))}.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), path.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Runs in Pyodide: turns two archives into bytecode, the standard library without what nobody comes to."""

import ast
import contextlib
import importlib
import importlib.util
import marshal
import sys
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True


def compiled(source, out, wanted):
    """Write an archive again, uncompressed so that the server compresses it, `.py` as `.pyc`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(each for each in old.namelist() if not each.endswith("/") and wanted(each)):
            data, kept = old.read(name), name
            if name.endswith(".py"):
                code = compile(data, name, "exec", dont_inherit=True, optimize=1)
                data, kept = importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code), name + "c"
            new.writestr(zipfile.ZipInfo(kept, (2020, 1, 1, 0, 0, 0)), data)


def module(name):
    """Return the module that a file of an archive is."""
    return name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def imported(name, data):
    """Return what a module imports anywhere, early or late; of `from a import b` both `a` and `a.b`."""
    package = name if is_package(name) else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            origin = ".".join(part for part in (above, node.module) if part)
            yield origin
            yield from (f"{origin}.{each.name}" for each in node.names)


def is_package(name):
    """Whether a module of the standard library is a folder."""
    return known.get(name, "").endswith("__init__.py")


# Named in functions of what is used, and never come to: terminals, nets, processes, tests.
UNREACHED = {
    "antigravity",
    "bdb",
    "cmd",
    "code",
    "codeop",
    "concurrent",
    "ctypes",
    "curses",
    "doctest",
    "email",
    "ftplib",
    "getpass",
    "http",
    "lzma",
    "bz2",
    "compression",
    "multiprocessing",
    "netrc",
    "pdb",
    "pstats",
    "pydoc",
    "readline",
    "rlcompleter",
    "sched",
    "smtplib",
    "socketserver",
    "ssl",
    "tarfile",
    "test",
    "tkinter",
    "turtle",
    "unittest",
    "urllib.request",
    "urllib.robotparser",
    "xml.sax.expatreader",
    "_pyrepl",
    "optparse",
    "argparse",
    "cProfile",
    "profile",
    "timeit",
    "dis",
    "inspect",
    "pickletools",
    "secrets",
    "uuid",
    "ipaddress",
    "statistics",
}


def import_all(names):
    """Import modules; a name that is none, or one for another program, is passed over."""
    for name in sorted(names):
        with contextlib.suppress(ImportError, AttributeError):
            importlib.import_module(name)


Path("/out").mkdir()
compiled("/poa.zip", "/out/poa.zip", bool)
sys.path.insert(0, "/out/poa.zip")
# Everything of ours, what it names in functions, and what the modules loaded by then name in theirs.
with zipfile.ZipFile("/poa.zip") as ours, zipfile.ZipFile("/stdlib.zip") as library:
    known = {module(name): name for name in library.namelist() if name.endswith(".py")}
    names = [name for name in ours.namelist() if name.endswith(".py")]
    late = {each for name in names for each in imported(module(name), ours.read(name))}
    import_all({*map(module, names), *late})
    import_all({"encodings.cp1252", "encodings.idna", "encodings.latin_1", "traceback"})
    for name in [each for each in sys.modules if each in known]:
        found = {each for each in imported(name, library.read(known[name])) if each in known}
        import_all({each for each in found if not any(f"{each}.".startswith(f"{one}.") for one in UNREACHED)})
loaded = set(sys.modules)
compiled(
    "/stdlib.zip",
    "/out/stdlib.zip",
    lambda name: module(name) in loaded or name.startswith(("pyodide/", "_pyodide/")) or not name.endswith(".py"),
)

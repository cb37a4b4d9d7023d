"""Runs in Pyodide: turns two archives into bytecode, the standard library without what nobody comes to."""

import ast
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


def imported(data):
    """Return what a file imports anywhere, early or late."""
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


Path("/out").mkdir()
compiled("/poa.zip", "/out/poa.zip", bool)
sys.path.insert(0, "/out/poa.zip")
# Everything of ours, what it names in functions, and what the modules loaded by then name in theirs.
with zipfile.ZipFile("/poa.zip") as ours:
    names = [name for name in ours.namelist() if name.endswith(".py")]
    late = {each for name in names for each in imported(ours.read(name))}
for each in sorted({*map(module, names), *late}):
    try:
        importlib.import_module(each)
    except ImportError:
        # Of another program, or no module but a name in one.
        continue

loaded = set(sys.modules)
with zipfile.ZipFile("/stdlib.zip") as library:
    known = {module(name): name for name in library.namelist() if name.endswith(".py")}
    # Late imports of the few that our code leans on most: what a traceback or a log line needs only then.
    for each in ("traceback", "logging", "zipfile", "json", "gettext", "inspect", "shutil", "tempfile", "pathlib"):
        for name in [each, *(one for one in known if one.startswith(f"{each}."))]:
            if name in known:
                loaded |= {one for one in imported(library.read(known[name])) if one in known}
loaded |= {name.rpartition(".")[0] for name in loaded if "." in name}
compiled(
    "/stdlib.zip",
    "/out/stdlib.zip",
    lambda name: module(name) in loaded or name.startswith(("pyodide/", "_pyodide/")) or not name.endswith(".py"),
)

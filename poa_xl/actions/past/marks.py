"""Hidden names of ours in a workbook: `key=value` parts, semicolons between."""

from pathlib import Path

from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import name_text
from poa_xl.errors import PoaError

# Hidden name in which a master carries the run that made it what it is.
RUN_MARK = "_poa_xl_run"


def run_of(path: Path) -> str | None:
    """Return the run that a master carries; None when it carries none, or cannot be read."""
    try:
        return read_mark(name_text(open_package(path), RUN_MARK)).get("run")
    except PoaError:
        return None


def read_mark(text: str | None) -> dict[str, str]:
    """Read the text of a hidden name of ours."""
    return dict(part.partition("=")[::2] for part in (text or "").split(";") if part)


def write_mark(mark: dict[str, str]) -> str:
    """Write what `read_mark` reads."""
    return ";".join(f"{key}={value}" for key, value in sorted(mark.items()))

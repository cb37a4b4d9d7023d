"""The office's settings beside its workbooks: `poa.toml`, and the older list of units, `unidades.toml`."""

import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from poa_xl.core.aliases import Aliases
from poa_xl.core.text import fold
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.keys import problems_of
from poa_xl.sheet.profile import PLAIN, Profile, profile_of

SETTINGS = "poa.toml"
ALIASES = "unidades.toml"


# Where settings are that hold for every workbook, where a host has named such a place.
_FOR_ALL: list[Path] = []


def also_in(place: Path) -> None:
    """Take settings from a folder too, from here on, where none stand beside a workbook."""
    _FOR_ALL[:] = [place]


def load_profile(path: Path | None, *beside: Path) -> Profile:
    """Read what the office says of its plan.

    Args:
        path: The settings; None to look for `poa.toml`.
        *beside: Folders to look in, in this order.

    Returns:
        The profile; a plain one when there are no settings.

    Raises:
        BookError: The settings cannot be read, or say something that is no setting; all of it is named.
    """
    chosen = path or _first(SETTINGS, beside)
    return PLAIN if chosen is None else profile_of(read_settings(chosen))


def profile_beside(address: str) -> Profile:
    """Read what the office says of the plan in a workbook that is open: see `load_profile`.

    Args:
        address: Where it is; only a file of this machine has a folder to look in.
    """
    path = Path(address)
    return load_profile(None, *([path.parent] if path.is_absolute() else []))


def load_aliases(path: Path | None, *beside: Path) -> Aliases:
    """Read the office's list of unit names.

    Args:
        path: The list; None to look for `unidades.toml`, and for the same sections in `poa.toml`.
        *beside: Folders to look in, in this order.

    Returns:
        The list; an empty one when there is none.

    Raises:
        BookError: The list cannot be read.
    """
    listed = path or _first(ALIASES, beside)
    settings = None if path is not None else _first(SETTINGS, beside)
    words: dict[str, str] = {}
    units: dict[str, str] = {}
    for chosen in filter(None, (settings, listed)):
        more = _aliases(chosen, read_settings(chosen) if chosen == settings else _read(chosen))
        words |= more.words
        units |= more.units
    return Aliases(words, units)


def _aliases(path: Path, data: Mapping[str, Any]) -> Aliases:
    try:
        words = {str(wrong): str(right) for wrong, right in data.get("palabras", {}).items()}
        units = {
            fold(other): str(official) for official, others in data.get("unidades", {}).items() for other in others
        }
    except (AttributeError, TypeError) as error:
        raise _unclear(path, error) from error
    return Aliases(words, units)


def read_settings(path: Path) -> dict[str, Any]:
    """Read settings and check every key of them.

    Raises:
        BookError: They cannot be read, or hold what is no setting.
    """
    data = _read(path)
    problems = problems_of(data)
    if problems:
        raise BookError(f"{path}: {'; '.join(problems)}")
    return data


def _read(path: Path) -> dict[str, Any]:
    try:
        import tomllib  # noqa: PLC0415 - came with Python 3.11, and LibreOffice 25.2 brings 3.10
    except ImportError as error:
        raise BookError(
            say(
                "{file}: el Python {version} de este programa no lee ajustes, y sin ellos el plan se leería de otro "
                "modo: usar poa check y poa update",
                file=str(path),
                version=platform.python_version(),
            )
        ) from error
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _unclear(path, error) from error


def _unclear(path: Path, error: Exception) -> BookError:
    if path.name == SETTINGS:
        return BookError(say("{file}: los ajustes no se entienden ({detail})", file=str(path), detail=error))
    return BookError(say("{file}: la lista de unidades no se entiende ({detail})", file=str(path), detail=error))


def _first(name: str, folders: Iterable[Path]) -> Path | None:
    found: Iterator[Path] = (folder / name for folder in (*folders, *_FOR_ALL) if (folder / name).is_file())
    return next(found, None)

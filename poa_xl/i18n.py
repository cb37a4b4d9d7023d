"""Messages: Spanish in the code, other languages through gettext catalogues in `locale/`.

`say` is the only door: it translates, then fills in the values, numbers written as the language
writes them. Plain functions may call it in loops: a catalogue is loaded once.
"""

import errno
import gettext
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from importlib import resources

LANGUAGES = ("es", "en")

# Fields whose numbers count nothing: they name a line, a year, a run.
_NAMES = {"line", "row", "year", "id", "run", "page"}

# Marks of thousands and decimals as Spanish has them.
_MARKS = str.maketrans(",.", ".,")

_language: ContextVar[str] = ContextVar("language", default="es")


def set_language(language: str) -> None:
    """Speak `language` from here on (in this context).

    Args:
        language: One of `LANGUAGES`, or a locale name such as `en_US.UTF-8`; unknown ones mean Spanish.
    """
    short = language[:2].lower()
    _language.set(short if short in LANGUAGES else "es")


def language() -> str:
    """Return the language spoken, one of `LANGUAGES`."""
    return _language.get()


def say(message: str, /, **values: object) -> str:
    """Return a message in the current language.

    Args:
        message: The Spanish text with `{name}` fields; the key of the catalogues.
        **values: What to fill in; `Decimal` and `int` come out with separators, numbers of lines, years and the like
            (`_NAMES`) without.

    Returns:
        The translated and completed text.
    """
    text = _catalogue(_language.get()).gettext(message)
    if not values:
        return text
    shown = {
        key: number(value) if isinstance(value, Decimal | int) and key not in _NAMES else value
        for key, value in values.items()
    }
    return text.format(**shown)


@cache
def in_every_language(message: str) -> frozenset[str]:
    """Return a message in all languages, to know again what was written in another one."""
    return frozenset(_catalogue(each).gettext(message) for each in LANGUAGES)


def number(value: Decimal | int) -> str:
    """Write a number as the current language does: `39.745.387`, `5,76` in Spanish."""
    value = Decimal(value)
    whole = value.to_integral_value()
    text = f"{whole:,f}" if value == whole else f"{value.normalize():,f}"
    return text if _language.get() == "en" else text.translate(_MARKS)


def reason(error: OSError) -> str:
    """Return why the system refused something, in the current language; its own words for what is rare."""
    reasons = {
        errno.ENOSPC: say("el disco está lleno"),
        errno.EDQUOT: say("el disco está lleno"),
        errno.EACCES: say("sin permiso"),
        errno.EPERM: say("sin permiso"),
        errno.EROFS: say("el disco es de solo lectura"),
        errno.ENOENT: say("no existe"),
        errno.ENOTDIR: say("una parte de la ruta no es una carpeta"),
        errno.EISDIR: say("es una carpeta"),
        errno.ENAMETOOLONG: say("el nombre es demasiado largo"),
        errno.ELOOP: say("un enlace da vueltas y no lleva a ningún archivo"),
        errno.EBUSY: say("otro programa lo está usando"),
        errno.ETXTBSY: say("otro programa lo está usando"),
        errno.EIO: say("el disco no responde"),
    }
    return reasons.get(error.errno or 0) or error.strerror or str(error)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "es":
        return gettext.NullTranslations()
    with resources.files("poa_xl").joinpath(f"locale/{language}/LC_MESSAGES/poa_xl.mo").open("rb") as catalogue:
        return gettext.GNUTranslations(catalogue)

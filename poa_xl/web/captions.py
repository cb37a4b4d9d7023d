"""Captions and help in the language of the program: the Spanish of the sources, English from a catalogue of its own.

They stand in `macros/customUI14.xml` and in the docstrings of `udfs.py`, where no program that gathers messages looks.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from importlib import resources

# Languages besides Spanish, and what programs call the country whose they are.
LOCALES: Mapping[str, str] = {"en": "en-US"}
LANGUAGES = ("es", *LOCALES)
DOMAIN = "poa_xl_captions"


def caption(text: str, language: str) -> str:
    """Return a text in a language; as it stands where nobody has translated it."""
    return text if language == "es" else _catalogue(language).gettext(text)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = resources.files("poa_xl").joinpath(f"locale/{language}/LC_MESSAGES/{DOMAIN}.mo")
    with path.open("rb") as catalogue:
        return gettext.GNUTranslations(catalogue)

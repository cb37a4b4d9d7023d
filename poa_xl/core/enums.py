"""Enumerations whose members are texts, in every Python that our code runs in."""

import sys

# LibreOffice brings Python 3.10 on some systems, and the class came with 3.11.
if sys.version_info >= (3, 11):
    from enum import StrEnum
else:  # pragma: no cover - the tests run where it is there; the type checker looks at this side too
    from enum import Enum

    class StrEnum(str, Enum):
        """A text that is one of a few."""

        __str__ = str.__str__


__all__ = ["StrEnum"]

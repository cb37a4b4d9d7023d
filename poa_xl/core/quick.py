"""Dataclasses of which there are very many: frozen for who reads and checks the code, and made as fast as others.

Python makes a frozen one four times as slowly, an attribute at a time past its own guard. Of cells, codes and rows
there are hundreds of thousands, and that guard was a tenth of all that a consolidation costs. mypy sees them as frozen.
"""

from typing import TYPE_CHECKING, TypeVar

__all__ = ["completed", "quick"]

Made = TypeVar("Made")

if TYPE_CHECKING:
    from dataclasses import dataclass as quick
else:
    from collections.abc import Callable
    from dataclasses import dataclass

    def quick(*, frozen: bool, **options: bool) -> Callable[[type], type]:
        """Return what makes a class a dataclass that is frozen by agreement: equal ones have equal hashes."""
        return dataclass(unsafe_hash=frozen, **options)


def completed(made: Made, **values: object) -> Made:
    """Return what was just made with some of its attributes set: nobody else holds it yet, so it is made only once."""
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made

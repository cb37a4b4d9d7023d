"""What every member of the engine has in common."""

from typing import Any


class CellError(str):
    """The name of a cell error, told apart from a text that reads the same."""

    __slots__ = ()


class Member:
    """Anything of xlwings; says by name what it cannot do."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotImplementedError(f"{type(self).__name__}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        try:
            object.__setattr__(self, name, value)
        except AttributeError:
            raise NotImplementedError(f"{type(self).__name__}.{name}") from None

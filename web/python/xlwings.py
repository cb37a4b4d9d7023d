"""Stands for xlwings where `udfs.py` is imported in a page: there nothing is registered with Windows."""

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]


def arg(*_: object, **__: object) -> Callable[[Function], Function]:
    """Leave a function as it is; what converts its arguments is the pane."""
    return _same


def func(*_: object, **__: object) -> Callable[[Function], Function]:
    """Leave a function as it is."""
    return _same


def _same(function: Function) -> Function:
    return function

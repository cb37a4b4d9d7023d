"""Dataclasses that are made quickly are equal, hashed, copied and packed as frozen ones."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace

import pytest

from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Row
from poa_xl.core.quick import quick
from poa_xl.sheet.spec import Cell, Style


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the quick one is held against."""

    name: str
    size: int = 1


@quick(frozen=True, slots=True)
class Quick:
    """The same, made quickly."""

    name: str
    size: int = 1


def test_a_quick_dataclass_is_as_a_frozen_one_but_for_its_guard() -> None:
    with pytest.raises(FrozenInstanceError):
        Frozen("a").size = 2  # type: ignore[misc]
    assert is_dataclass(Quick)
    assert [each.name for each in fields(Quick)] == [each.name for each in fields(Frozen)]
    assert (hash(Quick("a", 2)), Quick("a", 2) == Quick("a", 2)) == (hash(Frozen("a", 2)), True)
    assert repr(Quick("a")) == repr(Frozen("a")).replace("Frozen", "Quick")
    assert replace(Quick("a"), size=3) == Quick("a", 3)


@pytest.mark.parametrize(
    "made",
    [Code("GRO", (1, 2)), Row(Kind.GROUP, name="Grupo"), Cell("a", Style(bold=True), "=A1")],
    ids=lambda made: type(made).__name__,
)
def test_what_goes_from_process_to_process_comes_back_equal(made: object) -> None:
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - made here
    assert copy.deepcopy(made) == made

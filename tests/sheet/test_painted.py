"""Colours of the planner's cells: what a number says of several cells, and the conditions that read it."""

import re
from itertools import product

import pytest

from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import State
from poa_xl.core.plan import FIELDS
from poa_xl.sheet import control, looks
from poa_xl.sheet.formulas.painted import PACKS, condition, number_of
from tests.sheet.test_control import LETTERS

MARKS = (State.NONE, State.WARNING, State.RED)
OF_TARGET = (*MARKS, State.PART, State.GREEN)


def holds(formula: str, **cells: int) -> bool:
    """Compute a condition as a program does: operators, and numbers of cells."""
    text = re.sub(r"(?<![<>])=", "==", formula)
    return bool(eval(text, {"__builtins__": {}}, dict(cells)))  # noqa: S307 - our own formula


@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack != ("target",)], ids="-".join)
def test_each_digit_is_read_whatever_the_others_are(pack: tuple[str, ...]) -> None:
    for states in product(MARKS, repeat=len(pack)):
        painted = dict(zip(pack, states, strict=True))
        number = int(number_of(pack, painted, is_judged=True) or 0)
        for name, state in painted.items():
            shown = [each for each in MARKS[1:] if holds(condition(name, each, "cell", "goal"), cell=number, goal=15)]
            assert shown == [state] * bool(state), (painted, name)
            if name in MONTHS:
                green = condition(name, State.GREEN, "cell", "goal")
                assert holds(green, cell=number, goal=15) is (state is State.NONE)
                assert not holds(green, cell=number, goal=2), "the row of a group has nothing to be green about"
                assert not holds(condition(name, State.FAILED, "cell", "goal"), cell=number, goal=15)


def test_months_of_which_nobody_can_tell_are_neither_good_nor_bad() -> None:
    for name in MONTHS:
        found = [
            each
            for each in looks.PAINT
            if each is not State.PART and holds(condition(name, each, "cell", "goal"), cell=333, goal=13)
        ]
        assert found == [State.FAILED]


@pytest.mark.parametrize("is_judged", [True, False])
@pytest.mark.parametrize("state", OF_TARGET)
def test_the_target_is_painted_on_rows_of_every_kind(state: State, is_judged: bool) -> None:
    number = int(number_of(("target",), {"target": state}, is_judged=is_judged) or 0)
    shown = [each for each in looks.PAINT if holds(condition("target", each, "cell", "cell"), cell=number)]
    assert shown == [state] * bool(state)


def test_every_field_has_one_digit() -> None:
    assert sorted(name for pack in PACKS for name in pack) == sorted({*FIELDS, "stated"} - {"budget"})


def test_conditions_are_short_enough_to_be_added_to_an_open_workbook_and_are_known_again() -> None:
    rules = control.rules(LETTERS, 4000, 4999)
    assert max(len(rule.formula) for rule in rules) <= 255
    assert all(control.is_our_rule(rule.formula, LETTERS.values()) for rule in rules)
    assert not any(re.search(r"[A-Za-z]+\(|[,;]", rule.formula) for rule in rules)
    assert control.is_our_rule('=$AZ7="ROJO"', ["AZ"]), "as earlier versions wrote it"
    # What tells that the light is on, without a look at where control columns stand.
    assert any(control.asks_state(rule.formula) for rule in rules)
    assert not any(control.asks_state(text) for text in ('$A$1="ROJO" ', "=$A1>3", '=A1="ROJO"', ""))
    for foreign in ("=$AZ7>3", "=($AZ7>=3)", '=$B7="ROJO"', "=(1)", "=$AZ7", "=($AZ7=3)*($B7=2)"):
        assert not control.is_our_rule(foreign, ["BA"]), foreign

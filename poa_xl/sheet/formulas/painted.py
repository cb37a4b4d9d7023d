"""Formulas that say how each of the planner's cells stands, and the conditions that the colours of those cells look at.

`core.flags` says the same of a row's fields; `tests/calc/test_agreement.py` holds both to it. A column for each field
would double the cells of a sheet, so some share one: it holds a number with a digit for each of them. Conditional
formats hold no function, and read a digit by comparing the number.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain, product

from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import State
from poa_xl.core.plan import FIELDS
from poa_xl.sheet.formulas.place import DOUBT, FAULT, Place, is_blank, is_number, tells
from poa_xl.sheet.formulas.reasons import is_outside, is_turned
from poa_xl.sheet.formulas.targets import GAP, NEGATIVE, is_unknown

# A rule, and the condition under which it is broken by the cell.
Breach = tuple[str, str]


def _by_threes(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names[first : first + 3]) for first in range(0, len(names), 3))


_ALIKE = (("id", "name", "code"), ("unit", "measure", "owner"), ("start", "end", "stated"))
# The Presupuesto has a column of its own that people read.
_APART = {"target", *MONTHS, "budget", *chain.from_iterable(_ALIKE)}
# The fields of each column, the last digit first.
PACKS = (
    *_ALIKE,
    *_by_threes([name for name in FIELDS if name not in _APART]),
    ("target",),
    *_by_threes(MONTHS),
)
_SHARED = {State.NONE: 0, State.WARNING: 1, State.RED: 2}
_DIGITS = {**_SHARED, State.FAILED: 3}
# The Meta may be more, and tells by another digit that its row is judged: the months of such a row are good or bad.
_TARGET = {**_DIGITS, State.PART: 4, State.GREEN: 5}
_JUDGED = 10
# Of blame for one month: its letter, a blank, the name and a blank.
_ONE = 6


def pack_of(field: str) -> tuple[str, ...]:
    """Return the fields with which a field shares its column."""
    return next(pack for pack in PACKS if field in pack)


def number_of(pack: Sequence[str], painted: Mapping[str, State], *, is_judged: bool) -> Decimal | None:
    """Return what the formula of some fields comes to; None where nothing is to be painted."""
    if "target" in pack:
        number = _TARGET[painted.get("target", State.NONE)] + _JUDGED * is_judged
    else:
        number = 0
        for name in reversed(pack):
            number = 10 * number + _SHARED.get(painted.get(name, State.NONE), 0)
    return Decimal(number) if number else None


def condition(field: str, state: State, cell: str, target: str) -> str:
    """Return the condition under which a cell is painted: operators only, no function and no separator.

    Args:
        field: The field of the cell.
        state: How it is to stand.
        cell: The cell that holds the digit of the field.
        target: The cell that holds the digit of the Meta of the row.
    """
    if field == "target":
        return f"({cell}={_TARGET[state]})+({cell}={_TARGET[state] + _JUDGED})"
    pack = pack_of(field)
    if state is State.FAILED:
        return f"({cell}={_failed(pack)})"
    place = 10 ** pack.index(field)
    above = product(_SHARED.values(), repeat=len(pack) - 1 - pack.index(field))
    digit = 0 if state is State.GREEN else _SHARED[state]
    lows = [int("".join(map(str, (*digits, digit)))) * place for digits in above]
    has_digit = "+".join(f"({cell}={low})" if place == 1 else f"({cell}>={low})*({cell}<{low + place})" for low in lows)
    return f"({target}>={_JUDGED})*({has_digit})" if state is State.GREEN else has_digit


def _failed(pack: Collection[str]) -> int:
    """Return the number that says that nobody can tell how the cells of some fields stand."""
    return int(str(_DIGITS[State.FAILED]) * len(pack))


def formula_of(pack: tuple[str, ...]) -> Callable[[Place], str]:
    """Return what makes the formula for the cells of some fields."""
    return _months(pack) if pack[0] in MONTHS else _target if pack == ("target",) else _texts(pack)


def _texts(pack: tuple[str, ...]) -> Callable[[Place], str]:
    special = {"code": _code, "stated": _stated}

    def formula(place: Place) -> str:
        digits = [special[name](place) if name in special else _text(place, name) for name in pack]
        return "+".join(f"{digit}*{10**number}" for number, digit in enumerate(digits) if digit).replace("*1+", "+")

    return formula


def _text(place: Place, field: str) -> str:
    if not place.has(field):
        return ""
    cell = place.at(field)
    breaches = [("celda-error", f"ISERROR({cell})")]
    doubts = []
    if field in ("start", "end") and place.has_dates:
        wrong = f"IF(ISBLANK({cell}),FALSE,IF(ISTEXT({cell}),FALSE,{is_outside(place, cell)}))"
        breaches.append(("fecha-gestion", f"IFERROR({wrong},FALSE)"))
        doubts = [f"ISTEXT({cell})"]
        if field == "end":
            breaches.append(("fecha-orden", f"IFERROR({is_turned(place)},FALSE)"))
    if field == "owner" and place.is_operation:
        blank = is_blank(cell)
        breaches.append(("responsable-ausente", f"IF({place.is_empty},FALSE,{blank})"))
    return _worst(place, field, breaches, doubts)


def _code(place: Place) -> str:
    if not place.has("code"):
        return ""
    if place.is_line or place.role.is_disputed:
        return _text(place, "code")
    why = place.at("why_code")
    return f"IF(ISERROR({why}),0,{_worst(place, 'code', (), (tells(why, DOUBT),), (tells(why),))})"


def _stated(place: Place) -> str:
    if not place.is_judged:
        return ""
    breaches = [("meta-tipo", is_unknown(place)), ("celda-error", f"ISERROR({place.at('stated')})")]
    return _worst(place, "stated", breaches)


def _target(place: Place) -> str:
    if not place.is_judged:
        return ""
    target, number, blame = place.at("target"), place.at("count"), place.at("blamed")
    has_number, nothing = is_number(target), is_blank(target)
    idle = f'AND({place.at("odd_months")}="",{number}=0,{target}<>0)'
    breaches = [
        ("meta-ausente", f"IF({nothing},{number}>0,FALSE)"),
        ("meta-no-numero", f"IF({nothing},FALSE,NOT({has_number}))"),
        ("meta-negativa", f"IF({has_number},{target}<0,FALSE)"),
        ("meta-sin-meses", f"IF({has_number},{idle},FALSE)"),
    ]
    many = f"LEN({blame})>{_ONE}"
    good = f'IF({place.at("target_state")}="ROJO",{_TARGET[State.PART]},{_TARGET[State.GREEN]})'
    digit = _worst(place, "target", breaches, (many,), (f'AND({many},LEFT({blame})="R")',), otherwise=good)
    return f"IF({place.is_empty},0,{_JUDGED}+IFERROR({digit},{_DIGITS[State.FAILED]}))"


def _months(pack: tuple[str, ...]) -> Callable[[Place], str]:
    def formula(place: Place) -> str:
        # Of quarters, their last months.
        there = [(number, name) for number, name in enumerate(pack) if place.has(name)]
        if not place.is_judged or not there:
            return ""
        digits = "+".join(f"{10**number}*{_month(place, name)}" for number, name in there)
        return f"IFERROR({digits.removeprefix('1*')},{_failed(pack)})"

    return formula


def _month(place: Place, month: str) -> str:
    blame, odd = place.at("blamed"), place.at("blank_or_negative")
    breaches = [("meta-negativa", _tells(NEGATIVE + month, odd)), ("meta-mes-vacio", _tells(GAP + month, odd))]
    # Names of months, with what is said of them.
    named = [("meta-no-numero", place.at("odd_months"))]
    if place.has_dates:
        named.append(("fecha-meses", place.at("outside")))
    red = [names for rule, names in named if place.mark(rule) == FAULT] + [f'IF(LEFT({blame})="R",{blame},"")']
    warned = [names for rule, names in named if place.mark(rule) == DOUBT] + [blame]
    faults, doubts = (_tells(month, "&".join(names)) for names in (red, warned))
    return _worst(place, month, breaches, (doubts,), (faults,))


def _tells(month: str, names: str) -> str:
    return f'ISNUMBER(FIND("{month}",{names}))'


def _worst(
    place: Place,
    field: str,
    breaches: Iterable[Breach],
    doubts: Iterable[str] = (),
    faults: Iterable[str] = (),
    *,
    otherwise: str = "0",
) -> str:
    """Return the digit of the worst state that some conditions come to, with what formulas cannot see.

    Args:
        place: The row.
        field: The field.
        breaches: Rules that the cell may break; as bad as the office holds them to be.
        doubts: Conditions that warn.
        faults: Conditions that are as bad as can be.
        otherwise: What the cell is without any.
    """
    marks = [(place.mark(rule), condition) for rule, condition in breaches]
    red = [*(each for mark, each in marks if mark == FAULT), *faults, place.saw(field, "ROJO")]
    warned = [*(each for mark, each in marks if mark == DOUBT), *doubts, place.saw(field, "AVISO")]
    return f"IF({_any(red)},{_DIGITS[State.RED]},IF({_any(warned)},{_DIGITS[State.WARNING]},{otherwise}))"


def _any(conditions: list[str]) -> str:
    return f"OR({','.join(conditions)})" if len(conditions) > 1 else conditions[0]

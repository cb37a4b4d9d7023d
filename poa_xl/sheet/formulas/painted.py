"""Formulas that say how each of the planner's cells stands: what the colours of that cell look at.

`core.flags` says the same of a row's fields; `tests/calc/test_agreement.py` holds both to it.
"""

from collections.abc import Callable, Iterable
from functools import partial

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import FIELDS
from poa_xl.sheet.formulas.place import DOUBT, FAULT, Place, is_blank, is_number, tells
from poa_xl.sheet.formulas.reasons import is_outside, is_turned
from poa_xl.sheet.formulas.targets import has_gaps, is_unknown

Formula = Callable[[Place], str]
# A rule, and the condition under which it is broken by the cell.
Breach = tuple[str, str]

# The Presupuesto has a column of its own that people read.
PAINTED = (*(name for name in FIELDS if name != "budget"), "stated")
# Of blame for one month: its letter, a blank, the name and a blank.
_ONE = 6


def formula_of(field: str) -> Formula:
    """Return what makes the formula for the cell of a field."""
    special: dict[str, Formula] = {"target": _target, "code": _code, "stated": _stated}
    if field in MONTHS:
        return partial(_month, month=field)
    return special.get(field) or partial(_text, field=field)


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
    return _worst(place, "code", (), (tells(why, DOUBT),), (tells(why),), failed=f"ISERROR({why})")


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
    part = f'IF({place.at("target_state")}="ROJO","PARTE","VERDE")'
    return _worst(place, "target", breaches, (many,), (f'AND({many},LEFT({blame})="R")',), otherwise=part)


def _month(place: Place, month: str) -> str:
    if not place.is_judged:
        return ""
    cell, blame = place.at(month), place.at("blamed")
    breaches = [
        ("meta-no-numero", _named(month, place.at("odd_months"))),
        ("meta-negativa", f"IF(ISNUMBER({cell}),{cell}<0,FALSE)"),
        ("meta-mes-vacio", f"AND(ISBLANK({cell}),{has_gaps(place)})"),
    ]
    if place.has_dates:
        breaches.append(("fecha-meses", _named(month, place.at("outside"))))
    is_blamed = _named(month, blame)
    red = (f'AND({is_blamed},LEFT({blame})="R")',)
    return _worst(place, month, breaches, (is_blamed,), red, otherwise='"VERDE"')


def _named(month: str, names: str) -> str:
    return f'ISNUMBER(FIND("{month}",{names}))'


def _worst(
    place: Place,
    field: str,
    breaches: Iterable[Breach],
    doubts: Iterable[str] = (),
    faults: Iterable[str] = (),
    *,
    otherwise: str = '""',
    failed: str = "",
) -> str:
    """Return the worst state that some conditions come to, with what formulas cannot see.

    Args:
        place: The row.
        field: The field.
        breaches: Rules that the cell may break; as bad as the office holds them to be.
        doubts: Conditions that warn.
        faults: Conditions that are as bad as can be.
        otherwise: What the cell is without any.
        failed: Condition: nobody can tell.
    """
    marks = [(place.mark(rule), condition) for rule, condition in breaches]
    red = [*(each for mark, each in marks if mark == FAULT), *faults, place.saw(field, "ROJO")]
    warned = [*(each for mark, each in marks if mark == DOUBT), *doubts, place.saw(field, "AVISO")]
    text = f'IF({_any(red)},"ROJO",IF({_any(warned)},"AVISO",{otherwise}))'
    if otherwise != '""':
        text = f'IF({place.is_empty},"",IFERROR({text},"ERROR"))'
    return f'IF({failed},"ERROR",{text})' if failed else text


def _any(conditions: list[str]) -> str:
    return f"OR({','.join(conditions)})" if len(conditions) > 1 else conditions[0]

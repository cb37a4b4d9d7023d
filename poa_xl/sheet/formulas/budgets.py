"""Formulas that sum budgets; empty where the sheet has none.

They alone look at other rows. Rows that somebody inserts without our formulas are found by the code as it is typed, all
others by the clean code in the column `key`.
"""

from collections.abc import Iterator, Sequence

from poa_xl.sheet.formulas.place import DOUBT, ROOM, SIGN, Place, in_turn, is_number, tells
from poa_xl.sheet.grid import column_number, runs

_UNKNOWN = "No se puede sumar"
_PLAIN = " → escribir solo el número"
# What a function takes at most, and some room.
_MOST = 200
# More than any plan costs.
UNREAD = 10**15


def computed(place: Place) -> str:
    """What the budget should be; blank where it cannot be summed."""
    if not place.has("budget"):
        return ""
    budget = place.at("budget")
    if place.role.is_parent:
        if not place.has("code"):
            return f"SUM({budget})"
        found = f"{_sums(place, 'amount')}+{_loose(place, 'SUMIFS', 'budget')}"
        return in_turn(f'IF(ISTEXT({place.at("group")}),"",IF({_below(place)}=0,SUM({budget}),ROUND({found},2)))')
    own = f'IF(ISNUMBER({budget}),{budget},"")'
    if not place.role.lines:
        return own
    lines = _lines(place)
    if place.role.is_shared:
        lines, own = f"{budget},{lines}", '""'
    return in_turn(f'IF(COUNTA({lines})>COUNT({lines}),"",IF(COUNT({lines})=0,{own},ROUND(SUM({lines}),2)))')


def budget_difference(place: Place) -> str:
    """Presupuesto less Presupuesto calculado; nothing where it says only a part."""
    if not place.has("budget") or place.role.is_shared:
        return ""
    budget, total = place.at("budget"), place.at("computed")
    return f'IF(AND(ISNUMBER({budget}),ISNUMBER({total})),ROUND({budget}-{total},2),"")'


def budget_state(place: Place) -> str:
    """State of the budget."""
    if not place.has("budget"):
        return ""
    why = place.at("why_budget")
    red = f"OR({tells(why)},{place.saw('presupuesto', 'ROJO')})"
    warned = f"OR({tells(why, DOUBT)},{place.saw('presupuesto', 'AVISO')})"
    good = f'IF(ISNUMBER({place.at("budget")}),"VERDE","")'
    return f'IF(ISERROR({why}),"ERROR",IF({red},"ROJO",IF({warned},"AVISO",{good})))'


def why_budget(place: Place) -> str:
    """Why the budget is red, or which cell hinders its sum."""
    if not place.has("budget"):
        return ""
    budget = place.at("budget")
    below = f"{budget}<0"
    if place.role.is_parent and place.has("code"):
        # Of what adds others up they are blamed, or the sum is.
        below = f"IF({below},NOT(AND(ISNUMBER({place.at('group')}),{_below(place)}>0)),FALSE)"
    negative = place.when("presupuesto-negativo", below, '"el Presupuesto es negativo"')
    text = place.when("presupuesto-no-numero", f'TRIM({budget})<>""', f'"el Presupuesto no es un número{_PLAIN}"')
    own = f"IF({is_number(budget)},{negative},{text})"
    own = place.when("celda-error", f"ISERROR({budget})", '"el Presupuesto tiene un error"', own)
    return in_turn(f"{own}&{_why_sum(place)}") if place.role.is_parent or place.role.lines else own


def _why_sum(place: Place) -> str:
    budget = place.at("budget")
    says = f'"el Presupuesto dice "&FIXED({budget},2)&" y sus filas suman "&FIXED('
    if place.role.is_parent:
        if not place.has("code"):
            return '""'
        total = place.at("group")
        inherits = place.when("presupuesto-hereda", f"{budget}<0", '"el Presupuesto es negativo por sus filas"')
        off = place.when("presupuesto-grupo", "TRUE", f"{says}{total},2){_put(total)}")
        off = f'IF({_below(place)}=0,"",IF(ROUND({budget}-{total},2)<>0,{off},{inherits}))'
        mark = place.mark("presupuesto-desconocido")
        return f'IF(ISTEXT({total}),"{mark}"&{total},IF(ISNUMBER({budget}),{off},""))'
    gap = f"IF(ISNUMBER({place.at('computed')}),ISNUMBER({budget}),FALSE)"
    gap = f"IF({gap},ROUND({budget}-{place.at('computed')},2)<>0,FALSE)"
    total = place.at("computed")
    off = place.when("presupuesto-partidas", gap, f"{says}{total},2){_put(total)}")
    unread = f'"{_UNKNOWN}: una de sus partidas no es un número"'
    return place.when("presupuesto-desconocido", _unread_lines(place), unread, '""' if place.role.is_shared else off)


def _put(total: str) -> str:
    # A sum below zero is wrong in what it adds up.
    return f'&IF({total}<0,""," → poner "&FIXED({total},2))'


def amount(place: Place) -> str:
    """What the row adds to the groups above it; more than any plan costs, and its row number, where nobody can tell."""
    is_part = place.is_line and not place.role.is_shared
    if not place.has("budget", "code") or place.role.is_disputed or is_part:
        return ""
    budget, key, unread = place.at("budget"), place.at("key"), f"{UNREAD}+ROW({place.at('budget')})"
    own = f"IF({_unread(budget)},{unread},SUM({budget}))"
    if place.role.is_parent:
        own = f"IF({_below(place)}=0,{own},0)"
    elif place.role.lines and not place.role.is_shared:
        lines = _lines(place)
        own = f"IF({_unread_lines(place)},{unread},IF(COUNT({lines})=0,{own},SUM({lines})))"
    if place.role.home or not place.role.is_parent:
        cost = budget if place.role.is_parent else place.at("computed")
        own = f'IF(AND(RIGHT({key})="{SIGN}",LEN({key})>1,SUM({cost})<>0),{unread},{own})'
    return in_turn(own)


def children(place: Place) -> str:
    """What the rows right below a group say they cost, or which cell hinders that sum."""
    if not place.has("budget", "code") or not place.role.is_parent:
        return ""
    budget = place.whole("budget")
    column = budget.partition(":")[0]
    unread = f'{place.whole("key")},{place.at("key")}&".*",{place.whole("amount")},">={UNREAD}"'
    count = f"COUNTIFS({unread})"
    cell = f"ADDRESS(SUMIFS({place.whole('amount')},{unread})-{UNREAD},COLUMN({column}),4)"
    blank = f',{budget},"="'
    found = (
        f"{_sums(place, 'budget', direct=True)}+{_sums(place, 'computed', blank, direct=True)}"
        f"+{_loose(place, 'SUMIFS', 'budget')}-{_loose(place, 'SUMIFS', 'budget', '.*.*')}"
    )
    found += "".join(f"+SUM({place.sheet.columns['budget']}{line})" for line in place.role.orphans)
    found += _told(place)
    hindered = f'"{_UNKNOWN}: "&IF({count}=1,{cell},{count}&" montos no se leen")'
    return in_turn(f"IF({count}>0,{hindered},{found})")


def roll_up(place: Place, *, is_locked: bool = False) -> str:
    """The same for the budget cell of a group itself: it must not read its own column at its own row.

    Typed codes alone tell what is below, so that it stays right without the control columns; where they do not, as
    numbers do not, it adds up the rows themselves.

    Args:
        place: The group.
        is_locked: Whether nobody can put a row right below it. Elsewhere the range is measured from the code, for a
            range that begins below the group would not see such a row.
    """
    columns = place.sheet.columns
    code = f"${columns['code']}{place.row}"
    last = max(place.sheet.last, place.row + 1) + ROOM

    def below(name: str) -> str:
        if is_locked:
            return f"{columns[name]}{place.row + 1}:{columns[name]}${last}"
        across = column_number(columns[name]) - column_number(columns["code"])
        return f"OFFSET({code},1,{across},{last - place.row},1)"

    def summed(pattern: str) -> str:
        return f'SUMIFS({below("budget")},{below("code")},{code}&"{pattern}")'

    if place.role.apart and not is_locked:
        return "+".join(_sums_of(columns["budget"], place.role.apart)) + _told(place)
    more = "".join(f"+SUM({columns['budget']}{line})" for line in (*place.role.above, *place.role.orphans))
    return f"{summed('.*')}-{summed('.*.*')}{more}{_told(place)}"


def _sums_of(column: str, lines: Sequence[int]) -> Iterator[str]:
    """Formulas that add up some cells of a column, each within what a function takes."""
    number = column_number(column)
    ranges = [
        f"{column}{top}:{column}{bottom}" if top < bottom else f"{column}{top}"
        for top, _, bottom, _ in runs([(line, number) for line in lines])
    ]
    for start in range(0, len(ranges), _MOST):
        yield f"SUM({','.join(ranges[start : start + _MOST])})"


def _told(place: Place) -> str:
    """What rows right below add whose budgets are texts that were read."""
    column = place.sheet.columns["budget"]
    return "".join(f"+IF(ISNUMBER({column}{line}),0,{told:f})" for line, told in place.role.told.items())


def _sums(place: Place, name: str, where: str = "", *, direct: bool = False) -> str:
    """What a column adds up to below the row, or right below it."""
    key = place.at("key")

    def below(pattern: str) -> str:
        return f'SUMIFS({place.whole(name)},{place.whole("key")},{key}&"{pattern}"{where})'

    return f"{below('.*')}-{below('.*.*')}" if direct else below(".*")


def _loose(place: Place, function: str, name: str, pattern: str = ".*") -> str:
    """The same over rows without our formulas, by the code as it is typed."""
    summed = f"{place.whole(name)}," if name else ""
    return f'{function}({summed}{place.whole("code")},MID({place.at("key")},2,99)&"{pattern}",{place.whole("key")},"=")'


def _below(place: Place) -> str:
    """Number of rows below in the hierarchy."""
    return f'(COUNTIF({place.whole("key")},{place.at("key")}&".*")+{_loose(place, "COUNTIFS", "")})'


def _lines(place: Place) -> str:
    """The amounts of the partida lines, as a list of arguments."""
    column, lines = place.sheet.columns["budget"], place.role.lines
    if list(lines) == list(range(lines[0], lines[0] + len(lines))):
        return f"{column}{lines[0]}:{column}{lines[-1]}"
    return ",".join(f"{column}{line}" for line in lines)


def _unread_lines(place: Place) -> str:
    return f"COUNTA({_lines(place)})>COUNT({_lines(place)})"


def _unread(cell: str) -> str:
    return f'IF(ISERROR({cell}),TRUE,IF({is_number(cell)},FALSE,TRIM({cell})<>""))'

"""The control columns as native formulas: right with no Python at all, in Excel 2016 and in Calc.

They say what `poa_xl.core` says, and a test holds the two together in a real spreadsheet program. Only functions
that both programs have: SUMIFS, COUNTIF, SUMPRODUCT, OFFSET, INDEX, MATCH, SEARCH, IFERROR. Ranges of other rows
are taken from the row's own code cell downwards, so that rows inserted later are seen wherever they stand, and no
formula ever reads its own cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import Flag
from poa_xl.core.plan import Kind, Plan, TargetKind
from poa_xl.core.targets import MEAN_WORD, RATIO_WORDS, TIME_WORDS
from poa_xl.sheet.grid import column_number

# Rows below the last one that group formulas look at too.
_ROOM = 500
_PLACES = 4
_LITERAL = 250
_TINY = "1E-9"


@dataclass(frozen=True)
class Sheet:
    """Where the formulas stand.

    Attributes:
        columns: Column letters by field, the control columns included.
        last: Last row of the plan.
        year: The year planned.
    """

    columns: Mapping[str, str]
    last: int
    year: int

    @property
    def has_months_side_by_side(self) -> bool:
        """Whether one range covers the twelve months; formulas need that."""
        numbers = [column_number(self.columns[month]) for month in MONTHS]
        return numbers == list(range(numbers[0], numbers[0] + len(MONTHS)))


def poa_functions(sheet: Sheet, row: int, first: int, *, is_operation: bool) -> dict[str, str]:
    """Give the control columns of a row as `POA_*` functions, which the add-in and the Calc extension bring.

    Args:
        sheet: Where they stand.
        row: Number of the row.
        first: First row of the plan.
        is_operation: Whether the row has a target.

    Returns:
        Field to formula, without the equals sign.
    """
    at = {name: f"{letters}{row}" for name, letters in sheet.columns.items()}
    whole = {name: f"${sheet.columns[name]}${first}:${sheet.columns[name]}${sheet.last}" for name in ("code", "budget")}
    budget, computed = at["budget"], at["computed"]
    found = {
        "computed": f"POA_PRESUPUESTO({at['code']},{whole['code']},{whole['budget']})",
        "budget_difference": f'IF(AND(ISNUMBER({budget}),ISNUMBER({computed})),ROUND({budget}-{computed},6),"")',
    }
    if is_operation:
        months = f"{at[MONTHS[0]]}:{at[MONTHS[-1]]}"
        arguments = f"{at['target']},{at['measure']},{months},{at['stated']}"
        found |= {
            "kind": f"POA_TIPO({arguments})",
            "programmed": f"POA_PROGRAMADO({months},{at['kind']})",
            "difference": f"POA_DIFERENCIA({arguments})",
            "target_state": f"POA_ESTADO({arguments})",
        }
    return found


@dataclass(frozen=True)
class Role:
    """What a row is among the others, and what was found in it that formulas cannot see.

    Attributes:
        kind: What it is.
        is_parent: Whether its budget is the sum of other rows with codes.
        lines: Rows of the partida lines of an operation; its own one too, where its amount is one of the parts.
        parts: Rows of parts below a group that have no target, which formulas cannot tell from lines.
        is_shared: Whether the amount of an operation is only one of its parts.
        unseen: Rows that belong to a group and that codes below it do not tell; see `unseen_children`.
        baked: States as of now by findings that formulas cannot see: `target`, `budget`, `state` for all.
        flag: State and reason as of now.
    """

    kind: Kind = Kind.OPERATION
    is_parent: bool = False
    lines: Sequence[int] = ()
    parts: Sequence[int] = ()
    is_shared: bool = False
    unseen: Sequence[int] = ()
    baked: Mapping[str, str] = field(default_factory=dict)
    flag: Flag | None = None


class RowFormulas:
    """The formulas of one row, without their equals signs; empty where a row of its kind has none.

    Args:
        sheet: Where they stand.
        row: Number of the row.
        role: What the row is.
    """

    def __init__(self, sheet: Sheet, row: int, role: Role | None = None) -> None:
        self._sheet = sheet
        self._row = row
        self._role = role or Role()
        self._months = f"{self._cell(MONTHS[0])}:{self._cell(MONTHS[-1])}"
        self._target = self._cell("target")

    def kind(self) -> str:
        """Tipo de meta: what the planner states, else by unit of measure and values."""
        if not self._is_operation:
            return ""
        kinds = "{" + ",".join(f'"{kind}"' for kind in TargetKind) + "}"
        stated = f"INDEX({kinds},MATCH({self._cell('stated')},{kinds},0))"
        time = f'IF({self._constant},"Constante",IF({self._mean_fits},"Promedio","Constante"))'
        nearer = f"ABS({self._sum}-{self._target})<{self._farthest}"
        ratio = (
            f'IF(AND({self._count}=1,{self._constant}),"Hito",IF({self._constant},"Constante",'
            f'IF({self._sum_fits},"Acumulada",IF({self._progress},"Avance",IF({self._mean_fits},"Promedio",'
            f'IF({nearer},"Acumulada","Constante"))))))'
        )
        inferred = f'IF({self._is_time},{time},IF({self._is_ratio},{ratio},"Acumulada"))'
        unclear = (
            f"OR({self._count}=0,NOT(ISNUMBER({self._target})),COUNT({self._months})+COUNTBLANK({self._months})<12)"
        )
        return f'IF({unclear},"",IFERROR({stated},{inferred}))'

    def programmed(self) -> str:
        """What the months amount to under that type."""
        if not self._is_operation:
            return ""
        kind = self._cell("kind")
        far = f"IF({self._up}>={self._down}-{_TINY},MAX({self._months}),{self._lowest})"
        amount = f'IF({kind}="Promedio",{self._mean},IF({kind}="Avance",{self._last},{far}))'
        amount = f'IF({kind}="Acumulada",{self._sum},{amount})'
        return f'IF({kind}="","",ROUND({amount},10))'

    def difference(self) -> str:
        """Programado less Meta."""
        if not self._is_operation:
            return ""
        programmed = self._cell("programmed")
        return f'IF({programmed}="","",ROUND({programmed}-{self._target},10))'

    def target_state(self) -> str:
        """State of target and months."""
        if not self._is_operation:
            return ""
        baked = self._role.baked.get("target", "")
        kind, months, target = self._cell("kind"), self._months, self._target
        holds = (
            f'IF({kind}="Acumulada",{self._sum_fits},IF({kind}="Promedio",{self._mean_fits},'
            f'IF({kind}="Avance",{self._progress},IF({kind}="Hito",AND({self._count}=1,{self._constant}),{self._constant}))))'
        )
        stated = self._cell("stated")
        kinds = "{" + ",".join(f'"{each}"' for each in TargetKind) + "}"
        wrong = (
            f'OR(COUNT({months})+COUNTBLANK({months})<12,COUNTIF({months},"<0")>0,'
            f'AND({target}<>"",NOT(ISNUMBER({target}))),N({target})<0,'
            f'AND({stated}<>"",ISNA(MATCH({stated},{kinds},0))),'
            f'AND({self._count}>0,{target}=""),AND({self._count}=0,N({target})<>0),{self._outside})'
        )
        blank = f"AND({self._count}>0,COUNTBLANK({months})>0,COUNTBLANK({months})<6)"
        if baked == "ROJO":
            return '"ROJO"'
        warned = "TRUE" if baked == "AVISO" else blank
        verdict = f'IF({kind}="",TRUE,{holds})'
        return f'IFERROR(IF({wrong},"ROJO",IF(NOT({verdict}),"ROJO",IF({warned},"AVISO","VERDE"))),"ROJO")'

    def computed(self) -> str:
        """What the budget should be; nothing while a term of it cannot be read."""
        if self._is_unknown:
            return ""
        return self._computed_group() if self._role.is_parent else self._computed_operation()

    def _computed_operation(self) -> str:
        """Budget of an operation or a line: the sum of its lines, else its own amount."""
        lines = self._role.lines
        budget = self._cell("budget")
        own = f'IF(ISNUMBER({budget}),{budget},"")'
        if not lines:
            return own
        area = ",".join(f"{self._sheet.columns['budget']}{line}" for line in lines)
        if list(lines) == list(range(lines[0], lines[0] + len(lines))):
            area = f"{self._sheet.columns['budget']}{lines[0]}:{self._sheet.columns['budget']}{lines[-1]}"
        return f"IF(COUNT({area})=0,{own},SUM({area}))"

    def _computed_group(self) -> str:
        """Budget of a group: the operations below it, each with what its lines add up to."""
        budget, codes, under = self._cell("budget"), self._below("code"), f'{self._code}&".*"'
        operations = f'{codes},{under},{self._below("target")},"<>"'
        total = f"SUMIFS({self._below('budget')},{operations})-SUMIFS({self._below('budget_difference')},{operations})"
        total += "".join(f"+N({self._sheet.columns['budget']}{line})" for line in self._role.parts)
        return f"IF(COUNTIF({codes},{under})=0,IF(ISNUMBER({budget}),{budget},0),{total})"

    def budget_difference(self) -> str:
        """Presupuesto less Presupuesto calculado."""
        if self._is_unknown or self._role.is_shared:
            return ""
        budget, computed = self._cell("budget"), self._cell("computed")
        return f'IF(AND(ISNUMBER({budget}),ISNUMBER({computed})),ROUND({budget}-{computed},6),"")'

    def budget_state(self) -> str:
        """State of the budget."""
        if self._role.kind is Kind.LINE:
            return ""
        baked = self._role.baked.get("budget", "")
        budget = self._cell("budget")
        if baked:
            return f'"{baked}"'
        wrong = f'IF({self._cell("budget_difference")}="",FALSE,{self._cell("budget_difference")}<>0)'
        if self._role.is_parent:
            children = f'COUNTIF({self._below("code")},{self._code}&".*")'
            total = f"({self.children()})" if self._role.unseen else self.children()
            wrong = f"AND({children}>0,ROUND({budget}-{total},6)<>0)"
        return (
            f'IF({budget}="","",IF(NOT(ISNUMBER({budget})),"ROJO",IF({budget}<0,"ROJO",'
            f'IFERROR(IF({wrong},"ROJO","VERDE"),"ROJO"))))'
        )

    def children(self) -> str:
        """Sum of the budgets of the rows right below a group in the hierarchy."""
        codes = self._below("code")
        found = f'SUMIFS({self._below("budget")},{codes},{self._code}&".*",{codes},"<>"&{self._code}&".*.*")'
        return found + "".join(f"+N({self._sheet.columns['budget']}{line})" for line in self._role.unseen)

    def state(self) -> str:
        """The worst of both, and of the findings that formulas cannot see."""
        if self._role.kind is Kind.LINE:
            return ""
        baked = self._role.baked.get("state", "")
        target, budget = self._cell("target_state"), self._cell("budget_state")
        red = "TRUE" if baked == "ROJO" else f'OR({target}="ROJO",{budget}="ROJO")'
        warned = "TRUE" if baked == "AVISO" else f'OR({target}="AVISO",{budget}="AVISO")'
        right = '"VERDE"'
        if self._role.kind is Kind.GROUP:
            # A group in which nothing costs anything has nothing to be right about.
            right = f'IF(AND({self._cell("budget")}="",N({self._cell("computed")})=0),"","VERDE")'
        return f'IF({red},"ROJO",IF({warned},"AVISO",{right}))'

    def reason(self) -> str:
        """The sentence as of now while the states are what they were; then what can be said without Python."""
        if self._role.kind is Kind.LINE:
            return ""
        flag = self._role.flag
        text, target_state, budget_state = (flag.reason, flag.target, flag.budget) if flag else ("", "", "")
        same = f'AND({self._cell("target_state")}="{target_state}",{self._cell("budget_state")}="{budget_state}")'
        kind, programmed, budget = self._cell("kind"), self._cell("programmed"), self._cell("computed")
        live = (
            f'IF({kind}="","",{kind}&": los meses dan "&{programmed}&", la Meta es "&{self._target}&"; ")'
            f'&"presupuesto calculado "&{budget}'
        )
        return f"IF({same},{literal(text)},{live})"

    # Pieces

    @property
    def _is_unknown(self) -> bool:
        return self._role.flag is not None and self._role.flag.is_unknown

    @property
    def _is_operation(self) -> bool:
        return self._role.kind is Kind.OPERATION

    def _cell(self, name: str) -> str:
        return f"{self._sheet.columns[name]}{self._row}"

    @property
    def _code(self) -> str:
        return f"${self._sheet.columns['code']}{self._row}"

    def _below(self, name: str) -> str:
        across = column_number(self._sheet.columns[name]) - column_number(self._sheet.columns["code"])
        return f"OFFSET({self._code},1,{across},{self._sheet.last - self._row + _ROOM},1)"

    @property
    def _count(self) -> str:
        return f'(COUNTIF({self._months},">0")+COUNTIF({self._months},"<0"))'

    @property
    def _sum(self) -> str:
        return f"SUM({self._months})"

    @property
    def _mean(self) -> str:
        return f"{self._sum}/{self._count}"

    @property
    def _last(self) -> str:
        position = f"({self._months}<>0)*(COLUMN({self._months})-COLUMN({self._cell(MONTHS[0])})+1)"
        return f"INDEX({self._months},1,SUMPRODUCT(MAX({position})))"

    @property
    def _lowest(self) -> str:
        return f"SUMPRODUCT(MIN({self._months}+({self._months}=0)*1E+99))"

    @property
    def _up(self) -> str:
        return f"SUMPRODUCT(MAX(({self._months}<>0)*({self._months}-{self._target})))"

    @property
    def _down(self) -> str:
        return f"SUMPRODUCT(MAX(({self._months}<>0)*({self._target}-{self._months})))"

    @property
    def _farthest(self) -> str:
        return f"MAX({self._up},{self._down})"

    @property
    def _constant(self) -> str:
        return f"{self._farthest}<{_TINY}"

    def _places(self, area: str) -> str:
        """Decimal places that the numbers of an area use."""
        formula = str(_PLACES)
        for places in range(_PLACES - 1, -1, -1):
            formula = f"IF(SUMPRODUCT(--(ABS(ROUND({area},{places})-{area})>{_TINY}))=0,{places},{formula})"
        return formula

    @property
    def _sum_fits(self) -> str:
        places = self._places(self._months)
        return f"ABS({self._sum}-{self._target})<=IF({places}=0,0,0.5*10^-({places})*{self._count})+{_TINY}"

    @property
    def _mean_fits(self) -> str:
        places = f"MAX({self._places(self._months)},{self._places(self._target)})"
        return f"ABS({self._mean}-{self._target})<=IF({places}=0,0,0.5*10^-{places})+{_TINY}"

    @property
    def _progress(self) -> str:
        """No programmed month is below an earlier one, and the last one is the target."""
        columns = [self._sheet.columns[month] for month in MONTHS]
        falls = []
        for lag in range(1, len(MONTHS)):
            early = f"{columns[0]}{self._row}:{columns[-1 - lag]}{self._row}"
            late = f"{columns[lag]}{self._row}:{columns[-1]}{self._row}"
            falls.append(f"SUMPRODUCT(({early}<>0)*({late}<>0)*({early}>{late}))")
        return f"AND({'+'.join(falls)}=0,ABS({self._last}-{self._target})<{_TINY})"

    @property
    def _outside(self) -> str:
        """Whether a month is programmed before the start or after the end."""
        if "start" not in self._sheet.columns or "end" not in self._sheet.columns:
            return "FALSE"
        start, end = self._cell("start"), self._cell("end")
        month = f"{self._sheet.year * 12}+COLUMN({self._months})-COLUMN({self._cell(MONTHS[0])})+1"
        early, late = (f"YEAR({day})*12+MONTH({day})" for day in (start, end))
        found = f"SUMPRODUCT(({self._months}<>0)*((({month})<{early})+(({month})>{late})))>0"
        return f"IF(AND(ISNUMBER({start}),ISNUMBER({end})),IF({end}<{start},FALSE,{found}),FALSE)"

    @property
    def _measure(self) -> str:
        return f'SUBSTITUTE(SUBSTITUTE(LOWER(" "&{self._cell("measure")}&" "),"í","i"),"Í","i")'

    @property
    def _is_time(self) -> str:
        words = _any(TIME_WORDS, self._measure)
        starts = "OR(" + ",".join(f'LEFT({self._measure},{len(word)})="{word}"' for word in TIME_WORDS) + ")"
        return f'AND({words},OR(ISNUMBER(SEARCH("{MEAN_WORD}",{self._measure})),{starts}))'

    @property
    def _is_ratio(self) -> str:
        return f'OR({_any(RATIO_WORDS, self._measure)},ISNUMBER(SEARCH("(*/*)",{self._measure})))'


def role_of(plan: Plan, index: int) -> Role:
    """Return what a row is among the others."""
    row = plan.rows[index]
    return Role(
        row.kind,
        is_parent=index in plan.children or row.kind is Kind.GROUP,
        lines=[plan.rows[line].line for line in _parts(plan, index)],
        parts=_targetless(plan, index) if plan.shared and row.kind is Kind.GROUP else (),
        is_shared=index in plan.shared,
        unseen=unseen_children(plan, index),
    )


def _parts(plan: Plan, index: int) -> Sequence[int]:
    return [*([index] if index in plan.shared else ()), *plan.lines.get(index, ())]


def _targetless(plan: Plan, index: int) -> list[int]:
    """Return the rows of parts without target that stand below a group in the hierarchy."""
    code = plan.rows[index].code
    lines = [
        line
        for head in sorted(plan.shared)
        if isinstance(own := plan.rows[head].code, Code) and any(code == above for above in own.ancestors())
        for line in plan.lines[head]
    ]
    return [plan.rows[line].line for line in lines if plan.rows[line].target is None]


def unseen_children(plan: Plan, index: int) -> list[int]:
    """Give the rows of children that stand above their group, or whose own group is missing."""
    row = plan.rows[index]
    children = [plan.rows[child] for child in plan.children.get(index, ())]
    return [
        child.line
        for child in children
        if child.line < row.line or (isinstance(child.code, Code) and child.code.parent != row.code)
    ]


def literal(text: str) -> str:
    """Write a text as a formula holds it: quotes doubled, cut where a literal would be too long."""
    pieces = [text[i : i + _LITERAL] for i in range(0, len(text), _LITERAL)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def _any(words: Sequence[str], text: str) -> str:
    escaped = ",".join(f'"{word.replace("*", "~*")}"' for word in words)
    return f"SUMPRODUCT(--ISNUMBER(SEARCH({{{escaped}}},{text})))>0"

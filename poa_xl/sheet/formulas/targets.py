"""Formulas that hold the target of an operation against its months; empty for other rows."""

from collections.abc import Callable, Sequence
from functools import wraps

from poa_xl.core.dates import MONTHS
from poa_xl.core.measures import MEAN_WORDS, PLAIN, RATIO_WORDS, TIME_TAKEN, TIME_WORDS
from poa_xl.core.plan import TargetKind
from poa_xl.sheet.formulas.place import BLANKS, DOUBT, EMPTY, FAULT, TINY, Place, is_blank, is_day, is_number, tells

# Decimal places that are told apart; what has more counts as this many.
_MOST_PLACES = 5
KINDS = "{" + ",".join(f'"{kind}"' for kind in TargetKind) + "}"
TIME, _RATIO, _QUANTITY = "tiempo", "razón", "cantidad"
# LOWER of some programs leaves accented capitals alone.
_ACCENTS = tuple(zip("áéíóúÁÉÍÓÚ", "aeiouaeiou", strict=True))
_ALL = "".join(f"{month} " for month in MONTHS)
# Before the names of months that have no value where most have, and of those below zero.
GAP, NEGATIVE = "·", "-"
_COMBINING_ACCENT = "\u0301"

Formula = Callable[[Place], str]


def _of_operations(formula: Formula) -> Formula:
    @wraps(formula)
    def only(place: Place) -> str:
        return formula(place) if place.is_judged else ""

    return only


@_of_operations
def kind(place: Place) -> str:
    """Tipo de meta: what the planner states, else by unit of measure and values."""
    stated = f"TRIM({place.at('stated')})"
    kinds = ",".join(f'"{each}"' for each in TargetKind)
    return (
        f'IF(ISNUMBER({place.at("distance")}),IFERROR(CHOOSE(MATCH({stated},{KINDS},0),{kinds}),{_inferred(place)}),"")'
    )


def _inferred(place: Place) -> str:
    """The type that the unit of measure allows and the values choose."""
    fits, what, target = place.at("fits"), place.at("unit_class"), place.at("target")

    def first(*kinds: str, otherwise: str) -> str:
        for each in reversed(kinds):
            otherwise = f'IF(ISNUMBER(FIND("{each}",{fits})),"{each}",{otherwise})'
        return otherwise

    nearer = f"ABS({_total(place)}-{target})<{place.at('distance')}-{TINY}"
    time = first("Constante", "Promedio", otherwise='"Constante"')
    ratio = first(
        "Hito", "Constante", "Acumulada", "Avance", "Promedio", otherwise=f'IF({nearer},"Acumulada","Constante")'
    )
    return f'IF({what}="{TIME}",{time},IF({what}="{_RATIO}",{ratio},"Acumulada"))'


@_of_operations
def programmed(place: Place) -> str:
    """What the months amount to under that type."""
    what, target, distance = place.at("kind"), place.at("target"), place.at("distance")
    farthest = f"{target}+IF(MAX({place.run})>={target}+{distance}-{TINY},1,-1)*{distance}"
    amount = f'IF({what}="Avance",{place.at("last")},{farthest})'
    mean = f"{_total(place)}/{place.at('count')}"
    amount = f'IF({what}="Acumulada",{_total(place)},IF({what}="Promedio",{mean},{amount}))'
    return f'IF({what}="","",ROUND({amount},10))'


@_of_operations
def difference(place: Place) -> str:
    """Programado less Meta."""
    amount = place.at("programmed")
    return f'IF({amount}="","",ROUND({amount}-{place.at("target")},10))'


@_of_operations
def target_state(place: Place) -> str:
    """State of target and months."""
    why = place.at("why_target")
    red = f"OR({tells(why)},{_gaps(place, FAULT)}{place.saw('meta', 'ROJO')})"
    warned = f"OR({tells(why, DOUBT)},{_gaps(place, DOUBT)}{place.saw('meta', 'AVISO')})"
    return f'IF({place.is_empty},"",IF(ISERROR({why}),"ERROR",IF({red},"ROJO",IF({warned},"AVISO","VERDE"))))'


def _gaps(place: Place, mark: str) -> str:
    """The gaps as one of several conditions, where they are as bad as this."""
    return f"{has_gaps(place)}," if place.mark("meta-mes-vacio") == mark else ""


def has_gaps(place: Place) -> str:
    """Condition: some months have no value where most have."""
    return f'ISNUMBER(FIND("{GAP}",{place.at("blank_or_negative")}))'


# What the others need


@_of_operations
def unit(place: Place) -> str:
    """The unit of measure without accents, capitals and odd blanks: `poa_xl.core.measures.plain`."""
    if not place.has("measure"):
        return ""
    text = place.at("measure")
    for blank in BLANKS:
        text = f'SUBSTITUTE({text},{blank}," ")'
    text = f'SUBSTITUTE(LOWER(TRIM({text})),"{_COMBINING_ACCENT}","")'
    for accented, bare in _ACCENTS:
        text = f'SUBSTITUTE({text},"{accented}","{bare}")'
    text = f'" "&{text}&" "'
    for what, instead in PLAIN:
        text = f'SUBSTITUTE({text},"{what}","{instead}")'
    return f'IFERROR({text},"  ")'


@_of_operations
def unit_class(place: Place) -> str:
    """What the unit counts: averages of time, ratios or quantities."""
    if not place.has("measure"):
        return f'"{_QUANTITY}"'
    text = place.at("unit_text")
    words = " ".join(map(str.strip, TIME_WORDS))
    starts = f'ISNUMBER(FIND(LEFT({text},FIND(" ",{text},2))," {words} "))'
    is_mean = f'{words_found(MEAN_WORDS, text)}+(LEFT({text},{len(TIME_TAKEN)})="{TIME_TAKEN}")>0'
    is_ratio = f'{words_found(RATIO_WORDS, text)}+ISNUMBER(SEARCH("(*/*)",{text}))+{starts}>0'
    return f'IF(AND({words_found(TIME_WORDS, text)}>0,{is_mean}),"{TIME}",IF({is_ratio},"{_RATIO}","{_QUANTITY}"))'


@_of_operations
def odd_months(place: Place) -> str:
    """Names of the months that hold no number and are not blank."""
    return "&".join(
        f'IF(IFERROR(IF(ISNUMBER({cell}),ISLOGICAL({cell}),TRIM({cell})<>""),TRUE),"{month} ","")'
        for month, cell in place.months
    )


@_of_operations
def blank_or_negative(place: Place) -> str:
    """Names of the months that have no value where most have, and of those below zero, a sign before each."""
    blank = "&".join(f'IF(ISBLANK({cell}),"{GAP}{month} ","")' for month, cell in place.months)
    negative = "&".join(f'IF(SUM({cell})<0,"{NEGATIVE}{month} ","")' for month, cell in place.months)
    has_most = f"AND({place.at('count')}>0,COUNT({place.run})>6,COUNT({place.run})<12)"
    return f'IF({has_most},{blank},"")&IFERROR({negative},"")'


@_of_operations
def programmed_months(place: Place) -> str:
    """Names of the programmed months, four places for each month, dots where it has nothing."""
    cells = dict(place.months)
    names = "&".join(f'IF(SUM({cells[month]}),"{month}.","....")' if month in cells else '"...."' for month in MONTHS)
    return f'IF({place.at("odd_months")}="",{names},"")'


@_of_operations
def count(place: Place) -> str:
    """Number of programmed months."""
    return f'LEN(SUBSTITUTE({place.at("programmed_months")},".",""))/3'


def _total(place: Place) -> str:
    return f"SUM({place.run})"


@_of_operations
def last(place: Place) -> str:
    """The last programmed amount."""
    found = "0"
    for _, cell in place.year:
        found = f"IF(SUM({cell}),{cell},{found})"
    return f"IF({place.at('count')}=0,0,{found})"


@_of_operations
def distance(place: Place) -> str:
    """How far from the target the farthest programmed month is; blank where nothing can be judged."""
    target = place.at("target")
    each = ",".join(f"IF(SUM({cell}),ABS({cell}-{target}),0)" for _, cell in place.months)
    return f'IF(AND({place.at("count")}>0,{is_number(target)}),MAX({each}),"")'


@_of_operations
def falls(place: Place) -> str:
    """How many programmed months are below an earlier one."""
    terms = [
        f"({cell}<>0)*({cell}<MAX({place.first_months(number)})-{TINY})"
        for number, (_, cell) in enumerate(place.year)
        if number
    ]
    return f"IF({place.at('count')}=0,0,{'+'.join(terms) or 0})"


def first_places(place: Place) -> str:
    """Decimal places that the months of the first half of the year use."""
    return _places(place, place.months[:6])


def last_places(place: Place) -> str:
    """Decimal places that the months of the second half of the year use."""
    return _places(place, place.months[6:])


def _places(place: Place, months: Sequence[tuple[str, str]]) -> str:
    if not place.is_judged or not months:
        return "0" if place.is_judged else ""
    terms = [
        "(SUMSQ(" + ",".join(f"ROUND({cell},{places})-{cell}" for _, cell in months) + ")>1E-18)"
        for places in range(_MOST_PLACES)
    ]
    return f"IF({place.at('count')}=0,0,{'+'.join(terms)})"


@_of_operations
def fits(place: Place) -> str:
    """Names of the types under which the months make up the target."""
    far, target, number = place.at("distance"), place.at("target"), place.at("count")
    of_months = f"MAX({place.at('first_places')},{place.at('last_places')})"
    of_target = "+".join(f"(ABS(ROUND({target},{places})-{target})>{TINY})" for places in range(_MOST_PLACES))
    off, mean_off = f"ABS({_total(place)}-{target})", f"ABS({_total(place)}/{number}-{target})"
    # A sum is as rough as its terms are together, a mean as one of them or as the target; whole numbers are exact.
    summed = f"{off}<={TINY}+IF({of_months}=0,0,0.5*10^-{of_months}*{number})"
    mean = f"{mean_off}<={TINY}+IF({of_months}+{of_target}=0,0,0.5*10^-MAX({of_months},{of_target}))"
    listed = "&".join(
        (
            f'IF({far}<{TINY}," Constante"&IF({number}=1," Hito",""),"")',
            f'IF({summed}," Acumulada","")',
            f'IF({mean}," Promedio","")',
            f'IF(AND({place.at("falls")}=0,ABS({place.at("last")}-{target})<{TINY})," Avance","")',
        )
    )
    return f'IF(ISNUMBER({far}),{listed},"")'


@_of_operations
def outside(place: Place) -> str:
    """Names of the programmed months before the start and after the end."""
    if not place.has_dates:
        return ""
    start, end, names = place.at("start"), place.at("end"), place.at("programmed_months")
    year = place.sheet.year or f"YEAR({start})"
    before = f"LEFT({names},4*MAX(0,MIN(12,(YEAR({start})-{year})*12+MONTH({start})-1)))"
    after = f"MID({names},4*MAX(0,(YEAR({end})-{year})*12+MONTH({end}))+1,48)"
    is_ordered = f"IF({is_day(start)},IF({is_day(end)},{end}>={start},FALSE),FALSE)"
    return f'IF({is_ordered},TRIM(SUBSTITUTE({before}&{after},"."," ")),"")'


def _why_meta(place: Place) -> str:
    """Why the cell of the Meta is red by itself, whatever the months make of it."""
    target, number = place.at("target"), place.at("count")
    negative = place.when("meta-negativa", f"{target}<0", '"la Meta es negativa"')
    idle = f'AND({place.at("odd_months")}="",{number}=0,{target}<>0)'
    idle = place.when("meta-sin-meses", idle, '"hay Meta y ningún mes programado"')
    text = place.when("meta-no-numero", "TRUE", '"la Meta no es un número"')
    missing = place.when("meta-ausente", f"{number}>0", '"hay meses programados y falta la Meta"')
    return f"IF({is_blank(target)},{missing},IF({is_number(target)},{negative}&{idle},{text}))"


def _why_stated(place: Place) -> str:
    """Why the cell of the Tipo de meta is red."""
    return place.when("meta-tipo", is_unknown(place), '"ese Tipo de meta no existe"')


def is_unknown(place: Place) -> str:
    """Condition: what is stated as Tipo de meta is none."""
    stated = place.at("stated")
    return f"IF({is_blank(stated)},FALSE,ISNA(MATCH(TRIM({stated}),{KINDS},0)))"


@_of_operations
def why_target(place: Place) -> str:
    """Why target and months are red."""
    odd = place.at("odd_months")
    clauses = [
        place.when("meta-no-numero", f'{odd}<>""', f'"no es un número: "&TRIM({odd})'),
        _why_meta(place),
        place.when("meta-negativa", tells(place.at("blank_or_negative"), NEGATIVE), '"hay un mes negativo"'),
        _why_stated(place),
    ]
    if place.has_dates:
        late = place.at("outside")
        clauses.append(place.when("fecha-meses", f'{late}<>""', f'"programado fuera del plazo: "&{late}'))
    # What would mend it follows in `remedy`.
    return "&".join([*clauses, _why_months(place)])


def _why_months(place: Place) -> str:
    """Why the months do not make up the target under the type that counts."""
    if not place.mark("meta-meses"):
        return EMPTY
    what, gap, number, fits = place.at("kind"), place.at("difference"), place.at("count"), place.at("fits")
    mark = _severity(place, _quoted(DOUBT), _quoted(place.mark("meta-meses")))
    word = f'IF({gap}>0,"sobran ","faltan ")&ROUND(ABS({gap}),4)'
    given = f"ROUND({place.at('programmed')},4)"
    amounts = f'": los meses dan "&{given}&", la Meta es "&ROUND({place.at("target")},4)&": "&{word}'
    wrong = (
        f'{what}&IF({gap}=0,"",{amounts})'
        f'&IF(AND({what}="Avance",{place.at("falls")}>0),": baja de un mes a otro","")'
        f'&IF(AND({what}="Hito",{number}>1),": un hito tiene un solo mes y hay "&{number},"")'
    )
    return f'IF({what}="","",IF(ISNUMBER(FIND({what},{fits})),"",{mark}&{wrong}))'


def _severity(place: Place, doubtful: str, usual: str) -> str:
    """How bad it is that the months do not make up the target: doubtful, where another type could be meant."""
    if not place.sheet.learns:
        return usual
    fits = place.at("fits")
    other = f'ISNUMBER(FIND("Constante",{fits}))+ISNUMBER(FIND("Avance",{fits}))'
    return f"IF(AND({place.at('count')}>1,{other}>0),{doubtful},{usual})"


@_of_operations
def off(place: Place) -> str:
    """Names of the months that differ from the target where they should not; of all where another type counts."""
    if not place.mark("meta-meses"):
        return ""
    what, target = place.at("kind"), place.at("target")
    far = "&".join(f'IF(({cell}<>0)*({cell}<>{target}),"{month} ","")' for month, cell in place.months)
    wrong = f'IF({what}="Constante",{far},"{_ALL}")'
    return f'IF({what}="","",IF(ISNUMBER(FIND({what},{place.at("fits")})),"",{wrong}))'


@_of_operations
def blamed(place: Place) -> str:
    """How bad it is, and the months to be marked: all of them where nobody can say which; see `Verdict.off`."""
    if not place.mark("meta-meses"):
        return ""
    names, usual = place.at("off"), "AR"[place.mark("meta-meses") == FAULT]
    return (
        f'IF({names}="","",{_severity(place, _quoted("A"), _quoted(usual))}'
        f'&" "&IF(LEN({names})/2<={place.at("count")},{names},"{_ALL}"))'
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


def words_found(words: Sequence[str], text: str) -> str:
    """How many of some words stand in a text."""
    return "+".join(f'ISNUMBER(FIND("{word}",{text}))' for word in words)

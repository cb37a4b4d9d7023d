"""Formulas of the sheet `Seguimiento`: what `poa_xl.core.reports` says of an operation, in the row where it stands.

Ranges end at the cut-off month: `H5:INDEX(H5:S5,month)`. A programmed month that has nothing is an empty text there, so
that what counts numbers counts programmed months.
"""

import re
from dataclasses import dataclass

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import TargetKind, monthly
from poa_xl.core.reports import WORDS, figure
from poa_xl.core.tracking import BARE_TIME, LESS_WORDS, Scale, Sense, Standing
from poa_xl.sheet.formulas.place import EMPTY, Place
from poa_xl.sheet.formulas.targets import TIME, words_found

# Where the number of the cut-off month stands; the month itself is what people choose.
CUTOFF = "$B$2"
_NUMBERS = "{" + ",".join(str(number) for number in range(1, len(MONTHS) + 1)) + "}"
_NAMES = "{" + ",".join(f'"{month}"' for month in MONTHS) + "}"
_KINDS = "{" + ",".join(f'"{kind}"' for kind in TargetKind) + "}"

# A formula that shows what a cell of another sheet holds.
_LINK = re.compile(r"""IF\((.+!\$?[A-Z]{1,3}\$?\d+)="","",\1\)""")


def executed_of(month: str) -> str:
    """Return the name of the column of what was executed in a month."""
    return monthly("executed", month)


@dataclass(frozen=True)
class Track:
    """A row of the sheet, as its formulas speak of it."""

    place: Place
    scale: Scale

    def at(self, name: str) -> str:
        """The cell of a column in this row."""
        return self.place.at(name)

    def run(self, name: str) -> str:
        """The twelve months of `programmed`, `executed` or `spent`."""
        first, last = (self.at(_month(name, month)) for month in (MONTHS[0], MONTHS[-1]))
        return f"{first}:{last}"

    def so_far(self, name: str) -> str:
        """The months up to the cut-off."""
        return f"{self.at(_month(name, MONTHS[0]))}:INDEX({self.run(name)},{self.cutoff})"

    @property
    def cutoff(self) -> str:
        """The cell that holds the number of the cut-off month, an empty text where none is chosen."""
        return f"${self.place.sheet.columns['clean']}$2"


def _month(name: str, month: str) -> str:
    return month if name == "programmed" else monthly(name, month)


def cutoff_number() -> str:
    """Number of the cut-off month; an empty text where none is chosen."""
    return f'IFERROR(MATCH(TRIM({CUTOFF}),{_NAMES},0),"")'


def sense(row: Track) -> str:
    """Whether less is better: as stated, else as the unit of measure says."""
    stated, unit = f"TRIM({row.at('sense')})", row.at("unit_text")
    less = f'OR({row.at("unit_class")}="{TIME}",TRIM({unit})="{BARE_TIME}",{words_found(LESS_WORDS, unit)}>0)'
    more, fewer = (f'OR({stated}="{each}",{stated}="{_plain(each)}")' for each in (Sense.MORE, Sense.LESS))
    return f"IF({fewer},TRUE,IF({more},FALSE,{less}))"


def _plain(text: str) -> str:
    return text.replace("á", "a")


def number(row: Track) -> str:
    """Number of the Tipo de meta, 1 for Acumulada."""
    return f"IFERROR(MATCH(TRIM({row.at('kind')}),{_KINDS},0),1)"


def due(row: Track) -> str:
    """Number of months programmed by then."""
    return f'IF({row.cutoff}="",0,COUNT({row.so_far("programmed")}))'


def _last(row: Track, name: str, *, until: bool = True) -> str:
    """Number of the last month that holds a number; 0 for none."""
    ends = f"*({_NUMBERS}<={row.cutoff})" if until else ""
    return f"SUMPRODUCT(MAX(ISNUMBER({row.run(name)}){ends}*{_NUMBERS}))"


def _first(row: Track, condition: str) -> str:
    """Number of the first month by then for which a condition on ranges holds; 13 for none."""
    return f"(13-SUMPRODUCT(MAX({condition}*({_NUMBERS}<={row.cutoff})*(13-{_NUMBERS}))))"


def last_due(row: Track) -> str:
    """Number of the last month programmed by then."""
    return f"IF({row.at('due')}=0,0,{_last(row, 'programmed')})"


def last_done(row: Track) -> str:
    """Number of the last month reported by then."""
    return f'IF({row.cutoff}="",0,{_last(row, "executed")})'


def both(row: Track) -> str:
    """Number of months by then that are programmed and reported; where none is programmed, of those reported."""
    reported, programmed = row.so_far("executed"), row.so_far("programmed")
    return (
        f'IF({row.cutoff}="",0,IF({row.at("due")}=0,COUNT({reported}),'
        f"SUMPRODUCT(ISNUMBER({programmed})*ISNUMBER({reported}))))"
    )


def by_then(row: Track) -> str:
    """Programado a la fecha, by the Tipo de meta."""
    cells = row.so_far("programmed")
    amount = _by_kind(row, f"AVERAGE({cells})", cells, f"INDEX({row.run('programmed')},{row.at('last_due')})")
    return f'IF({row.at("due")}=0,"",{amount})'


def done(row: Track) -> str:
    """Ejecutado a la fecha, by the Tipo de meta; of means only the months count that were programmed."""
    cells, kind = row.so_far("executed"), row.at("number")
    counted = f"SUMPRODUCT(ISNUMBER({row.so_far('programmed')})*ISNUMBER({cells}),{cells})/{row.at('both')}"
    mean = f"IF({row.at('due')}=0,AVERAGE({cells}),{counted})"
    amount = _by_kind(row, mean, cells, f"INDEX({row.run('executed')},{row.at('last_done')})")
    nothing = f"OR({row.at('last_done')}=0,AND({kind}>1,{kind}<4,{row.at('both')}=0))"
    return f'IF({nothing},"",{amount})'


def _by_kind(row: Track, mean: str, cells: str, last: str) -> str:
    kind = row.at("number")
    return f"IF({kind}=1,SUM({cells}),IF({kind}<4,{mean},IF({kind}=4,{last},MAX({cells}))))"


def missing(row: Track) -> str:
    """Names of the programmed months by then without a report; what is reached once may be reported later too."""
    kind, since = row.at("number"), row.at("last_done")
    wanted = _first(row, f"ISNUMBER({row.run('programmed')})")
    cells = row.so_far("executed")
    other = f"SUMPRODUCT(ISNUMBER({cells})*({cells}<>0))>0"
    excused = f"IF({kind}=4,{since}>={row.at('last_due')},IF({kind}=5,OR({since}>={wanted},{other}),FALSE))"
    lacks = {
        month: f"AND({index}<={row.cutoff},ISNUMBER({row.at(month)}),NOT(ISNUMBER({row.at(executed_of(month))})))"
        for index, month in enumerate(MONTHS, 1)
    }
    names = "&".join(f'IF({condition},"{month} ","")' for month, condition in lacks.items())
    return f'IF({row.at("due")}=0,"",IF({excused},"",TRIM({names})))'


def late(row: Track) -> str:
    """By how many months an Hito is late, or was; 0 for other types."""
    cells = row.run("executed")
    wanted = _first(row, f"ISNUMBER({row.run('programmed')})")
    reached = _first(row, f"ISNUMBER({cells})*({cells}>={row.at('by_then')})")
    is_milestone = f"AND({row.at('number')}=5,{row.at('due')}>0)"
    return f"IF({is_milestone},MAX(0,MIN({row.cutoff},{reached})-{wanted}),0)"


def efficacy(row: Track) -> str:
    """Eficacia in percent; an empty text where nothing can be judged."""
    amount, fact = row.at("by_then"), row.at("done")
    ratio = f'IF({row.at("less")},IF({fact}>0,ROUND({amount}/{fact}*100,8),""),ROUND({fact}/{amount}*100,8))'
    judged = f'IF({amount}>0,{ratio},"")'
    return f'IF(OR({row.at("due")}=0,{row.at("missing")}<>"",{fact}=""),"",{judged})'


def projection(row: Track) -> str:
    """Proyección al cierre: what the year closes at when it goes on like this."""
    cells, amount, fact = row.run("programmed"), row.at("by_then"), row.at("done")
    whole = _by_kind(row, f"AVERAGE({cells})", cells, f"INDEX({cells},{_last(row, 'programmed', until=False)})")
    return f'IF({row.at("efficacy")}="","",IF({row.cutoff}=12,{fact},{fact}*{whole}/{amount}))'


def financial(row: Track) -> str:
    """Ejecución financiera in percent."""
    cells, budget = row.so_far("spent"), row.at("current")
    return f'IF({row.cutoff}="","",IF(OR(COUNT({cells})=0,N({budget})=0),"",SUM({cells})/{budget}*100))'


def efficiency(row: Track) -> str:
    """Eficiencia: physical over financial execution."""
    physical, money = row.at("efficacy"), row.at("financial")
    return f'IF(OR({physical}="",{money}=""),"",IF({money}=0,"",{physical}/{money}))'


def state(row: Track) -> str:
    """The band of Eficacia, or the word for why there is none."""
    return _by_standing(row, {standing: f'"{word}"' for standing, word in WORDS.items()}, _band(row))


def _band(row: Track) -> str:
    bands = row.scale.bands
    names = ",".join(f'"{_quoted(band.name)}"' for band in bands)
    lowers = ",".join(f"{band.lower:f}" for band in bands)
    return f"INDEX({{{names}}},MATCH(MAX({row.at('efficacy')},{bands[0].lower:f}),{{{lowers}}},1))"


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def reason(row: Track) -> str:
    """Which rule made it so, and of which figures."""
    month = f"INDEX({_NAMES},{row.cutoff})"
    amount, fact = _figure(row.at("by_then")), _figure(row.at("done"))
    words = {
        Standing.NOT_DUE: f'"nada programado hasta "&{month}',
        Standing.UNPROGRAMMED: f'"se ejecutó "&{fact}&" y no había nada programado hasta "&{month}',
        Standing.UNREPORTED: f'"falta informar: "&{row.at("missing")}',
        Standing.NO_RATIO: f'"no se puede dividir: programado "&{amount}&", ejecutado "&{fact}',
    }
    amounts = f'IF({row.at("less")},{amount}&" sobre "&{fact},{fact}&" de "&{amount})'
    kind = f"INDEX({_KINDS},{row.at('number')})"
    delay = f'IF({row.at("late")}>0,"; meses de atraso: "&{row.at("late")},"")'
    most = row.scale.most
    over = f'IF({row.at("efficacy")}>{most:f},"; más de {figure(most)} %, revisar lo programado","")'
    judged = f'{kind}&": "&{amounts}&" = "&{_figure(row.at("efficacy"))}&" %"&{delay}&{over}'
    return _by_standing(row, words, judged)


def _by_standing(row: Track, words: dict[Standing, str], judged: str) -> str:
    not_due = f"IF(N({row.at('done')})<>0,{words[Standing.UNPROGRAMMED]},{words[Standing.NOT_DUE]})"
    unreported = f'OR({row.at("missing")}<>"",{row.at("done")}="")'
    rest = (
        f'IF({unreported},{words[Standing.UNREPORTED]},IF({row.at("efficacy")}="",{words[Standing.NO_RATIO]},{judged}))'
    )
    return f'IF({row.cutoff}="",{EMPTY},IF({row.at("due")}=0,{not_due},{rest}))'


def _figure(cell: str) -> str:
    """Write a number as `core.reports.figure` does."""
    return f'SUBSTITUTE(ROUND(N({cell}),2)&"",".",",")'


def link(cell: str) -> str:
    """What a cell of the plan holds; nothing where it is blank."""
    return f'IF({cell}="","",{cell})'


def is_link(formula: str) -> bool:
    """Whether a formula is one of `link`."""
    return _LINK.fullmatch(formula.removeprefix("=")) is not None


def programmed(cell: str) -> str:
    """What the plan programmes in a month; an empty text where that is nothing, or no number."""
    return f'IFERROR(IF(N({cell})=0,"",N({cell})),"")'


def moved(row: Track, cell: str) -> str:
    """Condition: another operation stands now where this one stood in the plan."""
    return f'{cell}&""<>{row.at("written")}&""'

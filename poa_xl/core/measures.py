"""What a unit of measure counts, read off its words, and which types of target that allows."""

from enum import Enum
from functools import lru_cache

from poa_xl.core.plan import TargetKind
from poa_xl.core.text import fold

# Whole words, blanks around them. The lists are what native formulas search for too: `poa_xl.sheet.formulas`.
TIME_WORDS = (" hora ", " semana ", " semanas ", " mes ", " meses ", " tiempo ")
# What stands for what before they are looked for: `Horas/trámite` is a rate, `hrs.` a word, a day as good as an hour.
PLAIN = (
    ("/", " / "),
    (".", " "),
    ("-", " "),
    ("(", " ( "),
    (")", " ) "),
    ("  ", " "),
    *(
        (f" {word} ", " hora ")
        for word in (
            "horas",
            "hr",
            "hrs",
            "hs",
            "dia",
            "dias",
            "minuto",
            "minutos",
            "min",
            "segundo",
            "segundos",
        )
    ),
)
# With a word of time, what makes it an average of time: said so, a time taken, a rate.
MEAN_WORDS = ("promedio", " tiempo de ", " hora por ", " por hora ", " hora / ", " / hora ")
TIME_TAKEN = " tiempo "
RATIO_WORDS = (
    *("%", "promedio", "porcentaje", "indice ", " tasa ", " ratio ", "*100", "* 100"),
    # The unit of something: `Plazo (días)`.
    *("( hora )", "( semanas )", "( meses )"),
)


class MeasureKind(Enum):
    """What a unit of measure counts, and the types of target that it allows, the likeliest first."""

    TIME = (TargetKind.CONSTANT, TargetKind.MEAN)
    QUANTITY = (TargetKind.CUMULATIVE,)
    RATIO = (
        TargetKind.MILESTONE,
        TargetKind.CONSTANT,
        TargetKind.CUMULATIVE,
        TargetKind.PROGRESS,
        TargetKind.MEAN,
    )


def plain(measure: str) -> str:
    """Return a unit of measure as its words are looked for: folded, a blank around each word, units of time alike."""
    text = f" {fold(measure)} "
    for what, instead in PLAIN:
        text = text.replace(what, instead)
    return text


@lru_cache(maxsize=4096)
def measure_kind(measure: str) -> MeasureKind:
    """Return what a unit of measure counts; a blank one counts quantities."""
    text = plain(measure)
    is_time = any(word in text for word in TIME_WORDS)
    if is_time and (any(word in text for word in MEAN_WORDS) or text.startswith(TIME_TAKEN)):
        return MeasureKind.TIME
    _, bracket, after = text.partition("(")
    is_ratio = any(word in text for word in RATIO_WORDS) or (bracket and "/" in after.rpartition(")")[0])
    # Days or hours alone may be counted or kept: the values tell.
    return MeasureKind.RATIO if is_ratio or text.startswith(TIME_WORDS) else MeasureKind.QUANTITY

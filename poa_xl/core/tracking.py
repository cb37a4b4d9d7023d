"""What was executed, held against what was programmed up to a cut-off month; groups, bands and the close of the year.

A month without a report is no zero. Nobody is judged before something is due, and nobody looks better for not having
reported: while a programmed month lacks its report there is no figure, and the month is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from poa_xl.core.enums import StrEnum
from poa_xl.core.measures import MeasureKind, measure_kind, plain
from poa_xl.core.plan import Amount, TargetKind

HUNDRED = Decimal(100)
_ZERO = Decimal(0)
# What an office wants less of, besides averages of time; words as `fold` writes them.
LESS_WORDS = (
    " costo ",
    " costos ",
    " queja ",
    " quejas ",
    " reclamo ",
    " reclamos ",
    " demora ",
    " demoras ",
    " retraso ",
    " retrasos ",
    " error ",
    " errores ",
    " accidente ",
    " accidentes ",
)
# A unit of measure that is a bare unit of time, as `poa_xl.core.measures.plain` writes them all.
BARE_TIME = "hora"
_MEANS = (TargetKind.CONSTANT, TargetKind.MEAN)


class Sense(StrEnum):
    """Sentido: whether more is better, or less. The values are what the sheet shows."""

    MORE = "Más es mejor"
    LESS = "Menos es mejor"


class Standing(Enum):
    """How far an operation can be judged at a cut-off."""

    JUDGED = "judged"
    # Nothing was programmed yet and nothing was done.
    NOT_DUE = "not due"
    # Something was done and nothing was programmed yet.
    UNPROGRAMMED = "unprogrammed"
    # A programmed month has no report, or one that cannot be read.
    UNREPORTED = "unreported"
    # Nothing was used of what should be little, or the programme is not above zero: there is nothing to divide by.
    NO_RATIO = "no ratio"


@dataclass(frozen=True, slots=True)
class Progress:
    """How an operation stands at a cut-off.

    Attributes:
        kind: Tipo de meta that was used.
        sense: Sentido that was used.
        standing: Whether it can be judged.
        programmed: What was to be reached by then; None when nothing was.
        executed: What the reports amount to by then; None when there are none.
        efficacy: In percent, not rounded; None unless judged.
        projection: What the year closes at when it goes on like this; None unless judged.
        unreported: Indexes of the programmed months by then without a report that can be read.
        late: Of an Hito, by how many months it is late, or was; 0 for none.
    """

    kind: TargetKind
    sense: Sense
    standing: Standing
    programmed: Decimal | None
    executed: Decimal | None
    efficacy: Decimal | None = None
    projection: Decimal | None = None
    unreported: tuple[int, ...] = ()
    late: int = 0


def sense_of(measure: str, stated: Sense | None = None) -> Sense:
    """Return whether more or less is better: as stated, else as the unit of measure says.

    Less is better of averages of time, of bare units of time, of costs, complaints and the like.
    """
    if stated is not None:
        return stated
    text = plain(measure)
    is_time = measure_kind(measure) is MeasureKind.TIME or text.strip() == BARE_TIME
    return Sense.LESS if is_time or any(word in text for word in LESS_WORDS) else Sense.MORE


def track(
    kind: TargetKind, sense: Sense, programmed: Sequence[Amount], executed: Sequence[Amount], cutoff: int
) -> Progress:
    """Hold the reports of an operation against its programme.

    Args:
        kind: Tipo de meta.
        sense: Sentido.
        programmed: Twelve amounts; blank and 0 are not programmed.
        executed: Twelve amounts; blank is not reported, 0 is.
        cutoff: Index of the last month that counts, 0 for January.
    """
    year = {month: amount for month, amount in enumerate(programmed) if isinstance(amount, Decimal) and amount}
    due = {month: amount for month, amount in year.items() if month <= cutoff}
    done = {month: amount for month, amount in enumerate(executed[: cutoff + 1]) if isinstance(amount, Decimal)}
    plan, fact = _amount(kind, due), _amount(kind, _counted(kind, due, done))
    if not due:
        standing = Standing.UNPROGRAMMED if fact else Standing.NOT_DUE
        return Progress(kind, sense, standing, None, fact)
    unreported = _unreported(kind, due, done)
    late = _late(due, done, cutoff) if kind is TargetKind.MILESTONE else 0
    if unreported or plan is None or fact is None:
        return Progress(kind, sense, Standing.UNREPORTED, plan, fact, None, None, unreported, late)
    efficacy = _efficacy(sense, plan, fact)
    if efficacy is None:
        return Progress(kind, sense, Standing.NO_RATIO, plan, fact, None, None, (), late)
    whole = _amount(kind, year)
    # At the end of the year what was done is what it closes at, to the last digit.
    close = fact if whole is None or whole == plan else fact * whole / plan
    return Progress(kind, sense, Standing.JUDGED, plan, fact, efficacy, close, (), late)


def _amount(kind: TargetKind, months: Mapping[int, Decimal]) -> Decimal | None:
    """What months (index to amount) amount to: sum, mean, or the last one; of an Hito the highest."""
    if not months:
        return None
    if kind is TargetKind.CUMULATIVE:
        return sum(months.values(), _ZERO)
    if kind in _MEANS:
        return sum(months.values(), _ZERO) / len(months)
    return months[max(months)] if kind is TargetKind.PROGRESS else max(months.values())


def _counted(kind: TargetKind, due: Mapping[int, Decimal], done: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    """Of means only the months count that were programmed; where none was, all that was done."""
    return {month: amount for month, amount in done.items() if month in due} if kind in _MEANS and due else done


def _unreported(kind: TargetKind, due: Mapping[int, Decimal], done: Mapping[int, Decimal]) -> tuple[int, ...]:
    """Find the programmed months without a report; what is reached once may be reported later too."""
    if kind is TargetKind.MILESTONE:
        return () if any(month >= min(due) for month in done) or any(done.values()) else tuple(due)
    if kind is TargetKind.PROGRESS:
        return () if any(month >= max(due) for month in done) else tuple(month for month in due if month not in done)
    return tuple(month for month in due if month not in done)


def _late(due: Mapping[int, Decimal], done: Mapping[int, Decimal], cutoff: int) -> int:
    """By how many months an Hito was reached after its month; not reached yet, by how many it is overdue."""
    wanted, amount = min(due), max(due.values())
    reached = min((month for month, value in done.items() if value >= amount), default=cutoff)
    return max(reached - wanted, 0)


def _efficacy(sense: Sense, programmed: Decimal, executed: Decimal) -> Decimal | None:
    if programmed <= 0:
        return None
    if sense is Sense.MORE:
        return executed / programmed * HUNDRED
    return programmed / executed * HUNDRED if executed > 0 else None


def share(executed: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part in percent of a whole, as financial execution is; None where there is nothing to divide by."""
    return executed / whole * HUNDRED if executed is not None and whole else None


def efficiency(physical: Decimal | None, financial: Decimal | None) -> Decimal | None:
    """Return Eficiencia: physical over financial execution, 1 where both are equal; None without one of them."""
    return physical / financial if physical is not None and financial else None


# ---- bands


# The colour of bands that ask for a cause and for what will be done about it.
RED = "ROJO"


@dataclass(frozen=True, slots=True)
class Band:
    """A band of Eficacia: its name, its colour, and the percentage that it begins with."""

    name: str
    color: str
    lower: Decimal


@dataclass(frozen=True)
class Scale:
    """The bands of an office.

    Attributes:
        bands: From the lowest to the highest; the first one holds everything below the second.
        source: Where they come from.
        most: Eficacia beyond which an over-execution is worth a word.

    Raises:
        ValueError: There is none, or they do not ascend.
    """

    bands: tuple[Band, ...]
    source: str
    most: Decimal = Decimal(120)

    def __post_init__(self) -> None:
        lowers = [band.lower for band in self.bands]
        if not lowers or sorted(set(lowers)) != lowers:
            raise ValueError(f"bands must ascend: {', '.join(map(str, lowers))}")

    def band(self, efficacy: Decimal) -> Band:
        """Return the band of an Eficacia."""
        return next((band for band in reversed(self.bands) if efficacy >= band.lower), self.bands[0])

    def is_red(self, band: Band | None) -> bool:
        """Whether a band is one that has to be explained: a red one, or the lowest where an office has none in red."""
        reds = [each for each in self.bands if each.color == RED] or self.bands[:-1][:1]
        return band in reds

    def is_over(self, efficacy: Decimal) -> bool:
        """Whether so much was executed that it is worth a word."""
        return efficacy > self.most


def _scale(source: str, most: int, *bands: tuple[str, str, int]) -> Scale:
    return Scale(tuple(Band(name, color, Decimal(lower)) for name, color, lower in bands), source, Decimal(most))


# None of them is national; an office chooses, or writes its own.
SCALES: Mapping[str, Scale] = {
    "poa-xl": _scale("valores de poa-xl", 120, ("Bajo", "ROJO", 0), ("Medio", "AVISO", 75), ("Alto", "VERDE", 90)),
    "CNS": _scale(
        "Caja Nacional de Salud",
        102,
        ("Insatisfactorio", "ROJO", 0),
        ("Regular", "AVISO", 75),
        ("Bueno", "VERDE", 90),
        ("Óptimo", "VERDE", 99),
    ),
    "ASUSS": _scale("ASUSS", 120, ("Bajo", "ROJO", 0), ("Medio", "AVISO", 50), ("Alto", "VERDE", 80)),
    "Sacaba": _scale("GAM Sacaba", 120, ("Malo", "ROJO", 0), ("Regular", "AVISO", 50), ("Bueno", "VERDE", 80)),
}

# What holds where an office says nothing.
USUAL = SCALES["poa-xl"]


# ---- groups


@dataclass(frozen=True, slots=True)
class Mean:
    """The progress of a group.

    Attributes:
        value: The weighted mean of what can be judged, in percent; None when nothing can.
        judged: How many operations count in it.
        left_out: How many do not: not due, not reported, without a weight.
    """

    value: Decimal | None
    judged: int
    left_out: int


def weighted(parts: Iterable[tuple[Decimal | None, Decimal | None]]) -> Mean:
    """Return the mean of pairs of Eficacia and weight; what has no figure or no weight above zero is left out."""
    total, weights, judged, left_out = _ZERO, _ZERO, 0, 0
    for efficacy, weight in parts:
        if efficacy is None or weight is None or weight <= 0:
            left_out += 1
            continue
        total, weights, judged = total + efficacy * weight, weights + weight, judged + 1
    return Mean(total / weights if judged else None, judged, left_out)

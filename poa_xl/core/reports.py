"""What the units report of their operations month by month, and how each one stands by it, in words.

The sheet `Seguimiento` says the same with formulas: `poa_xl.sheet.formulas.tracking`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import SERIES, Amount, Row, TargetKind, monthly
from poa_xl.core.targets import judge_row
from poa_xl.core.text import fold
from poa_xl.core.tracking import Band, Progress, Scale, Sense, Standing, efficiency, sense_of, share, track
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say

# What stands for a band where there is no Eficacia; the values are what the sheet shows.
WORDS: Mapping[Standing, str] = {
    Standing.NOT_DUE: "Todavía no corresponde",
    Standing.UNPROGRAMMED: "Sin programar",
    Standing.UNREPORTED: "Sin informar",
    Standing.NO_RATIO: "Sin base",
}
_BLANK: tuple[Amount, ...] = (None,) * len(MONTHS)
_CENT = Decimal("0.01")
# Programs compute in binary: beyond these places a percentage says nothing.
_PLACES = Decimal("1e-8")

Stated: TypeAlias = Sense | None | Invalid


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported of an operation.

    Attributes:
        sense: Sentido that the planner stated.
        executed: What was executed each month; blank is not reported, 0 is.
        spent: What was spent each month, bolivianos.
        cause: Causa del desvío.
        action: Acción correctiva.
        proof: Medio de verificación.
    """

    sense: Stated = None
    executed: tuple[Amount, ...] = _BLANK
    spent: tuple[Amount, ...] = _BLANK
    cause: str = ""
    action: str = ""
    proof: str = ""

    def amounts(self) -> Iterator[tuple[str, str, Amount]]:
        """Yield month, field and amount of every series."""
        for series in SERIES:
            for month, amount in zip(MONTHS, getattr(self, series), strict=True):
                yield month, monthly(series, month), amount


NOTHING = Report()


@dataclass(frozen=True, slots=True)
class Assessed:
    """How an operation stands at a cut-off, as the sheet shows it.

    Attributes:
        progress: What was programmed and executed, and how it was judged.
        band: The band of its Eficacia; None without one.
        financial: What was spent of the budget, in percent; None where there is nothing to divide.
        efficiency: Physical over financial execution.
        state: The band's name, or the word for why there is none.
        reason: Which rule made it so, and of which figures.
    """

    progress: Progress
    band: Band | None
    financial: Decimal | None
    efficiency: Decimal | None
    state: str
    reason: str

    @property
    def efficacy(self) -> Decimal | None:
        """Eficacia in percent, as exact as programs compute."""
        return rounded(self.progress.efficacy)


def parse_sense(text: str) -> Stated:
    """Read a Sentido as people type it; None for a blank text, `Invalid` for anything else."""
    senses = {fold(sense): sense for sense in Sense}
    return (senses.get(fold(text)) or Invalid(text, Flaw.MALFORMED)) if text else None


def rounded(value: Decimal | None) -> Decimal | None:
    """Return a percentage without the places beyond those in which programs agree."""
    return None if value is None else value.quantize(_PLACES).normalize() + 0


def kind_of(row: Row) -> TargetKind:
    """Return the Tipo de meta by which an operation is tracked: Acumulada where its months tell nothing."""
    verdict = judge_row(row)
    return verdict.kind if verdict is not None else TargetKind.CUMULATIVE


def assess(row: Row, report: Report, budget: Decimal | None, cutoff: int, scale: Scale) -> Assessed:
    """Say how an operation stands.

    Args:
        row: The operation.
        report: What was reported of it.
        budget: Presupuesto vigente, that of its partida lines included; None where nobody knows it.
        cutoff: Index of the last month that counts, 0 for January.
        scale: The office's bands.
    """
    stated = report.sense if isinstance(report.sense, Sense) else None
    progress = track(kind_of(row), sense_of(row.measure, stated), row.months, report.executed, cutoff)
    efficacy = rounded(progress.efficacy)
    band = scale.band(efficacy) if efficacy is not None else None
    financial = share(total(report.spent, cutoff), budget)
    return Assessed(
        progress,
        band,
        financial,
        efficiency(efficacy, financial),
        band.name if band is not None else WORDS[progress.standing],
        _reason(progress, scale, cutoff),
    )


def total(amounts: Sequence[Amount], cutoff: int) -> Decimal | None:
    """Return the sum of the amounts up to a month; None where there are none."""
    found = [amount for amount in amounts[: cutoff + 1] if isinstance(amount, Decimal)]
    return sum(found, Decimal(0)) if found else None


def figure(value: Decimal | None) -> str:
    """Write a number into a reason: two decimal places at most, none of them a bare zero, as formulas can too."""
    text = f"{(value or Decimal(0)).quantize(_CENT, ROUND_HALF_UP):f}"
    return (text.rstrip("0").rstrip(".") or "0").replace("-0", "0" if text == "-0.00" else "-0").replace(".", ",")


def _reason(progress: Progress, scale: Scale, cutoff: int) -> str:
    until, done, due = MONTHS[cutoff], figure(progress.executed), figure(progress.programmed)
    if progress.standing is Standing.NOT_DUE:
        return say("nada programado hasta {month}", month=until)
    if progress.standing is Standing.UNPROGRAMMED:
        return say("se ejecutó {done} y no había nada programado hasta {month}", done=done, month=until)
    if progress.standing is Standing.UNREPORTED:
        return say("falta informar: {months}", months=" ".join(MONTHS[month] for month in progress.unreported))
    if progress.standing is Standing.NO_RATIO:
        return say("no se puede dividir: programado {due}, ejecutado {done}", due=due, done=done)
    amounts = (
        say("{done} de {due}", done=done, due=due)
        if progress.sense is Sense.MORE
        else say("{due} sobre {done}", due=due, done=done)
    )
    parts = [f"{progress.kind}: {amounts} = {figure(progress.efficacy)} %"]
    if progress.late:
        parts.append(say("meses de atraso: {count}", count=progress.late))
    efficacy = rounded(progress.efficacy)
    if efficacy is not None and scale.is_over(efficacy):
        parts.append(say("más de {most} %, revisar lo programado", most=figure(scale.most)))
    return "; ".join(parts)

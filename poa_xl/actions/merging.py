"""What came back merged into the master, cell by cell; or put together where there is no master."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from poa_xl.actions import consolidated, explaining
from poa_xl.actions.computed import Sheet
from poa_xl.actions.explaining import Decisions
from poa_xl.actions.load import Opened
from poa_xl.actions.master import Existing
from poa_xl.actions.placing import Placed
from poa_xl.actions.receiving import Received
from poa_xl.actions.tracking import closed_fields, tracked_in
from poa_xl.core.blocks import unit_names, unite
from poa_xl.core.codes import Code
from poa_xl.core.findings import Where
from poa_xl.core.outcomes import Fate, Limits, Merged, MergedRow, Outcome, Policy, Ruling
from poa_xl.core.plan import FIELDS, REPORTED
from poa_xl.core.text import fold
from poa_xl.core.threeway import merge
from poa_xl.errors import CellError
from poa_xl.i18n import say
from poa_xl.sheet import ledger
from poa_xl.sheet.cells import shown
from poa_xl.sheet.executed import executed_fields, executed_spots
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import Value, letters
from poa_xl.sheet.ledger import ChangeLine
from poa_xl.sheet.own import places

Place: TypeAlias = Callable[[Merged], Placed] | None


def merge_into(
    master: Existing, received: Sequence[Received], policy: Policy, place: Place
) -> tuple[Merged, Placed | None, list[str]]:
    """Merge what came into the plan of the master, and into its workbook where that is to be written.

    A cell that turns out not to be writable is a conflict of its own; all else is merged again without it.

    Args:
        master: The master.
        received: The files.
        policy: Who wins where the office did not decide.
        place: Puts a merged plan into the master's workbook; None where that stays as it is.

    Returns:
        What came of it, the workbook with it, and what else there is to say.
    """
    base, decisions = master.opened, explaining.decisions(master)
    units = {each.file: each.unit for each in received}
    used: set[tuple[str, ...]] = set()

    def decide(outcome: Outcome) -> Ruling:
        key = explaining.change_line(outcome, units, {}).key
        if key in decisions.rulings:
            used.add(key)
        return decisions.rulings.get(key)

    policy = replace(policy, decide=decide)
    returned = [each.returned for each in received if each.returned]
    limits = Limits(
        _formulas(base),
        partial(_comes_to, base),
        absent=_absent(base) if place is not None else {},
        closed=closed_fields(base),
    )
    while True:
        merged = merge(master.plan, returned, policy, limits)
        placed = place(merged) if place is not None else None
        if placed is None or not placed.barred:
            break
        if placed.barred.keys() <= limits.barred.keys():
            raise CellError("; ".join(placed.barred.values()))
        limits = replace(limits, barred={**limits.barred, **placed.barred})
    if placed is not None:
        merged = _with_short_sums(base, merged, placed)
    known = {*unit_names(master.plan), *map(fold, units.values())}
    # Of units of other plan sheets of the workbook is decided with those.
    left = [key for key in sorted(decisions.rulings.keys() - used) if not key[-1] or fold(key[-1]) in known]
    stay = [explaining.change_line(each, units, {}) for each in merged.outcomes if each.fate.is_open]
    return merged, placed, [*decisions.notes, *_misplaced(decisions, stay), *_unused(decisions, left)]


def _absent(base: Opened) -> dict[str, str]:
    """Return the planner's columns that the master does not have, each with what to say about it."""
    missing = [name for name in FIELDS if name not in base.layout.columns]
    absent = {name: say("el maestro no tiene la columna {caption}", caption=CAPTIONS[name]) for name in missing}
    if tracked_in(base).grid is None:
        here = executed_fields(executed_spots(base.layout, base.plan))
        nowhere = [name for name in REPORTED if name not in here]
        absent |= dict.fromkeys(nowhere, say("el maestro no tiene la hoja Seguimiento; poa track la pone"))
    return absent


def _formulas(base: Opened) -> frozenset[tuple[int, str]]:
    columns = {column: name for name, column in places(base.layout).items()}
    lines = {row.line: index for index, row in enumerate(base.plan.rows)}
    return frozenset(
        (lines[line], columns[column]) for line, column in base.grid.formulas if line in lines and column in columns
    )


def _misplaced(decisions: Decisions, stay: Sequence[ChangeLine]) -> Iterator[str]:
    """Say of codes that were chosen for something else than a new row that they settle nothing."""
    for line in stay:
        ruling = decisions.rulings.get(line.key)
        if isinstance(ruling, Code) and (line.field or line.fate == Fate.MISSING):
            yield say(
                "{what} ({unit}): la decisión «{text}» vale solo para una fila nueva; escribir unidad o maestro",
                what=f"{line.code} {line.field}".strip(),
                unit=line.unit or "—",
                text=ledger.CODE_WORD.format(code=ruling),
            )


def _unused(decisions: Decisions, keys: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for key in keys:
        code, _, column, *_, unit = key
        ruling = decisions.rulings[key]
        text = ledger.CODE_WORD.format(code=ruling) if isinstance(ruling, Code) else str(ruling)
        yield say(
            "{code} {column} ({unit}): la decisión «{text}» no se usó: sus valores cambiaron o su archivo no vino",
            code=code,
            column=column,
            unit=unit or "—",
            text=text,
        )


def _comes_to(base: Opened, index: int, name: str, values: Mapping[tuple[int, str], object]) -> object:
    """Return what a formula of the master comes to when some fields hold other values; None when nobody can say."""
    columns, rows = places(base.layout), base.parsed.plan.rows
    changed: dict[tuple[int, int], Value] = {}
    for (row, other), value in values.items():
        place = (rows[row].line, columns.get(other, 0))
        scale = base.grid.factor(place, other)
        changed[place] = value / scale if isinstance(value, Decimal) else value  # type: ignore[assignment]
    place = (rows[index].line, columns[name])
    found = Sheet(base.grid, changed).comes_to(place)
    return None if found is None else found * base.grid.factor(place, name)


def _with_short_sums(base: Opened, merged: Merged, placed: Placed) -> Merged:
    """Add the sums to what waits for the office whose formulas do not come to what stands below them."""
    found, codes = {}, set()
    for number, comes_to in placed.short.items():
        row = merged.rows[number].row
        codes.add(row.code)
        if number in placed.led:
            continue
        column = letters(base.layout.columns["budget"])
        where = Where(base.book.name, base.sheet, f"{column}{placed.lines[number]}")
        reason = (
            say("la fórmula solo la calcula Excel o Calc: abrir el libro, guardarlo y ver que sume sus filas")
            if comes_to is None
            else say("la fórmula no alcanza a todas sus filas, que suman {total}; corregirla", total=shown(row.budget))
        )
        code = row.code if isinstance(row.code, Code) else None
        found[code] = Outcome(Fate.CONFLICT, "", code, 0, "budget", None, comes_to, row.budget, where, reason)
    kept = (each for each in merged.outcomes if each.fate is not Fate.TOTAL or each.code not in codes)
    return replace(merged, outcomes=(*found.values(), *kept))


def unite_all(received: Sequence[Received]) -> Merged:
    """Put what came together where there is no master: versions of one code that differ are all shown."""
    came = [each for each in received if each.plan is not None]
    united = unite([each.plan for each in came if each.plan is not None])
    # All rows of a file share one origin, and no two files do.
    names = {id(row.origin): each.file for each in came if each.plan is not None for row in each.plan.rows[:1]}
    outcomes = []
    lost: dict[str, int] = defaultdict(int)
    for code, versions in united.disputes.items():
        for block in versions:
            file = names.get(id(block.head.origin), "")
            lost[file] += len(block.rows)
            reason = say(
                "hay {count} versiones; difieren en: {fields}",
                count=len(versions),
                fields=consolidated.differing(versions),
            )
            outcomes.append(
                Outcome(Fate.CONFLICT, file, code, 0, "", None, None, block.head.name, block.head.where("code"), reason)
            )
    rows = tuple(MergedRow(row, None, file=names.get(id(row.origin), "")) for row in united.plan.rows)
    settled = {
        each.file: {
            **{pair.theirs.head.code: pair.theirs for pair in each.returned.changed},
            **{block.head.code: None for block in each.returned.removed},
        }
        for each in came
        if each.returned is not None and each.known
    }
    for blocks in settled.values():
        for code in united.disputes:
            blocks.pop(code, None)
    taken = {each.file: each.rows - lost[each.file] for each in came}
    return Merged(rows, frozenset(), tuple(outcomes), settled, taken, united.plan.disputed)  # type: ignore[arg-type]

"""The sheets beside the plan: findings, summary, repairs."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from poa_xl.core.codes import Code
from poa_xl.core.findings import Finding, Located, Severity
from poa_xl.core.flags import Flag, State, sentences
from poa_xl.core.limits import LITERAL
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.rollup import Total, Unknown, add, roll_up, why_unknown
from poa_xl.core.totals import by_unit, objectives
from poa_xl.core.values import Invalid
from poa_xl.i18n import in_every_language, say
from poa_xl.sheet import looks
from poa_xl.sheet.grid import Grid, is_same_sheet, letters, quoted
from poa_xl.sheet.listing import FINDINGS, TOP, caption, is_list, keep_notes, listing
from poa_xl.sheet.render import COLUMNS
from poa_xl.sheet.repair import Repair
from poa_xl.sheet.spec import Cell, Chart, ConditionalFormat, Series, SheetSpec, Style

SUMMARY = "Resumen"
REPAIRS = "Reparaciones"

# Columns of the list of findings; further right stand replaced budgets, where there are some.
_WIDTH, _REPLACED = 8, 11
_LABELS = {severity.label for severity in Severity}
_BOXED = Style(border=True, wrap=True, number_format=looks.TEXT)
_CENTRED = Style(border=True, align="center", number_format=looks.TEXT)
_COUNT = Style(border=True, align="center", number_format="0")
_MONEY = Style(border=True, align="right", number_format=looks.MONEY)
_TOTAL_MONEY = Style(border=True, align="right", number_format=looks.MONEY, bold=True)
_LINKED = Style(border=True, wrap=True, color=looks.LINK.color)
_LINKED_CODE = Style(border=True, align="center", color=looks.LINK.color)
_TOTAL = Style(border=True, bold=True, fill=looks.LEVELS[2])


def findings_sheet(
    findings: Sequence[Finding],
    plan: Plan,
    replaced: Mapping[str, tuple[str, str]] | None = None,
    former: Grid | None = None,
    more: Sequence[Located] = (),
    others: Sequence[tuple[Plan, Sequence[Finding]]] = (),
    day: str = "",
) -> SheetSpec:
    """List findings, the worst first, each with a link to its cell.

    Args:
        findings: What to list.
        plan: The plan that they are about.
        replaced: What formulas took the place of, by code: type and content as the file holds them, to be put
            back one day. They stand on the right.
        former: The list as it was; what people typed into it is kept.
        more: Findings about its rows whose cells stand in other sheets.
        others: Other plans of the workbook, with what is found in them; cells are called with their sheets then.
        day: When the plan was checked, as people write it; it stands at the foot of printed pages.
    """
    listed = [
        (each, one.row_of(each.finding))
        for one, found in ((*others, (plan, findings)))
        for each in (*one.located(found), *(more if one is plan else ()))
    ]
    if more or others:
        listed.sort(key=lambda pair: pair[0].finding.severity)
    findings = [each.finding for each, _ in listed]
    image = listing(FINDINGS, say("Hallazgos"), _counts(findings), "#C00000")
    caption(
        image,
        [
            (say("Estado"), 9),
            (say("Celda"), 20 if others else 9),
            (say("Código"), 17),
            (say("Acción, operación o tarea"), 44),
            # Names of rules are for whoever writes poa.toml, and to find notes again.
            (say("Regla"), 0),
            (say("Encontrado"), 18),
            (say("Qué pasa"), 58),
            (say("Sugerencia"), 40),
        ],
    )
    for line, ((where, each), row) in enumerate(listed, TOP + 1):
        image.cells[line, 1] = Cell(each.severity.label, _CENTRED)
        shown = f"{where.sheet}!{where.cell}" if others else where.cell
        image.cells[line, 2] = Cell(shown, looks.LINK, link=f"{quoted(where.sheet)}!{where.cell}")
        values = (
            str(row.code) if isinstance(row.code, Code) else "",
            row.name,
            each.rule,
            each.value,
            sentences(each.message),
            sentences(each.suggestion),
        )
        for column, value in enumerate(values, 3):
            image.cells[line, column] = Cell(value or None, _BOXED)
        seen = (values[0], values[1], *values[3:])
        image.heights[line] = looks.row_height(zip(seen, (17, 44, 18, 58, 40), strict=True))
    last = TOP + max(1, len(findings))
    image.rules += [
        ConditionalFormat(f"A{TOP + 1}:A{last}", f'=$A{TOP + 1}="{state}"', looks.PAINT[state])
        for state in (State.RED, State.WARNING)
    ]
    image.filter = f"A{TOP}:H{last}"
    image.printed = say("Revisado el {day}", day=day) if day else ""
    if former is not None:
        own = {*range(1, _WIDTH + 1), *_replaced_columns(former)}
        keep_notes(image, former, own, ((2, 3, 5), (3, 5)), lambda cells: cells.get(1) in _LABELS)
    right = max([_REPLACED, *(column + 1 for _, column in image.cells if column > _WIDTH)])
    for line, (code, (kind, content)) in enumerate((replaced or {}).items(), TOP + 1):
        for column, text in enumerate((code, kind, content), right):
            image.cells[line, column] = Cell(text or None, looks.NOTE)
    if replaced:
        image.cells[TOP, right] = Cell(say("Presupuestos que --rollup reemplazó"), looks.NOTE)
    return image


def read_replaced(grid: Grid) -> dict[str, tuple[str, str]]:
    """Read back what `findings_sheet` was given as replaced."""
    found: dict[str, tuple[str, str]] = {}
    columns = _replaced_columns(grid)
    for line, cells in grid.cells.items():
        code, *content = (cells.get(column) for column in columns) if columns else (None,)
        if line > TOP and isinstance(code, str):
            kind, inside = (str(each or "") for each in content)
            found[code] = kind, inside
    return found


def _replaced_columns(grid: Grid) -> tuple[int, ...]:
    """Return the three columns of replaced budgets; none where there are none."""
    captions = in_every_language("Presupuestos que --rollup reemplazó")
    found = next((column for column, value in grid.cells.get(TOP, {}).items() if value in captions), None)
    return (found, found + 1, found + 2) if found is not None else ()


def repairs_sheet(repairs: Sequence[Repair]) -> SheetSpec:
    """List what an import put right."""
    subtitle = say("{count} celdas corregidas al importar el texto impreso, cada una con su razón", count=len(repairs))
    image = listing(REPAIRS, say("Reparaciones"), subtitle, "#7F7F7F")
    caption(
        image,
        [
            (say("Id"), 6),
            (say("Columna"), 26),
            (say("Impreso"), 46),
            (say("Corregido"), 46),
            (say("Por qué"), 60),
        ],
    )
    for line, each in enumerate(repairs, TOP + 1):
        values = (each.id, each.column, each.before, each.after, each.why)
        for column, value in enumerate(values, 1):
            image.cells[line, column] = Cell(value or None, _BOXED)
        image.heights[line] = looks.row_height(zip(values, (6, 26, 46, 46, 60), strict=True))
    image.filter = f"A{TOP}:E{TOP + max(1, len(repairs))}"
    return image


def read_repairs(grid: Grid) -> list[Repair]:
    """Read back what `repairs_sheet` wrote."""
    rows = (grid.cells[line] for line in sorted(grid.cells) if line > TOP)
    return [Repair(*(str(row.get(column) or "") for column in range(1, 6))) for row in rows]


def is_summary_sheet(grid: Grid) -> bool:
    """Whether a sheet is one that `summary_sheet` drew."""
    return is_same_sheet(grid.name, SUMMARY) and is_list(grid, {1: "Unidad", 3: "Presupuesto", 4: "VERDE"})


def summary_sheet(plan: Plan, sheet: str, flags: Sequence[Flag]) -> SheetSpec:
    """Sum the plan up by unit and by objective, with charts; the figures are live formulas.

    Args:
        plan: The plan, placed in its sheet.
        sheet: Name of the plan sheet.
        flags: One flag per row.
    """
    image = listing(SUMMARY, say("Resumen"), _headline(plan, flags), "#548235")
    image.freeze = image.repeat = None
    image.one_page = True
    last = _units(image, plan, sheet, flags)
    _objectives(image, plan, sheet, last + 3)
    return image


def _units(image: SheetSpec, plan: Plan, sheet: str, flags: Sequence[Flag]) -> int:
    """Write the table by unit; give its last row."""
    caption(
        image,
        [
            (say("Unidad"), 44),
            (say("Operaciones"), 12),
            (say("Presupuesto"), 16),
            ("VERDE", 9),
            ("ROJO", 9),
            ("AVISO", 9),
        ],
    )
    tallies = by_unit(plan, flags)
    first, last = TOP + 1, TOP + len(tallies)
    area = _areas(plan, sheet)
    for line, (unit, tally) in enumerate(tallies.items(), first):
        called = [f"$A{line}", *(_text(each) for each in _others(unit, tally.spellings))]
        wanted = [f'{area["unit"]},{name},{area["target_state"]},"<>"' for name in called]
        row = f"INDEX({area['unit']},MATCH({_text(tally.spellings[0][:LITERAL])},{area['unit']},0))"
        image.cells[line, 1] = _linked(unit, _LINKED, sheet, "unit", row)
        counted = "+".join(f"COUNTIFS({each})" for each in wanted)
        image.cells[line, 2] = Cell(Decimal(tally.operations), _COUNT, f"={counted}")
        summed = "+".join(f"SUMIFS({area['computed']},{each})" for each in wanted)
        image.cells[line, 3] = _amount(plan, tally.budget, f"={summed}")
        for column, state in enumerate((State.GREEN, State.RED, State.WARNING), 4):
            formula = "=" + "+".join(f'COUNTIFS({each},{area["state"]},"{state}")' for each in wanted)
            image.cells[line, column] = Cell(Decimal(tally.states[state]), _COUNT, formula)
    _totals(
        plan,
        image,
        last + 1,
        first,
        last,
        [
            Decimal(sum(tally.operations for tally in tallies.values())),
            add(tally.budget for tally in tallies.values()),
            *(
                Decimal(sum(tally.states[state] for tally in tallies.values()))
                for state in (State.GREEN, State.RED, State.WARNING)
            ),
        ],
    )
    labels = f"{quoted(SUMMARY)}!$A${first}:$A${last}"
    height = 130 + 24 * len(tallies)
    image.charts += [
        Chart(
            "H4",
            say("Presupuesto por unidad, en bolivianos"),
            (Series(say("Presupuesto"), labels, f"{quoted(SUMMARY)}!$C${first}:$C${last}", "#2F5597"),),
            size=(760, height),
        ),
        Chart(
            "H4",
            say("Operaciones en verde y en rojo, por unidad"),
            tuple(
                Series(
                    str(state),
                    labels,
                    f"{quoted(SUMMARY)}!${column}${first}:${column}${last}",
                    looks.CHART[state],
                )
                for state, column in ((State.GREEN, "D"), (State.WARNING, "F"), (State.RED, "E"))
            ),
            stacked=True,
            size=(760, height),
            down=height + 20,
            number_format="0",
        ),
    ]
    return last + 1


def _amount(plan: Plan, total: Total, formula: str) -> Cell:
    """Draw a sum of money: live, or the reason why nobody knows it."""
    if isinstance(total, Unknown):
        return Cell(sentences(why_unknown(plan, total)), _BOXED)
    return Cell(total or Decimal(0), _MONEY, formula)


def _totals(
    plan: Plan, image: SheetSpec, line: int, first: int, last: int, values: Sequence[Decimal | Unknown]
) -> None:
    image.cells[line, 1] = Cell(say("Total"), _TOTAL)
    for column, value in enumerate(values, 2):
        letter = letters(column)
        style = _TOTAL_MONEY if letter == "C" else Style(border=True, bold=True, align="center", number_format="0")
        if isinstance(value, Unknown):
            image.cells[line, column] = Cell(sentences(why_unknown(plan, value)), _BOXED)
        else:
            image.cells[line, column] = Cell(value, style, f"=SUM({letter}{first}:{letter}{last})")


def _others(unit: str, spellings: Iterable[str]) -> list[str]:
    """Return the spellings that a spreadsheet program does not take for the unit's name: it overlooks case alone."""
    found = {each.casefold(): each for each in spellings}
    found.pop(unit.casefold(), None)
    return list(found.values())


def _linked(text: str, style: Style, sheet: str, field: str, place: str) -> Cell:
    """Draw a text that leads to a cell of the plan, which it finds when rows have moved too."""
    if len(text) > LITERAL:
        return Cell(text, _BOXED)
    target = f"#{quoted(sheet)}!{letters(COLUMNS[field])}"
    return Cell(text, style, f"=HYPERLINK({_text(target)}&ROW({place}),{_text(text)})")


def _text(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace('"', '""')


def _objectives(image: SheetSpec, plan: Plan, sheet: str, top: int) -> None:
    """Write the table by objective: the groups of the second level, or of the only one there is."""
    totals = dict(zip((row.line for row in plan.rows), roll_up(plan), strict=True))
    wanted = objectives(plan)
    for column, text in ((1, say("Objetivo")), (2, say("Código")), (3, say("Presupuesto"))):
        image.cells[top, column] = Cell(text, looks.HEADER)
    for line, row in enumerate(wanted, top + 1):
        image.cells[line, 1] = Cell(row.name, _BOXED)
        place = f"{quoted(sheet)}!${letters(COLUMNS['code'])}${row.line}"
        image.cells[line, 2] = _linked(str(row.code), _LINKED_CODE, sheet, "code", place)
        image.heights[line] = looks.row_height([(row.name, 44)])
        total = totals[row.line]
        stated = row.budget if isinstance(row.budget, Decimal) else None
        formula = f"={quoted(sheet)}!{letters(COLUMNS['budget'])}{row.line}"
        image.cells[line, 3] = _amount(plan, total if isinstance(total, Unknown) else stated, formula)
    if wanted:
        name, last = quoted(SUMMARY), top + len(wanted)
        series = Series(
            say("Presupuesto"), f"{name}!$B${top + 1}:$B${last}", f"{name}!$C${top + 1}:$C${last}", "#548235"
        )
        title = say("Presupuesto por objetivo, en bolivianos")
        image.charts.append(Chart(f"A{last + 2}", title, (series,), size=(700, 130 + 36 * len(wanted))))


def _areas(plan: Plan, sheet: str) -> dict[str, str]:
    """Return the absolute areas of the plan's columns that the formulas use."""
    lines = [row.line for row in plan.rows] or [1]
    return {
        name: f"{quoted(sheet)}!${letters(COLUMNS[name])}${lines[0]}:${letters(COLUMNS[name])}${lines[-1]}"
        for name in ("unit", "computed", "target_state", "state")
    }


def _headline(plan: Plan, flags: Sequence[Flag]) -> str:
    groups = [(index, code.depth) for index, code in plan.coded() if plan.rows[index].kind is Kind.GROUP]
    top = min((depth for _, depth in groups), default=0)
    totals = roll_up(plan)
    stated = [
        totals[index] if isinstance(totals[index], Unknown) else plan.rows[index].budget
        for index, depth in groups
        if depth == top
    ]
    total = add(None if isinstance(each, Invalid) else each for each in stated)
    states = [flag.state for row, flag in zip(plan.rows, flags, strict=True) if row.kind is Kind.OPERATION]
    return say(
        "{count} operaciones · Bs {total} · {green} en verde, {red} en rojo, {warned} con aviso",
        count=len(states),
        total=say("(no se puede sumar)") if isinstance(total, Unknown) else total,
        green=states.count(State.GREEN),
        red=states.count(State.RED),
        warned=states.count(State.WARNING),
    )


def _counts(findings: Sequence[Finding]) -> str:
    errors = sum(each.severity is Severity.ERROR for each in findings)
    return say("{errors} en rojo, {warnings} avisos", errors=errors, warnings=len(findings) - errors)

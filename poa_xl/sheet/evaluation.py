"""The sheets of a report on a plan under tracking: figures, curve, operations by band, red ones, what is missing."""

from collections.abc import Sequence
from decimal import Decimal

from poa_xl.core.dates import MONTHS
from poa_xl.core.evaluation import Evaluation, Operation, Share
from poa_xl.core.reports import rounded
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.grid import quoted
from poa_xl.sheet.listing import TOP, Columns, listing
from poa_xl.sheet.spec import Cell, Chart, ConditionalFormat, Content, Series, SheetSpec, Style
from poa_xl.sheet.tracking import legend, style_of

_TEXT = Style(border=True, wrap=True)
_CENTRED = Style(border=True, align="center", wrap=True)
_MONEY = Style(border=True, align="right", number_format=looks.MONEY)
_PERCENT = Style(border=True, align="right", number_format="#,##0.0")
_FIGURE = Style(border=True, align="right", number_format="#,##0.00")
_COUNT = Style(border=True, align="center", number_format="0")
_LABEL = Style(border=True, bold=True, fill=looks.LEVELS[2])


def report_sheets(found: Evaluation, title: Sequence[str], weights: str) -> list[SheetSpec]:
    """Draw the sheets.

    Args:
        found: The plan at its cut-off.
        title: Title lines of the plan.
        weights: What operations were weighed by, in words.
    """
    until = say("hasta {month}", month=MONTHS[found.cutoff])
    return [
        _cover(found, title, until, weights),
        _parts(say("Por unidad"), say("Unidad"), found.by_unit, until, weights),
        _parts(say("Por objetivo"), say("Objetivo"), found.by_objective, until, weights),
        _operations(found, until),
        _red(found, until),
        _unreported(found, until),
    ]


def _cover(found: Evaluation, title: Sequence[str], until: str, weights: str) -> SheetSpec:
    name = say("Informe")
    image = listing(name, " · ".join(title) or name, say("Informe de seguimiento {until}", until=until), looks.NAVY)
    image.freeze = image.repeat = None
    image.one_page = True
    image.widths = {1: 34, 2: 16, 3: 16, 4: 4}
    whole = found.whole
    lines: list[tuple[str, Content, Style]] = [
        (say("Operaciones"), Decimal(whole.operations), _COUNT),
        (say("Avance físico (Eficacia, %)"), _figure(whole.physical.value), _PERCENT),
        (say("Operaciones con Eficacia"), Decimal(whole.physical.judged), _COUNT),
        (say("Presupuesto vigente, Bs"), whole.budget, _MONEY),
        (say("Presupuesto ejecutado, Bs"), _figure(whole.spent), _MONEY),
        (say("Ejecución financiera, %"), _figure(whole.financial), _PERCENT),
        (say("Operaciones sin informar"), Decimal(whole.unreported), _COUNT),
    ]
    for line, (text, value, style) in enumerate(lines, TOP):
        image.cells[line, 1], image.cells[line, 2] = Cell(text, _LABEL), Cell(value, style)
    line = TOP + len(lines) + 1
    image.cells[line, 1], image.cells[line, 2] = (
        Cell(text, looks.HEADER) for text in (say("Estado"), say("Operaciones"))
    )
    bands = {band.name: band for band in found.scale.bands}
    for state, count in found.states.items():
        line += 1
        look = style_of(bands[state].color) if state in bands else _LABEL
        image.cells[line, 1] = Cell(state, Style(border=True, bold=True, fill=look.fill, color=look.color))
        image.cells[line, 2] = Cell(Decimal(count), _COUNT)
    top = line + 2
    for column, text in enumerate((say("Mes"), say("Programado, %"), say("Ejecutado, %")), 1):
        image.cells[top, column] = Cell(text, looks.HEADER)
    points = found.curve()
    for line, (month, due, done) in enumerate(points, top + 1):
        image.cells[line, 1] = Cell(month, _CENTRED)
        image.cells[line, 2], image.cells[line, 3] = Cell(due, _PERCENT), Cell(done, _PERCENT)
    line = top + len(points) + 2
    for text in (say("Ponderación de las operaciones: {weights}.", weights=weights), legend(found.scale)):
        image.cells[line, 1] = Cell(text, Style(italic=True, color="#595959"))
        line += 1
    image.charts.append(_curve(name, top + 1, top + len(points)))
    return image


def _curve(name: str, first: int, last: int) -> Chart:
    area = f"{quoted(name)}!${{0}}${first}:${{0}}${last}"
    series = (
        Series(say("Programado"), area.format("A"), area.format("B"), "#7F7F7F"),
        Series(say("Ejecutado"), area.format("A"), area.format("C"), "#2F5597"),
    )
    return Chart("E4", say("Avance acumulado en el año, en %"), series, size=(640, 420), number_format="0", line=True)


def _figure(value: Decimal | None) -> Content:
    return say("sin dato") if value is None else rounded(value)


def _list(name: str, title: str, columns: Columns, lines: Sequence[Sequence[tuple[Content, Style]]]) -> SheetSpec:
    """Draw a list, its rows as high as their texts."""
    image = listing(name, name, title, "#2E75B6", columns)
    for line, cells in enumerate(lines, TOP + 1):
        for column, (value, style) in enumerate(cells, 1):
            image.cells[line, column] = Cell(value, style)
        texts = [
            (str(value or ""), width) for (value, style), (_, width) in zip(cells, columns, strict=True) if style.wrap
        ]
        image.heights[line] = looks.row_height(texts)
    if not lines:
        image.cells[TOP + 1, 1] = Cell(say("Ninguna"), looks.NOTE)
    return image


def _parts(name: str, what: str, parts: Sequence[Share], until: str, weights: str) -> SheetSpec:
    has_codes = any(each.code for each in parts)
    columns = [
        (what, 46),
        *([(say("Código"), 14)] if has_codes else []),
        (say("Operaciones"), 12),
        (say("Eficacia, %"), 11),
        (say("Con Eficacia"), 11),
        (say("Presupuesto vigente, Bs"), 16),
        (say("Presupuesto ejecutado, Bs"), 16),
        (say("Ejecución financiera, %"), 13),
        (say("Sin informar"), 11),
    ]
    lines: list[list[tuple[Content, Style]]] = [
        [
            (each.name or say("Sin unidad"), _TEXT),
            *([(each.code, _CENTRED)] if has_codes else []),
            (Decimal(each.operations), _COUNT),
            (_figure(each.physical.value), _PERCENT),
            (Decimal(each.physical.judged), _COUNT),
            (each.budget, _MONEY),
            (_figure(each.spent), _MONEY),
            (_figure(each.financial), _PERCENT),
            (Decimal(each.unreported), _COUNT),
        ]
        for each in parts
    ]
    return _list(name, say("{until}; ponderación: {weights}", until=until, weights=weights), columns, lines)


_NAMED: Columns = [("Código", 16), ("Acción", 44), ("Unidad", 20)]


def _named(each: Operation) -> list[tuple[Content, Style]]:
    return [(str(each.row.code or ""), _TEXT), (each.row.name, _TEXT), (each.row.unit, _TEXT)]


def _operations(found: Evaluation, until: str) -> SheetSpec:
    columns = [
        *_NAMED,
        ("Estado", 14),
        ("Programado a la fecha", 12),
        ("Ejecutado a la fecha", 12),
        ("Eficacia %", 10),
        ("Ejecución financiera %", 12),
        ("Proyección al cierre", 12),
        ("Motivo", 44),
    ]
    order = {state: number for number, state in enumerate(found.states)}
    ranked = sorted(found.operations, key=lambda each: order[each.said.state])
    lines = [
        [
            *_named(each),
            (each.said.state, _CENTRED),
            (each.said.progress.programmed, _FIGURE),
            (each.said.progress.executed, _FIGURE),
            (each.said.efficacy, _PERCENT),
            (rounded(each.said.financial), _PERCENT),
            (rounded(each.said.progress.projection), _FIGURE),
            (each.said.reason, _TEXT),
        ]
        for each in ranked
    ]
    image = _list(say("Por banda"), until, columns, lines)
    area = f"D{TOP + 1}:D{TOP + max(1, len(lines))}"
    image.rules = [
        ConditionalFormat(area, f'=$D{TOP + 1}="{band.name.replace(chr(34), chr(34) * 2)}"', style_of(band.color))
        for band in found.scale.bands
    ]
    image.filter = f"A{TOP}:J{TOP + max(1, len(lines))}"
    return image


def _red(found: Evaluation, until: str) -> SheetSpec:
    columns = [*_NAMED, ("Eficacia %", 10), ("Motivo", 36), ("Causa del desvío", 36), ("Acción correctiva", 36)]
    missing = say("falta")
    lines = [
        [
            *_named(each),
            (each.said.efficacy, _PERCENT),
            (each.said.reason, _TEXT),
            (each.report.cause or missing, _TEXT),
            (each.report.action or missing, _TEXT),
        ]
        for each in found.red
    ]
    return _list(say("En rojo"), until, columns, lines)


def _unreported(found: Evaluation, until: str) -> SheetSpec:
    columns = [*_NAMED, ("Meses sin informar", 30)]
    lines = [
        [*_named(each), (" ".join(MONTHS[month] for month in each.said.progress.unreported), _TEXT)]
        for each in found.unreported
    ]
    return _list(say("Sin informar"), until, columns, lines)

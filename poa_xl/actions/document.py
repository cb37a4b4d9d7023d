"""The report as a Word document: what the tags and the charts of its template say."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from poa_xl.actions.moment import day, now
from poa_xl.books.files import read_file
from poa_xl.books.word import Figures, fill
from poa_xl.core.dates import MONTHS
from poa_xl.core.evaluation import Evaluation, Operation, Share
from poa_xl.core.reports import figure, rounded
from poa_xl.i18n import number, say
from poa_xl.sheet.tracking import legend

# Beside the plan, the template that an office made its own.
TEMPLATE = "plantilla_informe.docx"
# Alternative texts of the charts.
CURVE, BANDS = "poa:curva", "poa:estados"


def shipped() -> bytes:
    """Return the template that comes with poa-xl."""
    return (files("poa_xl") / "templates" / "informe.docx").read_bytes()


def document(found: Evaluation, title: Sequence[str], weights: str, template: Path | None, folder: Path) -> bytes:
    """Write the report.

    Args:
        found: The plan at its cut-off.
        title: Title lines of the plan.
        weights: What operations were weighed by, in words.
        template: The template; by default the office's own in `folder`, else the one that is shipped.
        folder: Where the plan is.

    Raises:
        BookError: The template cannot be read, or a tag in it is not understood.
    """
    own = template or (folder / TEMPLATE if (folder / TEMPLATE).is_file() else None)
    data, name = (read_file(own), own.name) if own is not None else (shipped(), "informe.docx")
    return fill(data, name, texts_of(found, title, weights), charts_of(found))


def texts_of(found: Evaluation, title: Sequence[str], weights: str) -> Mapping[str, object]:
    """Return what the tags of a template say."""
    whole = found.whole
    head, *rest = [*title, ""]
    return {
        "titulo": head or say("Plan Operativo Anual"),
        "entidad": " · ".join(each for each in rest if each),
        "gestion": str(found.plan.planned_year or ""),
        "corte": MONTHS[found.cutoff],
        "trimestre": f"T{found.cutoff // 3 + 1}",
        "fecha": day(now()),
        "operaciones": number(whole.operations),
        "con_eficacia": number(whole.physical.judged),
        "fisico": _percent(whole.physical.value),
        "financiero": _percent(whole.financial),
        "vigente": _money(whole.budget),
        "ejecutado": _money(whole.spent),
        "sin_informar": number(whole.unreported),
        "ponderacion": weights,
        "bandas": legend(found.scale),
        "estados": [{"nombre": state, "cantidad": number(count)} for state, count in found.states.items()],
        "unidades": [_share(each) for each in found.by_unit],
        "objetivos": [_share(each) for each in found.by_objective],
        "rojas": [
            _operation(each)
            | {
                "eficacia": _percent(each.said.efficacy),
                "motivo": each.said.reason,
                "causa": each.report.cause or say("falta"),
                "correccion": each.report.action or say("falta"),
            }
            for each in found.red
        ],
        "faltan": [
            _operation(each) | {"meses": " ".join(MONTHS[month] for month in each.said.progress.unreported)}
            for each in found.unreported
        ],
    }


def charts_of(found: Evaluation) -> Mapping[str, Figures]:
    """Return what the charts of a template show."""
    points, states = found.curve(), found.states
    return {
        CURVE: Figures(
            [month for month, _, _ in points],
            [(say("Programado"), [due for _, due, _ in points]), (say("Ejecutado"), [done for _, _, done in points])],
        ),
        BANDS: Figures([*states], [(say("Operaciones"), [Decimal(count) for count in states.values()])]),
    }


def _share(each: Share) -> Mapping[str, str]:
    return {
        "nombre": each.name or say("Sin unidad"),
        "codigo": each.code,
        "operaciones": number(each.operations),
        "eficacia": _percent(each.physical.value),
        "vigente": _money(each.budget),
        "ejecutado": _money(each.spent),
        "financiera": _percent(each.financial),
        "sin_informar": number(each.unreported),
    }


def _operation(each: Operation) -> dict[str, str]:
    return {"codigo": str(each.row.code or ""), "accion": each.row.name, "unidad": each.row.unit}


def _percent(value: Decimal | None) -> str:
    return say("sin dato") if value is None else f"{figure(rounded(value))} %"


def _money(value: Decimal | None) -> str:
    return say("sin dato") if value is None else number(round(value, 2))

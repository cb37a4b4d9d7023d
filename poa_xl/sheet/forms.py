"""The forms that several offices share, known by the words of their headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from poa_xl.core.amounts import Style
from poa_xl.core.findings import Severity
from poa_xl.core.text import fold


@dataclass(frozen=True, slots=True)
class Form:
    """What is known of a form beyond what its headers say.

    Attributes:
        marks: Words of its headers, all of which but one must stand there.
        rules: Rule to its severity; None turns it off.
        style: How numbers that are texts are written.
    """

    marks: tuple[str, ...]
    rules: Mapping[str, Severity | None] = field(default_factory=dict)
    style: Style | None = None


_NO_HIERARCHY = dict.fromkeys(("codigo-sin-superior", "codigo-salto", "codigo-orden"))

# Made from the descriptions of the forms. What a plan says itself goes before.
FORMS: Mapping[str, Form] = {
    # Caja Nacional de Salud, form 4: operations below results, one sheet for each unit.
    "cns-4": Form(
        ("resultado", "operacion", "unidad responsable", "indicador"),
        {**_NO_HIERARCHY, "responsable-ausente": None},
    ),
    # Peru, actividades operativas: physical and financial programme side by side, codes of the national system.
    "poi-peru": Form(
        ("aoi", "actividad operativa", "unidad de medida"),
        {**_NO_HIERARCHY, "codigo-escritura": None},
        Style.POINT_DECIMAL,
    ),
    # Programmes of expenses by centre of cost: the months are money, the code is that of the classifier.
    "gasto": Form(
        ("centro de costo", "clasificador", "total"),
        {**_NO_HIERARCHY, "partida-cifras": None, "codigo-duplicado": None},
    ),
}
CUSTOMS, RECOGNISED, QUARTERLY = "aduana", "reconocido", "trimestral"
# Every name that a form may have; those that no headers tell are known by more than words.
NAMES = (CUSTOMS, *FORMS, QUARTERLY, RECOGNISED)
_ANY = Form(())


def name_of(captions: str, *, quarters: bool) -> str:
    """Return the known form whose words stand in the headers of a plan; any plan by quarters is one of its own."""
    words = fold(captions)
    found = (name for name, form in FORMS.items() if sum(mark in words for mark in form.marks) >= len(form.marks) - 1)
    return next(found, QUARTERLY if quarters else RECOGNISED)


def form_of(name: str) -> Form:
    """Return what is known of a form by its name, which is nothing where its name is all."""
    return FORMS.get(name, _ANY)

"""What boxes say: sentences, with the names of files and cells as people wrote them."""

import pytest

from poa_xl.button import said_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("elegir primero una celda, y repetir", "Elegir primero una celda, y repetir."),
        ("debajo de GRO1.1 hay grupos: elegir otra", "Debajo de GRO1.1 hay grupos: elegir otra."),
        ("mi plan.xlsx: guardarlo primero", "mi plan.xlsx: guardarlo primero."),
        ("plan v1.2.xlsm: está protegido.", "plan v1.2.xlsm: está protegido."),
        ("plan.xlsx: no hay ninguna hoja «X»; ¿«hoja»?", "plan.xlsx: no hay ninguna hoja «X»; ¿«hoja»?"),
        ("hoja 1!H5 se editó después", "hoja 1!H5 se editó después."),
        ("enviados: no existe", "enviados: no existe."),
        ("datos/2020 de hoy: no existe", "datos/2020 de hoy: no existe."),
        ("poa.xlsx está en OneDrive", "poa.xlsx está en OneDrive."),
        ("no hay nada que deshacer en poa.xlsx", "No hay nada que deshacer en poa.xlsx."),
        ("¿seguro?", "¿seguro?"),
        ("«Plan» no existe", "«Plan» no existe."),
        ("", ""),
    ],
)
def test_an_error_is_a_sentence(text: str, said: str) -> None:
    assert said_of(text) == said

"""The list of the buttons, in the order of the ribbon: what every program calls by name."""

from poa_xl.button import Button
from poa_xl.buttons.finding import anterior, lista, siguiente, solo_rojos
from poa_xl.buttons.helping import acerca_de, diagnostico, guia
from poa_xl.buttons.planner import (
    calcular_presupuesto,
    nueva_operacion,
    nueva_partida,
    quitar,
    repartir_meta,
    semaforo,
    verificar_metas,
)
from poa_xl.buttons.recognising import reconocer
from poa_xl.buttons.regional import aprobar, consolidar, deshacer, estado_de_envios, historial, modificaciones, repartir
from poa_xl.buttons.tracking import cerrar_trimestre, evaluar, informe, registrar

# In the order of the ribbon.
__all__ = [  # noqa: RUF022 - see above
    "calcular_presupuesto",
    "verificar_metas",
    "nueva_operacion",
    "nueva_partida",
    "repartir_meta",
    "semaforo",
    "quitar",
    "reconocer",
    "solo_rojos",
    "anterior",
    "siguiente",
    "lista",
    "registrar",
    "evaluar",
    "cerrar_trimestre",
    "informe",
    "repartir",
    "consolidar",
    "estado_de_envios",
    "aprobar",
    "modificaciones",
    "historial",
    "deshacer",
    "guia",
    "diagnostico",
    "acerca_de",
]

BUTTONS: dict[str, Button] = {name: globals()[name] for name in __all__}

"""Which buttons the pane has: all of them but those of one list, each with its reason."""

from collections.abc import Mapping

from poa_xl.ribbon import BUTTONS

# A page sees no folder and starts no program, and works on what the workbook held when it was read.
LEFT_OUT: Mapping[str, str] = {
    "registrar": "makes a sheet, for which it closes the workbook and writes its file; the pane takes a picked file",
    "cerrar_trimestre": "closes the workbook, writes its file and a history; the pane takes picked files",
    "informe": "writes a file beside the workbook; the pane takes a picked file",
    "repartir": "writes a file for each unit into a folder beside the workbook; the pane hands a picked one out",
    "consolidar": "reads a folder, closes the workbook, and writes its file; the pane takes picked files",
    "estado_de_envios": "reads a folder and the history beside the workbook; the pane takes picked files",
    "aprobar": "closes the workbook, writes its file and a history beside it; the pane takes picked files",
    "modificaciones": "reads the approved version in the history, a database; the pane takes picked files",
    "historial": "reads the history, a database beside the workbook; the pane takes picked files",
}
# What the pane answers itself, without the workbook.
BY_THE_PANE = ("guia", "diagnostico")


def offered() -> tuple[str, ...]:
    """Return the names of the buttons that the pane and its tab of the ribbon have, in their order."""
    return tuple(name for name in BUTTONS if name not in LEFT_OUT)

"""Takes the pictures of Calc's window for the docs: the toolbars, the menu, a flagged plan, the panel beside it.

Run by `make pictures`, with the plan of 2020 as the demo made it; Calc speaks Spanish for it.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.paths import ROOT
from tests.running import Running
from tests.screen import Screen

PICTURES = ROOT / "docs" / "img"
# The screen of most offices.
WIDTH, HEIGHT = 1366, 768
BESIDE = (700, 600)


def main(plan: Path) -> None:
    screen = Screen(WIDTH, HEIGHT)
    try:
        with tempfile.TemporaryDirectory() as folder:
            office = Running(Path(folder), screen.name, "es-BO", "es")
            try:
                take(office, screen, Path(shutil.copy(plan, Path(folder) / "POA_GRO_2020.xlsx")))
            finally:
                office.stop()
    finally:
        screen.stop()


def take(office: Running, screen: Screen, plan: Path) -> None:
    book = office.open(plan)
    office.fill_screen(book, WIDTH, HEIGHT)
    book.sheets[0].range("H117").select()
    screen.click(*office.where("Verificar metas"))
    office.wait(office.boxes)
    time.sleep(1)
    screen.picture(PICTURES / "calc-verificar.png")
    screen.click(*office.where(next(word for word in ("Aceptar", "OK") if word in office.boxes()[0])))
    office.wait(lambda: not office.boxes())
    screen.click(*BESIDE)
    screen.click(*office.where("POA"))
    time.sleep(1)
    screen.picture(PICTURES / "calc-menu.png")
    screen.click(*office.where("Panel de hallazgos"))
    office.wait(lambda: office.place("Leer de nuevo"))
    screen.click(*office.wait(lambda: office.place("Siguiente")))
    office.wait(lambda: book.selection is not None and book.selection.address != "$H$117")
    time.sleep(1)
    screen.picture(PICTURES / "calc-panel.png")
    book.sheets["Hallazgos"].activate()
    time.sleep(1)
    screen.picture(PICTURES / "calc-hallazgos.png")
    book.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

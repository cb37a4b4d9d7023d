"""Takes the pictures of Calc's window for the docs: the toolbar, the menu, a flagged plan.

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
BESIDE = (700, 600)


def main(plan: Path) -> None:
    screen = Screen()
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
    office.fill_screen(book)
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
    screen.press("Escape")
    screen.press("Escape")
    time.sleep(0.5)
    book.sheets["Hallazgos"].activate()
    time.sleep(1)
    screen.picture(PICTURES / "calc-hallazgos.png")
    book.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

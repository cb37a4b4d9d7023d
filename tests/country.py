"""A country of two regions, three units and a few rows; and work for clusters that does what files do to readers."""

import os
import time
from dataclasses import replace
from pathlib import Path

from poa_xl.actions.splitting import split_book
from poa_xl.core.codes import Code
from poa_xl.core.plan import Plan
from tests.plans import code, save, small

REGIONS = ("La Paz", "Ñuflo de Chávez")


def plan_of(prefix: str) -> Plan:
    """The small plan under another root."""
    rows = (
        replace(row, code=code(str(row.code).replace("GRO", prefix))) if isinstance(row.code, Code) else row
        for row in small().rows
    )
    return Plan(tuple(rows), 2020)


def country(folder: Path) -> Path:
    """A folder for each region with the workbooks that its units got."""
    for region, prefix in zip(REGIONS, ("LPZ", "NUF"), strict=True):
        master = save(plan_of(prefix), folder / "maestros" / region / "maestro.xlsx")
        split_book(master, folder / "pais" / region, store=f"sqlite:///{folder / 'historia.sqlite'}")
    return folder / "pais"


def doubled(task: str) -> str:
    """Work that takes a moment; `cuelga` never ends, `muere` takes its process along, `falla` raises."""
    if task == "cuelga":
        time.sleep(3600)
    if task == "muere":
        os._exit(9)
    if task == "falla":
        raise ValueError(task)
    time.sleep(0.02)
    return task * 2

"""What the worker of the pane calls: JSON in, JSON out."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import poa_xl
from poa_xl.actions import pressing, recorder
from poa_xl.actions.offered import offered
from poa_xl.actions.settings import SETTINGS, load_profile
from poa_xl.books.patch.ranges import area_of
from poa_xl.buttons.finding import correcting
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import Flag, flag
from poa_xl.core.plan import Row
from poa_xl.errors import PoaError
from poa_xl.i18n import set_language
from poa_xl.ribbon import BUTTONS
from poa_xl.sheet.areas import Placed
from poa_xl.store import journal
from poa_xl.store.journal import Press
from poa_xl.store.log import LOG, log_file
from poa_xl.web.webbook import Asked, WebBook

# What the button before the last one left to be undone: it holds again where the program refuses the last one.
_FORMER: list[Press | None] = [None]
# Where the worker puts what was picked, and what outlives the page.
PICKED, KEPT = Path("/files"), Path("/poa")
# Names of cell errors that a function answers with; anything else is a value.
_ERRORS = ("#VALUE!", "#N/A")


def press(text: str) -> str:
    """Press a button on a workbook in memory: what it did, what it says, or what it asks."""
    asked = json.loads(text)
    set_language(asked["language"])
    book = WebBook(asked["book"], asked["answers"])
    _FORMER[:] = [journal.recall(book.address)]
    pressed = BUTTONS[asked["button"]] if "finding" not in asked else correcting(**asked["finding"])
    try:
        pressed(book)
    except Asked as question:
        return _json({"steps": [], "said": [], "ask": list(question.args)})
    return _json({"steps": book.steps, "said": book.said, "ask": None})


def take_back(text: str) -> str:
    """Bring back what stood there before the last button, which the program stopped half-way."""
    asked = json.loads(text)
    set_language(asked["language"])
    book = WebBook(asked["book"])
    recorder.take_back(book)
    _remember_former(book.address)
    return _json({"steps": book.steps, "said": book.said, "ask": None})


def abandon(text: str) -> str:
    """Forget the last button, of which the program has done nothing."""
    _remember_former(json.loads(text)["book"])
    return "{}"


def _remember_former(book: str) -> None:
    former = _FORMER[0]
    if former is None:
        journal.forget(book)
    else:
        journal.remember(book, former)


def look(text: str) -> str:
    """Judge the plan of a workbook for the pane: findings, the state of each row, the units; or why there is none."""
    asked = json.loads(text)
    set_language(asked["language"])
    try:
        opened = pressing.open_plan(WebBook(asked["book"]))
    except PoaError as error:
        return _json({"problem": str(error), "sheet": "", "findings": [], "rows": [], "units": []})
    findings = check(opened.plan)
    flags = flag(opened.plan, findings)
    rows = [_row(row, each) for row, each in zip(opened.plan.rows, flags, strict=True)]
    units = Counter((row["unit"], row["state"]) for row in rows if row["unit"])
    names = list(dict.fromkeys(name for name, _ in units))
    return _json(
        {
            "problem": "",
            "sheet": opened.sheet,
            "findings": [asdict(offered(opened, each)) for each in findings],
            "rows": rows,
            "units": [
                {"name": name, "states": {state: n for (unit, state), n in units.items() if unit == name}}
                for name in names
            ],
        }
    )


def _row(row: Row, state: Flag) -> dict[str, Any]:
    return {
        "line": row.line,
        "code": str(row.code) if isinstance(row.code, Code) else "",
        "name": _shown(row.name),
        "unit": _shown(row.unit),
        "state": str(state.state or ""),
        "reason": state.reason,
    }


def _shown(value: object) -> str:
    return value if isinstance(value, str) else ""


def call(text: str) -> str:
    """Compute a batch of worksheet functions.

    Args:
        text: JSON: `language`; `book`, the address of the workbook; `areas`, each range once; `calls`: the name of a
            function, its arguments as numbers of areas, and where they stand, of functions that ask for it.
    """
    import udfs  # noqa: PLC0415 - it is no part of the package

    asked = json.loads(text)
    set_language(asked["language"])
    areas, book = asked["areas"], asked["book"]
    return _json(
        [
            _called(
                getattr(udfs, name),
                [*map(_placed, (areas[number] for number in numbers), repeat(book), chain(places, repeat("")))],
            )
            for name, numbers, places in asked["calls"]
        ]
    )


def _placed(rows: list[list[object]], book: str, place: str | None) -> list[list[object]]:
    """Return an argument that knows where it stands, where Excel says so: `'POA 2020'!A6:X99`."""
    sheet, _, cells = (place or "").rpartition("!")
    area = area_of(cells.replace("$", ""))
    if area is None:
        return rows
    name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    return Placed(rows, book, name.rpartition("]")[2], area.top, area.left)


def _called(function: Callable[..., object], arguments: list[Any]) -> dict[str, Any]:
    """Return the rows that a function gives, or which error its cell shows and why."""
    try:
        result = function(*arguments)
    except PoaError as error:
        return {"error": "#VALUE!", "message": str(error)}
    except Exception as error:  # noqa: BLE001 - a cell shows an error, whatever went wrong
        return {"error": "#VALUE!", "message": str(error)}
    if isinstance(result, str) and result in _ERRORS:
        return {"error": result, "message": ""}
    rows = result if isinstance(result, list) else [[result]]
    return {"rows": [["" if each is None else each for each in row] for row in rows]}


def regional(text: str) -> str:
    """Do with picked files what a regional office does; `deed` names a function of `poa_xl.web.regional`."""
    from poa_xl.web import regional as office  # noqa: PLC0415 - a third of all modules

    units = (office.consolidate, office.hand_out, office.standing)
    year = (office.freeze, office.modified, office.track, office.close, office.report)
    deeds = {each.__name__: each for each in (*units, *year, office.past, office.take_back)}
    return deeds[json.loads(text)["deed"]](text)


def settle(text: str) -> str:
    """Take the settings that a person picked for every workbook, or forget them; say which hold.

    Args:
        text: JSON: `language`; `forget`, whether those that are kept go.
    """
    asked = json.loads(text)
    set_language(asked["language"])
    kept = KEPT / SETTINGS
    if asked["forget"]:
        kept.unlink(missing_ok=True)
    problem = ""
    try:
        for each in PICKED.glob("settings/*"):
            load_profile(each)
            shutil.copy(each, kept)
    except PoaError as error:
        problem = str(error).replace(f"{PICKED}/settings/", "")
    return _json({"problem": problem, "kept": kept.is_file()})


def about(_: str = "") -> str:
    """Say what runs here, and what the log holds."""
    import platform  # noqa: PLC0415 - only when somebody asks

    log = log_file()
    kept = log.read_text("utf-8") if log.is_file() else ""
    has_settings = (KEPT / SETTINGS).is_file()
    told = {"version": poa_xl.__version__, "python": platform.python_version(), "log": kept, "settings": has_settings}
    return _json(told)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def note(text: str) -> str:
    """Write down what went wrong outside of Python."""
    LOG.error("%s", text)
    return "{}"

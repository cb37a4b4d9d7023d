"""A consolidation in the page: of files that a person picks, with a history that the browser keeps or a picked one.

The worker puts the picked files into a folder of the page's own; what comes of them it hands over as downloads.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.core.outcomes import Side
from poa_xl.errors import PoaError
from poa_xl.i18n import set_language
from poa_xl.store.records import FILE, FOLDER

# Where the worker puts what was picked, by what it is for, and fetches what is to be handed over.
PICKED = Path("/files")
_ANSWERS, _MASTER, _HISTORY, _OUT = "answers", "master", "history", "out"
# Where what outlives the page is kept; a master has a folder there, in which its history stays.
KEPT = Path("/poa")
# So many changes are shown; the sheet `Cambios` of the result has them all.
_MOST = 300


def consolidate(text: str) -> str:
    """Consolidate what was picked, or show what would come of it.

    Args:
        text: JSON: `language`; `write`, whether files are to be handed over; `prefer`, whose value wins a conflict, as
            `poa sync --prefer` takes it, or nothing; `removals`, whether rows that a unit took away are taken away.

    Returns:
        JSON: `problem`, a sentence, or nothing; `units`, `changes` and `notes` as the sheets of the consolidation have
        them; `files`, paths and names of what is to be handed over.
    """
    asked = json.loads(text)
    set_language(asked["language"])
    master = next(iter(_picked(_MASTER)), None)
    if master is None:
        raise LookupError(_MASTER)
    home = KEPT / "oficina" / master.name
    home.mkdir(parents=True, exist_ok=True)
    for history in _picked(_HISTORY):
        (home / FOLDER).mkdir(exist_ok=True)
        shutil.copy(history, home / FOLDER / FILE)
    # The settings of an office stand beside its master.
    settings = [each for each in _picked(_ANSWERS) if each.suffix.lower() == ".toml"]
    beside = [Path(shutil.copy(each, home / each.name)) for each in (master, *settings)]
    answers = [each for each in _picked(_ANSWERS) if each not in settings]
    side = {"unit": Side.UNIT, "master": Side.MASTER}.get(asked["prefer"])
    options = SyncOptions(side, accept_removals=asked["removals"], newest=True, dry_run=not asked["write"], jobs=1)
    try:
        done = sync(answers, beside[0], options)
    except PoaError as error:
        return _json({"problem": str(error)})
    else:
        return _json(_told(done, home))
    finally:
        for each in beside:
            each.unlink(missing_ok=True)
        shutil.rmtree(home / "respaldos", ignore_errors=True)


def _picked(kind: str) -> list[Path]:
    """Return the files that were picked for something, in order of name."""
    return sorted((PICKED / kind).glob("*"))


def _told(done: Synced, home: Path) -> dict[str, Any]:
    """Return what came of it, and put beside the picked files what is to be handed over."""
    lines = sorted(done.result.changes, key=lambda line: not line.is_open)
    return {
        "problem": "",
        "units": [asdict(each) for each in done.result.submissions],
        "changes": [{**asdict(each), "open": each.is_open} for each in lines[:_MOST]],
        "all": len(lines),
        "waiting": sum(each.is_open for each in lines),
        "notes": list(done.notes),
        "files": _handed_over(done, home) if done.path is not None else [],
    }


def _handed_over(done: Synced, home: Path) -> list[dict[str, str]]:
    out = PICKED / _OUT
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    found = [done.path, home / FOLDER / FILE]
    return [{"path": str(shutil.copy(each, out / each.name)), "name": each.name} for each in found if each is not None]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

"""What a regional office does in the page: with files that a person picks, and a history that the browser keeps.

The worker puts the picked files into a folder of the page's own; what comes of them it hands over as downloads.
"""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from poa_xl.actions import recounting, watching
from poa_xl.actions.approving import Approval, approve, modify
from poa_xl.actions.closing import close_quarter, track_book
from poa_xl.actions.evaluating import report_book, shares
from poa_xl.actions.load import load_one
from poa_xl.actions.moment import shown
from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.past.words import called, what
from poa_xl.actions.settings import load_profile
from poa_xl.actions.sheetwise import split_sheets, sync_sheets
from poa_xl.actions.standing import standings, write_standings
from poa_xl.actions.syncing import Synced, SyncOptions
from poa_xl.actions.updating import Options
from poa_xl.books.book import FileBook
from poa_xl.buttons.saying import finding_line
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Located
from poa_xl.core.outcomes import Side
from poa_xl.core.text import squeeze
from poa_xl.errors import BookError, PoaError
from poa_xl.i18n import say, set_language
from poa_xl.store.records import FILE, FOLDER, UNDONE, Run, Version

# Where the worker puts what was picked, by what it is for, and fetches what is to be handed over.
PICKED = Path("/files")
_ANSWERS, _MASTER, _HISTORY, _OUT = "answers", "master", "history", "out"
# Where what outlives the page is kept; a master has a folder there, in which its history stays.
KEPT = Path("/poa")
_SENT, _BACKUPS = "enviados", "respaldos"
# So many steps can be taken back here, one for each plan of a master; browsers give a page only so much room.
_DEEPEST = 12
# So many changes are shown; the sheet `Cambios` of the result has them all.
_MOST = 300


@dataclass(frozen=True)
class _Desk:
    """The picked files where they can be worked on.

    Attributes:
        asked: What the page asks.
        home: The folder of the master.
        master: The master in it.
        answers: What came back.
    """

    asked: dict[str, Any]
    home: Path
    master: Path
    answers: list[Path]


def consolidate(text: str) -> str:
    """Consolidate what was picked, or show what would come of it.

    Args:
        text: JSON: `language`; `write`, whether files are to be handed over; `prefer`, whose value wins a conflict, as
            `poa sync --prefer` takes it, or nothing; `removals`, whether rows that a unit took away are taken away.

    Returns:
        JSON: `problem`, a sentence, or nothing; `units`, `changes` and `notes` as the sheets of the consolidation have
        them; `files`, paths and names of what is to be handed over.
    """
    return _done(text, _consolidated)


def hand_out(text: str) -> str:
    """Write the workbook of each unit, as `poa split`: `parts` unit by unit, all of them as one archive."""
    return _done(text, _handed_out)


def standing(text: str) -> str:
    """Say where every unit stands, as `poa status`: `units`, with a reminder where something is owed."""
    return _done(text, _standing)


def freeze(text: str) -> str:
    """Register the plan as an approved version, as `poa approve`, under `resolution`: what it is called now."""
    return _done(text, _frozen)


def modified(text: str) -> str:
    """List what differs from the approved version in the sheet *Modificaciones*, as `poa modifications`."""
    return _done(text, _modified)


def past(text: str) -> str:
    """Tell of the steps of the master and the last changes, as `poa history`."""
    return _done(text, _past)


def track(text: str) -> str:
    """Put *Seguimiento* into the plan or renew it, as `poa track`; `until` is the cut-off month, or nothing."""
    return _done(text, _tracked)


def close(text: str) -> str:
    """Close the quarter of the cut-off month, as `poa track --close`."""
    return _done(text, _closed)


def report(text: str) -> str:
    """Write the report at the cut-off month as a workbook, as `poa report`."""
    return _done(text, _reported)


def take_back(text: str) -> str:
    """Take back the last step of the picked master that was done here: what it was before is handed over."""
    return _done(text, _taken_back)


def _done(text: str, work: Callable[[_Desk], dict[str, Any]]) -> str:
    asked = json.loads(text)
    set_language(asked["language"])
    try:
        with _desk(asked) as desk:
            return _json({"problem": "", **work(desk)})
    except PoaError as error:
        return _json({"problem": str(error)})


@contextmanager
def _desk(asked: dict[str, Any]) -> Iterator[_Desk]:
    """Put what was picked where the program expects it, and leave only what outlives the page."""
    picked = next(iter(_picked(_MASTER)), None)
    if picked is None:
        raise LookupError(_MASTER)
    home = KEPT / "oficina" / picked.name
    home.mkdir(parents=True, exist_ok=True)
    for history in _picked(_HISTORY):
        (home / FOLDER).mkdir(exist_ok=True)
        shutil.copy(history, home / FOLDER / FILE)
    # The settings of an office stand beside its master.
    settings = [each for each in _picked(_ANSWERS) if each.suffix.lower() == ".toml"]
    beside = [Path(shutil.copy(each, home / each.name)) for each in (picked, *settings)]
    answers = [each for each in _picked(_ANSWERS) if each not in settings]
    try:
        yield _Desk(asked, home, beside[0], answers)
    finally:
        for each in beside:
            each.unlink(missing_ok=True)
        shutil.rmtree(home / _SENT, ignore_errors=True)
        kept = sorted((home / _BACKUPS).glob("*"), key=lambda each: each.stat().st_mtime)
        for each in kept[:-_DEEPEST]:
            each.unlink()


def _picked(kind: str) -> list[Path]:
    """Return the files that were picked for something, in order of name."""
    return sorted((PICKED / kind).glob("*"))


def _consolidated(desk: _Desk) -> dict[str, Any]:
    asked = desk.asked
    side = {"unit": Side.UNIT, "master": Side.MASTER}.get(asked["prefer"])
    options = SyncOptions(side, accept_removals=asked["removals"], newest=True, dry_run=not asked["write"], jobs=1)
    done = sync_sheets(desk.answers, desk.master, options)
    written = any(each.path for each in done.values())
    return {**_told(done), "files": _handed_over(desk.master, desk.home / FOLDER / FILE) if written else []}


def _told(done: Mapping[str, Synced]) -> dict[str, Any]:
    """Say what came of each sheet as of one plan; notes name their sheet where there are several."""
    lines = [(sheet, line) for sheet, each in done.items() for line in each.result.changes]
    lines.sort(key=lambda each: not each[1].is_open)
    notes = [(sheet, note) for sheet, each in done.items() for note in each.notes]
    return {
        "units": [asdict(line) for each in done.values() for line in each.result.submissions],
        "changes": [{**asdict(line), "sheet": sheet, "open": line.is_open} for sheet, line in lines[:_MOST]],
        "all": len(lines),
        "waiting": sum(line.is_open for _, line in lines),
        "notes": [say("Hoja «{sheet}»: {note}", sheet=sheet, note=note) if sheet else note for sheet, note in notes],
    }


def _handed_out(desk: _Desk) -> dict[str, Any]:
    parts = split_sheets(desk.master, desk.home / _SENT, jobs=1)
    out = _emptied()
    archive = out / f"{_SENT}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as together:
        for each in parts:
            if not each.problem:
                together.write(each.path, each.path.name)
    told = [
        {"unit": each.unit, "file": each.path.name, "operations": each.operations, "problem": each.problem}
        for each in parts
    ]
    return {"parts": told, "files": [_named(archive), *_copied(desk.home / FOLDER / FILE)]}


def _standing(desk: _Desk) -> dict[str, Any]:
    received = desk.home / "recibidos"
    received.mkdir()
    try:
        for each in desk.answers:
            shutil.copy(each, received)
        lines = standings(desk.master, received)
    finally:
        shutil.rmtree(received)
    listed = _emptied() / say("Estado de envíos de {name}.xlsx", name=desk.master.stem)
    write_standings(lines, listed)
    return {"units": [{**asdict(each), "mailto": each.mailto} for each in lines], "files": [_named(listed)]}


def _frozen(desk: _Desk) -> dict[str, Any]:
    resolution = squeeze(desk.asked["resolution"])
    if not resolution:
        raise BookError(say("escribir primero la resolución que aprueba el plan"))
    done = approve(desk.master, Approval(resolution))
    head = say(
        "El plan quedó como versión «{name}»; cambios respecto de la anterior: {count}.",
        name=done.version.name,
        count=len(done.modified),
    )
    return {"said": head, "lines": _found(done.findings), "files": _handed_over(desk.master, desk.home / FOLDER / FILE)}


def _modified(desk: _Desk) -> dict[str, Any]:
    done = modify(desk.master)
    head = say(
        "Cambios respecto de la versión «{name}»: {count}. Están en la hoja Modificaciones.",
        name=done.version.name,
        count=len(done.modified),
    )
    files = _handed_over(desk.master, desk.home / FOLDER / FILE) if done.path else []
    return {"said": head, "lines": _found(done.findings), "files": files}


def _found(findings: Iterable[Located]) -> list[str]:
    return [finding_line(each) for each in findings]


def _tracked(desk: _Desk) -> dict[str, Any]:
    done = track_book(desk.master, Options(until=desk.asked["until"]))
    placed: Any = done.tracked
    head = say("Seguimiento hasta {month}, en la hoja «{sheet}»:", month=MONTHS[placed.cutoff], sheet=placed.sheet)
    lines = [*_counted(placed.states), *_found(placed.findings)]
    files = _handed_over(desk.master, desk.home / FOLDER / FILE) if done.path else []
    return {"said": head, "lines": lines, "files": files}


def _closed(desk: _Desk) -> dict[str, Any]:
    opened = load_one(FileBook(desk.master), profile=load_profile(None, desk.home))
    month = watching.cutoff(opened) if desk.asked["until"] is None else desk.asked["until"]
    done = close_quarter(desk.master, f"T{month // 3 + 1}", Options())
    head = say("Trimestres cerrados: {names}. Deshacer lo abre otra vez.", names=", ".join(done.closed))
    return {"said": head, "lines": [], "files": _handed_over(desk.master, desk.home / FOLDER / FILE)}


def _reported(desk: _Desk) -> dict[str, Any]:
    done = report_book(desk.master, _emptied() / "informe.xlsx", desk.asked["until"])
    month, (physical, financial) = MONTHS[done.found.cutoff], shares(done.found)
    head = say(
        "Hasta {month}: avance físico {physical}, ejecución financiera {financial}.",
        month=month,
        physical=physical,
        financial=financial,
    )
    file = done.path.rename(done.path.with_name(f"informe_{desk.master.stem}_{month}.xlsx"))
    return {"said": head, "lines": _counted(done.found.states), "files": [_named(file)]}


def _counted(states: Mapping[Any, int]) -> list[str]:
    return [f"{state}: {count}" for state, count in states.items()]


def _past(desk: _Desk) -> dict[str, Any]:
    told = tell(None, desk.master)
    changes = [{**asdict(each.entry), "run": each.run, "author": each.author} for each in told.past]
    steps = [
        " · ".join(
            (
                str(run.number),
                shown(run.started_at),
                say("deshecha") if run.state == UNDONE else say("vigente"),
                _what(run, told.versions.get(run.id)),
                *recounting.by_whom(changes, run.number),
            )
        )
        for run in told.runs
    ]
    head = say("Historia de {file}, lo último primero:", file=desk.master.name)
    return {"said": head, "lines": steps, "more": [*map(recounting.change, changes[:_MOST])], "files": []}


def _what(run: Run, version: Version | None) -> str:
    return what(run.kind) if version is None else what(run.kind, version.name, version.resolution)


def _taken_back(desk: _Desk) -> dict[str, Any]:
    done = undo(master=desk.master)
    # What was taken back is picked again by who wants it.
    if done.backup is not None:
        done.backup.unlink(missing_ok=True)
    step = called(done.run.kind, done.run.number)
    return {"step": step, "files": _handed_over(done.master, desk.home / FOLDER / FILE)}


def _emptied() -> Path:
    """Return the folder of what is to be handed over, with nothing in it."""
    out = PICKED / _OUT
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return out


def _handed_over(*paths: Path) -> list[dict[str, str]]:
    _emptied()
    return _copied(*paths)


def _copied(*paths: Path) -> list[dict[str, str]]:
    present = (each for each in paths if each.is_file())
    return [_named(Path(shutil.copy(each, PICKED / _OUT / each.name))) for each in present]


def _named(path: Path) -> dict[str, str]:
    return {"path": str(path), "name": path.name}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

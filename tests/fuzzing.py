"""Mutated workbooks through everything that takes a workbook: `python -m tests.fuzzing --seconds 60 --seed 1`.

A case is a workbook of ours, damaged by bytes, by parts, by XML or by cells, and then checked, updated, cleaned, split and
consolidated. A sentence of ours is a right answer. A traceback, a file that takes too long, a workbook that Excel would
repair though the one before was whole: each is kept in `build/fuzz` and ends the run with 1. Cases depend on seed and
number alone; `--case N` does one again.
"""

import argparse
import contextlib
import io
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl

from poa_xl.actions.checking import check_file
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.errors import PoaError
from tests.books.patch.torture import torture
from tests.judges.excel_rules import broken
from tests.paths import ROOT
from tests.plans import edit, save, small

KEPT = ROOT / "build" / "fuzz"
# Processor time, so that a busy machine makes no hang.
LIMIT = 30
_TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(rb'\s([\w:.-]+)="([^"]*)"')
_TEXT = re.compile(rb">([^<>]+)<")

VALUES = (
    "",
    "0",
    "-1",
    "1",
    "true",
    "x",
    "NaN",
    "INF",
    "1e999",
    "9E999999",
    "1E9999999",
    "-0",
    "4294967296",
    "99999999999999999999",
    "A1",
    "A0",
    "$X$9:$Y",
    "XFD1048576",
    "XFE1",
    "A1:XFD1048576",
    "A1:A9999999",
    "ZZZZ9",
    "#REF!",
    "#N/A",
    "_xD800_",
    "_x0007_x",
    "'",
    "=1+1",
    "[bold]",
    "ñ😀",
    "1.234",
    "1.234,56",
    "1800-9",
    "31/02/20",
    "2958466",
    "-5",
    "0.1",
    "1" * 400,
    "1." * 300 + "1",
    "a" * 40000,
    " ",
    "rId99",
    "../../x",
    "/xl/x.xml",
    "sheet",
    "inlineStr",
    "s",
    "str",
    "e",
    "b",
    "GROGR1.2.5.1.10",
    "Total",
)
CELLS = (
    None,
    "",
    " ",
    0,
    -1,
    1.5,
    1e308,
    -1e-300,
    2**53 + 1,
    True,
    False,
    date(1900, 1, 1),
    date(2020, 2, 29),
    date(9999, 12, 31),
    "=1+1",
    "=SUM(A1:A9)",
    "=#REF!",
    "#N/A",
    "X",
    "1.234",
    "12,5%",
    "$us 100",
    "GRO1.1",
    "GRO1.1.",
    "1.1",
    "GRO1.99.1",
    "TOTAL GENERAL",
    "Subtotal",
    "n/a",
    "_x000D_",
    "a\nb",
    "\t=x",
    "x" * 32767,
    "\u202e",
    "[red]",
    "'=1",
    "Código",
    "Meta",
    "Presupuesto",
    "ENE",
    "Acumulada",
    "VERDE",
    "unidad",
    "maestro",
)


class Hang(Exception):  # noqa: N818 - what it is
    """It took too long."""


def pack(members: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def unpacked(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


# What is mutated


@cache
def seeds() -> tuple[bytes, ...]:
    """Workbooks that are whole: a plan, one that openpyxl saved, an updated one, a unit's, and one with a bit of all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = save(small(), folder / "p.xlsx")
        foreign = folder / "o.xlsx"
        openpyxl.load_workbook(plan).save(foreign)
        updated = save(small(), folder / "u.xlsx")
        update_book(updated, Options())
        units = split_book(save(small(), folder / "m.xlsx"), folder / "e")
        return (*(path.read_bytes() for path in (plan, foreign, updated, units[0].path)), torture())


# How


def by_bytes(chance: random.Random, data: bytes) -> bytes:
    """Change, drop or repeat a few bytes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(changed))
        size = chance.randint(1, 40)
        if chance.random() < 0.6:
            changed[place] = chance.randrange(256)
        elif chance.random() < 0.5:
            del changed[place : place + size]
        else:
            changed[place:place] = changed[place : place + size]
    return bytes(changed) if chance.random() < 0.9 else bytes(changed[: chance.randrange(len(changed))])


def by_parts(chance: random.Random, data: bytes) -> bytes:
    """Drop, double, swap, empty or rename parts."""
    members = unpacked(data)
    for _ in range(chance.randint(1, 2)):
        one, other = chance.randrange(len(members)), chance.randrange(len(members))
        name, content = members[one]
        match chance.randrange(5):
            case 0 if len(members) > 1:
                del members[one]
            case 1:
                members.append((name.upper(), content))
            case 2:
                members[one], members[other] = (name, members[other][1]), (members[other][0], content)
            case 3:
                members[one] = (name, b"")
            case _:
                members[one] = (name.replace("1", "2") if "1" in name else f"{name}x", content)
    return pack(members)


def by_xml(chance: random.Random, data: bytes) -> bytes:
    """Change attributes, texts and elements of parts, mostly of sheets."""
    members = unpacked(data)
    parts = [number for number, (name, _) in enumerate(members) if name.endswith((".xml", ".rels", ".vml"))]
    sheets = [number for number in parts if "worksheets/sheet" in members[number][0]]
    for _ in range(chance.randint(1, 5)):
        number = chance.choice(sheets if sheets and chance.random() < 0.5 else parts)
        name, xml = members[number]
        members[number] = (name, _changed(chance, xml))
    return pack(members)


def _changed(chance: random.Random, xml: bytes) -> bytes:
    kind = chance.randrange(6)
    pattern = _ATTRIBUTE if kind <= 2 else _TEXT if kind == 3 else _TAG
    found = list(pattern.finditer(xml))
    if not found:
        return xml
    match = chance.choice(found)
    value = chance.choice(VALUES).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").encode()
    if kind == 0:
        return xml[: match.start()] + xml[match.end() :]
    if kind in (1, 2, 3):
        group = 1 if kind == 3 else 2
        return xml[: match.start(group)] + value + xml[match.end(group) :]
    end = _end(xml, match)
    element = xml[match.start() : end]
    if kind == 4:
        return xml[: match.start()] + xml[end:]
    place = chance.choice(found).start() if chance.random() < 0.5 else end
    return xml[:place] + element + xml[place:]


def _end(xml: bytes, tag: re.Match[bytes]) -> int:
    """Where the element of an opening tag ends; the tag itself where that cannot be said simply."""
    if tag[1] or tag[3].endswith(b"/"):
        return tag.end()
    close = xml.find(b"</" + tag[2] + b">", tag.end())
    return tag.end() if close < 0 else close + len(tag[2]) + 3


def by_cells(chance: random.Random, data: bytes) -> bytes:
    """Type into cells, merge some, hide rows, drop and insert rows and columns."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    for _ in range(chance.randint(1, 12)):
        row, column = chance.randint(1, page.max_row + 3), chance.randint(1, min(page.max_column, 40) + 2)
        match chance.randrange(12):
            case 0:
                page.insert_rows(row, chance.randint(1, 3))
            case 1:
                page.delete_rows(row)
            case 2:
                page.delete_cols(column)
            case 3:
                page.insert_cols(column)
            case 4:
                with contextlib.suppress(ValueError, AttributeError):
                    page.merge_cells(
                        start_row=row,
                        start_column=column,
                        end_row=row + chance.randint(0, 2),
                        end_column=column + chance.randint(0, 2),
                    )
            case 5:
                page.row_dimensions[row].hidden = True
            case 6:
                page.cell(row, column).number_format = chance.choice(("0%", "dd/mm/yyyy", "@", "[h]:mm", '#,##0.00"x"'))
            case _:
                with contextlib.suppress(AttributeError):  # the inside of a merge
                    page.cell(row, column).value = chance.choice(CELLS)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    by_bytes,
    by_parts,
    by_xml,
    by_xml,
    by_xml,
    by_cells,
    by_cells,
    by_cells,
)


def mutated(seed: int, number: int) -> bytes:
    """Return the workbook of a case."""
    chance = random.Random(f"{seed}-{number}")  # noqa: S311 - no secret
    data = chance.choice(seeds())
    return chance.choice(WAYS)(chance, data)


# What is done with it


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    def hang(*_: object) -> None:
        raise Hang(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGVTALRM, hang)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _faults(data: bytes) -> set[str]:
    """What Excel would repair, without places, since these move."""
    try:
        return {re.sub(r"[A-Z]*\d+", "#", text) for text in broken(data)}
    except (ValueError, TypeError, KeyError) as error:  # so broken that the judge gives up
        return {type(error).__name__}


def _whole(before: bytes, path: Path) -> None:
    """Refuse a workbook in which Excel finds more to repair than in the one before."""
    new = sorted(_faults(path.read_bytes()) - _faults(before))
    if new:
        raise AssertionError(f"Excel would repair it: {new[:5]}")


def do_check(data: bytes, folder: Path) -> None:
    path = _put(data, folder)
    check_file(path)
    if path.read_bytes() != data:
        raise AssertionError("a check wrote")


def do_update(data: bytes, folder: Path) -> None:
    path = _put(data, folder)
    for options in (Options(), Options(rollup=True)):
        before = path.read_bytes()
        update_book(path, options)
        _whole(before, path)
    before = path.read_bytes()
    clean_book(path, Options())
    _whole(before, path)


def do_clean(data: bytes, folder: Path) -> None:
    path = _put(data, folder)
    clean_book(path, Options())
    _whole(data, path)


def do_split(data: bytes, folder: Path) -> None:
    for part in split_book(_put(data, folder), folder / "e"):
        if not part.problem and broken(part.path.read_bytes()):
            raise AssertionError(f"Excel would repair {part.path.name}: {broken(part.path.read_bytes())[:3]}")


def do_sync_unit(data: bytes, folder: Path) -> None:
    """Take it as the answer of a unit."""
    master = save(small(), folder / "maestro.xlsx")
    split_book(master, folder / "e")
    before = master.read_bytes()
    (folder / "r").mkdir()
    _put(data, folder / "r")
    sync([folder / "r"], master, SyncOptions(jobs=1))
    _whole(before, master)


def do_sync_master(data: bytes, folder: Path) -> None:
    """Take it as the master."""
    master = _put(data, folder)
    units = split_book(master, folder / "e")
    with contextlib.suppress(StopIteration, AssertionError, ValueError, KeyError):
        edit(next(part.path for part in units if part.operations), ("GRO1.1.1", "budget", 150))
    sync([folder / "e"], master, SyncOptions(jobs=1))
    _whole(data, master)


def _put(data: bytes, folder: Path) -> Path:
    path = folder / "plan.xlsx"
    path.write_bytes(data)
    return path


ACTIONS = (do_check, do_update, do_clean, do_split, do_sync_unit, do_sync_master)


def trial(data: bytes, chance: random.Random) -> list[tuple[str, str]]:
    """Check a workbook, and do one thing more with it; return what went wrong, by action."""
    wrong = []
    for action in (do_check, chance.choice(ACTIONS[1:])):
        folder = Path(tempfile.mkdtemp(prefix="poa-fuzz-"))
        try:
            with limited(LIMIT):
                action(data, folder)
        except PoaError:
            pass
        except Exception:  # noqa: BLE001 - what is looked for
            wrong.append((action.__name__, traceback.format_exc()))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return wrong


def place_of(trace: str) -> str:
    """Say where a traceback ends in our code, and with what: faults that agree in this are one."""
    ours = re.findall(r'File ".*/(poa_xl/[^"]+)", line (\d+)', trace)
    last = trace.strip().splitlines()[-1][:160]
    return f"{':'.join(ours[-1]) if ours else '?'} {re.sub(r'[0-9]+', '#', last)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="do one case again, and show all of it")
    given = parser.parse_args()
    import poa_xl.actions.receiving as receiving  # noqa: PLC0415, PLR0402 - only to take its net away

    # The net that lets one file not stop the others would hide what is looked for.
    if hasattr(receiving, "apart"):
        receiving.apart = _unguarded
    known: dict[str, int] = {}
    number, start = given.case or 0, time.monotonic()
    while given.case is not None or time.monotonic() - start < given.seconds:
        data = mutated(given.seed, number)
        for action, trace in trial(data, random.Random(f"{given.seed}-{number}-do")):  # noqa: S311 - no secret
            place = f"{action} {place_of(trace)}"
            known[place] = known.get(place, 0) + 1
            if known[place] == 1 or given.case is not None:
                KEPT.mkdir(parents=True, exist_ok=True)
                (KEPT / f"{given.seed}-{number}.xlsx").write_bytes(data)
                (KEPT / f"{given.seed}-{number}-{action}.txt").write_text(trace, "utf-8")
                print(f"case {number}: {place}", flush=True)  # noqa: T201
                if given.case is not None:
                    print(trace)  # noqa: T201
        number += 1
        if given.case is not None:
            break
    print(f"{number} cases, seed {given.seed}: {len(known)} different faults {sum(known.values())} times")  # noqa: T201
    return 1 if known else 0


def _unguarded(work: Callable[[object], object], tasks: list[object], *_: object, **__: object) -> Iterator[object]:
    from poa_xl.actions.apart import Outcome  # noqa: PLC0415 - only here

    for task in tasks:
        yield Outcome(task, work(task))


if __name__ == "__main__":
    sys.exit(main())

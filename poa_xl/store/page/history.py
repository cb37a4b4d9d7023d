"""The history of a master in a page: the file that `poa_xl.store.history` keeps, by what Python has for SQLite.

What each method says and gives is told there; one contract holds both.
"""

# ruff: noqa: S608 - tables and columns are named by us, and values stand apart from them

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from poa_xl.core.text import fold
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.store.packing import unpack_settled
from poa_xl.store.page.tables import HEAD, TABLES
from poa_xl.store.records import DONE, PENDING, UNDONE, Entry, Input, Past, Run, Sent, Settled, Taken, Version


class DatabaseError(Exception):
    """What the database says, as `orig`."""

    def __init__(self, orig: Exception) -> None:
        super().__init__(str(orig))
        self.orig = orig


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """Turn what the database says into a sentence of ours."""
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseError) as error:
        raise BookError(say("la historia no se puede leer o escribir ({detail})", detail=error)) from error


def _columns(kind: type, *left_out: str) -> str:
    """Return the columns of a record; its fields are called as they are."""
    return ", ".join(f'"{each.name}"' for each in fields(kind) if each.name not in left_out)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


class History:
    """A history, open; see its namesake.

    Args:
        url: Its file.
        migrate: Make its tables where there are none.

    Raises:
        BookError: Another version of poa-xl wrote it.
        DatabaseError: It is no database.
    """

    def __init__(self, url: Path, *, migrate: bool = True) -> None:
        self.url = url
        url.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._open() as database:
                found = database.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
                if found is None and migrate:
                    database.executescript(
                        f"{TABLES} CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
                        f"INSERT INTO alembic_version VALUES ('{HEAD}');"
                    )
                ((version,),) = database.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.DatabaseError as error:
            raise DatabaseError(error) from error
        if version != HEAD:
            raise BookError(
                say(
                    "{url}: la historia es de otra versión de poa-xl; abrirla una vez con poa history en un equipo que "
                    "tenga poa-xl y volver a elegirla",
                    url=url.name,
                )
            )

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection; what is done in it holds together."""
        with contextlib.closing(sqlite3.connect(self.url)) as database:
            database.execute("PRAGMA foreign_keys=ON")
            with database:
                yield database

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._open() as database:
            return database.execute(query, values).fetchall()

    @staticmethod
    def _insert(database: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        # Names of ours, values apart from them.
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({_marks([*row])})", [*row.values()])

    # What was sent

    def send(self, new: Sequence[Sent]) -> list[Sent]:
        """Write down what is sent."""
        found = []
        for each in new:
            known, last = self.sent(each.id), self.latest(each.plan, each.year).get(fold(each.unit), (0, ""))[0]
            with self._open() as database:
                if known is None:
                    known = replace(each, version=last + 1)
                    self._insert(database, "sent", asdict(known))
                else:
                    known = replace(known, approved=each.approved, texts=each.texts)
                    values = (each.approved, each.texts, each.id)
                    database.execute("UPDATE sent SET approved = ?, texts = ? WHERE id = ?", values)
            found.append(known)
        return found

    def copied(self, sent_as: Mapping[str, str]) -> None:
        """Write down the workbooks that are about to be sent."""
        with self._open() as database:
            database.executemany("INSERT OR IGNORE INTO copies VALUES (?, ?)", [*sent_as.items()])

    def copies(self) -> dict[str, str]:
        """List every workbook that was sent."""
        return dict(self._all("SELECT sha256, sent FROM copies"))

    def sent(self, key: str) -> Sent | None:
        """Return what was sent under a key."""
        found = self._all(f"SELECT {_columns(Sent)} FROM sent WHERE id = ?", [key])
        return Sent(*found[0]) if found else None

    def all_sent(self, keys: Iterable[str]) -> dict[str, Sent]:
        """Return what was sent under some keys."""
        wanted = [each for key in keys if (each := self.sent(key)) is not None]
        return {each.id: replace(each, content=b"", texts=None) for each in wanted}

    def units(self, plan: str, year: int | None) -> list[str]:
        """List the units that were sent a part of a plan."""
        query = 'SELECT DISTINCT unit FROM sent WHERE "plan" = ? AND year IS ? ORDER BY unit'
        return [unit for (unit,) in self._all(query, (plan, year))]

    def latest(self, plan: str, year: int | None) -> dict[str, tuple[int, str]]:
        """Return version and time of the last sending of each unit's part."""
        query = 'SELECT unit, version, sent_at FROM sent WHERE "plan" = ? AND year IS ? ORDER BY version'
        return {fold(unit): (version, moment) for unit, version, moment in self._all(query, (plan, year))}

    # Runs

    def lineage(self, run: str | None) -> list[str]:
        """List a run and those that it builds on."""
        parents = dict(self._all("SELECT id, parent FROM runs"))
        found: list[str] = []
        while run is not None and run in parents and run not in found:
            found.append(run)
            run = parents[run]
        return found

    def settled(self, base: str, lineage: Sequence[str]) -> Settled:
        """Return by code what later runs settled about something sent."""
        told = defaultdict(list)
        for run, settled in self._all("SELECT run, settled FROM inputs WHERE base = ?", [base]):
            told[run].append(settled)
        found: dict[str, Any] = {}
        for run in reversed(lineage):
            for settled in told[run]:
                found |= unpack_settled(settled)
        return found

    def taken(self, lineage: Sequence[str]) -> list[Taken]:
        """List the files that some runs read."""
        query = (
            f"SELECT number, {_columns(Taken, 'run')} FROM runs JOIN inputs ON run = id "
            f"WHERE id IN ({_marks(lineage)}) ORDER BY number, file"
        )
        return [Taken(*row) for row in self._all(query, lineage)]

    def last_taken(self, lineage: Sequence[str]) -> list[Input]:
        """List the last file of each sending that some runs read, without what they settled."""
        query = (
            f"SELECT number, {_columns(Input, 'settled', 'status')}, x'', status FROM runs JOIN inputs ON run = id "
            f"WHERE id IN ({_marks(lineage)}) ORDER BY file"
        )
        rows = [(number, Input(*row)) for number, *row in self._all(query, lineage)]
        last = {each.base: number for number, each in sorted(rows, key=lambda row: row[0])}
        return [each for number, each in rows if last[each.base] == number]

    def plan_of(self, run: str) -> bytes:
        """Return the plan that came of a run, packed."""
        found = self._all("SELECT content FROM runs WHERE id = ?", [run])
        return found[0][0] if found else b""

    def versions(self, lineage: Sequence[str]) -> list[Version]:
        """List the versions that some runs approved."""
        query = (
            f"SELECT {_columns(Version)} FROM runs JOIN versions ON run = id "
            f"WHERE id IN ({_marks(lineage)}) ORDER BY number"
        )
        return [Version(*row) for row in self._all(query, lineage)]

    def begin(
        self,
        run: Run,
        content: bytes,
        read: Sequence[Input] = (),
        became: Sequence[Entry] = (),
        version: Version | None = None,
    ) -> Run:
        """Write a run down before the master is replaced."""
        with self._open() as database:
            ((last,),) = database.execute("SELECT coalesce(max(number), 0) FROM runs")
            run = replace(run, number=last + 1, state=PENDING)
            self._insert(database, "runs", {**asdict(run), "content": content})
            for each in read:
                self._insert(database, "inputs", {**asdict(each), "run": run.id})
            for number, entry in enumerate(became, 1):
                self._insert(database, "changes", {**asdict(entry), "run": run.id, "number": number})
            if version is not None:
                self._insert(database, "versions", asdict(version))
        return run

    def confirm(self, run: str, state: str = DONE) -> None:
        """Say that the master carries a run, or does not any more."""
        with self._open() as database:
            database.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run))

    def drop(self, run: str) -> None:
        """Forget a run that never came to be."""
        with self._open() as database:
            database.execute("DELETE FROM runs WHERE id = ?", [run])

    def runs(self, *states: str) -> list[Run]:
        """List runs, the latest first."""
        found = [Run(*row) for row in self._all(f"SELECT {_columns(Run)} FROM runs ORDER BY number DESC")]
        return [each for each in found if not states or each.state in states]

    def past(self, code: str = "", unit: str = "", since: str = "") -> list[Past]:
        """List changes, the latest run first."""
        entry = ", ".join(f"c.{name}" for name in _columns(Entry).split(", "))
        query = (
            "SELECT r.number, r.started_at, r.state, "
            f"(SELECT author FROM inputs i WHERE i.run = c.run AND i.file = c.file), {entry} "
            "FROM runs r JOIN changes c ON c.run = r.id WHERE r.state != ? ORDER BY r.number DESC, c.number"
        )
        rows = self._all(query, [PENDING])
        found = [Past(number, time, state == UNDONE, who or "", Entry(*row)) for number, time, state, who, *row in rows]
        return [
            each
            for each in found
            if (not code or each.entry.code == code or each.entry.code.startswith(f"{code}."))
            and (not unit or each.entry.unit == unit)
            and each.time >= since
        ]

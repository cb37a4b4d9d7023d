"""The history of a master, kept in a database: SQLite beside the workbook, or any that SQLAlchemy speaks to."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.exc import DatabaseError as DatabaseError  # noqa: PLC0414 - whoever opens a history catches it

from poa_xl.core.text import fold
from poa_xl.errors import BookError
from poa_xl.i18n import reason, say
from poa_xl.store.address import file_of, no_address, shown
from poa_xl.store.packing import unpack_settled
from poa_xl.store.records import DONE, PENDING, UNDONE, Entry, Input, Past, Run, Sent, Settled, Taken, Version
from poa_xl.store.schema import changes, copies, inputs, runs, sent, versions

# Any number: those who write the history of a server wait for each other under it.
_LOCK = 0x706F61


class History:
    """A history, open.

    Args:
        url: Where the database is.
        migrate: Bring its tables to this version; they are made where there are none.

    Raises:
        BookError: It cannot be opened, or a later version of poa-xl wrote it.
        DatabaseError: It is no database.
    """

    def __init__(self, url: URL, *, migrate: bool = True) -> None:
        self.url = url
        file = file_of(url)
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        except (ArgumentError, NoSuchModuleError, ImportError, TypeError) as error:
            raise BookError(no_address(shown(url), error)) from error
        except OSError as error:
            raise BookError(
                say("{url}: la historia no se puede abrir ({detail})", url=shown(url), detail=reason(error))
            ) from error
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _enforce)
        if migrate:
            _migrate(self._engine, shown(url))

    # What was sent

    def send(self, new: Sequence[Sent]) -> list[Sent]:
        """Write down what is sent; give what is known of it: the same content is one sending, with its first time."""
        with _alone(self._engine) as connection:
            return [self._send(connection, each) for each in new]

    def _send(self, connection: Connection, new: Sent) -> Sent:
        known = connection.execute(sa.select(sent).where(sent.c.id == new.id)).first()
        if known is not None:
            if (known.approved, known.texts) != (new.approved, new.texts):
                latest = sa.update(sent).where(sent.c.id == new.id)
                connection.execute(latest.values(approved=new.approved, texts=new.texts))
            return replace(Sent(*known), approved=new.approved, texts=new.texts)
        last = _latest(connection, new.plan, new.year).get(fold(new.unit), (0, ""))[0]
        values = asdict(new) | {"version": last + 1}
        connection.execute(sa.insert(sent).values(values))
        return Sent(**values)

    def copied(self, sent_as: Mapping[str, str]) -> None:
        """Write down the workbooks that are about to be sent: hash of their bytes to the key of the sending."""
        known = self.copies()
        rows = [{"sha256": each, "sent": key} for each, key in sent_as.items() if each not in known]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(copies), rows)

    def copies(self) -> dict[str, str]:
        """List every workbook that was sent: hash of its bytes to the key of its sending."""
        with self._engine.connect() as connection:
            return {row.sha256: row.sent for row in connection.execute(sa.select(copies))}

    def sent(self, key: str) -> Sent | None:
        """Return what was sent under a key; None when this history does not know it."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(sent).where(sent.c.id == key)).first()
        return Sent(*row) if row is not None else None

    def all_sent(self, keys: Iterable[str]) -> dict[str, Sent]:
        """Return what was sent under some keys, those that this history knows."""
        columns = [column for column in sent.c if column.name not in ("content", "texts")]
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).where(sent.c.id.in_(set(keys))))
            return {row.id: Sent(**row._mapping, content=b"") for row in rows}  # noqa: SLF001 - public, for all its name

    def units(self, plan: str, year: int | None) -> list[str]:
        """List the units that were sent a part of a plan, in alphabetical order."""
        query = sa.select(sent.c.unit).where(sent.c.plan == plan, sent.c.year == year).distinct().order_by(sent.c.unit)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def latest(self, plan: str, year: int | None) -> dict[str, tuple[int, str]]:
        """Return version and time of the last sending of each unit's part of a plan, by the unit's folded name."""
        with self._engine.connect() as connection:
            return _latest(connection, plan, year)

    # Runs

    def lineage(self, run: str | None) -> list[str]:
        """List a run and those that it builds on, the latest first; unknown ones end the list."""
        with self._engine.connect() as connection:
            parents = {row.id: row.parent for row in connection.execute(sa.select(runs.c.id, runs.c.parent))}
        found = []
        while run is not None and run in parents and run not in found:
            found.append(run)
            run = parents[run]
        return found

    def settled(self, base: str, lineage: Sequence[str]) -> Settled:
        """Return by code what later runs settled about something sent: the block to hold a file against, or None."""
        order = {run: number for number, run in enumerate(reversed(lineage))}
        with self._engine.connect() as connection:
            query = sa.select(inputs.c.run, inputs.c.settled).where(inputs.c.base == base, inputs.c.run.in_(lineage))
            rows = connection.execute(query).all()
        found: dict[str, Any] = {}
        for row in sorted(rows, key=lambda each: order[each.run]):
            found |= unpack_settled(row.settled)
        return found

    def taken(self, lineage: Sequence[str]) -> list[Taken]:
        """List the files that some runs read, the earliest run first."""
        columns = (inputs.c[name] for name in Taken.__slots__[1:])
        query = (
            sa.select(runs.c.number, *columns)
            .join_from(runs, inputs)
            .where(runs.c.id.in_(lineage))
            .order_by(runs.c.number, inputs.c.file)
        )
        with self._engine.connect() as connection:
            return [Taken(*row) for row in connection.execute(query)]

    def last_taken(self, lineage: Sequence[str]) -> list[Input]:
        """List the last file of each sending that some runs read, without what they settled."""
        each, later = inputs.alias(), runs.alias()
        last = (
            sa.select(each.c.base, sa.func.max(later.c.number).label("number"))
            .join_from(later, each)
            .where(later.c.id.in_(lineage))
            .group_by(each.c.base)
            .subquery()
        )
        columns = [inputs.c[name] for name in Input.__slots__ if name != "settled"]
        query = (
            sa.select(*columns)
            .join_from(runs, inputs)
            .join(last, sa.and_(inputs.c.base == last.c.base, runs.c.number == last.c.number))
            .where(runs.c.id.in_(lineage))
            .order_by(inputs.c.file)
        )
        with self._engine.connect() as connection:
            return [Input(**row._mapping, settled=b"") for row in connection.execute(query)]  # noqa: SLF001 - public, for all its name

    def plan_of(self, run: str) -> bytes:
        """Return the plan that came of a run, packed; nothing when there is no such run."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(runs.c.content).where(runs.c.id == run)).scalar() or b""

    def versions(self, lineage: Sequence[str]) -> list[Version]:
        """List the versions that some runs approved, the earliest first."""
        columns = (versions.c[name] for name in Version.__slots__)
        query = sa.select(*columns).join_from(runs, versions).where(runs.c.id.in_(lineage)).order_by(runs.c.number)
        with self._engine.connect() as connection:
            return [Version(*row) for row in connection.execute(query)]

    def begin(
        self,
        run: Run,
        content: bytes,
        read: Sequence[Input] = (),
        became: Sequence[Entry] = (),
        version: Version | None = None,
    ) -> Run:
        """Write a run down before the master is replaced; it is pending until `confirm`.

        Args:
            run: The run; it gets the next number.
            content: The plan that comes of it, packed.
            read: The files that it read.
            became: What became of every change.
            version: The version that it approves.

        Returns:
            The run with its number.
        """
        with _alone(self._engine) as connection:
            last = connection.execute(sa.select(sa.func.max(runs.c.number))).scalar() or 0
            values = asdict(run) | {"number": last + 1, "state": PENDING}
            connection.execute(sa.insert(runs).values(values | {"content": content}))
            if read:
                connection.execute(sa.insert(inputs), [asdict(each) | {"run": run.id} for each in read])
            if became:
                rows = [asdict(each) | {"run": run.id, "number": n} for n, each in enumerate(became, 1)]
                connection.execute(sa.insert(changes), rows)
            if version is not None:
                connection.execute(sa.insert(versions).values(asdict(version)))
        return Run(**values)

    def confirm(self, run: str, state: str = DONE) -> None:
        """Say that the master carries a run, or does not any more."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(runs).where(runs.c.id == run).values(state=state))

    def drop(self, run: str) -> None:
        """Forget a run that never came to be."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(runs).where(runs.c.id == run))

    def runs(self, *states: str) -> list[Run]:
        """List runs, the latest first: those in some states, or all."""
        query = sa.select(*(runs.c[name] for name in Run.__slots__)).order_by(runs.c.number.desc())
        if states:
            query = query.where(runs.c.state.in_(states))
        with self._engine.connect() as connection:
            return [Run(*row) for row in connection.execute(query)]

    def past(self, code: str = "", unit: str = "", since: str = "") -> list[Past]:
        """List changes, the latest run first.

        Args:
            code: Only of this code and what is below it.
            unit: Only of this unit.
            since: Only of runs from this day or moment on, ISO.
        """
        author = sa.select(inputs.c.author).where(inputs.c.run == changes.c.run, inputs.c.file == changes.c.file)
        query = (
            sa.select(runs.c.number, runs.c.started_at, runs.c.state, author.scalar_subquery(), changes)
            .join(changes)
            .where(runs.c.state != PENDING)
            .order_by(runs.c.number.desc(), changes.c.number)
        )
        if code:
            query = query.where(sa.or_(changes.c.code == code, changes.c.code.startswith(f"{code}.", autoescape=True)))
        if unit:
            query = query.where(changes.c.unit == unit)
        if since:
            query = query.where(runs.c.started_at >= since)
        with self._engine.connect() as connection:
            return [
                Past(number, time, state == UNDONE, who or "", Entry(*row[2:]))
                for number, time, state, who, *row in connection.execute(query)
            ]


def _latest(connection: Connection, plan: str, year: int | None) -> dict[str, tuple[int, str]]:
    query = sa.select(sent.c.unit, sent.c.version, sent.c.sent_at).where(sent.c.plan == plan, sent.c.year == year)
    rows = connection.execute(query.order_by(sent.c.version))
    return {fold(row.unit): (row.version, row.sent_at) for row in rows}


def _enforce(connection: Any, _: object) -> None:  # noqa: ANN401 - a connection of whichever driver
    connection.execute("PRAGMA foreign_keys=ON")


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that waits for others of its kind: what it reads is so until it has written."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def _migrate(engine: Engine, url: str) -> None:
    config = Config()
    # It reads % as the beginning of something.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.connect() as connection:
        if _version(connection) == ScriptDirectory.from_config(config).get_current_head():
            return
    with _alone(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise BookError(say("{url}: la historia es de una versión más nueva de poa-xl", url=url)) from error


def _version(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """Turn what the database says into a sentence of ours."""
    try:
        yield
    except DatabaseError as error:
        raise BookError(say("la historia no se puede leer o escribir ({detail})", detail=error.orig)) from error

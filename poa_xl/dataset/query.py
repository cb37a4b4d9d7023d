"""Questions to a dataset in SQL, answered by DuckDB; it reads the dataset alone, and writes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poa_xl.dataset.batches import MARK
from poa_xl.dataset.schema import TABLES, schema
from poa_xl.errors import BookError
from poa_xl.i18n import say

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Operations that more than one file states. A code without letters is its unit's own: every office counts from 1.
_CONFLICTS = """
    CREATE VIEW conflicts AS
    SELECT code, list(DISTINCT region ORDER BY region) AS regions, list(DISTINCT unit ORDER BY unit) AS units,
           list(DISTINCT file ORDER BY file) AS files, count(*) AS times, sum(counted) AS counted
    FROM rows
    WHERE kind = 'operation' AND code IS NOT NULL
    GROUP BY code, CASE WHEN regexp_matches(code, '^[A-Z]') THEN NULL ELSE [region, unit] END
    HAVING count(DISTINCT [region, file]) > 1
"""

CONFLICTS = "SELECT * FROM conflicts ORDER BY code"

OVERVIEW = """
    WITH taken AS (
        SELECT region, count(*) FILTER (problem IS NULL) AS books, count(*) FILTER (problem IS NOT NULL) AS refused
        FROM submissions GROUP BY region),
    money AS (
        SELECT region, count(*) AS rows, sum(counted) AS budget, bool_or(hindered) AS hindered,
               count(*) FILTER (state = 'ROJO') AS red
        FROM rows GROUP BY region)
    SELECT region, books, refused, coalesce(rows, 0) AS rows, budget, coalesce(hindered, false) AS hindered,
           coalesce(red, 0) AS red
    FROM taken LEFT JOIN money USING (region) ORDER BY region
"""


@dataclass(frozen=True)
class Answer:
    """A table: names of its columns, and its rows."""

    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


def query(folder: Path, sql: str = OVERVIEW) -> Answer:
    """Ask a dataset.

    Args:
        folder: The dataset.
        sql: One question over `rows`, `findings`, `changes`, `submissions`, `conflicts`; the overview of regions
            where nothing is asked.

    Raises:
        BookError: It is no dataset, DuckDB is not installed, or the question is none.
    """
    with _connected(folder) as connection:
        import duckdb  # noqa: PLC0415 - heavy, and known to be there by now

        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise BookError(say("poa query contesta una sola pregunta, que empieza con SELECT o WITH"))
            found = connection.execute(statements[0])
            columns = [each[0] for each in found.description or ()]
            return Answer(columns, [tuple(_plain(value) for value in row) for row in found.fetchall()])
        except duckdb.Error as error:
            raise BookError(say("la pregunta no se pudo contestar: {detail}", detail=str(error).strip())) from error


def _plain(value: object) -> object:
    """Return a value without the zeros that its column has room for; a list as one text."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return ", ".join(str(each) for each in value if each is not None) if isinstance(value, list) else value


@contextmanager
def _connected(folder: Path) -> Iterator["DuckDBPyConnection"]:
    if not (folder / MARK).is_file():
        raise BookError(say("{folder}: no es una carpeta de poa sync --to", folder=str(folder)))
    try:
        import duckdb  # noqa: PLC0415 - heavy, and only questions need it
    except ModuleNotFoundError as error:
        text = say("para poa query falta {module}: instalar poa-xl[pais]", module=error.name or "duckdb")
        raise BookError(text) from error
    with duckdb.connect() as connection:
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS {_select(folder.resolve(), name)}")
        connection.execute(_CONFLICTS)
        connection.execute("SET allowed_directories = [?]", [str(folder.resolve())])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def _select(folder: Path, name: str) -> str:
    files = f"{folder}/{name}/*/*.parquet".replace("'", "''")
    if any((folder / name).glob("*/*.parquet")):
        return f"FROM read_parquet('{files}', hive_partitioning = true, hive_types = {{'region': VARCHAR}})"
    kinds = {"string": "VARCHAR", "int64": "BIGINT", "bool": "BOOLEAN", "date32[day]": "DATE"}
    blank = [f'NULL::{kinds.get(str(each.type), "DECIMAL(38, 18)")} AS "{each.name}"' for each in schema(TABLES[name])]
    return f"SELECT {', '.join([*blank, 'NULL::VARCHAR AS region'])} WHERE false"

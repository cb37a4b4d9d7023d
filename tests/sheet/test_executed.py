"""What a plan sheet itself says was executed, put beside what other sheets say."""

from decimal import Decimal

from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.sheet.executed import with_executed_rows
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.tracking_read import key_of


def test_operations_without_a_place_in_the_sheet_keep_what_holds_of_them() -> None:
    rows = tuple(Row(Kind.OPERATION, name=name, line=line) for line, name in enumerate(("uno", "dos", "tres"), 2))
    others = {key_of(rows[1]): {"cause": "lluvia"}}
    found = with_executed_rows(Plan(rows), Grid("P", {2: {5: Decimal(4)}}), {0: {0: (2, 5)}}, others)
    assert [row.reported for row in found.rows] == [{"executed_ENE": Decimal(4)}, {"cause": "lluvia"}, {}]
    assert found.rows[0].beside_line == 2

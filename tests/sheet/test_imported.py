from decimal import Decimal

from poa_xl.core.aliases import Aliases
from poa_xl.core.codes import Code
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.imported import plan_of
from poa_xl.sheet.printed import read_printed
from poa_xl.sheet.repair import repair


def test_texts_are_read_in_the_style_of_the_document_and_keep_their_line() -> None:
    cells = [
        "1",
        "GRO1",
        "N",
        "U",
        "J",
        "02/01/20",
        "31/12/20",
        "12",
        "Trámites",
        *["1"] * 12,
        "I",
        "",
        "906,000",
    ]
    other = ["x", "GRO2", "N", "U", "J", "", "", "12", "Trámites", *["1"] * 12, "I", "", "1,234.50"]
    printed = read_printed("\n" + "\t".join(cells) + "\n" + "\t".join(other))
    plan = plan_of(repair(printed, Aliases()), printed.style, "t.txt", 2020)
    assert [row.line for row in plan.rows] == [2, 3]
    assert [row.budget for row in plan.rows] == [906000, Decimal("1234.5")]
    assert plan.rows[0].code == Code("GRO", (1,))
    assert plan.rows[1].id == Invalid("x", Flaw.MALFORMED)
    assert plan.rows[0].origin.file == "t.txt"
    assert plan.year == 2020

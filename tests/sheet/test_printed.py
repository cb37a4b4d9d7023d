from poa_xl.core.amounts import Style
from poa_xl.sheet.printed import read_printed
from tests.paths import PRINTED

HEADER = (
    "Id\tCódigo\tAcciones, Operaciones, Tareas\tArea Unidad Ejecutora\tResponsable\tInicio\tFin\tMeta\t"
    "Unidad de Medida\tENE\tFEB\tMAR\tABR\tMAY\tJUN\tJUL\tAGO\tSEP\tOCT\tNOV\tDIC\t"
    "Fuente o Medio de Verificación\tPartida\tPresupuesto\t"
)


def test_every_line_of_the_real_plan_is_accounted_for() -> None:
    text = PRINTED.read_text("utf-8")
    printed = read_printed(text)
    assert (len(printed.rows), printed.headers, printed.blank, printed.others) == (134, 6, 7, ())
    assert len(printed.rows) + printed.headers + printed.blank == len(text.splitlines())
    assert printed.style is Style.POINT_DECIMAL


def test_a_line_that_is_no_row_comes_back_with_its_number() -> None:
    printed = read_printed(f"\n{HEADER}\nPágina 1 de 5\n")
    assert printed.others == ((3, "Página 1 de 5"),)
    assert printed.rows == ()


def test_cells_beyond_the_columns_are_kept() -> None:
    row = "\t".join(["1", "A1", *[""] * 21, "7", "8", "", ""])
    (printed,) = read_printed(row).rows
    assert printed.beyond == ("8",)
    assert printed.get("budget") == "7"
    assert printed.get("code") == "A1"


def test_a_short_row_has_blank_cells() -> None:
    (printed,) = read_printed("\t".join(["1", "A1", *"abcdefg"])).rows
    assert printed.get("budget") == ""
    assert printed.tail == ()


def test_the_style_is_that_of_the_majority() -> None:
    row = "\t".join(["1", "A1", *[""] * 7, "1.234,5", "2,75", "3.5", "10"])
    assert read_printed(row).style is Style.COMMA_DECIMAL

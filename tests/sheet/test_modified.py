"""The sheets of approved versions and of what was modified since: what they show, what they keep, what is read back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from poa_xl.core.house import House
from poa_xl.core.modifications import Modification, Modified, modifications
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.modified import (
    Place,
    as_grid,
    caption_of,
    documents_of,
    is_modified_sheet,
    is_up_to_date,
    modified_sheet,
    read_modified,
    typed_rows,
    typed_texts,
)
from poa_xl.sheet.versions import VersionLine, is_versions_sheet, name_of, versions_sheet
from tests.plans import change, code, operation, small

MOTIVE, REPORT, DOCUMENT = 10, 11, 12


def spent(plan: Plan | None = None) -> Plan:
    """A traspaso between two operations, and another responsible."""
    after = change(plan or small(), "GRO1.1.1", budget=Decimal(150), owner="Ana")
    return change(after, "GRO1.1.2", budget=Decimal(150))


def drawn(
    after: Plan, former: Grid | None = None, against: str = "Aprobado", before: Plan | None = None
) -> tuple[list[Modified], Grid]:
    named = documents_of(former, against) if former is not None else {}
    found = modifications(before or small(), after, named)
    return found, as_grid(modified_sheet(found, against, former, None))


def typed(grid: Grid, row: int, column: int, text: object) -> Grid:
    cells = {number: dict(line) for number, line in grid.cells.items()}
    cells.setdefault(row, {})[column] = text  # type: ignore[assignment]
    return replace(grid, cells=cells)


def lines(grid: Grid, *columns: int) -> list[tuple[object, ...]]:
    return [tuple(grid.get(row, column) for column in columns) for row in sorted(grid.cells) if row > 4]


def keys(found: Sequence[Modified]) -> list[tuple[str, str, str, Modification]]:
    return [(*each.key, each.kind) for each in found]


def test_every_difference_is_a_line_and_read_back_as_it_was() -> None:
    found, grid = drawn(spent())
    assert is_modified_sheet(grid)
    assert lines(grid, 1, 2, 4, 6, 7, 8, 9) == [
        ("Aprobado", "GRO1.1.1", "Responsable", "Jefe Unidad Legal", "Ana", None, "Cambio de responsable"),
        ("Aprobado", "GRO1.1.1", "Presupuesto", Decimal(100), Decimal(150), Decimal(50), "Traspaso"),
        ("Aprobado", "GRO1.1.2", "Presupuesto", Decimal(200), Decimal(150), Decimal(-50), "Traspaso"),
    ]
    again = read_modified(grid, spent(), "p.xlsx")
    assert keys(again) == keys(found)
    assert [(each.before, each.after) for each in again] == [(each.before, each.after) for each in found]
    assert caption_of(found[1]) == "Presupuesto"
    assert caption_of(replace(found[1], partida="25220")) == "Presupuesto · 25220"
    places = [each.line.where("name") for each in again if each.line is not None]
    assert [(place.file, place.sheet, place.cell) for place in places] == [
        ("p.xlsx", "Modificaciones", f"J{row}") for row in (5, 6, 7)
    ]


def test_what_differs_no_more_is_not_read_any_more() -> None:
    _, grid = drawn(spent())
    assert keys(read_modified(grid, change(small(), "GRO1.1.1", owner="Ana"), "p.xlsx")) == [
        ("GRO1.1.1", "owner", "", Modification.OWNER)
    ]
    gone = Plan((*small().rows[:3], *small().rows[4:]), 2020)
    _, grid = drawn(gone)
    assert keys(read_modified(grid, gone, "p.xlsx")) == [("GRO1.1.2", "", "25220", Modification.GONE)]
    assert read_modified(grid, small(), "p.xlsx") == ()
    _, grid = drawn(small(), before=gone)
    assert keys(read_modified(grid, small(), "p.xlsx")) == [("GRO1.1.2", "", "25220", Modification.NEW)]
    assert read_modified(grid, gone, "p.xlsx") == ()


def test_money_and_names_of_lines_are_read_back() -> None:
    rows = [replace(row, budget=Decimal(150), name="Otra") if row.partida == "25900" else row for row in small().rows]
    after = Plan(tuple(rows), 2020)
    found, grid = drawn(after)
    assert keys(read_modified(grid, after, "p.xlsx")) == keys(found)
    assert [each.after for each in found] == [Decimal(150), "Otra"]
    bare = Plan(after.rows[:-1], 2020)
    assert [(each.field, each.after) for each in read_modified(grid, bare, "p.xlsx")] == [
        ("budget", None),
        ("name", None),
    ]


def test_what_people_typed_stays_by_code_and_column() -> None:
    _, grid = drawn(spent())
    for row, text in ((5, "licencia"), (6, "faltaba"), (7, "sobraba")):
        grid = typed(grid, row, MOTIVE, text)
    grid = typed(typed(grid, 7, DOCUMENT, "RA 5"), 7, 14, "ver carpeta")
    after = change(spent(), "GRO1.1.1", name="Otro nombre")
    found, again = drawn(after, grid)
    assert lines(again, 2, 4, MOTIVE, DOCUMENT, 14) == [
        ("GRO1.1.1", "Acciones, Operaciones, Tareas", None, None, None),
        ("GRO1.1.1", "Responsable", "licencia", None, None),
        ("GRO1.1.1", "Presupuesto", "faltaba", None, None),
        ("GRO1.1.2", "Presupuesto", "sobraba", "RA 5", "ver carpeta"),
    ]
    # Money up without a document, and money down under one, are no traspaso.
    assert [str(each.kind) for each in found[2:]] == ["Incremento", "Reducción"]
    read = {each.code: (each.motive, each.document) for each in read_modified(again, after, "p.xlsx")}
    assert read["GRO1.1.2"] == ("sobraba", "RA 5")
    _, less = drawn(change(small(), "GRO1.1.1", owner="Ana"), again)
    assert lines(less, 1, 2, 4, MOTIVE)[1:] == [
        ("Aprobado", "GRO1.1.1", "Presupuesto", "faltaba"),
        ("Aprobado", "GRO1.1.2", "Presupuesto", "sobraba"),
    ]
    _, back = drawn(after, less)
    assert lines(back, 2, 4, MOTIVE) == lines(again, 2, 4, MOTIVE)


def elsewhere(*operations: tuple[str, int]) -> Plan:
    """The plan of an office whose rows have no codes: names, and what is programmed in January."""
    rows = (
        Row(Kind.OPERATION, line, name=name, months=(Decimal(amount), *[None] * 11), budget=Decimal(amount))
        for line, (name, amount) in enumerate(operations, 5)
    )
    return Plan(tuple(rows), house=House("otra", frozenset({"name", "ENE", "budget"}), learns=True))


def test_operations_without_codes_are_told_by_name_and_found_again() -> None:
    before = elsewhere(("Talleres", 3), ("Visitas", 4), ("Cursos", 5), ("Cursos", 6))
    after = elsewhere(("Talleres de verano", 3), ("Visitas", 7), ("Cursos", 5))
    found, grid = drawn(after, before=before)
    assert lines(grid, 2, 3, 4) == [
        (None, "Cursos", "Operación"),
        (None, "Talleres de verano", "Acciones, Operaciones, Tareas"),
        (None, "Visitas", "ENE"),
        (None, "Visitas", "Presupuesto"),
    ]
    image = modified_sheet(found, "Aprobado", None, None)
    assert {image.widths[column] for column in (13, 14)} == {0}
    for row, text in enumerate(("sobraba", "se precisó", "más demanda", "más costo"), 5):
        grid = typed(grid, row, MOTIVE, text)
    grid = typed(grid, 7, DOCUMENT, "RA 5")
    assert (typed_rows(grid), typed_rows(typed(grid, 5, 15, "nota"))) == (4, 4)
    assert typed_texts(grid)["Aprobado", "Visitas", "ENE", "", "Motivo"] == "más demanda"
    found, again = drawn(after, grid, before=before)
    assert lines(again, MOTIVE) == [("sobraba",), ("se precisó",), ("más demanda",), ("más costo",)]
    assert is_up_to_date(again, modified_sheet(found, "Aprobado", again, None))
    read = read_modified(again, after, "p.xlsx")
    assert [(each.called, each.field, each.motive, each.document) for each in read] == [
        ("Cursos", "", "sobraba", ""),
        ("Talleres de verano", "name", "se precisó", ""),
        ("Visitas", "ENE", "más demanda", "RA 5"),
        ("Visitas", "budget", "más costo", ""),
    ]
    assert keys(read) == keys(found)
    assert [each.row for each in read[1:]] == [after.rows[0], after.rows[1], after.rows[1]]
    past = as_grid(modified_sheet((), "Reformulado 1", again, None))
    assert lines(past, 3, MOTIVE)[2] == ("Visitas", "más demanda")
    assert typed_rows(past) == 4


def test_a_note_where_keys_would_stand_is_a_note() -> None:
    _, grid = drawn(spent())
    _, again = drawn(spent(), typed(grid, 6, 13, "revisar"))
    assert lines(again, 2, 13)[1] == ("GRO1.1.1", "revisar")


def test_a_code_that_cannot_be_read_is_shown_as_it_stands() -> None:
    before = replace(small(), house=House("otra"))
    after = change(before, "GRO1.1.1", code=Invalid("Avance", Flaw.MALFORMED))
    found, grid = drawn(after, before=before)
    assert lines(grid, 2, 4, 6, 7) == [("Avance", "Código", "GRO1.1.1", "Avance")]
    assert keys(read_modified(grid, after, "p.xlsx")) == keys(found)


def test_lines_about_earlier_versions_stay_below_as_they_were() -> None:
    _, grid = drawn(spent())
    grid = typed(typed(grid, 6, MOTIVE, "faltaba"), 5, 6, Invalid("#REF!", Flaw.ERROR))
    empty = as_grid(modified_sheet((), "Reformulado 1", grid, None))
    assert read_modified(empty, spent(), "p.xlsx") == ()
    assert lines(empty, 1, 2, 4, 6, MOTIVE)[:2] == [
        ("Aprobado", "GRO1.1.1", "Responsable", "#REF!", None),
        ("Aprobado", "GRO1.1.1", "Presupuesto", Decimal(100), "faltaba"),
    ]
    after = change(spent(), "GRO1.2.1", owner="Luis")
    found, grid = drawn(after, empty, "Reformulado 1", spent())
    assert [line[0] for line in lines(grid, 1)] == ["Reformulado 1", *["Aprobado"] * 3]
    assert keys(read_modified(grid, after, "p.xlsx")) == keys(found)
    assert documents_of(grid, "Aprobado") == {}


def test_whether_it_is_up_to_date_and_holds_anything_typed() -> None:
    found, grid = drawn(spent())
    assert is_up_to_date(grid, modified_sheet(found, "Aprobado", grid, None))
    assert not is_up_to_date(grid, modified_sheet(found[:2], "Aprobado", grid, None))
    assert typed_rows(grid) == 0
    assert typed_rows(typed(grid, 6, REPORT, "INF 3")) == 1
    assert typed_rows(typed(typed(grid, 6, REPORT, "INF 3"), 20, 2, "una nota")) == 2


def test_amounts_are_linked_to_the_plan_where_a_number_cell_holds_them() -> None:
    after = spent()
    rows = tuple(replace(row, line=line) for line, row in enumerate(after.rows, 5))
    after = replace(change(replace(after, rows=rows), "GRO1.1.2", target=Decimal(13)), rows=rows)
    after = change(change(after, "GRO1.1.2", target=Decimal(13)), "GRO1.1.1", measure="Informes")
    cells = {row.line: {24: row.budget, 8: "13"} for row in after.rows}
    place = Place("POA 2020", Grid("POA 2020", cells), {"budget": "X", "target": "H", "owner": "E"})
    image = modified_sheet(modifications(small(), after), "Aprobado", None, place)
    formulas = {image.cells[row, 4].value: image.cells[row, 7].formula for row in range(5, 10)}
    assert formulas == {
        "Responsable": "",
        "Unidad de Medida": "",
        "Presupuesto": "='POA 2020'!X8",
        "Meta": "",
    }
    assert {image.cells[row, 8].formula for row in range(5, 10)} == {"", "=N(G7)-N(F7)", "=N(G9)-N(F9)"}


def test_an_operation_without_a_code_and_a_date_are_lines_too() -> None:
    lost = replace(operation("GRO1.3", "Unidad Legal"), code=Invalid("1.3", Flaw.NUMERIC))
    after = change(Plan((*small().rows, lost), 2020), "GRO1.1.1", start=date(2020, 2, 3))
    found, grid = drawn(after)
    assert lines(grid, 2, 4, 7)[0] == ("GRO1.1.1", "Inicio", date(2020, 2, 3))
    again = read_modified(grid, after, "p.xlsx")
    assert keys(again) == keys(found)
    assert [each.row.code for each in again] == [code("GRO1.1.1"), lost.code]


def version(name: str, budget: Decimal | str = Decimal(600)) -> VersionLine:
    return VersionLine(name, "RA 1", date(2020, 1, 2), "Ana", "2020-01-02 10:00", 3, budget, "c" * 64)


def test_versions_are_listed_and_what_stands_beside_them_stays() -> None:
    assert [name_of(number) for number in range(3)] == ["Aprobado", "Reformulado 1", "Reformulado 2"]
    grid = typed(as_grid(versions_sheet([version("Aprobado")])), 5, 10, "archivado")
    assert is_versions_sheet(grid)
    assert grid.cells[5][6] == Decimal(3)
    again = as_grid(versions_sheet([version("Aprobado"), version("Reformulado 1", "no se puede sumar")], grid))
    assert lines(again, 1, 2, 3, 7, 10) == [
        ("Aprobado", "RA 1", date(2020, 1, 2), Decimal(600), "archivado"),
        ("Reformulado 1", "RA 1", date(2020, 1, 2), "no se puede sumar", None),
    ]

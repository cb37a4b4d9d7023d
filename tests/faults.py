"""Every rule's breach, and neighbours that are right: one compact case each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from poa_xl.core.codes import Code
from poa_xl.core.modifications import Modification, Modified
from poa_xl.core.plan import Kind, Origin, Plan, Row
from poa_xl.core.values import Flaw, Invalid, Shown
from tests.plans import group, line, operation

U = "Unidad Legal"
Rows = Sequence[Row | Modified]


def op(text: str = "G1.1", **fields: object) -> Row:
    return replace(operation(text, U, 100), **fields)  # type: ignore[arg-type]


def bad(text: str, flaw: Flaw = Flaw.MALFORMED) -> Invalid:
    return Invalid(text, flaw)


def months(*values: object) -> tuple[object, ...]:
    return (*values, *[Decimal(0)] * (12 - len(values)))


TOP = group("G1", 100)
TWO = group("G1", 200)
# A row that states an amount and that nothing explains.
STRAY = Row(Kind.LINE, budget=Decimal(5))
Case = tuple[Rows, set[str], Rows]


def modified(line: int, field: str, before: object, after: object, **more: object) -> Modified:
    """A line of the list of modifications: its motive stands in J, its difference in H."""
    given: dict[str, object] = {"code": f"G1.{line}", "motive": "por la resolución", "partida": "", "document": ""}
    given |= {"kind": Modification.TRANSFER, "row": op(), **more}
    origin = Origin("p.xlsx", "POA", {"code": "B", "name": "J", "budget": "H"})
    return Modified(
        str(given["code"]),
        "",
        field,
        str(given["partida"]),
        before,
        after,
        given["kind"],  # type: ignore[arg-type]
        given["row"],  # type: ignore[arg-type]
        str(given["document"]),
        str(given["motive"]),
        Row(Kind.LINE, line, origin),
    )


def money(line: int, before: int | None, after: int | None, **more: object) -> Modified:
    pair = (None if each is None else Decimal(each) for each in (before, after))
    return modified(line, "budget", *pair, **more)


# Rule: rows that break it, the cells where it must speak, and neighbours that are right.
CASES: dict[str, Case] = {
    "codigo-mal-formado": ([replace(TOP, code=bad("G1..2"))], {"B2"}, [TOP]),
    "codigo-numerico": ([TOP, op(code=bad("1.1", Flaw.NUMERIC))], {"B3"}, [TOP, op()]),
    "codigo-ausente": ([TOP, op(), op(code=None)], {"B4"}, [TOP, op(), line("25220", 100)]),
    "codigo-escritura": ([replace(TOP, code=replace(op("g1").code, written="g1"))], {"B2"}, [TOP]),  # type: ignore[type-var]
    "codigo-duplicado": ([TWO, op(), op()], {"B4"}, [TWO, op(), op("G1.2")]),
    "codigo-sin-superior": ([TOP, op("G1.2.1")], {"B3"}, [group("G1.2", 100), op("G1.2.1")]),
    "codigo-orden": ([TWO, op("G1.10"), op("G1.9")], {"B4"}, [TWO, op("G1.9"), op("G1.10")]),
    "codigo-salto": ([TWO, op("G1.1"), op("G1.3")], {"B4"}, [TWO, op("G1.1"), op("G1.2")]),
    "fila-sin-explicar": ([TOP, op(), STRAY], {"X9"}, [TOP, op()]),
    "id-orden": (
        [replace(TOP, id=5), op(id=5), op("G1.2", id=3), op("G1.3", id=bad("x"))],
        {"A3", "A4", "A5"},
        [replace(TOP, id=5), op(id=7), replace(line("31110", 5), id=7)],
    ),
    "celda-error": (
        [TOP, op(budget=bad("#REF!", Flaw.ERROR), flaws={"name": bad("#N/A", Flaw.ERROR)}, name="")],
        {"X3", "C3"},
        [TOP, op()],
    ),
    "celda-limite": (
        [
            TOP,
            op(budget=bad("1E+300", Flaw.LIMIT)),
            op("G1.2", start=bad("01/01/1850", Flaw.LIMIT), name="", flaws={"name": bad("x…", Flaw.LIMIT)}),
            replace(TOP, code=bad("G1.1…", Flaw.LIMIT)),
        ],
        {"X3", "F4", "C4", "B5"},
        [TOP, op()],
    ),
    "celda-formato": (
        [
            TOP,
            op(
                dresses={
                    "target": Shown.DATE,
                    "ENE": Shown.DURATION,
                    "budget": Shown.PERCENT,
                    "FEB": Shown.PERCENT,
                    "MAR": Shown.DATE,
                    "ABR": Shown.THOUSANDS,
                },
                months=(Decimal(1), Decimal(1), None, *[Decimal(1)] * 9),
            ),
        ],
        {"H3", "J3", "M3", "X3"},
        [TOP, op(dresses={"ENE": Shown.PERCENT})],
    ),
    "formula-sin-calcular": ([replace(TOP, budget=bad("=SUM(X3)", Flaw.UNCALCULATED))], {"X2"}, [TOP]),
    "presupuesto-desconocido": (
        [TOP, op(budget=bad("1.234", Flaw.AMBIGUOUS))],
        {"X2"},
        [TOP, op(budget=bad("1.234", Flaw.AMBIGUOUS)), line("25220", 100)],
    ),
    "presupuesto-grupo": ([TOP, op(), op("G1.2")], {"X2"}, [TWO, op(), op("G1.2")]),
    "presupuesto-partidas": (
        [TOP, op(), line("25220", 40), line("25900", 50)],
        {"X3"},
        [TOP, op(), line("25220", 40), line("25900", 60)],
    ),
    "presupuesto-no-numero": ([TOP, op(budget=bad("s/n"))], {"X3"}, [TOP, op()]),
    "presupuesto-moneda": ([TOP, op(budget=bad("$us 5", Flaw.FOREIGN))], {"X3"}, [TOP, op()]),
    "presupuesto-ambiguo": ([TOP, op(budget=bad("1.234", Flaw.AMBIGUOUS))], {"X3"}, [TOP, op()]),
    "presupuesto-negativo": ([group("G1", -5), op(budget=Decimal(-5))], {"X3"}, [TOP, op()]),
    "presupuesto-hereda": ([group("G1", -5), op(budget=Decimal(-5))], {"X2"}, [TOP, op()]),
    "presupuesto-sin-partida": (
        [TOP, op(partida="")],
        {"W3"},
        [TWO, op(partida=""), line("25220", 100), op("G1.2", budget=Decimal(0), partida="")],
    ),
    "partida-cifras": (
        [TOP, op(partida="43120;4350"), line("252200", 100)],
        {"W3", "W4"},
        [TOP, op(partida="43120 Equipos\n25220 - Otros/31110,32100")],
    ),
    "meta-meses": ([TOP, op(target=Decimal(13))], {"H3"}, [TOP, op()]),
    "meta-mes-vacio": (
        [TOP, op(months=(*[Decimal(1)] * 10, Decimal(2), None))],
        {"U3"},
        [TOP, op(months=(Decimal(12), *[None] * 11)), op("G1.2", target=None, months=(None,) * 12)],
    ),
    "meta-sin-meses": (
        [TOP, op(months=(None,) * 12), op("G1.2", months=months())],
        {"H3", "H4"},
        [TOP, op(), op("G1.2", target=Decimal(0), months=months()), op("G1.3", months=months(bad("X")))],
    ),
    "meta-ausente": ([TOP, op(target=None)], {"H3"}, [TOP, op(), op("G1.2", target=bad("x"))]),
    "meta-no-numero": (
        [TOP, op(target=bad("36 horas"), months=months(bad("X"), Decimal(1)))],
        {"H3", "J3"},
        [TOP, op()],
    ),
    "meta-ambigua": ([TOP, op(months=months(bad("1.234", Flaw.AMBIGUOUS)))], {"J3"}, [TOP, op()]),
    "meta-negativa": ([TOP, op(target=Decimal(-1), months=months(Decimal(-1)))], {"H3", "J3"}, [TOP, op()]),
    "meta-tipo": ([TOP, op(stated=bad("Mensual"))], {"Y3"}, [TOP, op()]),
    "fecha-invalida": ([TOP, op(start=bad("31/02/20"))], {"F3"}, [TOP, op()]),
    "fecha-dudosa": ([TOP, op(start=bad("1/2/20", Flaw.AMBIGUOUS))], {"F3"}, [TOP, op()]),
    "fecha-orden": ([TOP, op(start=date(2020, 5, 2), end=date(2020, 5, 1))], {"G3"}, [TOP, op()]),
    "fecha-gestion": (
        [TOP, op(start=date(2019, 12, 31), end=date(2021, 1, 1))],
        {"F3", "G3"},
        [TOP, op(start=None, end=None)],
    ),
    "fecha-meses": (
        [TOP, op(start=date(2020, 2, 1), end=date(2020, 11, 30))],
        {"J3", "U3"},
        [TOP, op(), op("G1.2", start=date(2020, 5, 2), end=date(2020, 5, 1))],
    ),
    "unidad-parecida": (
        [
            TWO,
            op(unit="Aduana Oruro"),
            op("G1.2", unit="Aduana Oruro"),
            op("G1.3", unit="Aduana Orouro"),
            op("G1.4", unit="ADUANA  ORURO"),
            op("G1.5", unit="Aduana, Oruro."),
        ],
        {"D5", "D6", "D7"},
        [
            TWO,
            op(unit="Unidad Legal"),
            op("G1.2", unit="Unidad de Fiscalización"),
            op("G1.3", unit="Adm Aduana 1"),
            op("G1.4", unit="Adm Aduana 2"),
            op("G1.5", unit="Sección Sur"),
            op("G1.6", unit="Sección Norte"),
        ],
    ),
    "unidad-contradice": (
        [
            TWO,
            op(unit="Adm Aduana Pisiga", name="Exportación por Tambo Quemado"),
            op("G1.2", unit="Adm Aduana Tambo Quemado"),
        ],
        {"D3"},
        [
            TWO,
            op(unit="Adm Aduana Pisiga", name="De Pisiga a Tambo Quemado"),
            op("G1.2", unit="Adm Aduana Tambo Quemado", name="Frontera TAMBO  QUEMADO"),
            op("G1.3", unit="Unidad Legal", name="Obras en Pisiga"),
        ],
    ),
    "otra-regional": (
        [replace(TOP, unit="Gerencia Regional Oruro"), op(measure="De la Gerencia Regional Cochabamba")],
        {"I3"},
        [
            replace(TOP, owner="Gerente Regional Oruro"),
            op(name="La Gerencia Regional y sus administraciones"),
            op("G1.2", evidence="Archivo de la Gerencia Regional Orouro"),
        ],
    ),
    "responsable-ausente": ([TOP, op(owner="")], {"E3"}, [TOP, op(), line("25220", 100)]),
    "modificacion-sin-motivo": (
        [
            TOP,
            op(),
            STRAY,
            modified(5, "target", 1, 2, motive=""),
            modified(6, "name", "a", "b"),
            modified(7, "", None, Decimal(5), kind=Modification.NEW, motive=""),
        ],
        {"J5", "J7"},
        [
            TOP,
            op(),
            modified(5, "target", 1, 2),
            modified(6, "", None, Decimal(5), kind=Modification.NEW, code="G1.9"),
            modified(7, "", None, Decimal(6), kind=Modification.NEW, code="G1.9", partida="31110", motive=""),
        ],
    ),
    "traspaso-descuadrado": (
        [
            TOP,
            op(),
            money(5, 100, 150),
            money(6, 100, 60),
            money(7, 5, 6, document="RA 2"),
            money(8, 6, 4, document="RA 2"),
        ],
        {"H5", "H7"},
        [
            TOP,
            op(),
            money(5, 100, 150),
            money(6, 100, 50),
            money(7, None, 9, kind=Modification.INCREASE, document="RA 2"),
            modified(8, "target", 1, 2, kind=Modification.TARGET),
        ],
    ),
    "traspaso-entre-grupos": (
        [
            TOP,
            op(),
            money(5, 100, 150, partida="31110"),
            money(6, 100, 50),
            modified(7, "partida", "25220", "41110", row=op(partida="41110"), document="RA 2"),
        ],
        {"H5", "H6", "H7"},
        [
            TOP,
            op(),
            money(5, 100, 150, partida="25900"),
            money(6, 100, 50),
            money(7, 1, 5, document="RA 2"),
            money(8, 5, 2, document="RA 2"),
            modified(9, "partida", "25220", "25230", code="G1.10", document="RA 3"),
            money(10, 100, 130, document="RA 3"),
            money(11, 100, 70, partida="25220;25900", document="RA 3"),
        ],
    ),
}


def every_fault() -> Plan:
    """The breach of every rule in one plan; each case has a prefix of its own."""
    rows: list[Row] = []
    for number, (wrong, _, _) in enumerate(CASES.values()):
        prefix = f"G{chr(65 + number // 26)}{chr(65 + number % 26)}"
        rows += [
            replace(row, code=Code(prefix, row.code.parts)) if isinstance(row.code, Code) else row
            for row in wrong
            if isinstance(row, Row) and row is not STRAY
        ]
    return Plan(tuple(rows), 2020)

"""The settings of an office, `poa.toml`: what its plan looks like, where the plan itself does not say it plainly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from poa_xl.core.amounts import Style
from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.findings import Severity
from poa_xl.core.text import squeeze
from poa_xl.core.tracking import SCALES, Band, Scale
from poa_xl.sheet.grid import column_number, letters
from poa_xl.sheet.keys import CALENDARS, COLUMN_KEYS, NONE, SEVERITIES, STYLES, UNIT_FROM, color_of

# What is a column by its letters, and no header.
LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True)
class Profile:
    """What an office says of its plan; what it does not say is recognised.

    Attributes:
        name: The form that it starts from; empty for none.
        sheet: The sheet of the plan.
        row: The row of the months.
        last: The last row of the plan.
        columns: Field to its columns, letters or headers; empty where the plan has no such column.
        code: How codes are written: `puntos`, `libre`, `numero`; empty to learn it from the plan.
        separator: What stands between the parts of a code that is spread over columns.
        padding: Digits that each number of such a code is written with.
        codes_per_unit: Whether every unit counts its codes anew; None to learn it.
        by_row: Whether rows are told apart by what they are called, whatever their codes.
        months: The first column of the programmed months, or all of them; empty to recognise them.
        first_month: The first month of the year planned, 1 to 12.
        series: Words of the heading over the programmed months; empty where nothing else could be meant.
        span: Months that each part of the year has; 0 to recognise it.
        marks: Texts that say "in this month", besides X.
        sums: Whether the sum of the months is the target.
        style: How numbers that are texts are written.
        sign: The sign of the plan's currency, where it is not bolivianos; empty to learn it.
        unit_from: Where the unit of a row stands; empty to recognise it.
        rules: Rule to its severity; None turns it off.
        scale: The bands of Eficacia; None for those of poa-xl.
    """

    name: str = ""
    sheet: str = ""
    row: int = 0
    last: int | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    code: str = ""
    separator: str = "."
    padding: int = 0
    codes_per_unit: bool | None = None
    by_row: bool = False
    months: tuple[str, ...] = ()
    first_month: int = 1
    series: str = ""
    span: int = 0
    marks: tuple[str, ...] = ()
    sums: bool = False
    style: Style | None = None
    sign: str = ""
    unit_from: str = ""
    rules: Mapping[str, Severity | None] = field(default_factory=dict)
    scale: Scale | None = None

    @property
    def describes(self) -> bool:
        """Whether it says anything of where things stand, so that the printed plan's headers do not decide alone."""
        return bool(self.columns or self.months or self.row or self.sums or self.series or self.span or self.marks)

    def within(self, row: int, column: int) -> "Profile":
        """Return what it says of a range that begins at a cell, and that is read as a sheet of its own.

        Rows and columns before the range are not in it, and nothing is said of them.
        """

        def moved(place: str) -> str:
            if not LETTERS.fullmatch(place):
                return place
            return letters(max(column_number(place) - column + 1, 0))

        columns = {name: tuple(filter(None, map(moved, places))) for name, places in self.columns.items()}
        months = tuple(map(moved, self.months))
        return replace(
            self,
            row=max(self.row - row + 1, 0),
            last=None if self.last is None else self.last - row + 1,
            columns=columns,
            months=months if all(months) else (),
        )


PLAIN = Profile()


def profile_of(data: Mapping[str, Any]) -> Profile:
    """Take settings without problems for a profile."""
    plan, months = data.get("plan", {}), data.get("meses", {})
    columns = {
        COLUMN_KEYS[key]: () if value == NONE else tuple(map(str, value if isinstance(value, list) else [value]))
        for key, value in data.get("columnas", {}).items()
    }
    given = months.get("columnas", [])
    code = data.get("codigo", {})
    form = code.get("forma", "")
    return Profile(
        name=plan.get("perfil", ""),
        sheet=plan.get("hoja", ""),
        row=plan.get("fila_meses", 0),
        last=plan.get("ultima_fila"),
        columns=columns,
        code="" if form == "aprendida" else form,
        separator=code.get("separador", "."),
        padding=code.get("relleno", 0),
        codes_per_unit=None if "clave" not in code else code["clave"] == "unidad+codigo",
        by_row=code.get("clave") == "fila",
        months=tuple(map(str, given if isinstance(given, list) else [given])),
        first_month=month_number(months.get("inicio", MONTHS[0])) or 1,
        series=months.get("serie", ""),
        span=CALENDARS.get(months.get("calendario", ""), 0),
        marks=tuple(map(str, months.get("marcas", ()))),
        sums=data.get("meta", {}).get("de") == "suma",
        style=STYLES.get(data.get("moneda", {}).get("numeros", "")),
        sign=data.get("moneda", {}).get("signo", ""),
        unit_from=UNIT_FROM.get(data.get("unidad", {}).get("de", ""), ""),
        rules={rule: SEVERITIES[value] for rule, value in data.get("reglas", {}).items()},
        scale=_scale_of(data.get("semaforo", {})),
    )


def _scale_of(said: Mapping[str, Any]) -> Scale | None:
    """Return the bands that an office chose or wrote; None where it said nothing of them."""
    if not said:
        return None
    chosen = SCALES[said.get("escala", next(iter(SCALES)))]
    own = tuple(
        Band(squeeze(each["nombre"]), color_of(each["color"]) or "", Decimal(str(each["desde"])))
        for each in said.get("bandas", ())
    )
    source = said.get("fuente", chosen.source if not own else "poa.toml")
    return Scale(own or chosen.bands, source, Decimal(str(said.get("exceso", chosen.most))))

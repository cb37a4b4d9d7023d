"""The columns of any office's plan, recognised: a scored proposal for each field, with its reason and what is in doubt.

Evidence, best first: twelve months captioned in order; the column that they sum to together with a word for it; the
words of the captions; the forms of codes, dates and texts that repeat. Sums without a word suggest and never decide.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

from poa_xl.core.amounts import Style
from poa_xl.core.text import fold, squeeze
from poa_xl.i18n import say
from poa_xl.sheet.body import UNIT_WORDS, Body, Column
from poa_xl.sheet.fields import CAPTIONS, TABLE
from poa_xl.sheet.grid import Grid, Value, letters
from poa_xl.sheet.heading import DONE, Heading, is_blank
from poa_xl.sheet.keys import STYLES
from poa_xl.sheet.months import month_of, words_of
from poa_xl.sheet.periods import is_period

# Columns that are no field of a plan but would be taken for one.
_PRICE = re.compile(r"unitario|unit (cost|price)|precio unit")
_QUANTITY = re.compile(r"cantidad|\bcant (anual|prog)|quantity|\bqty\b|^(prog|programad[oa]|programacion) anual$")
# Speaks of the year of a budget, and of what is done in it.
_NO_MONEY = re.compile(r"physical|fisic[oa]")
_NO_TARGET = re.compile(
    r"linea base|unitario|unit (cost|price)|\bpia\b|baseline|ejec|\bej\b|anterior|promedio|\bcod(igo)?\b|partida"
    r"|sueldo|decimo|aporte|fondos|honorario|cost$|saldo|certific|modific|^programado$|^diferencia"
)
_NO_NAME = re.compile(
    r"objetivo|\bobjectives?$|resultado|medio de ver|observ|indicador|meta\b|mode|formula|logro|\bcod\b|\bid\b"
    r"|responsable|unidad"
)
_PLAIN_TARGET = re.compile(r"meta( ene dic| anual| \d{4})?|(precio |costo )?total( presupuesto)?|total quantity|target")
# What only adds up the months.
_SUM = re.compile(r"^(sub ?)?total(?! (meta|presup))|^suma|^programado|^sum\b")
# Who is called so is a person of a unit.
_POSTS = re.compile(
    r"(jef[ea]|director|gerente|encargad|responsable|tecnic|lic|ing|dr|sr)"
    r"|.*\b(chief|head|officer|manager|director|supervisor|coordinator)\b"
)
_CODED = re.compile(r"[A-Za-z0-9]{1,8}([.\-(/][A-Za-z0-9.()]*)+|[A-Z]{1,4}\d{1,14}")
_CLASSIFIER = re.compile(r"\d{5,6}(?![\d.,])|\d{1,2}([. ]\d{1,2}){2,5}$")
# What has five or six digits, or dots, and classifies no expense.
_NO_PARTIDA = re.compile(
    r"ubigeo|producto|proyecto|actividad|finalidad|\b(sec|secuencia|cui|snip|ruc|nit|ci|dni|sku|tel\w*)\b|fecha|hora"
)
# Of items that are only counted, and of money, which has five digits too.
_ITEM = re.compile(r"\bitem\b")
_MONEY = re.compile(r"^total\b|financ|\bcosto?\b|\bs ?/|\bbs\b|\bus\b")
_QUARTER_GAPS = [3, 6, 9]
_CODE = re.compile(r"\b(cod|codigo)\b|^(categoria|estructura|apertura) program")
# The parts of a programme's code, each in a column of its own: `PROG. | PROY. | ACT.`, `TP | PG | SP | PY`.
_PART = re.compile(
    r"da|ue|tp|tipo( de)?( pres\w*)?|pg|prg|prog(rama)?|sp|sub ?prog(rama)?|py|proy(ecto)?|act(ividad)?( obra)?"
    r"|ac|ob|obra"
)
_LONG_CODE = 20
_FAR = 5
_WIDE = 24
_LONGEST_MEASURE = 25
_FEWEST = 5
_FEW = 3
_SHORTEST_NAME = 8
# What tells of a row without being its name.
_BESIDE_NAME = re.compile(
    r"indicador|indicator|formula|\bmedio|observ|remark|responsable|supuesto|calculo|fuente|unidad"
)


@dataclass(frozen=True)
class Proposal:
    """Which column holds a field.

    Attributes:
        field: Name of the field.
        columns: Its columns; several where a code is spread over them.
        score: How much speaks for it.
        reason: What speaks for it, a phrase.
        rivals: Columns for which nearly as much speaks.
    """

    field: str
    columns: tuple[int, ...]
    score: float
    reason: str
    rivals: tuple[int, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """What the evidence leaves open.

    Attributes:
        field: The field that it is about.
        message: What is open, a sentence.
        line: The line of the settings file that would settle it.
    """

    field: str
    message: str
    line: str = ""


@dataclass(frozen=True)
class Recognised:
    """What was recognised of a plan.

    Attributes:
        heading: Where it starts.
        last: Its last row.
        proposals: Field to the proposal for it; fields that the plan lacks are left out.
        marks: Whether its months hold an X instead of numbers.
        programmed: Rows with programmed months, of those looked at.
        agreeing: How many of them sum to the target.
        style: How its numbers that are texts are written, where that is clear.
        doubts: What is open.
        weight: How much of a plan it is, for choosing among several.
        has_heading_rows: Whether rows with the name of a unit alone stand between the others.
        sign: The sign of the plan's own currency, where it is not bolivianos.
        done: Rows that say what was done of the activity in the row above.
        rates: Rows that say what share of what was planned that is.
        money: Rows that say what the activity in the row above costs, month by month.
        aside: Rows between the foot of one form and the heading of the next.
        paint: Colours of blank months that say "in this month".
        said: The plan's own text that says so, where it is no X.
    """

    heading: Heading
    last: int
    proposals: Mapping[str, Proposal]
    marks: bool = False
    programmed: int = 0
    agreeing: int = 0
    style: Style | None = None
    doubts: tuple[Doubt, ...] = ()
    weight: float = 0
    has_heading_rows: bool = False
    sign: str = ""
    done: frozenset[int] = frozenset()
    rates: frozenset[int] = frozenset()
    money: frozenset[int] = frozenset()
    aside: frozenset[int] = frozenset()
    paint: frozenset[str] = frozenset()
    said: str = ""


def recognise(
    grid: Grid,
    heading: Heading,
    ours: frozenset[int] = frozenset(),
    given: Mapping[str, tuple[int, ...]] | None = None,
    marks: Collection[str] = (),
) -> Recognised:
    """Propose columns for the fields of the plan below a heading.

    Args:
        grid: The sheet.
        heading: One of its headings.
        ours: Columns that poa-xl added; they are no evidence.
        given: Field to its columns where the office says it; none where the plan has no such column.
        marks: Texts that say "in this month", besides X.

    Returns:
        The proposals. Cost: at most `body.SAMPLE` rows of the sheet are looked at closely.
    """
    return _Reader(grid, heading, ours, given or {}, marks).read()


@dataclass
class _Reader:
    grid: Grid
    heading: Heading
    ours: frozenset[int]
    given: Mapping[str, tuple[int, ...]]
    marks: Collection[str] = ()
    picked: dict[str, Proposal] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)

    @cached_property
    def body(self) -> Body:
        return Body(self.grid, self.heading, self.marks)

    @cached_property
    def columns(self) -> dict[int, Column]:
        """Columns that may hold a field: outside the months, and not ours."""
        span = self.heading.span
        return {
            column: each
            for column, each in self.body.columns.items()
            if column not in self.ours
            and (column not in span or self._is_target_between(column))
            and not self._is_of_a_month(column)
        }

    def _is_target_between(self, column: int) -> bool:
        """Whether the target of the year stands between two halves of it."""
        captions = self.heading.captions.get(column, ())
        is_part = any(is_period(each) for each in captions) or _SUM.search(self.heading.lowest(column))
        return not is_part and self._word("target", column, lowest=True) >= 3  # noqa: PLR2004 - its own word

    def _is_of_a_month(self, column: int) -> bool:
        """Whether it stands below a month without being one: what was executed, or why not."""
        span, months = self.heading.span, self.heading.run.columns
        width = min(after - before for before, after in pairwise(months))
        above = self.heading.captions.get(column, ())[:-1]
        return span.stop <= column < months[-1] + width or (
            column > span.start and any(month_of(each) is not None for each in above)
        )

    def read(self) -> Recognised:
        for name, columns in self.given.items():
            if columns:
                self._pick(name, columns, 10, say("dicho en poa.toml"))
        self._target()
        self._choose("measure", self._measure, 2.5)
        self._code()
        self._choose("partida", self._partida)
        self._choose("id", lambda c: self._word("id", c, lowest=True), 3)
        for name, pattern in (("price", _PRICE), ("quantity", _QUANTITY)):
            self._choose(name, lambda c, pattern=pattern: self._pattern(pattern, c))  # type: ignore[misc]
        self._choose("name", self._name, 1)
        self._name_by_texts()
        self._choose("unit", self._unit, 2.5)
        self._choose("owner", lambda c: self._word("owner", c) - self._numeric(c))
        self._owner_as_unit()
        self._budget()
        for name in ("start", "end"):
            self._choose(name, lambda c, name=name: self._word(name, c))  # type: ignore[misc]
        self._choose("evidence", lambda c: self._word("evidence", c) - self._numeric(c))
        return self._done()

    def _done(self) -> Recognised:
        body, heading = self.body, self.heading
        if heading.is_unclear:
            runs = (heading.run, *heading.others)
            self._ask(
                "meses",
                say(
                    "hay varias series de meses y nada dice cuál es la programada: {cells}",
                    cells=", ".join(letters(run.columns[0]) for run in runs),
                ),
                f'[meses]\ncolumnas = "{letters(heading.run.columns[0])}"',
            )
        if body.style is not None and body.style is body.likely_style:
            thousands, _ = body.style.value
            numbers = next(text for text, style in STYLES.items() if style is body.style)
            self._ask(
                "numeros",
                say("los números que son texto se leen como «1{mark}234» = 1234", mark=thousands),
                f'[moneda]\nnumeros = "{numbers}"',
            )
        if body.said:
            self._ask(
                "marcas",
                say("los meses dicen «{text}»: se lee como «en este mes»", text=body.said),
                f'[meses]\nmarcas = ["{body.said}"]',
            )
        if "name" not in self.picked and "code" not in self.picked:
            self._ask("name", say("ningún encabezado dice cómo se llama cada fila"), '[columnas]\nnombre = "B"')
        target = self.picked.get("target")
        agreeing = body.agreement(target.columns[0])[0] if target else 0
        name = self.picked["name"].columns[0] if "name" in self.picked else None
        proposals = {each: self.picked[each] for each in TABLE if each in self.picked}
        weight = len(proposals) + min(len(body.rows), 50) / 10 + (3 if agreeing else 0) + (2 if name else 0)
        return Recognised(
            heading,
            body.last(name),
            proposals,
            bool(body.paint or body.marks > len(body.sums)),
            len(body.sums),
            agreeing,
            body.style,
            tuple(self.doubts),
            weight,
            body.has_heading_rows,
            body.sign,
            body.done,
            body.rates,
            body.money,
            body.aside,
            body.paint,
            body.said,
        )

    # The words of captions

    def _word(self, name: str, column: int, *, lowest: bool = False) -> float:
        """5 when the caption is the printed plan's own, 4 a known synonym, 3 when it has a word for it, 2 above it."""
        captions = self.heading.captions.get(column, ())
        if not captions:
            return 0
        one = TABLE[name]
        if captions[-1] == words_of(one.caption):
            return 5
        if one.synonyms and re.fullmatch(one.synonyms, captions[-1]) and name != "name":
            return 4
        if one.rank(captions[-1]) is not None:
            return 3
        above = () if lowest else captions[:-1]
        return 2 if any(one.rank(each) is not None for each in above) else 0

    def _pattern(self, pattern: re.Pattern[str], column: int) -> float:
        captions = self.heading.captions.get(column, ())
        return 3 if captions and pattern.search(captions[-1]) else 0

    def _numeric(self, column: int) -> float:
        return 3 if self.columns[column].is_numeric else 0

    def _choose(self, name: str, value: Callable[[int], float], least: float = 2) -> None:
        """Assign a field the free column with the highest value, of equals the left one."""
        if name in self.given:
            return
        values = {column: value(column) for column in self.columns if column not in self.taken}
        best = max(values, key=lambda column: (values[column], -column), default=None)
        if best is not None and values[best] >= least:
            self._pick(name, (best,), values[best], say("encabezado «{caption}»", caption=self._shown(best)))

    def _pick(
        self, name: str, columns: tuple[int, ...], score: float, reason: str, rivals: tuple[int, ...] = ()
    ) -> None:
        self.picked[name] = Proposal(name, columns, round(score, 1), reason, rivals)
        self.taken |= set(columns)

    def _ask(self, name: str, message: str, line: str = "") -> None:
        self.doubts.append(Doubt(name, message, line))

    def _shown(self, column: int) -> str:
        return self.heading.shown.get(column, "")[:40]

    # Fields

    def _target(self) -> None:
        """The column that the months sum to, with a word for it."""
        if "target" in self.given:
            return
        scores = {column: self._target_score(column) for column in self.columns if column not in self.taken}
        start = self.heading.span.start
        ranked = sorted(scores, key=lambda c: (-scores[c], abs(c - start)))
        if not self.body.sums:
            ranked = [column for column in ranked if self._word("target", column)]
        best = ranked[0] if ranked else None
        if best is None or scores[best] < 1.5:  # noqa: PLR2004 - half a word
            if not (self.body.marks or self.body.paint):
                self._ask(
                    "target",
                    say("no hay columna de Meta ni de total: la suma de los meses es la Meta"),
                    '[meta]\nde = "suma"',
                )
            return
        hits, said = self.body.agreement(best)
        # One that agrees in every row may be no more than the sum of the months; what was planned stands beside it.
        is_sum = hits == len(self.body.sums)
        if is_sum and (planned := self._planned(ranked, best)) is not None:
            ranked = [planned, *(column for column in ranked if column != planned)]
            best = planned
            hits, said = self.body.agreement(best)
        near = (c for c in ranked[1:] if scores[c] > scores[best] - 1 or (is_sum and self._agrees(c)))
        rivals = tuple(column for column in near if self._differs(column, best))
        reason = say(
            "{hits} de {count} filas suman lo que dice, encabezado «{caption}»",
            hits=hits,
            count=len(self.body.sums),
            caption=self._shown(best),
        )
        self._pick("target", (best,), scores[best], reason, rivals[:2])
        self._doubt_target(best, hits, said, rivals)

    def _target_score(self, column: int) -> float:
        heading, each = self.heading, self.columns[column]
        caption = heading.caption(column)
        hits, _ = self.body.agreement(column)
        share = hits / len(self.body.sums) if self.body.sums else 0
        beside = column in (heading.span.start - 1, heading.span.stop)
        word = self._word("target", column)
        score = 6 * share * min(1, hits / _FEWEST) + word
        if self._typed and self.body.is_computed(column):
            # A formula that adds up the months agrees with them whatever was planned.
            score = word
        score += 1 if caption.startswith(("meta", "total")) else 0
        score += 0.5 if beside else 0
        score += 1 if self._word("budget", column) else 0
        score += 1.2 if "total" in caption and _QUANTITY.search(caption) else 0
        score -= 4 if _NO_TARGET.search(caption) and share < 0.5 else 0  # noqa: PLR2004 - half of the rows
        score -= 4 if DONE.search(caption) else 0
        # Words without a figure before them are a text about targets.
        score -= (
            8 if each.filled and not (max(each.numbers, hits) or any(text[:1].isdigit() for text in each.texts)) else 0
        )
        score -= 4 if 2 * max(each.numbers, hits) < each.filled else 0
        score -= 0 if caption else 2
        # Behind another series it speaks of that one.
        score -= 2 if any(heading.span.stop <= run.columns[0] < column for run in heading.others) else 0
        # The first quarter's sum is the year's where all is programmed in it.
        score -= 6 if self._has_quarters and beside and not (word or self._word("budget", column)) else 0
        score -= 6 if any(map(is_period, heading.captions.get(column, ()))) else 0
        return round(score, 2)

    def _planned(self, columns: Iterable[int], total: int) -> int | None:
        """The column beside a total of the months that says what was planned: it agrees in nearly all rows."""
        if not _SUM.search(self.heading.lowest(total)):
            return None
        return next((c for c in columns if c != total and self._is_planned(c) and self._differs(c, total)), None)

    def _is_planned(self, column: int) -> bool:
        caption = self.heading.caption(column)
        has_word = self._word("target", column) or self._word("budget", column) or _QUANTITY.search(caption)
        is_other = _SUM.search(self.heading.lowest(column)) or _NO_TARGET.search(caption) or DONE.search(caption)
        return bool(has_word) and not is_other and self._agrees(column)

    def _agrees(self, column: int) -> bool:
        """Whether a column that is typed says what the months sum to in nearly all of many rows."""
        hits, said = self.body.agreement(column)
        is_year = not any(map(is_period, self.heading.captions.get(column, ())))
        return said >= _FEWEST and 10 * hits > 8 * said and is_year and not self.body.is_computed(column)

    @cached_property
    def _typed(self) -> bool:
        """Whether a column that is typed says in most rows what the months sum to."""
        return any(
            2 * self.body.agreement(column)[0] > len(self.body.sums) >= _FEWEST
            and not self.body.is_computed(column)
            and not _NO_TARGET.search(self.heading.caption(column))
            and not DONE.search(self.heading.caption(column))
            for column in self.columns
        )

    @property
    def _has_quarters(self) -> bool:
        columns = self.heading.run.columns
        return [k for k in range(1, len(columns)) if columns[k] - columns[k - 1] > 1] == _QUARTER_GAPS

    def _differs(self, column: int, other: int) -> bool:
        rows = (self.body.filled[row] for row in self.body.sums)
        return any(self.body.number(cells.get(column)) != self.body.number(cells.get(other)) for cells in rows)

    def _doubt_target(self, best: int, hits: int, said: int, rivals: tuple[int, ...]) -> None:
        sums = len(self.body.sums)
        line = f'[columnas]\nmeta = "{letters(best)}"'
        caption = self.heading.lowest(best)
        is_plain = bool(_PLAIN_TARGET.fullmatch(caption)) or self._word("target", best) >= 4  # noqa: PLR2004 - a synonym
        if rivals or (sums < _FEWEST and not self._word("target", best)) or (not sums and not is_plain):
            others = ", ".join(f"{letters(c)} «{self._shown(c)}»" for c in rivals[:2])
            text = say("¿es la Meta la columna {letter} «{caption}»?", letter=letters(best), caption=self._shown(best))
            if others:
                text += " " + say("también puede ser {others}", others=others)
            self._ask("target", text, line)
        elif said >= _FEWEST and 2 * (hits + self.body.kept(best)) < sums and not self.body.marks:
            self._ask(
                "target",
                say(
                    "solo {hits} de {count} filas suman lo que dice {letter} «{caption}»",
                    hits=hits,
                    count=sums,
                    letter=letters(best),
                    caption=self._shown(best),
                ),
                line,
            )

    def _measure(self, column: int) -> float:
        each = self.columns[column]
        score = self._word("measure", column) + (1 if each.repeats and each.length < _LONGEST_MEASURE else 0)
        score += 0.5 if abs(self.heading.span.start - column) < 12 else 0  # noqa: PLR2004 - near the months
        score -= self._numeric(column) + (1 if self._pattern(_PRICE, column) or self._word("code", column) else 0)
        return score - (3 if self._unit(column) > self._word("measure", column) else 0)

    def _unit(self, column: int) -> float:
        each = self.columns[column]
        named = sum(bool(UNIT_WORDS.search(fold(text))) for text in each.texts)
        if self.heading.lowest(column) == "unidad" and 2 * named <= each.filled:
            # Pieces and kilos are called so too.
            return 0
        return self._word("unit", column) + (1 if each.repeats else 0) - self._numeric(column)

    def _owner_as_unit(self) -> None:
        """Where no column names units, one of responsibles that are units and repeat does."""
        if "unit" in self.picked or "owner" not in self.picked or self.given.keys() & {"unit", "owner"}:
            return
        each = self.columns[self.picked["owner"].columns[0]]
        named = sum(bool(UNIT_WORDS.search(fold(text))) and not _POSTS.match(fold(text)) for text in each.texts)
        if each.repeats and 2 * named > each.filled:
            own = self.picked.pop("owner")
            self.picked["unit"] = Proposal("unit", own.columns, own.score, own.reason)

    def _partida(self, column: int) -> float:
        each = self.columns[column]
        coded = sum(bool(_CLASSIFIER.match(str(value).strip())) for value in each.values)
        is_classifier = each.filled >= 3 and 2 * coded > each.filled and each.distinct < each.filled  # noqa: PLR2004
        is_classifier = is_classifier and not _NO_PARTIDA.search(self.heading.lowest(column))
        if _ITEM.search(self.heading.lowest(column)) and 2 * coded <= each.filled:
            return 0
        is_money = self._word("budget", column) >= 3 or _MONEY.search(self.heading.lowest(column))  # noqa: PLR2004
        money = 3 if is_money else 0
        return self._word("partida", column) - money + (2 if is_classifier else 0)

    def _budget(self) -> None:
        target = self.picked.get("target")
        if target is not None and "budget" not in self.given:
            column = target.columns[0]
            word = self._word("budget", column)
            if word >= 3 or (word and self.heading.caption(column).startswith("total")):  # noqa: PLR2004 - its own word
                self.picked["budget"] = Proposal("budget", target.columns, word, say("los meses son dinero"))
                return
        self._choose("budget", self._money)

    def _money(self, column: int) -> float:
        each = self.columns[column]
        is_text = len(each.texts) > each.numbers
        caption = self.heading.caption(column)
        score = self._word("budget", column) - (3 if is_text or self._pattern(_PRICE, column) else 0)
        # The sum of what several sources finance, beside each of them.
        score += 0.5 if self.heading.lowest(column).startswith("total") else 0
        return score - (4 if DONE.search(caption) or _NO_MONEY.search(caption) else 0)

    def _name(self, column: int) -> float:
        each, caption = self.columns[column], self.heading.caption(column)
        lowest = self.heading.lowest(column)
        if (
            each.numbers > len(each.texts)
            or (each.filled and not each.texts)
            or (_NO_NAME.search(caption) and lowest != words_of(CAPTIONS["name"]))
        ):
            return -1
        rank = TABLE["name"].rank(lowest)
        score = 3.0 if lowest == words_of(CAPTIONS["name"]) else 0 if rank is None else 2.2 - rank * 0.04
        if each.filled:
            held = min(1, 2 * each.filled / max(1, len(self.body.sample)))
            score += min(each.length, 60) / 30 + 1.5 * each.distinct / each.filled * held
            # What stands in few rows sets them apart, or heads the others.
            score -= 2 if 3 * each.filled < len(self.body.sample) else 0
        return score - (1 if each.repeats else 0)

    def _name_by_texts(self) -> None:
        """Where no caption says what rows are called: the column whose texts tell them apart; said as a doubt."""
        if self.picked.keys() & {"name"} or "name" in self.given:
            return
        told = {column: self._telling(column) for column in self.columns if column not in self.taken}
        best = max(told, key=lambda column: (told[column], -column), default=0)
        if told.get(best, 0) < 0.5:  # noqa: PLR2004 - short texts of which some repeat
            return
        self._pick("name", (best,), told[best], say("sus textos distinguen las filas"))
        if TABLE["name"].rank(self.heading.lowest(best)) is None:
            text = say(
                "ningún encabezado dice cómo se llama cada fila; se toma {letter} «{caption}»",
                letter=letters(best),
                caption=self._shown(best),
            )
            self._ask("name", text, f'[columnas]\nnombre = "{letters(best)}"')

    def _telling(self, column: int) -> float:
        """How well the texts of a column tell rows apart: each its own, as long as names are, in most rows."""
        each = self.columns[column]
        if len(each.texts) < max(_FEW, len(self.body.sample) / 2) or each.length < _SHORTEST_NAME:
            return 0
        words = self.heading.lowest(column)
        score = 1.5 * each.distinct / each.filled + min(each.length, 60) / 60
        return score - (1 if _BESIDE_NAME.search(words) else 0)

    # Codes

    def _code(self) -> None:
        """The columns of the code: the finest one, or several that make it up together."""
        if "code" in self.given:
            return
        free = [column for column in self.columns if column not in self.taken]
        if banded := self._banded(free):
            self._pick("code", banded, 3, say("encabezado «{caption}»", caption=self._shown(banded[0])))
            return
        scores = {column: score for column in free if (score := self._codeness(column)) >= 2}  # noqa: PLR2004
        if not scores:
            if parts := self._parts(free):
                self._pick("code", parts, 2, say("encabezado «{caption}»", caption=self._shown(parts[0])))
            return
        ranked = sorted(scores, key=lambda column: -scores[column])
        best = self._spread(ranked) or self._finest(ranked, scores)
        if len(best) == 1:
            best = self._joined(best[0])
        only = self.columns[best[0]]
        if len(best) == 1 and only.filled >= _FEWEST and only.distinct == 1:
            # What is the same in all rows is that of the plan.
            return
        shape = _shapes(self.columns[best[-1]])
        reason = say("encabezado «{caption}», forma {shape}", caption=self._shown(best[-1]), shape=shape or "—")
        self._pick("code", best, scores.get(best[-1], 2), reason)

    def _banded(self, free: list[int]) -> tuple[int, ...]:
        """Columns of numbers side by side below one caption that speaks of codes."""
        found: dict[str, list[int]] = {}
        for column in free:
            above = self.heading.captions.get(column, ())[:-1]
            each = self.columns[column]
            if above and _CODE.search(above[-1]) and each.numbers == each.filled > 0:
                found.setdefault(above[-1], []).append(column)
        return next((tuple(each) for each in found.values() if len(each) > 1 and each[-1] - each[0] < _FAR), ())

    def _parts(self, free: list[int]) -> tuple[int, ...]:
        """Columns of numbers side by side that are parts of a programme's code, where they tell the rows apart."""
        found = [
            column
            for column in free
            if _PART.fullmatch(self.heading.lowest(column))
            and self.columns[column].numbers == self.columns[column].filled > 0
        ]
        codes = [tuple(str(self.body.filled[row].get(c)) for c in found) for row in self.body.sample]
        is_near = len(found) > 1 and found[-1] - found[0] <= _FAR
        return tuple(found) if is_near and len(set(codes)) == len(codes) else ()

    def _spread(self, ranked: list[int]) -> tuple[int, ...]:
        """Columns of plain numbers side by side, each captioned as a code."""
        first = self.columns[ranked[0]]
        if any(isinstance(value, str) and re.search(r"[.-]", value) for value in first.values):
            return ()
        coded = [c for c in ranked if _CODE.search(self.heading.caption(c))]
        coded = [c for c in coded if "unidad" not in self.heading.caption(c) and self.columns[c].filled]
        return tuple(sorted(coded)) if len(coded) > 1 and max(coded) - min(coded) <= 5 else ()  # noqa: PLR2004 - near

    def _finest(self, ranked: list[int], scores: Mapping[int, float]) -> tuple[int, ...]:
        best = scores[ranked[0]]
        sure = [c for c in ranked if scores[c] >= 3.5 and self._word("code", c)] or ranked[:1]  # noqa: PLR2004
        near = [c for c in sure if scores[c] >= best - 0.6] or ranked[:1]
        return (max(near, key=lambda c: (self.columns[c].distinct, -c)),)

    def _joined(self, column: int) -> tuple[int, ...]:
        """A code that is not unique, with another column of numbers that counts within it."""
        each = self.columns[column]
        if each.distinct == each.filled:
            return (column,)
        rows = [self.body.filled[row] for row in self.body.sample]
        for other, counts in self.columns.items():
            if other in self.taken or other == column or self._word("code", other, lowest=True) < 3:  # noqa: PLR2004
                continue
            pairs = {(str(cells.get(column)), str(cells.get(other))) for cells in rows}
            if counts.numbers == counts.filled > 0 and len(pairs) > each.distinct:
                return column, other
        return (column,)

    def _codeness(self, column: int) -> float:
        each, word = self.columns[column], self._word("code", column)
        if each.filled < 0.3 * len(self.body.sample) and not word:
            return 0
        if any(isinstance(value, date) for value in each.values):
            return 0
        if not each.filled:
            return 2.7 if word >= 3 else 0  # noqa: PLR2004 - its own word
        texts = [value for value in each.values if isinstance(value, str)]
        coded = sum(bool(_CODED.fullmatch(text.strip())) for text in texts) / each.filled
        alike = Counter(map(_shape, texts)).most_common(1)
        share = alike[0][1] / each.filled if alike and coded > 0.5 else 0  # noqa: PLR2004 - half of the rows
        unique = 0.6 + 0.4 * each.distinct / each.filled
        score = (2.2 * coded + 0.8 * share) * unique + 0.9 * word
        score -= 2 if self._partida(column) > 0 else 0
        # Rows that head others may say so in the same column.
        usual = sorted(map(len, texts))[len(texts) // 2] if texts else 0
        return score - (2 if usual > _LONG_CODE else 0)


def _shape(value: Value) -> str:
    """Return the grammar of a code: letters and digits in runs, the rest as it is."""
    text = squeeze(str(value))
    letters_, digits = re.sub(r"[^\W\d_]+", "A", text), r"\d+"
    return re.sub(digits, "9", letters_) if len(text) <= _WIDE else ""


def _shapes(column: Column) -> str:
    found = Counter(shape for value in column.values if not is_blank(value) and (shape := _shape(value)))
    return found.most_common(1)[0][0] if found else ""

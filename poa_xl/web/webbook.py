"""A workbook in memory as Office.js told of it, which keeps account of what is done to it.

Office.js answers later, buttons ask at once. So everything is read beforehand, a button works on this, and what it did
is handed back as a list of steps that `web/src/replay.ts` does in the program.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from poa_xl.books.live import Box, matrix_of
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.removed import Removal
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.called import spaced
from poa_xl.sheet.grid import Workbook, is_same_sheet, letters, runs
from poa_xl.sheet.mark import is_mark_name
from poa_xl.sheet.prompts import is_our_prompt
from poa_xl.sheet.spec import ConditionalFormat, Prompt, SheetSpec, Style
from poa_xl.web.sheets import Place, Sheet, Step, box_of, cells, followed, sheet_of

_ZERO, _ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)


class Asked(Exception):  # noqa: N818 - no error: a button waits for an answer
    """A question of a button that nobody has answered yet; nothing has been done."""


class WebBook:
    """A workbook open in Excel, as Office.js told of it; see `LiveBook`.

    Args:
        told: What `web/src/snapshot.ts` read.
        answers: Questions of buttons that have been answered.
    """

    def __init__(self, told: Mapping[str, Any], answers: Mapping[str, bool] | None = None) -> None:
        self.name: str = told["name"]
        self.address: str = told["address"]
        self.program: str = told["program"]
        self.active: str = told["active"]
        self.selected: Box | None = Box(*told["selected"]) if told["selected"] else None
        self.refuses_sheets: bool = told["refuses"]
        self.steps: list[Step] = []
        self.said: list[dict[str, Any]] = []
        self._answers = answers or {}
        self._date1904: bool = told["date1904"]
        self._properties: dict[str, str] = told["properties"]
        self._names: dict[str, str] = dict(told["names"])
        self._sheets = [sheet_of(each) for each in told["sheets"]]

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets."""
        return [sheet.name for sheet in self._sheets]

    def _find(self, name: str) -> Sheet:
        return next(sheet for sheet in self._sheets if is_same_sheet(sheet.name, name))

    def _did(self, step: str, **what: object) -> Step:
        self.steps.append({"do": step, **what})
        return self.steps[-1]

    @property
    def properties(self) -> Mapping[str, str]:
        """Its custom properties."""
        return self._properties

    @property
    def names(self) -> Mapping[str, str]:
        """What its names stand for."""
        return {name: text.removeprefix("=") for name, text in self._names.items()}

    def give_names(self, wanted: Mapping[str, str]) -> None:
        """Have names stand for cells; those with an empty text go."""
        for name, meant in wanted.items():
            if name in self._names:
                self._did("unname", name=name)
                del self._names[name]
            if meant:
                self._did("name", name=name, formula=f"={meant}")
                self._names[name] = f"={meant}"

    def read(self) -> Workbook:
        """Read all of it."""
        marks = {name: text for name, text in self._names.items() if is_mark_name(name)}
        texts = {name: text.removeprefix("=")[1:-1].replace('""', '"') for name, text in marks.items()}
        return Workbook(
            self.name, tuple(each.grid(date1904=self._date1904) for each in self._sheets), self._properties, texts
        )

    def contents(self, sheet: str, box: Box | None = None) -> Area:
        """Read what cells hold."""
        page = self._find(sheet)
        top, left, bottom, right = box or page.used()
        rows = [
            [page.contents.get((row, column)) for column in range(left, right + 1)] for row in range(top, bottom + 1)
        ]
        return Area(page.name, top, left, rows)

    def put(self, area: Area) -> None:
        """Write contents."""
        page = self._find(area.sheet)
        for row, line in enumerate(area.contents, area.row):
            for column, content in enumerate(line, area.column):
                page.hold((row, column), content)
        # Office.js leaves alone what null stands for.
        values = [["" if each is None else _typed(each) for each in line] for line in area.contents]
        self._did("put", sheet=page.name, row=area.row, column=area.column, values=values)

    def insert(self, sheet: str, row: int, like: int, count: int = 1) -> None:
        """Put rows in before a row."""
        page = self._find(sheet)
        self._move(Insertion(page.name, tuple(NewRow(row) for _ in range(count)), tuple(self.sheets)))
        model = like if like < row else like + count
        for line in range(row, row + count):
            page.copy(model, line)
        self._did("insert", sheet=page.name, row=row, count=count, model=model)

    def take_out(self, sheet: str, row: int, count: int = 1) -> None:
        """Take rows out."""
        page = self._find(sheet)
        self._move(Removal(page.name, range(row, row + count), self.sheets))
        self._did("take_out", sheet=page.name, row=row, count=count)

    def _move(self, move: Insertion | Removal) -> None:
        """Have all formulas follow rows that come or go, and what stands on their sheet."""
        self._find(move.sheet).move(move)
        for page in self._sheets:
            page.follow(move)
        self._names = {name: followed(text, move, "") for name, text in self._names.items()}

    @contextlib.contextmanager
    def unlocked(self, sheet: str) -> Iterator[None]:
        """Lift the protection of a sheet for a while; whether it has a password is seen when the page does so."""
        page = self._find(sheet)
        was, page.protected = page.protected, False
        if was:
            self._did("unlock", sheet=page.name)
        try:
            yield
        finally:
            page.protected = was
            if was:
                self._did("lock", sheet=page.name)

    def dress(self, sheet: str, box: Box, style: Style | None) -> None:
        """Apply a look to cells."""
        look = None
        if style is not None and not style.size:
            return
        if style is not None:
            is_plain = style.number_format in ("General", "@")
            look = {
                "fill": style.fill,
                "color": style.color,
                "bold": style.bold,
                "size": style.size,
                "align": style.align,
                "wrap": style.wrap,
                "format": "" if is_plain else style.number_format,
            }
        self._did("dress", sheet=sheet, area=_area(box), look=look)

    def widen(self, sheet: str, column: int, width: float, count: int = 1) -> None:
        """Set the width of columns."""
        area = f"{letters(column)}:{letters(column + count - 1)}"
        self._did("widen", sheet=sheet, area=area, points=_points(width))

    def hide(self, sheet: str, rows: Collection[int], *, hidden: bool) -> None:
        """Hide rows, or show them again."""
        page = self._find(sheet)
        page.hidden = page.hidden | {*rows} if hidden else page.hidden - {*rows}
        for top, _, bottom, _ in runs([(row, 1) for row in sorted(rows)]):
            self._did("hide", sheet=page.name, area=f"{top}:{bottom}", hidden=hidden)

    def arrows(self, sheet: str) -> str:
        """Return the cells over which filter arrows stand."""
        return self._find(sheet).arrows

    def filter(self, sheet: str, cells: str) -> None:
        """Put filter arrows over cells."""
        page = self._find(sheet)
        if page.arrows != cells:
            page.arrows = cells
            self._did("filter", sheet=page.name, area=cells)

    def draw(self, image: SheetSpec, after: str) -> None:
        """Make a sheet."""
        position = next(i for i, sheet in enumerate(self._sheets) if is_same_sheet(sheet.name, after)) + 1
        page = Sheet(image.name)
        self._sheets.insert(position, page)
        self._did("add", sheet=image.name, position=position)
        area = matrix_of(image.cells, image.name)
        for (row, column), cell in image.cells.items():
            if isinstance(cell.value, date) and not cell.formula:
                area.contents[row - area.row][column - area.column] = self._day(cell.value)
        self.put(area)
        self._lay_out(image)
        looks: dict[Style, list[Place]] = {}
        for place, cell in sorted(image.cells.items()):
            looks.setdefault(cell.style, []).append(place)
        for style, places in looks.items():
            for run in runs(places):
                self.dress(image.name, Box(*run), style)
        self.paint(image.name, image.rules)

    def _lay_out(self, image: SheetSpec) -> None:
        for column, width in image.widths.items():
            self.widen(image.name, column, width)
        for row, height in image.heights.items():
            self._did("heighten", sheet=image.name, area=f"{row}:{row}", points=height)
        for merged in image.merges:
            self._did("merge", sheet=image.name, area=merged)
        for row, level in image.levels.items():
            for _ in range(level):
                self._did("group", sheet=image.name, area=f"{row}:{row}")
        for choice in image.choices:
            self._did("choose", sheet=image.name, area=choice.area, values=list(choice.values))

    def _day(self, day: date) -> float:
        """Return the number that a cell holds for a date."""
        zero = _ZERO_1904 if self._date1904 else _ZERO
        moment = day if isinstance(day, datetime) else datetime.combine(day, time())
        return (moment.replace(tzinfo=None) - datetime.combine(zero, time())) / timedelta(days=1)

    def drop(self, sheet: str) -> None:
        """Take a sheet away."""
        page = self._find(sheet)
        self._sheets.remove(page)
        self._did("drop", sheet=page.name)

    def rules(self, sheet: str) -> list[str]:
        """Return the formulas of the conditional formats."""
        return [formula for _, formula in self._find(sheet).rules]

    def paint(self, sheet: str, rules: Sequence[ConditionalFormat]) -> None:
        """Add conditional formats."""
        for rule in rules:
            style = rule.style
            look = {
                "fill": style.fill,
                "color": style.color,
                "bold": style.bold,
                "italic": style.italic,
                "edge": style.edge,
                "format": "" if style.number_format == "General" else style.number_format,
            }
            step = self._did("paint", sheet=sheet, area=rule.area, formula=rule.formula, look=look)
            self._find(sheet).rules.append((step, rule.formula))

    def unpaint(self, sheet: str, is_ours: Callable[[str], bool]) -> None:
        """Take conditional formats away; one that is only meant to be made is made no more."""
        page = self._find(sheet)
        gone = [made for made, formula in page.rules if is_ours(formula)]
        page.rules = [each for each in page.rules if not is_ours(each[1])]
        self.steps = [step for step in self.steps if not any(step is made for made in gone)]
        known = [made for made in gone if isinstance(made, str)]
        if known:
            self._did("unpaint", sheet=page.name, rules=known)

    def help(self, sheet: str, prompts: Sequence[Prompt]) -> None:
        """Say things beside cells that are selected."""
        page = self._find(sheet)
        for box in [box for box, title in page.validations.items() if is_our_prompt(title)]:
            del page.validations[box]
            self._did("unhelp", sheet=page.name, area=_area(box))
        taken = {*cells(page.validations)}
        for prompt in prompts:
            place = box_of(prompt.area)
            if place is not None and place[:2] not in taken:
                page.validations[place] = prompt.title
                self._did("help", sheet=page.name, area=prompt.area, title=prompt.title, message=prompt.message)

    def is_protected(self, sheet: str, box: Box | None = None) -> bool:
        """Whether cells of a sheet refuse to be changed."""
        page = self._find(sheet)
        if not page.protected or box is None:
            return page.protected
        places = ((row, column) for row in range(box.top, box.bottom + 1) for column in range(box.left, box.right + 1))
        return not all(place in page.unlocked for place in places)

    def select(self, sheet: str, place: Place | None = None) -> None:
        """Show a sheet and a cell of it."""
        self.active = self._find(sheet).name
        self.selected = Box(*place, *place) if place is not None else None
        self._did("select", sheet=self.active, area=_area(self.selected) if self.selected else "")

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:  # noqa: ARG002 - Excel on the web names no steps
        """Show what was shown before, whatever is done meanwhile."""
        active, selected = self.active, self.selected
        try:
            yield
        finally:
            if (active, selected) != (self.active, self.selected) and active in self.sheets:
                self.active, self.selected = active, selected
                self._did("select", sheet=active, area=_area(selected) if selected else "")

    def report(self, text: str) -> None:
        """Say in the line of the pane what is going on."""
        self.said.append({"text": text, "title": "", "is_error": False})

    def tell(self, text: str, title: str, *, is_error: bool = False) -> None:
        """Say something in the pane."""
        self.said.append({"text": text, "title": title, "is_error": is_error})

    def ask(self, question: str, title: str) -> bool:
        """Ask whether to go on.

        Raises:
            Asked: The answer is not known yet; the pane asks, and the button is pressed again.
        """
        if question not in self._answers:
            raise Asked(title, question)
        return self._answers[question]

    def prompt(self, question: str, title: str, given: str = "") -> str | None:  # noqa: ARG002 - see `LiveBook`
        """Take what stands there: no button that the pane has asks for a text."""
        return given

    def save(self) -> None:
        """Save the workbook."""
        self._did("save")

    def show(self, path: Path) -> None:
        """Refuse: a page opens no files.

        Raises:
            BookError: Always.
        """
        raise BookError(_not_here(path.name))

    def closed(self) -> AbstractContextManager[None]:
        """Refuse: a page cannot close the workbook that it belongs to.

        Raises:
            BookError: Always.
        """
        raise BookError(_not_here(self.name))


def _not_here(file: str) -> str:
    return say(
        "{file}: desde el panel no se abren ni se cierran libros; este botón está en Excel con el complemento "
        "instalado y en Calc",
        file=file,
    )


def _typed(content: Content) -> Content:
    """Keep Excel from reading a text as what people type: `1-2` is no date. Our functions have a point there."""
    if isinstance(content, str) and content.startswith("="):
        return spaced(content)
    is_text = isinstance(content, str) and not content.startswith(("=", "'="))
    return f"'{content}" if is_text else content


def _area(box: Box) -> str:
    return f"{letters(box.left)}{box.top}:{letters(box.right)}{box.bottom}"


def _points(characters: float) -> float:
    """Return the width of a column as Office.js counts it: seven pixels a character, five around them."""
    return round((round(characters * 7) + 5) * 0.75, 2) if characters else 0

"""Control columns, red and green, names and the list of findings, in an open workbook."""

from collections.abc import Mapping, Sequence

from poa_xl.actions.load import Opened
from poa_xl.actions.moment import day, now
from poa_xl.actions.pressing import need_cells, need_sheets, open_plan
from poa_xl.actions.recorder import Recorder, edited_in, is_painted, recorded
from poa_xl.books.live import LiveBook, content_of, matrix_of
from poa_xl.books.patch.ranges import area_of
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding, Located
from poa_xl.core.flags import flag
from poa_xl.sheet import control
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.extras import findings_sheet
from poa_xl.sheet.grid import Merge, column_number, free_name, letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.listing import FINDINGS
from poa_xl.sheet.named import named_ranges
from poa_xl.sheet.prompts import prompts
from poa_xl.store import journal


def verify(book: LiveBook, button: str) -> tuple[Opened, list[Finding]]:
    """Write control columns, red and green and the list of findings; the planner's columns stay as they are.

    The workbook of a unit is protected and has live control columns and colours already: there only the list is new.

    Raises:
        LayoutError: There is no plan.
        BookError: The workbook is protected, or the sheet is and has no control columns.
    """
    opened = open_plan(book)
    findings = check(opened.plan)
    has_all = book.is_protected(opened.sheet) and opened.is_flagged
    need_sheets(book)
    if not has_all:
        need_cells(book, opened)
    was_painted = has_all or is_painted(book, opened)
    # Colours of before looked at fewer columns.
    is_older = was_painted and not has_all and not opened.layout.columns.keys() >= CONTROL.keys()
    with recorded(book, opened, button) as done:
        if not has_all:
            _write_control(done, findings)
        if is_older:
            done.paint(on=False)
        if is_older or not was_painted:
            done.paint(on=True)
        _write_findings(done, findings)
        if not has_all:
            # Arrows that somebody took away later stay away.
            if not opened.is_flagged:
                _let_filter(done)
            done.give_names(our_names(book, opened))
            book.help(opened.sheet, prompts(opened.plan, findings, opened.columns(), day(now())))
    return opened, findings


def list_findings(book: LiveBook, opened: Opened, button: str, more: Sequence[Located]) -> None:
    """Write the list of findings, with others about its rows; nothing else changes."""
    need_sheets(book)
    with recorded(book, opened, button) as done:
        _write_findings(done, check(opened.plan), more)


def toggle(book: LiveBook, button: str) -> bool:
    """Paint or unpaint the planner's cells; control columns are written when they are missing.

    Returns:
        Whether they are painted now.
    """
    opened = open_plan(book)
    is_older = not opened.layout.columns.keys() >= CONTROL.keys() and not book.is_protected(opened.sheet)
    if not opened.is_flagged or is_older:
        verify(book, button)
        return True
    need_cells(book, opened)
    was_painted = is_painted(book, opened)
    with recorded(book, opened, button) as done:
        done.paint(on=not was_painted)
    return not was_painted


def our_names(book: LiveBook, opened: Opened) -> dict[str, str]:
    """Return what names of columns are to stand for; one that stands for something else already is left out."""
    present = book.names
    wanted = named_ranges(opened.sheet, opened.columns(), opened.layout.bottom, opened.last)
    return {name: cells for name, cells in wanted.items() if _begins(present.get(name, cells)) == _begins(cells)}


def _begins(cells: str) -> str:
    """Return where cells begin: programs let a name grow with its rows, and quote the sheet where they have to."""
    return cells.partition(":")[0].replace("'", "")


def _write_control(done: Recorder, findings: Sequence[Finding]) -> None:
    """Fill the control columns, one write for each block: programs keep a hundred steps to be undone, and no more."""
    opened = done.opened
    columns, plan = opened.columns(), opened.plan
    filled = control.control_cells(plan, flag(plan, findings), findings, columns, opened.is_live, first=opened.first)
    cells = {row.line: each for row, each in zip(plan.rows, filled, strict=True)}
    for block in side_by_side({name: column_number(columns[name]) for name in CONTROL}):
        rows: list[list[Content]] = [
            [content_of(cells[line][name]) if name in cells.get(line, ()) else None for name in block]
            for line in range(opened.first, opened.last + 1)
        ]
        column = column_number(columns[block[0]])
        done.put(Area(opened.sheet, opened.layout.bottom, column, [[CONTROL[name] for name in block], *rows]))
        if not {*block} <= opened.layout.columns.keys():
            done.book.widen(opened.sheet, column, BY_NAME[block[0]].width, len(block))


def _let_filter(done: Recorder) -> None:
    """Put filter arrows over the plan and its control columns, or let those that stand there reach over these.

    They stay as they are over other rows, and where rows are hidden: that may be what they are for.
    """
    book, opened = done.book, done.opened
    former, top, last = book.arrows(opened.sheet), opened.layout.bottom, column_number(opened.columns()["reason"])
    here = area_of(former) or Merge(top, min(opened.layout.columns.values()), opened.last, 0)
    if here.top == top and here.right < last and not opened.grid.hidden:
        journal.keep_arrows(book.address, former)
        done.filter(f"{letters(here.left)}{here.top}:{letters(last)}{here.bottom}")


def side_by_side(columns: Mapping[str, int]) -> list[list[str]]:
    """Group control columns into what is written at once: each that shows, and helpers that stand side by side."""
    found: list[list[str]] = []
    for name, column in columns.items():
        last = found[-1][-1] if found else name
        if BY_NAME[name].is_helper and BY_NAME[last].is_helper and columns[last] == column - 1:
            found[-1].append(name)
        else:
            found.append([name])
    return found


def _write_findings(done: Recorder, findings: Sequence[Finding], more: Sequence[Located] = ()) -> None:
    book, opened, listed = done.book, done.opened, done.opened.listed
    image = findings_sheet(findings, opened.plan, former=listed, more=more, day=day(now()))
    image.name = listed.name if listed is not None else free_name(FINDINGS, book.sheets)
    if listed is not None:
        wanted = matrix_of(image.cells, image.name)
        if book.contents(listed.name).shape == wanted.shape and not edited_in(book, wanted):
            return
        done.drop(listed.name)
    done.draw(image)

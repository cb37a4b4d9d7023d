"""The planner's own workbook as it was before poa-xl: what was added taken out, what was replaced put back."""

import re
from dataclasses import replace
from pathlib import Path

from poa_xl.actions import filtering
from poa_xl.actions.beside import without_versions
from poa_xl.actions.flagging import Change, Work, drop_formats, own_lines
from poa_xl.actions.recording import without_tracking
from poa_xl.actions.tracking import tracked_in
from poa_xl.actions.updating import UNKNOWN, Options, Updated, open_in, read_bytes, with_profile, write
from poa_xl.books.carried import without_paths
from poa_xl.books.patch import memory
from poa_xl.books.patch.editor import Editor
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import CONTROL, SHOWN
from poa_xl.sheet.spec import Cell


def clean_book(path: Path, options: Options) -> Updated:
    """Take out of a workbook everything that `update_book` put in.

    Raises:
        BookError: It cannot be read, edited safely, or written; or there is nothing of ours in it.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
    """
    options = with_profile(path, options)
    data = read_bytes(path, options)
    bare = without_paths(data, path.name)
    after, done = clean_data(bare, path.name, options)
    if after == bare == data:
        raise BookError(say("{file}: no tiene nada que poa-xl haya agregado", file=path.name))
    written, backup = write(path, data, after, options)
    return replace(done, path=written, backup=backup)


def clean_data(data: bytes, name: str, options: Options) -> tuple[bytes, Updated]:
    """Do the work of `clean_book` on the bytes of a workbook; the same bytes where there is nothing of ours in them."""
    editor = Editor(data, name, force=options.force)
    work = Work(editor, open_in(editor, options))
    opened, listed = work.opened, work.opened.listed
    beside = (listed, tracked_in(opened).grid, opened.versions, opened.modifications)
    if not work.mark and not opened.added and not any(beside):
        return data, Updated(None, None, opened.sheet, (), aside=opened.aside)
    numbers = {name: opened.layout.columns[name] for name in opened.added}
    changes: list[Change] = []
    for line in sorted(line for each in (opened, *opened.parts) for line in (each.layout.bottom, *own_lines(each))):
        for field_name, column in numbers.items():
            work.edits.cells[line, column] = None
            before = opened.grid.get(line, column)
            if before is not None and field_name in SHOWN:
                changes.append(Change(f"{letters(column)}{line}", CONTROL[field_name], shown(before), ""))
    changes += _put_back(work)
    drop_formats(work, {name: letters(column) for name, column in numbers.items()})
    work.edits.drop_columns = set(numbers.values())
    work.edits.former = memory.read(work.mark)
    if listed is not None:
        work.editor.drop_sheet(listed.name)
    without_tracking(work.editor, opened, keep=options.keep)
    without_versions(work.editor, opened, keep=options.keep)
    work.editor.set_name(opened.mark_name, None)
    for defined in filter(None, work.mark.get("names", "").split(",")):
        work.editor.set_range(defined, None)
    filtering.uncover(editor, opened.sheet, work.mark.get(filtering.MARK, ""))
    if "area" in work.mark:
        work.editor.set_print_area(opened.sheet, None)
    if (calculation := work.mark.get("calc")) is not None:
        work.editor.recalculate(on_load=False, former=None if calculation == UNKNOWN else calculation)
    after = work.editor.save()
    mended = tuple(work.editor.mended)
    return after, Updated(None, None, opened.sheet, tuple(changes), aside=opened.aside, mended=mended)


def _put_back(work: Work) -> list[Change]:
    """Put back the group budgets that a roll-up replaced, where its formula still stands; codes tell which is whose."""
    column = work.opened.layout.columns.get("budget", 0)
    changes = []
    for row in work.opened.plan.rows:
        place = (row.line, column)
        if str(row.code) in work.replaced and place in work.opened.grid.formulas:
            work.edits.cells[place] = Cell(None)
            work.edits.raw[place] = work.replaced[str(row.code)]
            text = re.sub(r"<[^>]*>", "", work.replaced[str(row.code)][1])
            changes.append(Change(f"{letters(column)}{row.line}", "Presupuesto", shown(row.budget), text))
    return changes

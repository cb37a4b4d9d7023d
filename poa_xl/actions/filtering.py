"""Filter arrows over the control columns of a planner's sheet: ours, or the planner's own, which reach further."""

from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.ranges import area_of
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Merge, letters

# In a mark: the arrows that the planner had, or that there were none.
MARK = "filter"
NONE = "-"


def cover(editor: Editor, sheet: str, area: Merge, former: str) -> str:
    """Put filter arrows over a plan, or let those that stand there reach over its control columns.

    Tables have arrows of their own, a protected sheet has no use for any, and a filter of the planner's over other rows
    stays as it is.

    Args:
        editor: The workbook.
        sheet: The plan sheet.
        area: From the caption of the first column to the end of the last control column.
        former: What was written down before.

    Returns:
        What to write down; empty for nothing.
    """
    has = editor.arrows(sheet)
    if has.is_protected or any(_meet(table, area) for table in has.tables):
        return former
    if not has.ref:
        # Arrows that somebody took away stay away, ours or the planner's.
        if former or has.was_filtered:
            return former
        editor.sheet(sheet).filter = _written(area)
        return NONE
    here = has.area
    if here is None or here.top != area.top or here.left > area.right:
        return former
    # The rows of a filter of the planner's are the planner's.
    bottom = max(here.bottom, area.bottom) if former == NONE else here.bottom
    wanted = Merge(here.top, here.left, bottom, max(here.right, area.right))
    if wanted == here:
        return former
    editor.sheet(sheet).filter = _written(wanted)
    return former or has.ref


def uncover(editor: Editor, sheet: str, former: str) -> None:
    """Put the arrows back as they were before `cover`.

    Raises:
        BookError: Rows are filtered out by a column of ours: nobody would find them again.
    """
    has = editor.arrows(sheet)
    here = has.area
    if not former or here is None:
        return
    before = area_of(former)
    if any(before is None or column > before.right for column in has.columns):
        raise BookError(
            say(
                "la hoja «{sheet}» muestra solo una parte de sus filas: borrar antes su filtro (en Excel, Datos, "
                "Borrar; en Calc, Datos, Más filtros, Restablecer filtro) y repetir",
                sheet=sheet,
            )
        )
    if before is None:
        editor.sheet(sheet).filter = ""
    elif here.right > before.right:
        moved = Merge(here.top, here.left, here.bottom, before.right)
        is_same = (here.top, here.left, here.bottom) == (before.top, before.left, before.bottom)
        editor.sheet(sheet).filter = former if is_same else _written(moved)


def _meet(one: Merge, other: Merge) -> bool:
    is_apart = one.bottom < other.top or one.top > other.bottom or one.right < other.left or one.left > other.right
    return not is_apart


def _written(area: Merge) -> str:
    return f"{letters(area.left)}{area.top}:{letters(area.right)}{area.bottom}"

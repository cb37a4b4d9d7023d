"""The sheets beside a plan, drawn again as frames for what stood in them: their looks, lists and colours."""

from poa_xl.actions.load import Opened
from poa_xl.actions.tracking import closed_months
from poa_xl.core.flags import flag
from poa_xl.core.tracking import USUAL
from poa_xl.sheet.areas import Area, as_grid
from poa_xl.sheet.extras import findings_sheet
from poa_xl.sheet.modified import is_modified_sheet, modified_sheet
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.tracking import Source, tracking_sheet
from poa_xl.sheet.tracking_read import Tracked, is_tracking_sheet
from poa_xl.sheet.versions import is_versions_sheet, versions_sheet


def frame_of(area: Area, opened: Opened) -> SheetSpec:
    """Return the sheet that an area was all of, as it is drawn; its contents are still to be put into it."""
    image = _frame(area, opened)
    image.name = area.sheet
    return image


def _frame(area: Area, opened: Opened) -> SheetSpec:
    grid = as_grid([[None] * len(area.contents[0])] * (area.row - 1) + area.contents)
    if is_tracking_sheet(grid):
        plan, scale = opened.plan, opened.layout.profile.scale or USUAL
        source = Source(
            plan, flag(plan, ()), opened.sheet, {}, opened.is_live, scale, opened.grid, closed_months(opened)
        )
        return tracking_sheet(source, Tracked(), None)
    if is_modified_sheet(grid):
        return modified_sheet((), "", grid, None)
    if is_versions_sheet(grid):
        return versions_sheet((), grid)
    return findings_sheet((), opened.plan)

"""The planner's own workbook, flagged in place, nothing of it lost."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from poa_xl.actions import moment
from poa_xl.actions.approved import place_approved
from poa_xl.actions.collecting import rarely_collecting
from poa_xl.actions.flagging import Change, Form, Work, columns_of, place_control
from poa_xl.actions.load import Opened, below, find_plan
from poa_xl.actions.outdated import refresh
from poa_xl.actions.recording import Placed, place_executed, place_tracking
from poa_xl.actions.settings import load_profile
from poa_xl.actions.tracking import NAME, closed_months, refuse_turned, tracked_in
from poa_xl.books import files
from poa_xl.books.carried import without_paths
from poa_xl.books.files import stamp
from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.sheetxml import read_workbook
from poa_xl.books.xml import escape
from poa_xl.core.blocks import with_totals
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding, Located
from poa_xl.core.flags import Flag, flag
from poa_xl.core.plan import Kind, Plan, TargetKind
from poa_xl.core.rollup import differ, roll_up
from poa_xl.core.tracking import USUAL
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import number, say
from poa_xl.sheet.approved import APPROVED, approved_here
from poa_xl.sheet.cells import shown
from poa_xl.sheet.extras import findings_sheet
from poa_xl.sheet.formulas import budgets as formulas
from poa_xl.sheet.formulas.place import Place, role_of, sheet_of
from poa_xl.sheet.grid import free_name
from poa_xl.sheet.headers import CONTROL, OURS
from poa_xl.sheet.listing import FINDINGS
from poa_xl.sheet.mark import PLAN, plan_of, write_mark
from poa_xl.sheet.profile import PLAIN, Profile
from poa_xl.sheet.prompts import prompts
from poa_xl.sheet.spec import Cell, Style
from poa_xl.sheet.tracking import Source

Beside: TypeAlias = Sequence[tuple[Plan, Sequence[Finding]]]

# What earlier versions wrote down instead of how the workbook asked for calculation.
UNKNOWN = "1"


@dataclass(frozen=True)
class Updated:
    """What an update or a clean-up came to.

    Attributes:
        path: The file written; None for a dry run.
        backup: What stood there before.
        sheet: The plan sheet.
        changes: Cells whose content changes, row by row.
        findings: What the checks say.
        fixed: Rows that hold values instead of formulas, because their numbers are texts or percentages.
        pending: Group budgets that `rollup` would change.
        aside: Of other sheets that look like a plan, why they were left alone.
        mended: Entries of the file that earlier versions had left astray, put in their places.
        tracked: What came of the sheet `Seguimiento`; None where there is none.
        plan: The plan as it reads now.
        flags: What the checks say of its rows.
        columns: Letters of all its columns, by what they hold.
        run: Number of the step in the history; None where it is none.
        lost: What is not as it was in a copy that was worked on, because the workbook is of another kind.
        parts: The same of every other form of the sheet, whose months stand in other columns.
    """

    path: Path | None
    backup: Path | None
    sheet: str
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...] = ()
    fixed: tuple[int, ...] = ()
    pending: tuple[Change, ...] = ()
    aside: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    tracked: Placed | None = None
    plan: Plan = field(default=Plan(()), repr=False)
    flags: Sequence[Flag] = field(default=(), repr=False)
    columns: Mapping[str, str] = field(default_factory=dict, repr=False)
    run: int | None = None
    lost: tuple[str, ...] = ()
    parts: tuple["Updated", ...] = ()


@dataclass(frozen=True)
class Options:
    """How to update.

    Attributes:
        sheet: The plan sheet, when there are several.
        year: The year planned; by default the commonest of the dates.
        values: Write values instead of formulas.
        functions: Write `POA_*` functions instead of native formulas.
        rollup: Write group budgets too, as formulas over the rows below.
        output: Write here instead; the workbook read stays as it is.
        backups: Folder for the backup.
        dry_run: Write nothing.
        force: Edit a digitally signed workbook too.
        profile: What the office says of its plan; by default what `poa.toml` beside the workbook says.
        track: Make the sheet `Seguimiento`; one that is there is refreshed in any case.
        until: Index of its cut-off month; None to leave that as it is.
        approved: Write the columns of what was approved too: the plan that was. None leaves what stands in those that
            are there, and gives new rows theirs.
        guard: Protect a `Seguimiento` that is made, but for what people type.
        keep: Of a clean-up, whether what people typed into `Seguimiento` and `Modificaciones` stays; None to ask first.
    """

    sheet: str | None = None
    year: int | None = None
    values: bool = False
    functions: bool = False
    rollup: bool = False
    output: Path | None = None
    backups: Path | None = None
    dry_run: bool = False
    force: bool = False
    profile: Profile | None = None
    track: bool = False
    until: int | None = None
    approved: Plan | None = None
    guard: bool = False
    keep: bool | None = None


@rarely_collecting()
def update_book(path: Path, options: Options) -> Updated:
    """Add or refresh control columns, conditional formats and the list of findings in a planner's workbook.

    The planner's columns do not move and their values do not change, but for group budgets with `rollup`.

    Raises:
        BookError: It cannot be read, edited safely, or written.
        CellError: A cell of the control columns cannot be written.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
    """
    options = with_profile(path, options)
    data = read_bytes(path, options)
    after, done = update_data(without_paths(data, path.name), path.name, options)
    written, backup = write(path, data, after, options)
    return replace(done, path=written, backup=backup)


def update_data(
    data: bytes,
    name: str,
    options: Options,
    stated: Mapping[int, TargetKind] | None = None,
    reported: Mapping[int, Mapping[str, object]] | None = None,
    beside: Beside | None = None,
) -> tuple[bytes, Updated]:
    """Do the work of `update_book` on the bytes of a workbook.

    Args:
        data: The workbook.
        name: Name of its file, for addresses and messages.
        options: How to update; nothing is written, whatever they say.
        stated: Row number to Tipo de meta, to be written where the planner's stands.
        reported: Row number to what is to be written into its row of `Seguimiento`, by column.
        beside: Other plans of the workbook with what is found in them, where several are flagged; None where one is.
    """
    editor = Editor(data, name, force=options.force)
    opened = open_in(editor, options)
    done = update_in(editor, opened, options, stated, reported, beside)
    refresh(editor, opened, [row.line for each in (opened, *opened.parts) for row in each.plan.rows])
    after = editor.save()
    return after, replace(done, mended=tuple(editor.mended))


def update_in(
    editor: Editor,
    opened: Opened,
    options: Options,
    stated: Mapping[int, TargetKind] | None = None,
    reported: Mapping[int, Mapping[str, object]] | None = None,
    beside: Beside | None = None,
) -> Updated:
    """Do the work of `update_book` on a workbook under edit.

    Args:
        editor: The workbook.
        opened: The plan as it reads now.
        options: How to update; nothing is written, whatever they say.
        stated: As in `update_data`.
        reported: As in `update_data`.
        beside: As in `update_data`.
    """
    work = Work(editor, opened)
    if beside is not None:
        work.mark[PLAN] = plan_of(opened.sheet)
    if options.rollup and opened.parts:
        text = say(
            "{file}: hoja «{sheet}»: tiene varios formularios con otras columnas; --rollup vale donde hay uno solo",
            file=opened.book.name,
            sheet=opened.sheet,
        )
        raise BookError(text)
    typed = _typed(opened.plan, stated)
    plan = with_totals(typed) if options.rollup else typed
    columns = columns_of(work)
    forms = [_judged(opened, plan, columns, options, is_alone=not opened.parts)]
    ours = {name: columns[name] for name in CONTROL}
    forms += [
        _judged(each, _typed(each.plan, stated), {**each.layout.addresses, **ours}, options, is_alone=False)
        for each in opened.parts
    ]
    first, *parts = forms
    changes, *others = place_control(work, forms, functions=options.functions)
    approved = options.approved if options.approved is not None else approved_here(opened.layout, opened.grid, plan)
    if approved is not None:
        place_approved(work.edits, opened, plan, columns, approved)
        added = {*work.mark.get("columns", "").split(","), *APPROVED}
        work.mark = work.mark | {"columns": ",".join(name for name in OURS if name in added)}
    day = moment.day(moment.now())
    work.edits.prompts = [
        prompt
        for each in forms
        for prompt in prompts(each.plan, each.findings, each.columns, day, live=bool(each.live))
    ]
    budgets = _roll_up(work, typed, columns, write=options.rollup)
    if options.rollup:
        changes += budgets
    tracked = None
    if options.track:
        refuse_turned(opened)
    if options.track or tracked_in(opened).grid is not None:
        scale = (options.profile or opened.layout.profile).scale or USUAL
        live = first.live
        source = Source(
            plan,
            first.flags,
            opened.sheet,
            columns,
            lambda row: row.line in live,
            scale,
            opened.grid,
            closed_months(opened),
        )
        tracked = place_tracking(work.editor, opened, source, options.until, reported, guard=options.guard)
        work.mark[NAME] = tracked.sheet
    elif reported:
        place_executed(editor, opened, reported)
    beside = (*(beside or ()), *((each.plan, each.findings) for each in parts))
    _place_findings(work, plan, first.findings, tracked.findings if tracked is not None else (), beside)
    pending = () if options.rollup else tuple(budgets)
    whole = _updated(first, changes, options)
    told = {below(opened.grid, each.layout) for each in opened.parts}
    return replace(
        whole,
        pending=pending,
        aside=tuple(text for text in opened.aside if text not in told),
        tracked=tracked,
        parts=tuple(_updated(form, each, options) for form, each in zip(parts, others, strict=True)),
    )


def _typed(plan: Plan, stated: Mapping[int, TargetKind] | None) -> Plan:
    """Return a plan with the types of target that are to be written."""
    if not stated:
        return plan
    return replace(plan, rows=tuple(replace(row, stated=stated.get(row.line, row.stated)) for row in plan.rows))


def _judged(opened: Opened, plan: Plan, columns: Mapping[str, str], options: Options, *, is_alone: bool) -> Form:
    findings = check(plan)
    # Formulas that look at the whole of a column would see rows of other forms in it.
    is_live = not options.values and (is_alone or (plan.house.learns and not plan.children))
    live = frozenset(row.line for row in plan.rows if is_live and opened.is_live(row))
    return Form(opened, plan, columns, findings, flag(plan, findings), live)


def _updated(form: Form, changes: Sequence[Change], options: Options) -> Updated:
    plan = form.plan
    return Updated(
        None,
        None,
        form.opened.sheet,
        tuple(changes),
        tuple(form.findings),
        () if options.values else tuple(row.line for row in plan.rows if row.line not in form.live),
        plan=plan,
        flags=form.flags,
        columns=form.columns,
    )


def with_profile(path: Path, options: Options) -> Options:
    """Return options that know what the office says of its plan."""
    return options if options.profile is not None else replace(options, profile=load_profile(None, path.parent))


def read_bytes(path: Path, options: Options) -> bytes:
    """Return the bytes of a workbook, having seen that its output is named as it has to be.

    Raises:
        BookError: It cannot be read, or the name does not fit.
    """
    output = options.output
    files.keep_apart(output, path)
    if output is not None and output.suffix.lower() != path.suffix.lower():
        # Excel does not open a workbook with macros under the name of one without, nor the other way round.
        raise BookError(
            say(
                "{file}: tiene que terminar en {suffix}, como el libro que se lee", file=output.name, suffix=path.suffix
            )
        )
    return open_package(path).data


def open_in(editor: Editor, options: Options) -> Opened:
    """Open the plan of a workbook under edit."""
    book = read_workbook(editor.package)
    return find_plan(book, options.sheet, options.year, profile=options.profile or PLAIN)


def _place_findings(
    work: Work, plan: Plan, findings: Sequence[Finding], more: Sequence[Located], beside: Beside
) -> None:
    listed = work.opened.listed
    image = findings_sheet(findings, plan, work.replaced, listed, more, beside, moment.day(moment.now()))
    present = [sheet.name for sheet in work.editor.package.sheets]
    if listed is not None:
        work.editor.drop_sheet(listed.name)
        present.remove(listed.name)
    image.name = free_name(FINDINGS, present)
    work.editor.add_sheet(image)
    work.mark["sheet"] = image.name
    work.editor.set_name(work.opened.mark_name, write_mark(work.mark))


def _roll_up(work: Work, plan: Plan, columns: Mapping[str, str], *, write: bool) -> list[Change]:
    """Write group budgets as formulas, but for formulas of the planner's that come to the same; give what differs."""
    totals = roll_up(plan)
    column = work.opened.layout.columns.get("budget")
    if column is None:
        return []
    sheet = sheet_of(plan, columns, work.opened.first)
    changes = []
    wanted = {(row.line, column) for row in plan.rows if row.kind is Kind.GROUP}
    former = work.editor.content(work.opened.sheet, wanted) if write else {}
    fixed = work.opened.untold("budget")
    for index, row in enumerate(plan.rows):
        total = totals[index]
        place = (row.line, column)
        if row.kind is not Kind.GROUP or index not in plan.children or not isinstance(total, Decimal):
            continue
        is_right = isinstance(row.budget, Decimal) and not differ(row.budget, total)
        if is_right and (not write or place in work.opened.grid.formulas):
            continue
        if write:
            work.replaced.setdefault(str(row.code), _portable(former.get(place, ("", "")), row.budget))
            formula = formulas.roll_up(Place(sheet, row.line, role_of(plan, index, fixed)))
            work.edits.cells[place] = Cell(total, Style(), f"={formula}")
            work.edits.keep_format.add(place)
        before, after = shown(work.opened.grid.get(*place)), number(total)
        if isinstance(row.budget, Invalid) and row.budget.flaw is Flaw.UNCALCULATED:
            before = say("(sin calcular)")
        if before != after:
            changes.append(Change(f"{columns['budget']}{row.line}", "Presupuesto", before, after))
    return changes


def _portable(content: tuple[str, str], budget: object) -> tuple[str, str]:
    """Spell out a shared text: its number means nothing once another program has saved the workbook."""
    kind, inside = content
    return ("inlineStr", f"<is><t>{escape(shown(budget))}</t></is>") if kind == "s" else (kind, inside)


def write(path: Path, data: bytes, after: bytes, options: Options) -> tuple[Path | None, Path | None]:
    """Write a workbook where the options say; give where, and the backup of what stood there."""
    if options.dry_run:
        return None, None
    target = options.output or path
    expected = hashlib.sha256(data).hexdigest() if target == path else stamp(target)
    return target, files.replace(target, after, expected=expected, backups=options.backups)

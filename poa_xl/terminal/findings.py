"""Findings for people and for programs."""

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from poa_xl.actions.exporting import Record, finding_record
from poa_xl.core.findings import Finding, Located, Severity
from poa_xl.core.flags import sentences
from poa_xl.i18n import say
from poa_xl.terminal.listing import Column, Listing
from poa_xl.terminal.records import as_csv

COLUMNS = ("severity", "rule", "file", "sheet", "cell", "value", "expected", "message", "suggestion")
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def records(findings: Sequence[Located]) -> list[Record]:
    """Return findings as flat records with the keys of `COLUMNS`."""
    return [finding_record(each) for each in findings]


def csv_of(findings: Sequence[Located]) -> bytes:
    """Write findings as CSV with a header line."""
    return as_csv(COLUMNS, records(findings))


def listed(findings: Sequence[Located], *, several: bool = False) -> Group:
    """Draw findings: one list per severity, the worst first.

    Args:
        findings: What to draw.
        several: Whether they come from several files, so that each must be named.
    """
    lists = []
    for severity in Severity:
        found = [each for each in findings if each.finding.severity is severity]
        if found:
            lists.append(_list(severity, found, several=several))
    return Group(*lists)


def counts(findings: Sequence[Finding]) -> Text:
    """Say how many findings there are of each severity."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if not findings:
        return Text(say("ningún hallazgo"), style="bold green")
    text = Text()
    text.append(say("{count} en rojo", count=errors), style="bold red" if errors else "green")
    text.append(", ")
    text.append(say("{count} avisos", count=len(findings) - errors), style="yellow")
    return text


def summary(findings: Sequence[Finding]) -> Text:
    """Say how many findings there are, where they are not listed."""
    return Text(f"{say('Hallazgos:')} ").append_text(counts(findings))


def _list(severity: Severity, findings: Sequence[Located], *, several: bool) -> Listing:
    color = _COLORS[severity]
    columns = [
        Column(say("Celda"), "bold", is_key=True, is_whole=True),
        Column(say("Regla"), color, is_key=True, width=22),
        Column(say("Qué pasa"), share=3),
        Column(say("Sugerencia"), "cyan", share=2),
    ]
    if several:
        columns.insert(0, Column(say("Archivo"), is_key=True, width=28))
    found = Listing(columns, f"{severity.label} ({len(findings)})", f"bold {color}")
    plans: dict[str, str] = {}
    for where, finding in findings:
        # What stands beside the plan is told with its sheet.
        is_plan = plans.setdefault(where.file, where.sheet) == where.sheet
        cell = where.cell if is_plan else f"{where.sheet}!{where.cell}"
        cells = (cell, finding.rule, sentences(finding.message), sentences(finding.suggestion))
        found.add(*((where.file, *cells) if several else cells))
    return found

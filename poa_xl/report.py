"""Findings for people and for programs: table, JSON, CSV, data frame."""

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from poa_xl.core.findings import Finding, Located, Severity
from poa_xl.i18n import say

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("severity", "rule", "file", "sheet", "cell", "value", "expected", "message", "suggestion")
COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def records(findings: Sequence[Located]) -> list[dict[str, str]]:
    """Give findings as flat records with the keys of `COLUMNS`."""
    return [
        {
            "severity": finding.severity.label,
            "rule": finding.rule,
            "file": where.file,
            "sheet": where.sheet,
            "cell": where.cell,
            "value": finding.value,
            "expected": finding.expected,
            "message": finding.message,
            "suggestion": finding.suggestion,
        }
        for where, finding in findings
    ]


def as_json(findings: Sequence[Located], **more: object) -> str:
    """Write findings as a JSON object with the key `findings`, other keys as given."""
    return json.dumps({**more, "findings": records(findings)}, ensure_ascii=False, indent=2)


def as_csv(findings: Sequence[Located]) -> str:
    """Write findings as CSV with a header line."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records(findings))
    return buffer.getvalue()


def as_frame(findings: Sequence[Located]) -> "pd.DataFrame":
    """Give findings as a data frame with the columns of `COLUMNS`, all text."""
    import pandas as pd  # noqa: PLC0415 - heavy, and the command line never needs it

    return pd.DataFrame(records(findings), columns=list(COLUMNS), dtype="string")


def as_table(findings: Sequence[Located], *, several: bool = False) -> RenderableType:
    """Draw findings for a terminal: one table per severity, the worst first.

    Args:
        findings: What to draw.
        several: Whether they come from several files, so that each must be named.
    """
    tables: list[RenderableType] = []
    for severity in Severity:
        found = [each for each in findings if each.finding.severity is severity]
        if found:
            tables.append(_table(severity, found, several=several))
    return Group(*tables)


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


def _table(severity: Severity, findings: Sequence[Located], *, several: bool) -> Table:
    color = COLORS[severity]
    table = Table(
        title=f"{severity.label} ({len(findings)})",
        title_style=f"bold {color}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        expand=False,
        pad_edge=False,
    )
    if several:
        table.add_column(say("Archivo"), overflow="fold", max_width=28)
    table.add_column(say("Celda"), style="bold", no_wrap=True)
    table.add_column(say("Regla"), style=color, overflow="fold", max_width=22)
    table.add_column(say("Qué pasa"), overflow="fold", ratio=3)
    table.add_column(say("Sugerencia"), overflow="fold", ratio=2, style="cyan")
    for where, finding in findings:
        cells = [where.cell, finding.rule, finding.message, finding.suggestion]
        # Text, not markup: a plan may hold square brackets.
        table.add_row(*(Text(cell) for cell in ([where.file, *cells] if several else cells)))
    return table

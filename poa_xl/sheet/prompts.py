"""What a flagged cell says when it is selected: reason and remedy as input help, which needs no add-in.

Such a text stays as it was written while colours follow what is typed. So it says when that was, and where to read what
holds now; the next check takes it from what is right.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from poa_xl.core.findings import Finding
from poa_xl.core.flags import State, sentence
from poa_xl.core.limits import PROMPT, PROMPT_TITLE
from poa_xl.core.plan import Plan
from poa_xl.i18n import in_every_language, say
from poa_xl.sheet import looks
from poa_xl.sheet.spec import Prompt

# More would make programs slow, and nobody reads them one by one.
_MOST = 5000


def prompts(
    plan: Plan, findings: Iterable[Finding], columns: Mapping[str, str], day: str, *, live: bool = True
) -> list[Prompt]:
    """Write the help of every cell that a finding is about, and of the *Estado* of its row.

    Args:
        plan: The plan, placed in its sheet.
        findings: What the checks say of it.
        columns: Column letters by field, the control columns included.
        day: When they were made, as people write it.
        live: Whether *Motivo* follows what is typed.
    """
    at: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        if each.index < len(plan.rows):
            line = plan.rows[each.index].line
            for name in (each.field, "state"):
                if name in columns:
                    at[f"{columns[name]}{line}"].append(each)
    return [_prompt(cell, some, columns["reason"], day, live=live) for cell, some in list(at.items())[:_MOST]]


def is_our_prompt(title: str) -> bool:
    """Whether the title of an input help is one of `prompts`."""
    return any(re.fullmatch(pattern, title) for pattern in _patterns())


def _patterns() -> Iterator[str]:
    for text in in_every_language("{sign} {state} · revisado {day}"):
        parts = (re.escape(part) for part in text.split("{sign} {state}"))
        yield r"\S (?:ROJO|AVISO)".join(parts).replace(re.escape("{day}"), ".+")


def _prompt(cell: str, findings: Iterable[Finding], reason: str, day: str, *, live: bool) -> Prompt:
    ordered = sorted(findings, key=lambda each: each.severity)
    state = ordered[0].severity
    sign = looks.SIGNS[State(state.label)]
    title = say("{sign} {state} · revisado {day}", sign=sign, state=state.label, day=day)[:PROMPT_TITLE]
    line = re.sub(r"\D", "", cell)
    now = say("Lo de ahora: Motivo, {cell}.", cell=f"{reason}{line}")
    if not live:
        now = say("Se actualiza al revisar otra vez.")
    why = " ".join(map(sentence, ordered))
    room = PROMPT - len(now) - 1
    return Prompt(cell, title, f"{why if len(why) <= room else why[: room - 1].rstrip() + '…'}\n{now}")

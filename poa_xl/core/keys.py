"""What tells the rows of a plan apart where codes do not: a key for every row, made from what stands in it.

It is a code of its own, so that all that knows rows by their codes knows these too. It says what the row is called:
`CAPACITARPERSONAL48213`. Where codes tell rows apart, they are the keys.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from zlib import crc32

from poa_xl.core.codes import Code
from poa_xl.core.plan import HOUSE, Kind, Plan, Row
from poa_xl.core.text import fold

_WORDS = 2
_LONGEST = 16
_DIGITS = 10**6


def keys_of(plan: Plan, *, by_row: bool = False, shared: frozenset[Code] = frozenset()) -> dict[int, Code]:
    """Return the key of every row of a plan whose codes are missing, or the same for several rows.

    Args:
        plan: The plan.
        by_row: Whether rows get keys whatever their codes.
        shared: Codes that several rows have in another version of the plan.

    Returns:
        Index of the row to key; nothing where every row has a code of its own.
    """
    heads = [index for index, row in enumerate(plan.rows) if row.kind is not Kind.LINE]
    common = shared | _shared(plan)
    wanted = [
        index for index in heads if by_row or not isinstance(code := plan.rows[index].code, Code) or code in common
    ]
    found: dict[int, Code] = {}
    seen: dict[str, int] = defaultdict(int)
    for index in wanted:
        text = _text(plan.rows[index])
        seen[text] += 1
        code = _code(plan.rows[index], f"{text}\n{seen[text]}")
        while code in found.values():
            code = replace(code, parts=((code.parts[0] + 1) % _DIGITS,))
        found[index] = code
    return found


def key_of_texts(row: Row) -> str:
    """Return the key that a row has by what stands in it alone; of rows that say the same it is the first one's."""
    return str(_code(row, f"{_text(row)}\n1"))


def _shared(plan: Plan) -> frozenset[Code]:
    """Return the codes that several rows have."""
    return frozenset(code for code, count in Counter(code for _, code in plan.coded()).items() if count > 1)


def keyed(plan: Plan, keys: Mapping[int, Code]) -> Plan:
    """Return a plan whose rows have their keys for codes."""
    if not keys:
        return plan
    rows = (replace(row, code=keys.get(index, row.code)) for index, row in enumerate(plan.rows))
    return replace(plan, rows=tuple(rows))


def comparable_plans(before: Plan, after: Plan, *, by_row: bool = False) -> tuple[Plan, Plan]:
    """Return two versions of a plan as they can be compared: the customs' by their codes, others see `keyed_alike`."""
    return (before, after) if after.house == HOUSE else keyed_alike(before, after, by_row=by_row)


def keyed_alike(before: Plan, after: Plan, *, by_row: bool = False) -> tuple[Plan, Plan]:
    """Return two versions of a plan whose rows are told apart alike, so that they can be compared.

    A row that is called otherwise, between rows that are the same, is the one that stood there.
    """
    shared = _shared(before) | _shared(after)
    keys = [keys_of(plan, by_row=by_row, shared=shared) for plan in (before, after)]
    one, other = [*keys[0].items()], [*keys[1].items()]
    sent, came = [code for _, code in one], [code for _, code in other]
    for tag, left, right, top, bottom in SequenceMatcher(None, sent, came, autojunk=False).get_opcodes():
        if tag != "replace" or right - left != bottom - top:
            continue
        for (former, code), (index, present) in zip(one[left:right], other[top:bottom], strict=True):
            is_free = present not in sent and code not in came
            # A row under another code is another row.
            if is_free and before.rows[former].code == after.rows[index].code:
                keys[1][index] = code
    return keyed(before, keys[0]), keyed(after, keys[1])


def _text(row: Row) -> str:
    """What of a row stays the same from one year's end to the other: unit, code and name."""
    code = row.code.written or str(row.code) if isinstance(row.code, Code) else row.code.text if row.code else ""
    return "\n".join(map(fold, (row.unit, code, row.name, row.measure if not row.name else "")))


def _code(row: Row, text: str) -> Code:
    words = re.findall(r"[a-z]{4,}", fold(row.name)) or ["fila"]
    return Code("".join(words[:_WORDS])[:_LONGEST].upper(), (crc32(text.encode()) % _DIGITS,))

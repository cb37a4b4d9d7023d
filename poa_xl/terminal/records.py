"""Data for other programs: JSON that is safe to look at, and CSV as a spreadsheet program wants it."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from poa_xl.i18n import language
from poa_xl.terminal.door import harmless

_DELIMITER = ";"
_BOM = "\ufeff"
# What spreadsheet programs take for a formula when a cell begins with it; full-width ones in Japanese settings.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
# Numbers as we write them are numbers, whatever their sign.
_NUMBER = re.compile(r"-?(\d{1,3}([.,]\d{3})+|\d+)([.,]\d+)?")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
# What JSON leaves as it is and a terminal obeys.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def as_json(found: object) -> str:
    """Write plain data as JSON, indented, letters as they are but for those that a terminal obeys."""
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write rows as CSV that Excel and Calc open right by a double click.

    UTF-8 with its mark, semicolons, CRLF. A number is written with the decimal sign of the language and no
    separator of thousands. A text that would be taken for a formula gets an apostrophe in front; see `unquoted`.

    Args:
        columns: Keys of the rows, in order; they are the header line.
        rows: Texts, numbers, truths, None for a blank.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=_DELIMITER, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    # Half a character, as a damaged file name holds, is none.
    return (_BOM + buffer.getvalue()).encode("utf-8", "replace")


def unquoted(text: str) -> str:
    """Return a text as it was before `as_csv` wrote it."""
    return text[1:] if _QUOTED.match(text) else text


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        exact = Decimal(str(value))
        text = f"{exact:f}" if exact.is_finite() else ""
        return text if language() == "en" else text.replace(".", ",")
    # A carriage return is a line break to a spreadsheet program.
    text = "\r".join(map(harmless, str(value).split("\r")))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text

"""Amounts: decimal, from cells that hold numbers or texts in either style."""

import re
from decimal import Decimal
from enum import Enum
from math import isfinite

from poa_xl.core.limits import cut, within
from poa_xl.core.text import squeeze
from poa_xl.core.values import Flaw, Invalid

# The last digit that a spreadsheet keeps is the 15th: 0.1 + 0.2 is 0.3 there.
_SIGNIFICANT = 15
_RAW = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,7})?")
_OURS = r"(?:Bs\.?|BOB|bolivianos?)"
# Bolivianos before or behind; `Bs.-` is written too, and needs a blank behind it where a sign could be meant.
_CURRENCY = re.compile(rf"^{_OURS}(?:-\s+|[:/])?\s*|\s*{_OURS}-?$", re.IGNORECASE)
# Signs of currency, codes of the countries around and of what their banks hold, and how they are called; UFV and DEG
# are units of account. A digit may stand right beside.
_FOREIGN = re.compile(
    r"\bUS\$|R\$|[$\u00a2-\u00a5\u20a0-\u20cf]"
    r"|(?<![^\W\d_])(?:USD?T?|SUS|DLS?|EUR|GBP|JPY|CNY|CHF|CAD|AUD|BRL|ARS|CLP|COP|MXN|PEN|PYG|UYU|VES|PHP|UFVS?|DEGS?|GS|BTC)"
    r"(?![^\W\d_])|(?<![^\W\d_])(?:d[oó]lar|euro|sol|peso|real|guaran[ií]|yen|yuan|libra)(?:es|s)?\b"
    r"|\bS/\.?(?=\s*[\d-])|\bpor ?ciento\b",
    re.IGNORECASE,
)
# The same in a caption, but for names that are other words too: «Presupuesto real», «sus partidas».
_CAPTIONED = re.compile(
    r"\$us\b|\bUS\$|R\$|[$\u00a2-\u00a5\u20a0-\u20cf]|(?<![^\W\d_])(?:USD?T?|EUR|GBP|BRL|ARS|CLP|PEN|PYG|UFVS?)(?![^\W\d_])"
    r"|\bSUS(?=\.?\s*\)?$)|\bd[oó]lar(?:es)?\b|\beuros?\b",
    re.IGNORECASE,
)
# As programs write errors, Calc's numbered ones too.
_ERROR = re.compile(r"#[\w¡¿/]+[!?]?|#N/[AD]|Err:[0-9]{3}", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]{1,7}", re.IGNORECASE)
# Amounts as they are written out: `10.000.-`, `10.000,00.--`, `500,-` have no cents behind the mark.
_NO_CENTS = re.compile(r"(?<=\d)\s?[.,]\s?[-–—=]{1,2}$")
# Bolivianos or a negative amount: nobody can tell.
_UNSURE = re.compile(r"bs\.?-[0-9]", re.IGNORECASE)
_MINUS = ("-", "−", "–")
_LONGEST = 60


class Style(Enum):
    """Which mark separates thousands and which one decimals."""

    COMMA_DECIMAL = (".", ",")  # 1.234,56
    POINT_DECIMAL = (",", ".")  # 1,234.56


def parse_number(raw: str) -> Decimal:
    """Take the text of a cell's binary number for what the cell shows: 15 significant digits.

    Raises:
        ValueError: It is no finite number.
    """
    if len(raw) <= _SIGNIFICANT and raw.isascii() and raw.isdigit():
        return Decimal(raw)
    if not _RAW.fullmatch(raw):
        raise ValueError(raw)
    value = float(raw)
    if not isfinite(value):
        raise ValueError(raw)
    return Decimal(raw if len(raw) <= _SIGNIFICANT else f"{value:.{_SIGNIFICANT}g}") + 0


def sign_of(text: str) -> str:
    """Return the sign of another currency than bolivianos that an amount carries, as it is written; empty for none."""
    shown = squeeze(text)
    found = _FOREIGN.search(shown) if len(shown) <= _LONGEST and re.search(r"\d", shown) else None
    return found[0].upper().rstrip(".") if found else ""


def currency_of(caption: str) -> str:
    """Return the sign of another currency than bolivianos that the caption of a column names; empty for none."""
    found = _CAPTIONED.search(squeeze(caption))
    return found[0] if found else ""


def without_sign(text: str, sign: str) -> str:
    """Return what an amount shows beside a sign of currency."""
    return re.sub(rf"{re.escape(sign)}\.?", " ", text, count=1, flags=re.IGNORECASE) if sign else text


def parse_amount(text: str, style: Style | None = None) -> Decimal | None | Invalid:
    """Read an amount.

    Blanks and apostrophes between digits, bolivianos before or behind, a percent sign, brackets or a minus behind for
    a negative amount, and `.-` for no cents are understood.

    Args:
        text: What the cell shows.
        style: The style of the document, where it is known; otherwise both are tried.

    Returns:
        The amount; None for a blank text; `Invalid` when it is no number, a cell error, in another currency, more than
        a cell holds, or when the two styles read it differently (`1.234`).
    """
    shown = squeeze(text)
    if not shown:
        return None
    if _ERROR.fullmatch(shown):
        return Invalid(shown, Flaw.ERROR)
    if len(shown) > _LONGEST:
        return Invalid(cut(shown), Flaw.LIMIT if not re.search(r"[^\d.,' ]", shown) else Flaw.MALFORMED)
    if _FOREIGN.search(shown) and re.search(r"\d", shown):
        return Invalid(shown, Flaw.FOREIGN)
    bare, is_negative, is_money = _unwrap(shown)
    if _SCIENTIFIC.fullmatch(bare):
        found = {Decimal(bare.replace(",", "."))}
    else:
        found = {value for each in ([style] if style else Style) if (value := _read(bare, each)) is not None}
    if is_money and len(found) > 1:
        # Bolivianos have cents: three digits behind a mark are thousands.
        found = {value for value in found if value.as_tuple().exponent == 0}
    if not found or _UNSURE.match(shown):
        return Invalid(shown, Flaw.MALFORMED)
    if len(found) > 1:
        return Invalid(shown, Flaw.AMBIGUOUS)
    (amount,) = found
    return within(amount.copy_negate() if is_negative else amount, shown)


def is_percentage(text: str) -> bool:
    """Whether a text states a percentage."""
    return squeeze(text).endswith("%")


def decimals(value: Decimal) -> int:
    """Count the decimal places that a number uses: 184.20 uses one."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _unwrap(shown: str) -> tuple[str, bool, bool]:
    """Take away what stands around the digits.

    Returns:
        The digits with their marks, whether they are negative, and whether they are said to be bolivianos.
    """
    text = shown.removesuffix("%").rstrip()
    is_negative = is_money = False
    before = ""
    while before != text:
        before = text
        text, said = _CURRENCY.subn("", text)
        text, cents = _NO_CENTS.subn("", text.strip())
        is_money = is_money or bool(said or cents)
        if text.startswith("(") and text.endswith(")"):
            text, is_negative = text[1:-1].strip(), True
    if text[:1] in _MINUS:
        text, said = _CURRENCY.subn("", text[1:].strip())
        is_negative, is_money = True, is_money or bool(said)
    elif text[-1:] in _MINUS:
        text, is_negative = text[:-1], True
    return text.removeprefix("+").strip(), is_negative, is_money


def _read(bare: str, style: Style) -> Decimal | None:
    thousands, point = map(re.escape, style.value)
    # A group of thousands never starts with 0, so 0.300 has one reading only.
    form = (
        rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?: [0-9]{{3}})+"
        # Where an apostrophe marks millions, the mark of thousands follows it: 39'745.387,50.
        rf"|[1-9][0-9]{{0,2}}(?:['’´][0-9]{{3}})+(?:{thousands}[0-9]{{3}})*|(?={point}[0-9]))(?:{point}[0-9]+)?"
    )
    if not re.fullmatch(form, bare):
        return None
    if re.search(r"['’´]", bare):
        if re.fullmatch(rf"[^{thousands}]*{point}[0-9]{{3}}", bare):
            # Three digits behind the last mark: they are thousands, as the millions are marked otherwise.
            return None
        bare = re.sub(r"['’´]", "", bare)
    return Decimal(bare.replace(style.value[0], "").replace(" ", "").replace(style.value[1], "."))

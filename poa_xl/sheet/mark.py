"""What we write down in hidden names of a workbook, so that we know our own again: `key=value` parts."""

from collections.abc import Mapping

# What an update added, for the next one and for `clean`.
MARK = "_poa_xl"
# The run that made a master what it is, and the sheets that it keeps there.
RUN_MARK = "_poa_xl_run"


def read_mark(text: str | None) -> dict[str, str]:
    """Return the parts of a hidden name of ours, by key; none when there is no such name."""
    return dict(part.partition("=")[::2] for part in (text or "").split(";") if part)


def write_mark(mark: Mapping[str, str]) -> str:
    """Return the text that `read_mark` reads."""
    return ";".join(f"{key}={value}" for key, value in sorted(mark.items()))

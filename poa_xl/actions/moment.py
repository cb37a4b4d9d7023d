"""The time, the one way it is told everywhere."""

import os
from datetime import datetime, timezone


def now() -> str:
    """Give the present moment, ISO with seconds and zone; `SOURCE_DATE_EPOCH` stands still for builds that repeat."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(fixed), timezone.utc) if fixed else datetime.now().astimezone()
    return moment.isoformat(timespec="seconds")


def shown(moment: str) -> str:
    """Write a moment as people here tell it: day, hour and minute; as it stands where it is none."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return moment

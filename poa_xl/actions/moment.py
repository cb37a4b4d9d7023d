"""The time, the one way it is told everywhere."""

import os
from datetime import datetime, timezone

from poa_xl.errors import PoaError
from poa_xl.i18n import say


def now() -> str:
    """Return the present moment, ISO with seconds and zone; `SOURCE_DATE_EPOCH` stands still for builds that repeat.

    Raises:
        PoaError: `SOURCE_DATE_EPOCH` says something else.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    try:
        moment = datetime.fromtimestamp(int(fixed), timezone.utc) if fixed else datetime.now().astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise PoaError(say("SOURCE_DATE_EPOCH: «{text}» no es un número de segundos", text=fixed)) from error
    return moment.isoformat(timespec="seconds")


def shown(moment: str) -> str:
    """Write a moment as people here tell it: day, hour and minute; as it stands where it is none."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%d/%m/%Y %H:%M}"
    except ValueError:
        return moment


def day(moment: str) -> str:
    """Write the day of a moment as people here do: 31/12/2020."""
    return f"{datetime.fromisoformat(moment).astimezone():%d/%m/%Y}"

"""What a consolidation would do, in a few lines: what the button shows before anything is written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from poa_xl.i18n import say
from poa_xl.sheet.ledger import MISSING, REFUSED

# A message box holds about this many lines.
_MOST = 15


@dataclass(frozen=True)
class Several:
    """Files of one unit of which one has to be chosen; the last one was saved last."""

    unit: str
    files: tuple[str, ...]

    @property
    def last(self) -> str:
        """The file that was saved last."""
        return self.files[-1]


def several(seen: Mapping[str, Any]) -> list[Several]:
    """Find the units of which several files came and none was taken.

    Args:
        seen: A consolidation as `poa sync --json` tells of it.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    files = {each["file"]: each for each in seen["files"]}
    for line in seen["submissions"]:
        if line["received"] == REFUSED:
            found[line["unit"]].append((files[line["file"]]["saved_at"], line["file"]))
    rivals = {unit: tuple(name for _, name in sorted(came)) for unit, came in found.items()}
    return [
        Several(unit, names)
        for unit, names in rivals.items()
        # Of files that were refused for another reason none names the others.
        if len(names) > 1
        and all(any(other in files[name]["problem"] for other in names if other != name) for name in names)
    ]


def preview(seen: Mapping[str, Any]) -> list[str]:
    """Write what a consolidation would do: unit by unit, those that matter first, then what is to be decided.

    Args:
        seen: A consolidation as `poa sync --json` tells of it.
    """
    waiting: dict[str, int] = defaultdict(int)
    for change in seen["changes"]:
        waiting[change["unit"]] += change["fate"] in ("conflicto", "fila que falta", "rechazado")
    came = [line for line in seen["submissions"] if line["received"] != MISSING]
    came.sort(key=lambda line: (not waiting[line["unit"]], not line["rejected"], not line["changed"], line["unit"]))
    lines = [": ".join((line["unit"], " · ".join(_parts(line, waiting[line["unit"]])))) for line in came]
    shown = lines[:_MOST] + ([say("… y {count} más", count=len(lines) - _MOST)] if len(lines) > _MOST else [])
    missing = [line["unit"] for line in seen["submissions"] if line["received"] == MISSING]
    if missing:
        shown.append(say("No enviaron: {units}", units=", ".join(missing)))
    total = say(
        "{taken} filas tomadas de {read} leídas; {open} por resolver.",
        taken=seen["taken"],
        read=seen["read"],
        open=seen["open"],
    )
    return [*shown, total]


def _parts(line: Mapping[str, Any], waiting: int) -> Iterator[str]:
    yield line["received"]
    if line["changed"]:
        yield say("filas que cambian: {count}", count=line["changed"])
    if waiting:
        yield say("por resolver: {count}", count=waiting)
    if line["rejected"]:
        yield say("filas que no se toman: {count}", count=line["rejected"])
    if line["red"]:
        yield say("en rojo: {count}", count=line["red"])

"""What tracking, closing and reporting came to, for programs."""

from poa_xl.actions.closing import Closed
from poa_xl.actions.evaluating import Reported, shares
from poa_xl.actions.updating import Updated
from poa_xl.core.dates import MONTHS
from poa_xl.terminal import findings, records


def as_json(done: Updated) -> str:
    """Write what tracking came to as a JSON object."""
    tracked = done.tracked
    return records.as_json(
        {
            "sheet": tracked.sheet if tracked is not None else None,
            "until": MONTHS[tracked.cutoff] if tracked is not None else None,
            "states": dict(tracked.states) if tracked is not None else {},
            "findings": findings.records(tracked.findings) if tracked is not None else [],
            "run": done.run,
            "backup": _path(done.backup),
        }
    )


def closed_as_json(done: Closed) -> str:
    """Write which quarters are closed now as a JSON object."""
    return records.as_json({"closed": list(done.closed), "run": done.run, "backup": _path(done.backup)})


def report_as_json(done: Reported) -> str:
    """Write the figures of a report as a JSON object."""
    physical, financial = shares(done.found)
    return records.as_json(
        {
            "until": MONTHS[done.found.cutoff],
            "physical": physical,
            "financial": financial,
            "weights": done.weights,
            "states": dict(done.found.states),
            "path": str(done.path),
            "backup": _path(done.backup),
        }
    )


def _path(path: object) -> str | None:
    return None if path is None else str(path)

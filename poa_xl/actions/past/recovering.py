"""What a run or an undo that was cut short left open, finished."""

from poa_xl.actions.past.marks import run_of
from poa_xl.actions.past.opening import resolve
from poa_xl.books.files import stamp
from poa_xl.store.history import History
from poa_xl.store.records import DONE, PENDING, UNDONE

UNDOING = "undoing"


def recover(history: History) -> None:
    """Finish what a run or an undo that was cut short left open; the workbook itself says how it ended."""
    for run in history.runs(PENDING, UNDOING):
        path = resolve(history, run.master)
        if run.state == PENDING:
            if path.is_file() and (stamp(path) == run.after or run_of(path) == run.id):
                history.confirm(run.id)
            else:
                history.drop(run.id)
        elif run.state == UNDOING:
            history.confirm(run.id, UNDONE if stamp(path) == run.before else DONE)

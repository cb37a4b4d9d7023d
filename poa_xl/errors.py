"""What stops an operation. Wrong *data* never does: it is a `poa_xl.core.findings.Finding`."""


class PoaError(Exception):
    """Base of all errors whose message is meant for the user: what was found, where, what would be right."""


class LayoutError(PoaError):
    """A sheet is no plan: a required column is missing or stands twice.

    Attributes:
        lacking: How many columns are wrong, where the sheet looks like a plan otherwise.
    """

    def __init__(self, message: str, lacking: int = 0) -> None:
        super().__init__(message)
        self.lacking = lacking


class CellError(PoaError):
    """A cell cannot be written or read as asked; the message names it."""


class BookError(PoaError):
    """A file is no workbook that we can read or write."""


class StaleBookError(PoaError):
    """A file changed between our reading and our writing."""


class SyncError(PoaError):
    """Workbooks could not be consolidated."""

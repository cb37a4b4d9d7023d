"""Where the sources of the add-in are: in the checkout, or inside the installed package."""

from pathlib import Path

# The wheel puts them here; in a checkout they stand at the top.
_INSTALLED = Path(__file__).parent / "files"
_CHECKOUT = Path(__file__).parents[2]


def root() -> Path:
    """Return the folder that holds `macros/` and `udfs.py`."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def macros() -> Path:
    """Return the folder of the VBA and of the ribbon."""
    return root() / "macros"

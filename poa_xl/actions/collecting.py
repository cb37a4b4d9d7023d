"""Python's own search for garbage, held back while plans are worked on: their objects are many, and none is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects that come between two searches. A plan of some thousand rows has more, and each search walks all of them.
_BETWEEN = 500_000


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Search rarely for as long as it takes; memory that nothing refers to any more is given back at once anyway."""
    before = gc.get_threshold()
    gc.set_threshold(max(_BETWEEN, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)

"""Fixtures that several folders share."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.office import Office
from tests.running import Running

# One profile for all properties: how long an example takes says how busy the machine is, not what the code does, and a
# commit is judged by the same examples wherever it is. `--hypothesis-profile=explore` looks for new ones.
_BUSY = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("explore", deadline=None, suppress_health_check=_BUSY)
settings.register_profile("poa", settings.get_profile("explore"), derandomize=True)
settings.load_profile("poa")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice for one file at a time: it converts, recalculates, renders."""
    return Office(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = Running(tmp_path_factory.mktemp("running"))
    yield started
    started.stop()


@pytest.fixture
def running(_running: Running) -> Iterator[Running]:
    """The one LibreOffice of the session that keeps running; every test leaves it without workbooks."""
    yield _running
    for book in _running.app.books:
        book.close()

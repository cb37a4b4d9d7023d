"""Fixtures that several folders share."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.office import Office
from tests.running import Running

# One profile for all properties: how long an example takes says how busy the machine is, not what the code does.
settings.register_profile("poa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("poa")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say what stays together when pytest-xdist spreads the tests over processes.

    What shares the running Calc is one group; all else goes file by file, since a file shares what it makes.
    """
    item.add_marker(pytest.mark.xdist_group("Calc" if _needs_calc(item) else item.location[0]))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the running Calc, which takes longest, where tests are spread over processes."""
    if hasattr(config, "workerinput"):
        items.sort(key=_needs_calc, reverse=True)


def _needs_calc(item: pytest.Item) -> bool:
    """Whether a test asks for the running Calc; one case among several does so by its name."""
    case = getattr(item, "callspec", None)
    return "running" in getattr(item, "fixturenames", ()) or (case is not None and "calc" in case.params.values())


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

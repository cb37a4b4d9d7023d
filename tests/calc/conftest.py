"""A running LibreOffice for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.running import Running


@pytest.fixture(scope="session")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    office = Running(tmp_path_factory.mktemp("running"))
    yield office
    office.stop()


@pytest.fixture
def running(_office: Running) -> Iterator[Running]:
    """The one office of the session; every test leaves it without workbooks."""
    yield _office
    for book in _office.app.books:
        book.close()

"""A running LibreOffice for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.running import Running


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    office = Running(tmp_path_factory.mktemp("running"))
    yield office
    office.stop()

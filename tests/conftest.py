"""Fixtures that several folders share."""

import pytest

from tests.office import Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("libreoffice"))

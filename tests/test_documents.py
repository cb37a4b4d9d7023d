"""Documents that are made from the code say what the code says now."""

import pytest

from poa_xl.core.checks import CHECKS
from tests.documents import FOLDER, MADE, messages


@pytest.mark.parametrize("name", MADE)
def test_a_document_is_as_the_code_makes_it(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == MADE[name](), "make docs"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule)
def test_every_rule_says_something(check: object) -> None:
    assert messages(getattr(check, "find"))  # noqa: B009 - a check of any kind

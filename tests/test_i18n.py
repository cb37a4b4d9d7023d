"""Messages: Spanish in the code, and a complete English catalogue."""

import gettext
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from poa_xl.i18n import number, say, set_language
from tests.paths import ROOT

CATALOGUE = ROOT / "poa_xl" / "locale" / "en" / "LC_MESSAGES" / "poa_xl.po"


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    set_language("es")
    yield
    set_language("es")


def translations() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_every_message_is_translated_and_no_other() -> None:
    sources = [("poa_xl/**.py", "python"), ("udfs.py", "python")]
    found = extract_from_dir(ROOT, sources, keywords={"say": None}, directory_filter=lambda path: ".venv" not in path)
    assert {message for _, _, message, _, _ in found} == {message for message, text in translations().items() if text}


def test_translations_fill_in_the_same_fields() -> None:
    for message, text in translations().items():
        assert sorted(re.findall(r"{\w+}", message)) == sorted(re.findall(r"{\w+}", text)), message


def test_the_compiled_catalogue_is_current() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {message: compiled.gettext(message) for message in translations()} == translations()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("es", "faltan 1.234,5"),
        ("en", "1,234.5 too few"),
        ("en_GB.UTF-8", "1,234.5 too few"),
        ("ES", "faltan 1.234,5"),
        ("qu", "faltan 1.234,5"),
    ],
)
def test_messages_come_in_the_language_that_is_set(language: str, expected: str) -> None:
    set_language(language)
    assert say("faltan {gap}", gap=Decimal("1234.5")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (39745387, "39.745.387"),
        (Decimal("5.760"), "5,76"),
        (Decimal(-3), "-3"),
        (Decimal("1E+3"), "1.000"),
        (Decimal("0.05"), "0,05"),
        (0, "0"),
    ],
)
def test_numbers_are_written_as_in_bolivia(value: Decimal | int, expected: str) -> None:
    assert number(value) == expected


def test_a_message_without_values_keeps_its_braces() -> None:
    assert say("un {texto}") == "un {texto}"

"""Texts written into XML: as Python's own library writes them, without what that brings along."""

import subprocess
import sys
from xml.sax import saxutils

import pytest

from poa_xl.books.xml import escape, quoteattr, unescape

TEXTS = ["", "a", "a & b", "<b>", "&amp;lt;", '"dos"', "'uno'", "\"dos\" y 'uno'", "uno\ndos\r\ttres", "ñ “á”", "&#10;"]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_written_as_the_library_writes_them(text: str) -> None:
    assert escape(text) == saxutils.escape(text)
    assert quoteattr(text) == saxutils.quoteattr(text)
    for others in ({'"': "&quot;"}, {"_": "&#95;"}):
        assert escape(text, others) == saxutils.escape(text, others)
        assert quoteattr(text, others) == saxutils.quoteattr(text, others)
    assert unescape(text) == saxutils.unescape(text)
    assert unescape(text, {"&quot;": '"'}) == saxutils.unescape(text, {"&quot;": '"'})
    assert unescape(escape(text)) == text


@pytest.mark.parametrize(
    "module", ["urllib.request", "ssl", "multiprocessing", "poa_xl.books.patch.editor", "sqlalchemy"]
)
def test_a_check_does_not_load_what_it_does_not_need(module: str) -> None:
    code = f"import sys, poa_xl.cli, poa_xl.actions.checking; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

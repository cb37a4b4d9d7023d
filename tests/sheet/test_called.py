"""Our functions, called by a path, a link or a prefix: only the name stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.sheet.called import bare, spaced

SAVED = [
    ("[1]!POA_TIPO(H9)", "POA_TIPO(H9)"),
    ("=[12]!poa_tipo(H9)", "=poa_tipo(H9)"),
    (r"'C:\Users\José Núñez\AppData\Roaming\Microsoft\Excel\XLSTART\poa_xl.xlam'!POA_X(1)", "POA_X(1)"),
    (r"'C:\O''Neil\[poa_xl.xlam]'!POA_X(1)", "POA_X(1)"),
    ("'file:///home/ana/poa_xl (1).xlam'!POA_X(1)", "POA_X(1)"),
    ("poa_xl.xlam!POA_X(1)", "POA_X(1)"),
    ("_xludf.POA_X(1)", "POA_X(1)"),
    ("_xlfn.POA_X(1)", "POA_X(1)"),
    ("_xll.POA_X(1)", "POA_X(1)"),
    ("_xldudf_POA_X(1)", "POA_X(1)"),
    ("=_xldudf_poa_tipo(H9)+1", "=poa_tipo(H9)+1"),
    ("=POA.TIPO(H9)+poa.x(POA.Y(1))", "=POA_TIPO(H9)+poa_x(POA_Y(1))"),
    ("'c:\\xlstart\\poa_xl.xlam'!ORG.POAXL.FUNCTIONS.POATIPO(H9;I9)", "ORG.POAXL.FUNCTIONS.POATIPO(H9;I9)"),
    ('IF([1]!POA_ESTADO(A1)="ROJO",[1]!POA_MOTIVO(A1),"")', 'IF(POA_ESTADO(A1)="ROJO",POA_MOTIVO(A1),"")'),
]
LEFT = [
    "POA_TIPO(H9)",
    "[1]Hoja!A1",
    "[1]!OTRA(1)",
    "[1]!POA_nombre",
    r"'C:\otro.xlam'!POA_X(1)",
    '"[1]!POA_TIPO("&A1',
    '"dice ""[1]!POA_TIPO("""&A1',
    "'[1]!POA_TIPO('!A1",
    "_xlfn.TEXTJOIN(A1)",
    '"POA.TIPO("&A1',
    "'POA.TIPO('!A1",
    "MI.POA.TIPO(1)+XPOA.TIPO(1)",
    "",
]


@pytest.mark.parametrize(("formula", "expected"), SAVED)
def test_the_name_stays(formula: str, expected: str) -> None:
    assert bare(formula) == expected


@pytest.mark.parametrize("formula", LEFT)
def test_what_is_not_ours_is_left(formula: str) -> None:
    assert bare(formula) == formula


def test_a_link_to_another_add_in_is_left() -> None:
    assert bare("[1]!POA_X([2]!POA_Y(1))", lambda number: number == 2) == "[1]!POA_X(POA_Y(1))"


@given(st.text(alphabet="[]1!'\"POA_X(),. poa_xl\\"))
def test_once_is_enough(formula: str) -> None:
    once = bare(formula)
    assert len(once) <= len(formula)
    assert once.count('"') == formula.count('"')


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=POA_TIPO(H9)+poa_x(POA_Y(1))", "=POA.TIPO(H9)+POA.x(POA.Y(1))"),
        ("=\"POA_TIPO(\"&A1&'POA_X('!A1", "=\"POA_TIPO(\"&A1&'POA_X('!A1"),
        ("=MI_POA_X(1)+[1]!POA_X(1)+POA_nombre", "=MI_POA_X(1)+[1]!POA_X(1)+POA_nombre"),
    ],
)
def test_the_pane_has_a_point(formula: str, expected: str) -> None:
    assert spaced(formula) == expected
    if formula != expected:
        assert bare(expected).upper() == formula.upper()

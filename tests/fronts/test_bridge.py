"""The way from Excel to Python, in an interpreter of VBA: nothing that a workbook holds decides what is started."""

import re
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from pyopenvba.interpreter import Interpreter

from poa_xl.addin.build import read_modules
from poa_xl.store.log import excel_log
from tests.vba import compiled

ROOT = Path(__file__).parents[2]
BUTTON = "import poa_xl.ribbon; poa_xl.ribbon.verificar_metas()"
# A workbook with a sheet of settings, as xlwings would read it.
BOOK = r"""Public Rows As Variant
Public Name As String
Public Function Worksheets(ByVal sheet)
    Set Worksheets = Me
End Function
Public Function Cells(ByVal line, ByVal column)
    Dim found As New Cell
    found.Value = ""
    If line <= UBound(Rows) + 1 Then found.Value = Split(Rows(line - 1), "=")(column - 1)
    Set Cells = found
End Function
"""
PYTHON = r"""Public Function Module(ByVal name)
    Module = name
End Function
Public Sub SetAttr(ByVal holder, ByVal name, ByVal value)
    Caller = value.Name
End Sub
Public Sub Exec(ByVal code)
    Ran = code
End Sub
"""
PROGRAM = r"""Public Seen As String
Public Function ActiveProtectedViewWindow()
    Set ActiveProtectedViewWindow = Nothing
    If Seen = "protected" Then Set ActiveProtectedViewWindow = Me
End Function
"""
# Excel with a hostile workbook in front, Windows, and the DLL of xlwings.
EXCEL = r"""Public Ran As String
Public Caller As String
Public Command As String
Public Loaded As String
Public Absent As Boolean
Public Function ThisWorkbook() As Object
    Dim found As New Book
    found.Rows = Array("INTERPRETER_WIN=C:\Python con espacio\pythonw.exe", "PYTHONPATH=C:\Users\José O'Neil\poa", "DLL=D:\a|D:\b")
    Set ThisWorkbook = found
End Function
Public Seen As String
Public Function Application() As Object
    Dim found As New Program
    found.Seen = Seen
    Set Application = found
End Function
Public Sub Look(ByVal what As String)
    Seen = what
End Sub
Public Function ActiveWorkbook() As Object
    Dim found As New Book
    Set ActiveWorkbook = Nothing
    If Seen = "nothing" Then Exit Function
    found.Name = "hostil.xlsx"
    found.Rows = Array("INTERPRETER_WIN=C:\malo.exe", "PYTHONPATH=C:\malo", "DLL=C:\malo")
    Set ActiveWorkbook = found
End Function
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, ByVal Config As String, ByVal mode As Long) As Long
    Command = Config
    Set Result = New Python
End Function
Public Function StrPtr(ByVal text As String) As String
    StrPtr = text
End Function
Public Function LoadLibraryW(ByVal path As String) As Long
    Loaded = Loaded & path & ";"
    If Not Absent And Left$(path, 4) = "D:\b" Then LoadLibraryW = 1
End Function
Public Function Environ(ByVal name As String) As String
    Environ = "C:\Windows"
End Function
Public Sub MsgBox(ByVal text, ByVal kind, ByVal title)
    Ran = "dice: " & text
End Sub
Public Function Told() As Variant
    Told = Ran & "#" & Caller & "#" & Command & "#" & Loaded
End Function
Public Sub Hide()
    Absent = True
End Sub
"""


def bridge(*, win64: bool = True, mac: bool = False) -> Any:  # noqa: ANN401 - has no types
    vba = Interpreter()
    vba.add_module("Public Value As Variant\n", name="Cell", kind="class")
    vba.add_module(BOOK, name="Book", kind="class")
    vba.add_module(PYTHON, name="Python", kind="class")
    vba.add_module(PROGRAM, name="Program", kind="class")
    vba.add_module(EXCEL, name="Excel")
    for module in read_modules():
        if module.name in ("PoaBridge", "PoaState"):
            vba.add_module(compiled(module.text, Mac=mac, Win64=win64), name=module.name)
    return vba


def pressed(vba: Any, line: str = BUTTON) -> list[str]:  # noqa: ANN401 - has no types
    """Run a line; give what ran, on which workbook, what was started, and which DLLs were tried."""
    vba.run("RunPython", [line])
    return str(vba.run("Told")).split("#")


@pytest.mark.parametrize("bits", [64, 32])
def test_only_the_sheet_of_the_add_in_says_what_is_started(bits: int) -> None:
    ran, book, command, tried = pressed(bridge(win64=bits == 64))
    assert (ran, book) == (BUTTON, "hostil.xlsx")
    assert command == (
        r'C:\Windows\System32\cmd.exe /K ""C:\Python con espacio\pythonw.exe" -B -P -c "import sys, os;'
        r"import xlwings.utils;xlwings.utils.prepare_sys_path(\"False;;;;;;C:\\Users\\José O\'Neil\\poa\");"
        """import xlwings; xlwings.serve('$(CLSID)')\"\""""
    )
    name = f"xlwings{bits}-{xw.__version__}.dll"
    assert tried == rf"D:\a\{name};D:\b\{name};"


@pytest.mark.parametrize(
    "line",
    [
        "import os; os.system('calc')",
        "import poa_xl.ribbon; poa_xl.ribbon.guia(); import os; os.system('calc'); ()",
        "import poa_xl.ribbon; poa_xl.ribbon.()",
        "import poa_xl.ribbon; poa_xl.ribbon.a(os.system('calc'), ()",
        "import poa_xl.ribbon; poa_xl.ribbon.os.system()",
        "import poa_xl.ribbon; poa_xl.ribbon.guia() ",
        "import poa_xl.ribbon; poa_xl.ribbon.guia",
        "()",
        "",
    ],
)
def test_only_lines_of_our_buttons_reach_python(line: str) -> None:
    assert pressed(bridge(), line) == ["", "", "", ""]


def test_a_dll_that_is_nowhere_is_said() -> None:
    vba = bridge()
    vba.run("Hide")
    assert pressed(vba)[0].startswith(f"dice: No se encontró xlwings64-{xw.__version__}.dll.")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("protected", "dice: El libro está en Vista protegida: pulsar Habilitar edición y repetir."),
        ("nothing", "dice: No hay ningún libro abierto: abrir el libro del POA y repetir."),
    ],
)
def test_without_a_workbook_to_work_on_python_is_not_started(seen: str, said: str) -> None:
    vba = bridge()
    vba.run("Look", [seen])
    assert pressed(vba) == [said, "", "", ""]


def test_no_cell_of_a_workbook_can_call_what_takes_a_text() -> None:
    """Public functions of an add-in are worksheet functions of every workbook, and so are its Declares."""
    text = "\n".join(each.text.replace("\r\n", "\n") for each in read_modules() if each.kind == "standard")
    functions = re.findall(
        r"^ *(?!Private)(?:Public )?(?:Declare (?:PtrSafe )?)?Function (\w+)\(([^)]*)\)", text, re.MULTILINE
    )
    found = {name: arguments for name, arguments in functions if not name.startswith("POA_")}
    assert found == {
        "XLPy": "",
        "PoaLog": "",
        "PoaResult": "ByVal given As Variant",
        "PoaCell": "ByVal given As Variant",
    }
    assert (
        "ActiveWorkbook"
        not in text.partition('Attribute VB_Name = "PoaFunctions"')[2].partition("Attribute VB_Name")[0]
    )


def test_the_bridge_calls_the_dll_as_xlwings_does() -> None:
    theirs = (Path(xw.__file__).parent / "xlwings_custom_addin.bas").read_text("cp1252")
    ours = next(each.text for each in read_modules() if each.name == "PoaBridge")
    declared = re.findall(r"Function (XLPyDLLActivateAuto Lib .+)", ours.replace("\r\n", "\n"))
    assert len(declared) == 2
    assert all(each in theirs for each in declared)


def test_a_name_of_a_workbook_is_no_command_on_macos() -> None:
    """What the script hands to the shell is quoted, text by text; what is not is its own."""
    script = (ROOT / "macros" / "poa_xl.applescript").read_text("utf-8")
    line = next(each for each in script.splitlines() if "do shell script" in each)
    handed = re.sub(r"quoted form of \([^)]*\)", "QUOTED", line.partition("do shell script ")[2]).split(" & ")
    assert [each for each in handed if not each.startswith(("quoted form of", '"', "QUOTED"))] == []
    assert script.isascii()


@pytest.mark.parametrize(("mac", "ending"), [(True, "/poa-xl.log"), (False, r"\poa-xl\poa-xl.log")])
def test_what_excel_refuses_is_written_down_on_every_system(mac: bool, ending: str) -> None:
    assert str(bridge(mac=mac).run("PoaLog")).endswith(ending)


def test_what_excel_for_mac_wrote_down_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert excel_log() is None
    written = tmp_path / "Library/Containers/com.microsoft.Excel/Data/poa-xl.log"
    written.parent.mkdir(parents=True)
    written.write_text("Excel, MacroOptions: no", "utf-8")
    assert excel_log() == written

"""The Excel add-in, checked hard without Excel: package, VBA, ribbon, wrappers, installation."""

import importlib
import io
import json
import re
import subprocess
import sys
import types
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import olefile
import pytest
import xlwings as xw
from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_vba.vbaLexer import vbaLexer
from antlr4_vba.vbaParser import vbaParser
from click.testing import CliRunner
from lxml import etree
from oletools.olevba import VBA_Parser
from pyopenvba.interpreter import parse_module

import poa_xl
from poa_xl import cli, ribbon
from poa_xl.addin import install as installing
from poa_xl.addin import sources
from poa_xl.addin.build import CONFIGURATION, Module, body, build, read_modules
from poa_xl.addin.tab import groups
from poa_xl.addin.wrappers import Function, functions, load
from poa_xl.errors import BookError
from tests.vba import callback, interpreter, python_line

ROOT = Path(__file__).parents[2]
OURS = ("PoaBridge", "PoaCells", "PoaFunctions", "PoaRibbon", "PoaState", "Sheet1", "ThisWorkbook")
RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"


@pytest.fixture(scope="module")
def addin() -> bytes:
    return build(".xlam", installing.settings())


@pytest.fixture(scope="module")
def ours() -> dict[str, Module]:
    return {module.name: module for module in read_modules() if module.name in OURS}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


# ---- the package


def test_the_same_sources_give_the_same_bytes(addin: bytes) -> None:
    assert build(".xlam", installing.settings()) == addin
    assert str(ROOT).encode() not in addin


@pytest.mark.parametrize("suffix", [".xlam", ".xlsm"])
def test_every_module_reads_back_as_its_source(suffix: str) -> None:
    data = build(suffix)
    project = parts(data)["xl/vbaProject.bin"]
    olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_INCORRECT).close()
    found = {
        name.rpartition(".")[0]: text for _, _, name, text in VBA_Parser(f"poa{suffix}", data=data).extract_macros()
    }
    expected = {module.name: module for module in read_modules()}
    assert found.keys() == expected.keys()
    for name, module in expected.items():
        assert body(found[name]).strip() == body(module.text).strip(), name


@pytest.mark.parametrize(("suffix", "kind"), [(".xlam", "addin"), (".xlsm", "sheet")])
def test_types_links_and_code_names_agree(suffix: str, kind: str) -> None:
    files = parts(build(suffix, {"PYTHONPATH": "x"}))
    for name, content in files.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    types_ = etree.fromstring(files["[Content_Types].xml"])
    overrides = {each.get("PartName"): each.get("ContentType") for each in types_ if each.get("PartName")}
    defaults = {each.get("Extension") for each in types_ if each.get("Extension")}
    assert overrides["/xl/workbook.xml"] == f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml"
    assert all(name[1:] in files for name in overrides if name)
    assert all(f"/{name}" in overrides or name.rpartition(".")[2] in defaults for name in files if name[0] != "[")
    links = {each.get("Type"): each.get("Target") for each in etree.fromstring(files["_rels/.rels"])}
    assert links["http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"] == "customUI/customUI14.xml"
    assert files["customUI/customUI14.xml"] == (ROOT / "macros" / "customUI14.xml").read_bytes()
    assert b'codeName="ThisWorkbook"' in files["xl/workbook.xml"]
    assert b'codeName="Sheet1"' in files["xl/worksheets/sheet1.xml"]
    assert CONFIGURATION.encode() in files["xl/workbook.xml"]
    assert b"vbaProject.bin" in files["xl/_rels/workbook.xml.rels"]


def test_a_character_that_vba_cannot_hold_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Malo.bas").write_text('Attribute VB_Name = "Malo"\n\' Ω\n', "utf-8")
    monkeypatch.setattr(sources, "macros", lambda: tmp_path)
    with pytest.raises(BookError, match=r"Malo\.bas, línea 2: VBA no admite el carácter «Ω»"):
        read_modules()


# ---- the VBA, statically


class _Complaints(ErrorListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.found: list[str] = []

    def syntaxError(self, _r: object, _s: object, line: int, column: int, text: str, _e: object) -> None:  # noqa: N802
        self.found.append(f"{line}:{column} {text}")


def complaints(folder: Path, names: Sequence[str] = OURS) -> list[str]:
    """Analyse a whole project in three ways; say what they find in modules of ours."""
    found = []
    for path in sorted(each for each in folder.iterdir() if each.stem in names):
        text = path.read_text("cp1252")
        try:
            # Of events this one knows nothing, the other two do.
            parse_module(
                body(text).replace("WithEvents ", ""),
                name=path.stem,
                kind="standard" if path.suffix == ".bas" else "class",
            )
        except Exception as error:  # noqa: BLE001 - whatever the parser says is a finding
            found.append(f"{path.stem}: {error}")
        listener = _Complaints()
        lexer: Any = vbaLexer(InputStream(text))
        lexer.removeErrorListeners()
        parser: Any = vbaParser(CommonTokenStream(lexer))
        parser.removeErrorListeners()
        parser.addErrorListener(listener)
        parser.startRule()
        found += [f"{path.stem}: {each}" for each in listener.found]
    # Loose files do not say that ThisWorkbook is a document module; the workbook below does.
    return [*found, *analysed(folder, "--encoding", "cp1252", "--ignore", "event-handler-module-scope")]


def analysed(path: Path, *options: str) -> list[str]:
    command = [
        str(Path(sys.executable).with_name("pyvbaanalysis")),
        "--whole-project",
        "--format",
        "json",
        *options,
        str(path),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    modules = [module for project in json.loads(done.stdout) for module in project["modules"]]
    assert {*OURS} <= {module["module"] for module in modules}
    return [
        f"{module['module']}: {each['code']} {each['message']}"
        for module in modules
        if module["module"] in OURS
        for each in module["diagnostics"]
    ]


def written(folder: Path, changes: dict[str, tuple[str, str]] | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    for module in read_modules():
        text = module.text
        if changes and module.name in changes:
            before, after = changes[module.name]
            assert before in text
            text = text.replace(before, after, 1)
        suffix = ".bas" if module.kind == "standard" else ".cls"
        (folder / f"{module.name}{suffix}").write_bytes(text.encode("cp1252"))
    return folder


def test_nothing_is_wrong_with_our_vba(tmp_path: Path) -> None:
    assert complaints(written(tmp_path / "p")) == []
    book = tmp_path / "poa.xlsm"
    book.write_bytes(build(".xlsm"))
    assert analysed(book) == []


FAULTS = {
    "Sub that does not end": ("PoaRibbon", "End Sub", ""),
    "call of a function that is not there": ("PoaFunctions", "PoaResult(", "PoaResultado("),
    "undeclared variable": ("PoaCells", "    Dim place As Long\r\n", ""),
    "misspelt keyword": ("PoaCells", "Next place", "Nextt place"),
    "If without Then": ("PoaCells", 'If given = "#VALUE!" Then', 'If given = "#VALUE!"'),
    "open string": ("PoaRibbon", 'poa_xl.ribbon.guia()"', "poa_xl.ribbon.guia()"),
    "label that is not there": ("PoaFunctions", "On Error GoTo Failed", "On Error GoTo Falla"),
    "two procedures of one name": ("PoaRibbon", "Sub PoaGuia(", "Sub PoaLista("),
    "missing bracket": ("PoaCells", "LBound(given, 1)", "LBound(given, 1"),
    "continuation into nothing": ("PoaFunctions", "        ThisWorkbook, Application.Caller))", ""),
    "End If too many": ("PoaCells", "        End If\r\n    End If", "        End If\r\n    End If\r\n    End If"),
    "assignment without a target": ("PoaCells", "PoaCell = given", "= given"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_that_were_seeded_are_found(fault: str, tmp_path: Path) -> None:
    module, before, after = FAULTS[fault]
    found = complaints(written(tmp_path / "p", {module: (before, after)}), [module])
    assert any(module in each for each in found), found


# ---- the ribbon


def ribbon_elements() -> list[Any]:
    return list(etree.parse(ROOT / "macros" / "customUI14.xml").getroot().iter())


# Office's own names for icons: twelve stand in Microsoft's list of control identifiers, Undo and Help in many ribbons.
ICONS = {
    "AutoSum",
    "AcceptInvitation",
    "FieldShading",
    "DeclineInvitation",
    "ReviewPreviousComment",
    "ReviewNextComment",
    "ReviewShowAllComments",
    "SmartArtInsert",
    "WindowsArrangeAll",
    "BrowseSelector",
    "Undo",
    "Help",
    "DesignMode",
    "HyperlinkInsert",
    "SplitCells",
    "SheetRowsInsert",
    "CellsInsertDialog",
    "SignatureLineInsert",
    "ReviewEditComment",
    "ReviewNewComment",
    "DataValidation",
    "Lock",
    "ChartInsert",
    "FileSendAsAttachment",
    "Filter",
    "FindDialog",
}


def test_the_ribbon_is_what_the_office_expects() -> None:
    elements = ribbon_elements()
    assert [each.tag.removeprefix(RIBBON) for each in elements[:4]] == ["customUI", "ribbon", "tabs", "tab"]
    assert {each.tag.removeprefix(RIBBON) for each in elements[4:]} == {"group", "button", "toggleButton"}
    groups = [each.get("label") for each in elements if each.tag == f"{RIBBON}group"]
    assert groups == ["Plan", "Hallazgos", "Seguimiento", "Oficina regional", "Ayuda"]
    names = [each.get("id") for each in elements if each.get("id")]
    assert len(names) == len(set(names)) == 1 + len(groups) + len(ribbon.BUTTONS)
    buttons = [each for each in elements if each.tag in (f"{RIBBON}button", f"{RIBBON}toggleButton")]
    allowed = {"id", "label", "imageMso", "size", "keytip", "screentip", "supertip", "onAction"}
    asking = {"tag", "getEnabled"}
    assert all({*each.keys()} - allowed in (set(), asking, asking | {"getPressed"}) for each in buttons)
    toggled = [each.get("id") for each in buttons if each.tag == f"{RIBBON}toggleButton"]
    assert toggled == [each.get("id") for each in buttons if each.get("getPressed")] == ["poaSemaforo"]
    assert {each.get("imageMso") for each in buttons} == ICONS
    tips = [each.get("keytip") for each in buttons]
    assert len(set(tips)) == len(tips)
    assert all(each.get("size") in ("normal", "large") for each in buttons)
    # Office shows 1024 characters of these and no more.
    assert all(0 < len(each.get(name)) <= 1024 for each in buttons for name in ("label", "screentip", "supertip"))


def test_buttons_subs_and_functions_are_one_to_one(ours: dict[str, Module]) -> None:
    actions = [each.get("onAction") for each in ribbon_elements() if each.get("onAction")]
    subs = dict(
        re.findall(
            r"Public Sub (\w+)\(control As IRibbonControl(?:, pressed As Boolean)?\)\r\n    (.+)\r\nEnd Sub",
            ours["PoaRibbon"].text,
        )
    )
    assert sorted(subs) == sorted(actions)
    assert len(subs) == ours["PoaRibbon"].text.count("End Sub")
    called = [
        re.fullmatch(r'RunPython "import poa_xl\.ribbon; poa_xl\.ribbon\.(\w+)\(\)"', line) for line in subs.values()
    ]
    assert sorted(match[1] for match in called if match) == sorted(ribbon.BUTTONS)
    assert {callback(name) for name in ribbon.BUTTONS} == {*subs}


def test_what_the_ribbon_asks_is_there(ours: dict[str, Module]) -> None:
    asked = {each.get(name) for each in ribbon_elements() for name in ("onLoad", "getEnabled", "getPressed")}
    told = re.findall(r"Public Sub (\w+)\((?:control|ByVal ribbon) As ", ours["PoaState"].text)
    assert sorted(told) == sorted(asked - {None}) == ["PoaIsEnabled", "PoaIsPainted", "PoaLoaded"]
    office = [
        each.name
        for group in groups(ROOT / "macros" / "customUI14.xml")
        for each in group.buttons
        if each.is_off_in_units
    ]
    assert office == [name for name, each in ribbon.BUTTONS.items() if each.is_off_in_units]


# ---- the VBA, running


# Excel with a workbook in front that has these properties and conditional formats; "?" is a kind without a formula.
LOOKED_AT = """Public Names As Variant
Public Function CustomDocumentProperties()
    Dim found As New Collection
    Dim number As Long
    For number = LBound(Names) To UBound(Names)
        found.Add Named(Names(number))
    Next number
    Set CustomDocumentProperties = found
End Function
Private Function Named(ByVal text)
    Dim found As New Thing
    found.Name = text
    Set Named = found
End Function
Public Function Cells()
    Set Cells = Me
End Function
Public Function FormatConditions()
    Set FormatConditions = Me
End Function
Public Function Count()
    Count = UBound(Names) - LBound(Names) + 1
End Function
Public Function Item(ByVal number)
    Dim found As New Thing
    found.Text = Names(number - 1)
    Set Item = found
End Function
"""
THING = """Public Name As String
Public Text As String
Public Function Formula1()
    If Text = "?" Then Err.Raise 1004
    Formula1 = Text
End Function
"""
IN_FRONT = """Public Given As Variant
Public Function ActiveWorkbook() As Object
    Set ActiveWorkbook = Nothing
    If UBound(Given) < 0 Then Exit Function
    Set ActiveWorkbook = ActiveSheet()
End Function
Public Function ActiveSheet() As Object
    Dim found As New LookedAt
    found.Names = Given
    Set ActiveSheet = found
End Function
Public Function Enabled(ByVal tag)
    Dim control As New Control
    control.Tag = tag
    PoaIsEnabled control, Enabled
End Function
Public Function Pressed()
    Dim control As New Control
    PoaIsPainted control, Pressed
End Function
Public Sub Look(ByVal text)
    Given = Split(text, "|")
End Sub
"""


def state(ours: dict[str, Module], seen: str) -> Any:  # noqa: ANN401 - has no types
    vba = interpreter(ours["PoaState"])
    for name, text in (("LookedAt", LOOKED_AT), ("Thing", THING), ("Control", "Public Tag As String\n")):
        vba.add_module(text, name=name, kind="class")
    vba.add_module(IN_FRONT, name="InFront")
    vba.run("Look", [seen])
    return vba


@pytest.mark.parametrize(
    ("properties", "tag", "is_enabled"),
    [
        ("Autor|poa-xl unidad", "oficina", False),
        (" poa-xl unidad ", "oficina", False),
        ("Autor|poa-xl plan", "oficina", True),
        ("", "oficina", True),
        ("poa-xl unidad", "", True),
    ],
)
def test_the_office_s_buttons_are_grey_in_the_workbook_of_a_unit(
    properties: str, tag: str, is_enabled: bool, ours: dict[str, Module]
) -> None:
    assert state(ours, properties).run("Enabled", [tag]) is is_enabled


@pytest.mark.parametrize(
    ("formats", "is_pressed"),
    [
        ('?|=$C$7>5|=$AD7="ROJO"', True),
        ('=$AD7="VERDE"', True),
        ('?|=A1="ROJO"|=$AD7="ROJOS"', False),
        ("?", False),
    ],
)
def test_the_light_is_pressed_where_our_colours_are(formats: str, is_pressed: bool, ours: dict[str, Module]) -> None:
    assert state(ours, formats).run("Pressed") is is_pressed


@pytest.mark.parametrize("name", ribbon.BUTTONS)
def test_every_button_hands_over_to_its_function(name: str) -> None:
    assert python_line(name) == f"import poa_xl.ribbon; poa_xl.ribbon.{name}()"


def test_names_of_errors_become_errors(ours: dict[str, Module]) -> None:
    vba = interpreter(ours["PoaCells"])
    assert [str(vba.run("PoaResult", [each])) for each in ("#VALUE!", "#N/A", "ROJO")] == [
        "Error 2015",
        "Error 2042",
        "ROJO",
    ]
    assert vba.run("PoaResult", [5.0]) == 5.0
    asked = """Public Function Asked() As String
    Dim cells(1 To 2, 1 To 2) As Variant
    Dim found As Variant
    cells(1, 1) = "#N/A": cells(1, 2) = 1: cells(2, 1) = "t": cells(2, 2) = "#VALUE!"
    found = PoaResult(cells)
    Asked = IsError(found(1, 1)) & " " & found(1, 2) & " " & found(2, 1) & " " & IsError(found(2, 2))
End Function
"""
    vba.add_module(asked, name="Asked")
    assert vba.run("Asked") == "True 1 t True"


# ---- the wrappers


@pytest.fixture(scope="module")
def real() -> Iterator[Any]:
    """The decorators of xlwings as Windows has them; elsewhere they do nothing, which hides what fails there."""
    stubs: dict[str, Any] = {
        name: types.ModuleType(name) for name in ("pythoncom", "pywintypes", "win32com", "win32com.client")
    }
    stubs["pythoncom"].CoInitialize = lambda *_: None
    stubs["pythoncom"].IID_IDispatch = None
    stubs["pywintypes"].com_error = type("com_error", (Exception,), {})
    stubs["win32com.client"].Dispatch = None
    with pytest.MonkeyPatch.context() as patch:
        for name, module in stubs.items():
            patch.setitem(sys.modules, name, module)
        wrapped = importlib.import_module("xlwings.udfs")
        for name in ("func", "arg", "ret", "sub"):
            patch.setattr(xw, name, getattr(wrapped, f"xl{name}"))
        yield wrapped


def registered(module: types.ModuleType) -> dict[str, dict[str, Any]]:
    return {name: each.__xlfunc__ for name, each in vars(module).items() if hasattr(each, "__xlfunc__")}


def convert(info: dict[str, Any]) -> None:
    """Read and write as xlwings does when a cell calls: converters must exist for every argument and the result."""
    from xlwings import conversion  # noqa: PLC0415 - after the decorators

    for argument in info["args"]:
        options = argument["options"]
        pipeline = conversion.accessors.get(options.get("convert"), options.get("convert"))
        pipeline.reader(options)
    options = info["ret"]["options"]
    conversion.accessors.get(options.get("convert"), options.get("convert")).router([[1.0]], None, options).writer(
        options
    )


def test_xlwings_takes_every_function_as_windows_would(real: Any) -> None:  # noqa: ANN401 - a module
    assert real is not None
    found = registered(load(ROOT / "udfs.py"))
    assert len(found) == 21
    for name, info in found.items():
        convert(info)
        assert name.startswith("POA_")
        assert info["category"] == "POA"
        assert not info["sub"]
        for argument in info["args"]:
            assert argument["options"]["ndim"] == 2, (name, argument["name"])
            assert argument["options"]["err_to_str"] is True
            assert argument["doc"]
            assert not argument["doc"].startswith("Positional")


BAD = {
    "an import for type checkers only": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from decimal import Decimal",
        "x: 'Decimal'",
        NameError,
    ),
    "a union": ("", "x: float | None", Exception),
    "a type without converter": ("from decimal import Decimal", "x: Decimal", Exception),
    "a keyword-only argument": ("", "*, x: float", Exception),
}


@pytest.mark.parametrize("fault", BAD)
def test_what_fails_on_windows_only_is_caught_here(fault: str, real: Any, tmp_path: Path) -> None:  # noqa: ANN401
    assert real is not None
    head, argument, expected = BAD[fault]
    path = tmp_path / "malas.py"
    path.write_text(
        f"import xlwings as xw\n{head}\n@xw.func(category='POA')\ndef POA_MALA({argument}):\n    '''Mala.'''\n", "utf-8"
    )
    with pytest.raises(expected):  # noqa: PT012 - importing and converting fail each in their way
        for info in registered(load(path)).values():
            convert(info)


def shown() -> list[Function]:
    return functions(load(ROOT / "udfs.py"))


@pytest.mark.parametrize("function", shown(), ids=lambda function: function.name)
def test_a_wrapper_holds_name_arguments_defaults_and_help(function: Function, ours: dict[str, Module]) -> None:
    text = ours["PoaFunctions"].text.replace("\r\n", "\n")
    match = re.search(rf"Public Function {function.name}\(([^)\n]*)\) As Variant\n(.*?)End Function", text, re.DOTALL)
    assert match is not None
    arguments = [("Optional " if each.optional else "") + f"{each.name} As Variant" for each in function.arguments]
    assert match[1] == ", ".join(arguments)
    assert f'Attribute {function.name}.VB_Description = "{function.help}"'.replace('"unidad"', '""unidad""') in match[2]
    handed = ", ".join(each.name for each in function.arguments)
    assert f'XLPy.CallUDF("udfs", "{function.name}", Array({handed}), _' in match[2]
    assert f"{function.name} = CVErr(xlErrValue)" in match[2]
    wizard = text.partition("Public Sub PoaDescribe")[2].replace('" & _\n            "', "").replace('""', '"')
    assert f'Macro:=book & "{function.name}", Description:="{function.help}"' in wizard
    assert all(f'"{each.help}"' in wizard for each in function.arguments)


# Stands for Excel and for the bridge to Python: answers with the first argument, or fails when told to.
BRIDGE = """Public Function CallUDF(module, name, arguments, book, caller)
    If Fails Then Err.Raise 5
    Asked = module & " " & name & " " & UBound(arguments) + 1
    CallUDF = arguments(0)
End Function
Public Property Get Caller()
    Caller = 1
End Property
"""
AROUND = """Public ThisWorkbook As Variant
Public Asked As String
Public Fails As Boolean
Public Function XLPy() As Object
    Set XLPy = New Bridge
End Function
Public Function Application() As Object
    Set Application = New Bridge
End Function
Public Function WasAsked() As String
    WasAsked = Asked
End Function
Public Sub Break()
    Fails = True
End Sub
"""


@pytest.mark.parametrize("function", shown(), ids=lambda function: function.name)
def test_a_wrapper_hands_over_and_answers_with_errors_that_are_real(
    function: Function, ours: dict[str, Module]
) -> None:
    vba = interpreter(ours["PoaCells"])
    vba.add_module(AROUND, name="Around")
    vba.add_module(BRIDGE, name="Bridge", kind="class")
    # The interpreter knows no attributes of procedures; they are texts for the function wizard.
    text = "".join(line for line in ours["PoaFunctions"].text.splitlines(keepends=True) if "Attribute POA_" not in line)
    vba.add_module(text, name="PoaFunctions")
    others = ["x"] * (sum(not each.optional for each in function.arguments) - 1)
    assert vba.run(function.name, ["ROJO", *others]) == "ROJO"
    assert vba.run("WasAsked") == f"udfs {function.name} {len(function.arguments)}"
    assert str(vba.run(function.name, ["#N/A", *others])) == "Error 2042"
    vba.run("Break")
    assert str(vba.run(function.name, ["ROJO", *others])) == "Error 2015"


def test_help_that_the_wizard_cannot_show_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "malas.py"
    path.write_text("def POA_X(a):\n    '''Ayuda.'''\nPOA_X.help_texts = {'a': 'x' * 256}\n", "utf-8")
    with pytest.raises(ValueError, match=r"POA_X\(a\): 256 characters of help"):
        functions(load(path))


# ---- installing


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["addin", *arguments], catch_exceptions=False)
    return done.exit_code, done.output


@pytest.fixture
def startup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "XLSTART"


def test_it_is_installed_looked_at_and_removed(startup: Path) -> None:
    code, said = run("install", "--startup", str(startup))
    assert (code, "aparece la pestaña POA" in said) == (0, True)
    target = startup / "poa_xl.xlam"
    known = installing.read_configuration(target)
    assert known["INTERPRETER_MAC"] == sys.executable
    assert Path(known["PYTHONPATH"], "udfs.py").is_file()
    assert (known["POA_XL"], known["XLWINGS"]) == (poa_xl.__version__, xw.__version__)
    before = target.read_bytes()
    code, said = run("install", "--startup", str(startup))
    assert (code, "ya estaba al día" in said) == (0, True)
    assert target.read_bytes() == before
    assert run("status", "--startup", str(startup))[0] == 0
    assert run("uninstall", "--startup", str(startup)) == (0, f"Se quitó {target}\n")
    assert list(startup.iterdir()) == []
    assert "no está instalado" in run("uninstall", "--startup", str(startup))[1]
    assert run("status", "--startup", str(startup))[0] == 1


def test_the_doctor_names_what_is_wrong_and_what_to_do(startup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installing.install(startup)
    (startup / "poa_viejo.xlam").write_bytes(b"")
    monkeypatch.setattr(poa_xl, "__version__", "9.9")
    code, said = run("status", "--startup", str(startup))
    assert code == 1
    assert "9.9 aquí" in said
    assert "→ poa addin install lo escribe de nuevo" in said
    assert "poa_viejo.xlam: resto de otra versión" in said
    (startup / "poa_xl.xlam").write_bytes(b"nada")
    assert "MAL" in run("status", "--startup", str(startup))[1]


def test_the_doctor_looks_at_library_and_policies_on_windows(startup: Path) -> None:
    values = {"VBAWarnings": 4, "AllLocationsDisabled": 1}
    found = installing.status(startup, lambda key, name: values[name] if "Policies" in key else None, "win32")
    said = [each.found for each in found if not each.is_good]
    assert any(f"xlwings64-{xw.__version__}.dll" in each for each in said)
    assert any("las macros están desactivadas sin aviso" in each for each in said)
    assert any("las ubicaciones de confianza están desactivadas" in each for each in said)
    calm = [each.found for each in installing.status(startup, lambda _key, _name: None, "win32")]
    assert not any("desactivadas" in each for each in calm)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("win32", "Microsoft/Excel/XLSTART"),
        ("darwin", "Startup.localized/Excel"),
    ],
)
def test_where_excel_looks(system: str, expected: str) -> None:
    folder = installing.startup_folder(system, {"APPDATA": "/datos"})
    assert folder is not None
    assert folder.as_posix().endswith(expected)


def test_without_excel_it_says_what_it_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "startup_folder", lambda: None)
    code, said = run("install")
    assert code == 2
    assert "En este sistema no hay Excel: no se hizo nada." in said
    assert "XLSTART" in said
    assert "no se hizo nada" in run("uninstall")[1]
    assert "En este sistema no hay Excel" in run("status")[1]


def test_it_is_built_anywhere(tmp_path: Path, addin: bytes) -> None:
    code, _ = run("build", "-o", str(tmp_path / "poa.xlam"))
    assert code == 0
    assert (tmp_path / "poa.xlam").read_bytes() == addin
    assert run("build", "-o", str(tmp_path / "poa.xls"))[0] == 2


def test_the_acceptance_script_speaks_of_every_button_and_function() -> None:
    script = (ROOT / "docs" / "aceptacion-excel.md").read_text("utf-8")
    for each in ribbon.BUTTONS.values():
        assert each.caption in script
    assert all(function.name in script for function in shown())

"""The VBA that stands between a cell and `udfs.py`: one wrapper a function, and the texts of the function wizard.

xlwings writes such wrappers too, inside a running Excel that trusts access to its VBA projects. Ours are made in
advance, so nobody has to trust anything, and they differ in two points: what fails is a cell error, not a text, and the
workbook handed over is the add-in, because xlwings looks for code in its sheets.
"""

import importlib.util
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

MODULE = "udfs"
CATEGORY = "POA"
# What the function wizard shows of a text.
_LONGEST = 255
_LITERAL = 200


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a worksheet function."""

    name: str
    help: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A worksheet function."""

    name: str
    help: str
    arguments: tuple[Argument, ...]


def load(path: Path) -> ModuleType:
    """Import `udfs.py` from its place."""
    spec = importlib.util.spec_from_file_location(MODULE, path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def functions(module: ModuleType) -> list[Function]:
    """List the worksheet functions of a module, in its order.

    Raises:
        ValueError: A help text is missing, too long, or holds a character that VBA cannot.
    """
    found = []
    for name, function in vars(module).items():
        texts: dict[str, str] | None = getattr(function, "help_texts", None)
        if texts is None:
            continue
        arguments = tuple(
            Argument(
                each.name, _checked(texts.get(each.name, ""), f"{name}({each.name})"), each.default is not each.empty
            )
            for each in inspect.signature(function).parameters.values()
        )
        text = inspect.getdoc(function) or ""
        found.append(Function(name, _checked(text.partition("\n\n")[0].replace("\n", " "), name), arguments))
    return found


def _checked(text: str, where: str) -> str:
    if not text or len(text) > _LONGEST:
        raise ValueError(f"{where}: {len(text)} characters of help; 1 to {_LONGEST} are possible")
    text.encode("cp1252")
    return text


def wrapper_module(found: list[Function]) -> str:
    """Write the VBA module with the wrappers."""
    lines = ['Attribute VB_Name = "PoaFunctions"', "Option Explicit", "", "' Made from udfs.py by `poa addin build`."]
    for each in found:
        lines += ["", *_wrapper(each)]
    return "\n".join([*lines, "", *_describe(found), ""])


def _wrapper(each: Function) -> Iterator[str]:
    shown = ", ".join(f"Optional {a.name} As Variant" if a.optional else f"{a.name} As Variant" for a in each.arguments)
    handed = ", ".join(a.name for a in each.arguments)
    yield f"Public Function {each.name}({shown}) As Variant"
    yield f"Attribute {each.name}.VB_Description = {_quoted(each.help)}"
    yield f'Attribute {each.name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    yield "    On Error GoTo Failed"
    yield f'    {each.name} = PoaResult(XLPy.CallUDF("{MODULE}", "{each.name}", Array({handed}), _'
    yield "        ThisWorkbook, Application.Caller))"
    yield "    Exit Function"
    yield "Failed:"
    yield f"    {each.name} = CVErr(xlErrValue)"
    yield "End Function"


def _describe(found: list[Function]) -> Iterator[str]:
    """Write the Sub that tells the function wizard; an Excel that refuses keeps the functions all the same."""
    yield "Public Sub PoaDescribe()"
    yield "    Dim book As String"
    # By their own workbook: another one may have a macro of the same name.
    yield '    book = "\'" & ThisWorkbook.Name & "\'!"'
    yield "    On Error Resume Next"
    for each in found:
        yield f'    Application.MacroOptions Macro:=book & "{each.name}", Description:={_split(each.help)}, _'
        yield f'        Category:="{CATEGORY}", ArgumentDescriptions:=Array( _'
        for number, argument in enumerate(each.arguments, 1):
            end = ", _" if number < len(each.arguments) else ")"
            yield f"        {_split(argument.help)}{end}"
        yield f'    PoaRefused "{each.name}"'
    yield "End Sub"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _split(text: str) -> str:
    """Write a text as VBA, over two lines where one would be too long to read."""
    return " & _\n            ".join(_quoted(text[i : i + _LITERAL]) for i in range(0, len(text), _LITERAL))

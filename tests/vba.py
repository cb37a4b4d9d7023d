"""Our VBA, run without Excel: an interpreter with a recorder in the place of `RunPython`."""

from typing import Any

from pyopenvba.interpreter import NOTHING, Interpreter

from poa_xl.addin.build import Module, read_modules

# Constants that Excel brings, for an interpreter that is none.
_HOST = "Public Const xlErrValue As Long = 2015\nPublic Const xlErrNA As Long = 2042\n"
_RECORDER = """Public Last As String
Public Function RunPython(ByVal line As String)
    Last = line
End Function
Public Function Recorded() As String
    Recorded = Last
End Function
"""


def interpreter(*modules: Module) -> Any:  # noqa: ANN401 - has no types
    """Load modules beside what they need."""
    vba = Interpreter()
    vba.add_module(_HOST, name="Host")
    vba.add_module(_RECORDER, name="Recorder")
    for module in modules:
        vba.add_module(module.text, name=module.name)
    return vba


def callback(name: str) -> str:
    """Give the name of the Sub that stands for a button."""
    return "Poa" + "".join(map(str.capitalize, name.split("_")))


def python_line(name: str) -> str:
    """Press a button in the interpreter; give the line that it hands to Python."""
    vba = interpreter(*(module for module in read_modules() if module.name == "PoaRibbon"))
    vba.run(callback(name), [NOTHING])
    return str(vba.run("Recorded"))

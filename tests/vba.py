"""Our VBA, run without Excel: an interpreter with a recorder in the place of `RunPython`."""

import re
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


def compiled(text: str, **constants: bool) -> str:
    """Leave of a module what its conditions leave, and no call into a DLL: the interpreter knows neither."""
    kept: list[str] = []
    # Of each open condition: whether this branch counts, and whether one did.
    branches: list[tuple[bool, bool]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        condition = re.match(r"\s*#(If|ElseIf|Else|End If)\b\s*(\w*)", line)
        if condition is None:
            if all(counts for counts, _ in branches) and not re.match(r"\s*(Private )?Declare ", line):
                kept.append(line)
            continue
        word, name = condition.groups()
        if word == "If":
            branches.append((constants[name], constants[name]))
        elif word == "End If":
            branches.pop()
        else:
            done = branches.pop()[1]
            counts = not done and (word == "Else" or constants[name])
            branches.append((counts, done or counts))
    return "\n".join(kept)


def callback(name: str) -> str:
    """Return the name of the Sub that stands for a button."""
    return "Poa" + "".join(map(str.capitalize, name.split("_")))


def python_line(name: str) -> str:
    """Press a button in the interpreter; give the line that it hands to Python."""
    vba = interpreter(*(module for module in read_modules() if module.name == "PoaRibbon"))
    # Semáforo is told too whether it is pressed.
    vba.run(callback(name), [NOTHING, True] if name == "semaforo" else [NOTHING])
    return str(vba.run("Recorded"))

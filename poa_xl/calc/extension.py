"""The extension for LibreOffice as a file: code, functions, menu, toolbar; the same bytes on any system.

What a cell can call comes from `udfs.py`, menu and toolbar come from the ribbon of Excel: one source for both programs.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import platformdirs
import xlwings

import poa_xl
from poa_xl.actions.regional import COMMAND
from poa_xl.addin import sources
from poa_xl.addin.tab import Button, groups
from poa_xl.addin.wrappers import Argument, Function, functions, load
from poa_xl.addin.zipping import packed
from poa_xl.books.xml import escape, quoteattr
from poa_xl.buttons.helping import guide
from poa_xl.calc.names import (
    BUTTONS,
    DECK,
    FINDINGS,
    FUNCTIONS,
    IDENTIFIER,
    LOADING,
    OF_ALL,
    OF_OFFICE,
    PANEL,
    PANELS,
    method_of,
)

# The Python of LibreOffice looks for modules here.
_PATH = "pythonpath"
# What runs inside LibreOffice: all of it is Python alone, with no compiled part. These packages, and what the buttons
# import as they load.
_PACKAGES = ("core", "sheet", "books", "calc")
_LEFT_OUT = ("books/word.py", "books/writer.py", "calc/extension.py", "calc/registering.py")
_XLWINGS = (
    "__init__.py",
    "base_classes.py",
    "constants.py",
    "expansion.py",
    "main.py",
    "utils.py",
    "conversion/*.py",
)
# Arguments that are columns of the plan come as ranges: Calc would copy each of a million cells otherwise. Targets do,
# because in any other form a blank one comes as a zero.
_COLUMNS = ("meta", "codigos", "presupuestos", "partidas", "unidades", "fuentes", "meses", "rango_con_encabezado")
_CALC = "com.sun.star.sheet.SpreadsheetDocument"
# Two toolbars, the planner's groups and the rest: one of all buttons is wider than a screen of 1366 dots.
_TOOLBARS = {"org.poaxl.toolbar": "POA", "org.poaxl.toolbar.oficina": "POA · oficina"}
_PLANNERS = 2
_XCU = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="{name}" oor:package="org.openoffice.{package}">\n{body}</oor:component-data>\n'
_TYPES = {
    "poa_xl.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "poa_component.py": "application/vnd.sun.star.uno-component;type=Python",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
    "Addons.xcu": "application/vnd.sun.star.configuration-data",
    "CalcWindowState.xcu": "application/vnd.sun.star.configuration-data",
    "Jobs.xcu": "application/vnd.sun.star.configuration-data",
    "ProtocolHandler.xcu": "application/vnd.sun.star.configuration-data",
    "Factories.xcu": "application/vnd.sun.star.configuration-data",
    "Sidebar.xcu": "application/vnd.sun.star.configuration-data",
}
# LibreOffice puts the path after everything else; nothing that lies on the machine may come before what we carry.
_COMPONENT = f'''"""Where LibreOffice finds the parts of the extension."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "{_PATH}"))

from poa_xl.calc.component import g_ImplementationHelper  # noqa: E402, F401
'''


def build(command: Sequence[str] = ()) -> bytes:
    """Build the extension.

    Args:
        command: The installed `poa` that the regional office's buttons run; none looks for it when one is pressed.

    Returns:
        The bytes of the .oxt file, the same for the same sources and command.
    """
    found = functions(load(sources.root() / "udfs.py"))
    tab = buttons(sources.macros() / "customUI14.xml")
    parts = {f"{_PATH}/{name}": data for name, data in _carried()}
    if command:
        parts[f"{_PATH}/poa_xl/{COMMAND.name}"] = json.dumps(list(command)).encode()
    parts |= {
        f"icons/{icon.name}": icon.read_bytes().replace(b"\r\n", b"\n")
        for icon in (sources.macros() / "calc").glob("*.svg")
    }
    texts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "poa_component.py": _COMPONENT,
        "poa_xl.idl": interface(found),
        "CalcAddIns.xcu": _functions(found),
        "Addons.xcu": _addons(tab),
        "CalcWindowState.xcu": _window_state(),
        "Jobs.xcu": _jobs(),
        "ProtocolHandler.xcu": _handler(),
        "Factories.xcu": _factories(),
        "Sidebar.xcu": _sidebar(),
    }
    return packed(parts | {name: text.encode() for name, text in texts.items()}, ("META-INF/manifest.xml",))


def buttons(ribbon: Path) -> list[tuple[Button, ...]]:
    """Read the buttons of the ribbon, group by group."""
    return [group.buttons for group in groups(ribbon)]


def interface(found: Sequence[Function]) -> str:
    """Write the interface of the functions, in the language of UNO."""
    lines = []
    for each in found:
        kinds = [_kind(a) for a in each.arguments]
        # By their names Calc sorts them, so these must be in order.
        shown = ", ".join(f"[in] {kind} a{number}" for number, kind in enumerate(kinds))
        lines.append(f"    any {method_of(each.name)}({shown});")
    body = "\n".join(lines)
    return f"module org {{ module poaxl {{\ninterface XFunctions : com::sun::star::uno::XInterface {{\n{body}\n}};\n}}; }};\n"


def _kind(argument: Argument) -> str:
    """Return the type by which Calc hands an argument over."""
    if argument.name in _COLUMNS:
        return "com::sun::star::table::XCellRange"
    return "any"


def _carried() -> Iterator[tuple[str, bytes]]:
    """Return everything that runs inside LibreOffice, by its path there."""
    ours, theirs = Path(poa_xl.__file__).parent, Path(xlwings.__file__).parent
    names = [*(f"{package}/**/*.py" for package in _PACKAGES), "locale/*/LC_MESSAGES/*.mo"]
    loaded = _loaded(ours / "ribbon.py") | _loaded(ours / "calc" / "panel.py")
    for path in sorted({path for name in names for path in ours.glob(name)} | loaded):
        name = path.relative_to(ours).as_posix()
        if name not in _LEFT_OUT:
            yield f"poa_xl/{name}", path.read_bytes()
    yield "udfs.py", (sources.root() / "udfs.py").read_bytes()
    yield "poa_xl/guia/guia.html", guide().read_bytes()
    for path in sorted((guide().parent / "img").glob("*.png")):
        yield f"poa_xl/guia/img/{path.name}", path.read_bytes()
    for path in sorted(path for name in _XLWINGS for path in theirs.glob(name)):
        yield f"xlwings/{path.relative_to(theirs).as_posix()}", path.read_bytes()
    folders = Path(platformdirs.__file__).parent
    for path in sorted(folders.glob("*.py")):
        yield f"platformdirs/{path.name}", path.read_bytes()
    for package in ("xlwings", "platformdirs"):
        yield f"{package}/LICENSE.txt", _license(package)


def _loaded(start: Path) -> set[Path]:
    """Return the modules of ours that a module imports as it loads, itself and those that they import included."""
    ours = Path(poa_xl.__file__).parent
    found: set[Path] = {ours / "__init__.py"}
    left = [start]
    while left:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == ours.name:
                folder = ours.parent / node.module.replace(".", "/")
                places = [folder.parent, folder, *(folder / each.name for each in node.names)]
                candidates = [file for each in places for file in (each.with_suffix(".py"), each / "__init__.py")]
                left += [each for each in candidates if each.is_file()]
    return found


def _license(package: str) -> bytes:
    from importlib.metadata import files  # noqa: PLC0415 - only here

    for each in files(package) or ():
        if "licenses/" in each.as_posix().lower():
            return each.read_binary()
    raise FileNotFoundError(package)


def _manifest() -> str:
    entries = "".join(
        f"<manifest:file-entry manifest:media-type={quoteattr(kind)} manifest:full-path={quoteattr(name)}/>\n"
        for name, kind in _TYPES.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'


def _description() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:l="http://libreoffice.org/extensions/description/2011" xmlns:d="http://openoffice.org/extensions/description/2006">
<identifier value="{IDENTIFIER}"/>
<version value="{poa_xl.__version__}"/>
<dependencies><l:LibreOffice-minimal-version value="7.4" d:name="LibreOffice 7.4"/></dependencies>
<display-name><name lang="es">poa-xl: plan operativo anual</name></display-name>
<publisher><name lang="es">poa-xl</name></publisher>
</description>
"""


def _functions(found: Sequence[Function]) -> str:
    body = "".join(_function(each) for each in found)
    return _XCU.format(
        name="CalcAddIns",
        package="Office",
        body=f'<node oor:name="AddInInfo"><node oor:name="{FUNCTIONS}" oor:op="replace"><node oor:name="AddInFunctions">\n{body}</node></node></node>\n',
    )


def _function(each: Function) -> str:
    arguments = "".join(
        f'<node oor:name="a{number}" oor:op="replace">{_prop("DisplayName", a.name)}{_prop("Description", a.help)}</node>\n'
        for number, a in enumerate(each.arguments)
    )
    return (
        f'<node oor:name="{method_of(each.name)}" oor:op="replace">{_prop("DisplayName", each.name)}'
        f'{_prop("Description", each.help)}<prop oor:name="Category"><value>Add-In</value></prop>'
        f'<prop oor:name="CompatibilityName"><value xml:lang="en">{each.name}</value>'
        f'<value xml:lang="en-US">{each.name}</value></prop>'
        f'<node oor:name="Parameters">\n{arguments}</node></node>\n'
    )


def _prop(name: str, text: str) -> str:
    """Write a text for people: Spanish, whatever language the program speaks."""
    values = "".join(f'<value xml:lang="{language}">{escape(text)}</value>' for language in ("en", "en-US", "es"))
    return f'<prop oor:name="{name}">{values}</prop>'


def _addons(groups: Sequence[Sequence[Button]]) -> str:
    # No other program has a sidebar to open, so the ribbon has no button for it.
    panel = Button(PANEL, "Panel de hallazgos", "", "")
    items = _items([*groups, (panel,)])
    menu = (
        f'<node oor:name="OfficeMenuBar"><node oor:name="org.poaxl.menu" oor:op="replace">{_prop("Title", "POA")}'
        f'<prop oor:name="Context"><value>{_CALC}</value></prop><node oor:name="Submenu">\n{items}</node></node></node>\n'
    )
    drawn = "".join(
        f'<node oor:name="{name}" oor:op="replace">\n{_items(some)}</node>\n'
        for name, some in zip(_TOOLBARS, (groups[:_PLANNERS], groups[_PLANNERS:]), strict=True)
    )
    toolbar = f'<node oor:name="OfficeToolBar">{drawn}</node>\n'
    icons = "".join(
        f'<node oor:name="{each.name}" oor:op="replace"><prop oor:name="URL"><value>{_url(each)}</value></prop>'
        f'<node oor:name="UserDefinedImages"><prop oor:name="ImageSmallURL"><value>%origin%/icons/{each.name}.svg'
        f'</value></prop><prop oor:name="ImageBigURL"><value>%origin%/icons/{each.name}.svg</value></prop></node></node>\n'
        for group in groups
        for each in group
    )
    body = f'<node oor:name="AddonUI">\n{menu}{toolbar}<node oor:name="Images">\n{icons}</node></node>\n'
    return _XCU.format(name="Addons", package="Office", body=body)


def _items(groups: Sequence[Sequence[Button]]) -> str:
    """Write the items of a menu or toolbar; they come in the order of their names, so they are numbered."""
    items: list[str] = []
    for group in groups:
        if items:
            items.append('<prop oor:name="URL"><value>private:separator</value></prop>')
        items += [
            f'<prop oor:name="URL"><value>{_url(each)}</value></prop>{_prop("Title", each.caption)}'
            f'<prop oor:name="Target"><value>_self</value></prop><prop oor:name="Context"><value>{_CALC}</value></prop>'
            for each in group
        ]
    return "".join(
        f'<node oor:name="m{number:02}" oor:op="replace">{item}</node>\n' for number, item in enumerate(items)
    )


def _url(each: Button) -> str:
    return (OF_OFFICE if each.is_off_in_units else OF_ALL) + each.name


def _window_state() -> str:
    states = "".join(
        f'<node oor:name="private:resource/toolbar/addon_{name}" oor:op="replace">{_prop("UIName", caption)}'
        f'<prop oor:name="Docked"><value>true</value></prop><prop oor:name="DockPos"><value>0,{line}</value></prop>'
        '<prop oor:name="Visible"><value>true</value></prop><prop oor:name="Style"><value>2</value></prop></node>'
        for line, (name, caption) in enumerate(_TOOLBARS.items(), 2)
    )
    body = f'<node oor:name="UIElements"><node oor:name="States">{states}</node></node>\n'
    return _XCU.format(name="CalcWindowState", package="Office.UI", body=body)


def _jobs() -> str:
    body = (
        f'<node oor:name="Jobs"><node oor:name="{LOADING}" oor:op="replace"><prop oor:name="Service">'
        f"<value>{LOADING}</value></prop></node></node>\n"
        '<node oor:name="Events"><node oor:name="OnLoadFinished" oor:op="fuse"><node oor:name="JobList">'
        f'<node oor:name="{LOADING}" oor:op="replace"/></node></node></node>\n'
    )
    return _XCU.format(name="Jobs", package="Office", body=body)


def _handler() -> str:
    body = (
        f'<node oor:name="HandlerSet"><node oor:name="{BUTTONS}" oor:op="replace"><prop oor:name="Protocols">'
        f"<value>{OF_ALL}* {OF_OFFICE}*</value></prop></node></node>\n"
    )
    return _XCU.format(name="ProtocolHandler", package="Office", body=body)


def _factories() -> str:
    kind, factory = FINDINGS.split("/")[1:3]
    values = {"Type": kind, "Name": factory, "Module": "", "FactoryImplementation": PANELS}
    props = "".join(f'<prop oor:name="{name}"><value>{value}</value></prop>' for name, value in values.items())
    node = f'<node oor:name="{factory}" oor:op="replace">{props}</node>'
    body = f'<node oor:name="Registered"><node oor:name="UIElementFactories">{node}</node></node>\n'
    return _XCU.format(name="Factories", package="Office.UI", body=body)


def _sidebar() -> str:
    """Write the deck of the sidebar, with its one panel."""
    both = f'{_prop("Title", "POA")}<prop oor:name="ContextList"><value oor:separator=";">Calc, any, visible</value></prop>'
    deck = {
        "Id": DECK,
        "IconURL": f"vnd.sun.star.extension://{IDENTIFIER}/icons/verificar_metas.svg",
        "OrderIndex": "900",
    }
    panel = {
        "Id": f"{DECK}Hallazgos",
        "DeckId": DECK,
        "ImplementationURL": FINDINGS,
        "OrderIndex": "100",
        "TitleBarIsOptional": "true",
    }
    parts = ""
    for kind, values in (("DeckList", deck), ("PanelList", panel)):
        props = "".join(f'<prop oor:name="{name}"><value>{value}</value></prop>' for name, value in values.items())
        parts += (
            f'<node oor:name="{kind}"><node oor:name="{values["Id"]}" oor:op="replace">{both}{props}</node></node>\n'
        )
    return _XCU.format(name="Sidebar", package="Office.UI", body=f'<node oor:name="Content">\n{parts}</node>\n')

"""The pane as an office gets it: manifests, functions, the site and its policy; and its workbook in memory."""

import hashlib
import json
import re
import ssl
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import xlwings as xw

from poa_xl import ribbon
from poa_xl.actions import pressing, recorder, settings
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import load_one
from poa_xl.actions.updating import Options, update_book
from poa_xl.addin import sources
from poa_xl.addin.tab import Group, groups
from poa_xl.addin.wrappers import functions, load
from poa_xl.addin.zipping import packed, unpacked
from poa_xl.books.book import FileBook
from poa_xl.books.live import Box
from poa_xl.errors import BookError
from poa_xl.i18n import set_language
from poa_xl.ribbon import BUTTONS
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.grid import column_number, letters
from poa_xl.store import journal
from poa_xl.web import bridge, manifests, site
from poa_xl.web.buttons import BY_THE_PANE, LEFT_OUT, offered
from poa_xl.web.functions import metadata
from poa_xl.web.serving import certificates, server
from poa_xl.web.webbook import Asked, WebBook
from tests.excel import Com, excel_book
from tests.made import wrong
from tests.office_js import told, web_book
from tests.plans import change, edit, save, small

URL = "https://poa.oficina.gob.bo/panel"
_BT = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"
_OVER = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
TOP = Path(__file__).parents[2]


def tab() -> list[Group]:
    return groups(sources.macros() / "customUI14.xml")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """Keep the journal where a test can look at it."""
    journal.keep_in(tmp_path)
    yield tmp_path
    journal._KEPT.clear()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder such as `make web` leaves it, with the parts that are worked on."""
    folder = tmp_path / "built"
    (folder / "icons").mkdir(parents=True)
    for group in manifests.tab(tab()):
        for name in [each.name for each in group.buttons if each.name != "panel"] + ["poa"]:
            for size in manifests.SIZES:
                (folder / "icons" / f"{name}-{size}.png").write_bytes(b"png")
    for name in ("poa-64", "color", "outline"):
        (folder / "icons" / f"{name}.png").write_bytes(b"png")
    (folder / "pane.html").write_bytes((TOP / "web" / "pane.html").read_bytes())
    (folder / "sw.js").write_text("const SITE = __SITE__;", "utf-8")
    (folder / "LICENCIAS.txt").write_text("BSD", "utf-8")
    (folder / "pane.js").write_text("", "utf-8")
    return folder


# What the schema of Microsoft says and what its schema does not say, as far as both concern us.


# What stands in what, in this order, as Microsoft's schemas have it; a star where there may be several.
ORDER = {
    "OfficeApp": "Id Version ProviderName DefaultLocale DisplayName Description IconUrl HighResolutionIconUrl SupportUrl "
    "AppDomains Hosts Requirements DefaultSettings Permissions VersionOverrides",
    "VersionOverrides": "Description Requirements Hosts Resources",
    "Hosts": "Host*",
    "Host": "Runtimes AllFormFactors DesktopFormFactor MobileFormFactor",
    "Runtimes": "Runtime*",
    "AllFormFactors": "ExtensionPoint*",
    "DesktopFormFactor": "GetStarted FunctionFile ExtensionPoint*",
    "GetStarted": "Title Description LearnMoreUrl",
    "CustomTab": "Group* Label",
    "Group": "Label Icon Control*",
    "Control": "Label Supertip Icon Action",
    "Supertip": "Title Description",
    "Icon": "Image*",
    "Action": "FunctionName SourceLocation",
    "Resources": "Images Urls ShortStrings LongStrings",
    "Images": "Image*",
    "Urls": "Url*",
    "ShortStrings": "String*",
    "LongStrings": "String*",
    "String": "Override*",
    "Url": "Override*",
    "Description": "Override*",
    "Requirements": "Sets",
    "Sets": "Set*",
    "DefaultSettings": "SourceLocation",
}
# Of extension points it depends on which one it is.
POINTS = {"CustomFunctions": "Script Page Metadata Namespace", "PrimaryCommandSurface": "CustomTab"}
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def disorder(root: ET.Element) -> Iterator[str]:
    """Look for elements that stand where the schema has none, or in another order, or too often."""
    for each in root.iter():
        name = each.tag.rpartition("}")[2]
        children = [child.tag.rpartition("}")[2] for child in each]
        allowed = (POINTS.get(each.get(_TYPE, ""), "") if name == "ExtensionPoint" else ORDER.get(name, "")).split()
        if name in ("Script", "Page", "Metadata"):
            allowed = ["SourceLocation"]
        pattern = "".join(rf"(?:{part[:-1]} )*" if part.endswith("*") else rf"(?:{part} )?" for part in allowed)
        if not re.fullmatch(pattern, "".join(f"{child} " for child in children)):
            yield f"order in {name}: {' '.join(children)}"


def faults(text: str, files: set[str]) -> list[str]:
    """Look for what Excel would refuse in an XML manifest."""
    root = ET.fromstring(text)  # noqa: S314 - our own
    found = [*disorder(root)]
    texts = [each for each in root.iter() if each.tag in (f"{_BT}Image", f"{_BT}Url", f"{_BT}String")]
    known = [each.get("id", "") for each in texts if not each.get("resid")]
    named = [each.get("resid", "") for each in root.iter() if each.get("resid")]
    found += [f"twice: {name}" for name in {*known} if known.count(name) > 1]
    found += [f"unknown: {name}" for name in {*named} - {*known}] + [f"unused: {name}" for name in {*known} - {*named}]
    found += [f"long: {name}" for name in known if not 0 < len(name) <= 32]
    for kind, longest in (("ShortStrings", 125), ("LongStrings", 250)):
        for each in root.iter(f"{_OVER}{kind}"):
            shown = [one.get("DefaultValue") or one.get("Value") or "" for one in each.iter() if one is not each]
            found += [f"length {len(one)}: {one}" for one in shown if not 0 < len(one) <= longest]
    links = [value for each in root.iter() for name, value in each.items() if name in ("DefaultValue", "Value")]
    for link in (each for each in links if "://" in each):
        if not link.startswith(f"{URL}/"):
            found.append(f"elsewhere: {link}")
        elif link.removeprefix(f"{URL}/") not in files:
            found.append(f"no file: {link}")
    for icon in root.iter(f"{_OVER}Icon"):
        if [int(each.get("size", "0")) for each in icon] != [16, 32, 80]:
            found.append("sizes of an icon")
    ids = [each.get("id", "") for each in root.iter() if each.tag in (f"{_OVER}Control", f"{_OVER}Group")]
    found += [f"twice: {name}" for name in {*ids} if ids.count(name) > 1]
    version = root.findtext("{http://schemas.microsoft.com/office/appforoffice/1.1}Version") or ""
    if not re.fullmatch(r"[1-9]\d*(\.\d+){3}", version):
        found.append(f"version: {version}")
    pane = [each.get("resid") for each in root.iter() if each.tag in (f"{_OVER}Runtime", f"{_OVER}FunctionFile")]
    if {*pane} != {"Poa.Pane"} or "SharedRuntime" not in text or 'lifetime="long"' not in text:
        found.append("no shared runtime")
    return found


def test_the_site_of_an_office_is_whole(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "panel"
    files = {*site.build(built, out, f"{URL}/")}
    assert faults((out / "manifest.xml").read_text("utf-8"), files) == []
    page = (out / "pane.html").read_text("utf-8")
    assert page.index("Content-Security-Policy") < page.index("<script")
    assert f'<script src="{site.OFFICE_JS}"></script>' in page
    assert "'unsafe" not in site.policy().replace("'wasm-unsafe-eval'", "")
    version = json.loads((out / "version.json").read_text("utf-8"))
    assert json.dumps(version).removesuffix("}") in (out / "sw.js").read_text("utf-8")
    kept = json.loads((out / "sw.js").read_text("utf-8").removeprefix("const SITE = ").removesuffix(";"))["files"]
    assert {*kept} <= files
    for name, digest in kept.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    # All that the page fetches by itself, or it opens to nothing without a network.
    fetched = re.findall(r'json<.*?>\("([\w.]+)"\)', (TOP / "web" / "src" / "pane.ts").read_text("utf-8"))
    assert len(fetched) == 3
    assert {"pane.html", "guia.html", *fetched} <= {*kept}
    # The same again, over what is there; another address makes other files, and so another stamp.
    assert {*site.build(built, out, URL)} == files
    assert json.loads((out / "version.json").read_text("utf-8")) == version
    site.build(built, out, "https://otra.gob.bo")
    assert json.loads((out / "version.json").read_text("utf-8"))["stamp"] != version["stamp"]
    with zipfile.ZipFile(out / "manifest.zip") as package:
        assert {*package.namelist()} == {"manifest.json", "en.json", "color.png", "outline.png"}


def test_a_release_brings_the_site_as_an_archive(built: Path, tmp_path: Path) -> None:
    archive = tmp_path / "poa_xl_web.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in built.rglob("*"):
            out.write(path, path.relative_to(built))
    office = "office/office.js"
    site.build(archive, tmp_path / "panel", URL, office)
    page = (tmp_path / "panel" / "pane.html").read_text("utf-8")
    assert f'<script src="{office}"></script>' in page
    # A server reads it, whoever built it.
    assert sys.platform == "win32" or (tmp_path / "panel").stat().st_mode & 0o777 == 0o755
    assert "appsforoffice" not in page


@pytest.mark.parametrize(
    "url", ["http://servidor/poa", "https://", "servidor", "https://servidor/poa?x=1", "https://servidor/#a", ""]
)
def test_an_address_that_office_opens_no_pane_from_is_refused(url: str, built: Path, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="https://servidor/carpeta"):
        site.build(built, tmp_path / "panel", url)
    assert not (tmp_path / "panel").exists()


def test_a_folder_with_something_else_is_left_alone(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "documentos"
    out.mkdir()
    (out / "tesis.docx").write_text("no", "utf-8")
    with pytest.raises(BookError, match="no está vacía"):
        site.build(built, out, URL)
    assert (out / "tesis.docx").read_text("utf-8") == "no"


def test_a_copy_of_office_js_stays_and_what_fails_leaves_the_site_as_it_was(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "panel"
    (out / "office").mkdir(parents=True)
    (out / "office" / "office.js").write_text("copia", "utf-8")
    for _ in range(2):
        assert "office/office.js" in site.build(built, out, URL, "./office/office.js")
    (built / "icons" / "color.png").unlink()
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(OSError, match=r"color\.png"):
        site.build(built, out, URL)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert [each.name for each in tmp_path.iterdir() if each != built] == ["panel"]


def test_what_is_not_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="make web"):
        site.build(tmp_path / "nada", tmp_path / "panel", URL)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (f"{URL}/icons/poa-16.png", "http://otro/icons/poa-16.png", "elsewhere"),
        ('resid="Poa.Tab"', 'resid="Poa.Nada"', "unknown"),
        ('<bt:Image size="32"', '<bt:Image size="33"', "sizes"),
        ("<Version>1.", "<Version>0.", "version"),
        ('lifetime="long"', 'lifetime="short"', "shared runtime"),
        ("pane.html", "panel.html", "no file"),
        ('id="Poa.verificar_metas"', 'id="Poa.calcular_presupuesto"', "twice"),
        ("<ProviderName>poa-xl</ProviderName>", "<ProviderName>poa-xl</ProviderName><Id/>", "order in OfficeApp"),
        ("<FunctionFile", "<Nada/><FunctionFile", "order in DesktopFormFactor"),
        ("<Permissions>ReadWriteDocument</Permissions>", "<Permissions/><Permissions/>", "order in OfficeApp"),
        ("</Requirements>", "</Requirements><Requirements/>", "order in OfficeApp"),
        ('<Label resid="Poa.Tab"/>\n</CustomTab>', "</CustomTab>", "unused"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_found(old: str, new: str, fault: str) -> None:
    text = manifests.xml(tab(), URL, "0.2.0")
    files = {link.removeprefix(f"{URL}/") for link in re.findall(rf"{URL}/[\w./-]+", text)}
    assert faults(text, files) == []
    assert old in text
    assert any(fault in each for each in faults(text.replace(old, new, 1), files))


def test_the_tab_has_every_button_but_those_of_one_list() -> None:
    names = [each.name for group in manifests.tab(tab()) for each in group.buttons]
    assert sorted(names) == sorted(["panel", *offered()])
    assert {*LEFT_OUT, *BY_THE_PANE} <= BUTTONS.keys()
    actions = json.loads(manifests.unified(tab(), URL, "0.2.0")["manifest.json"])["extensions"][0]["runtimes"][0]
    assert [each["id"] for each in actions["actions"]] == ["panel", *offered()]


def test_functions_come_from_their_module() -> None:
    found = functions(load(sources.root() / "udfs.py"))
    for language in ("es", "en"):
        told = json.loads(metadata(found, f"{URL}/guia.html", language))
        assert told["allowErrorForDataTypeAny"] is True
        assert [f"POA_{each['id']}" for each in told["functions"]] == [each.name for each in found]
        for each, function in zip(told["functions"], found, strict=True):
            assert re.fullmatch(r"[A-Z][A-Z_]{2,}", each["id"])
            assert 0 < len(each["description"]) <= 1024
            assert "POA_" not in json.dumps(each)
            assert [a["name"] for a in each["parameters"]] == [a.name for a in function.arguments]
            assert all(0 < len(a["description"]) <= 512 for a in each["parameters"])


def test_what_is_chosen_from_a_list_is_offered() -> None:
    told = json.loads(metadata(functions(load(sources.root() / "udfs.py")), f"{URL}/guia.html"))
    offered = {each["id"]: [value["stringValue"] for value in each["values"]] for each in told["enums"]}
    assert offered["TIPO"] == ["Acumulada", "Constante", "Promedio", "Avance", "Hito"]
    assert offered["SENTIDO"] == ["Más es mejor", "Menos es mejor"]
    assert "trimestre" in offered["POR"]
    parameters = [each for function in told["functions"] for each in function["parameters"]]
    assert {each["name"]: each["customEnumId"] for each in parameters if "customEnumId" in each} == {
        name.lower(): name for name in offered
    }
    # A Tipo de meta may be a column of them, blanks and errors included.
    assert {(each["type"], each["dimensionality"]) for each in parameters if each["name"] == "tipo"} == {
        ("any", "matrix")
    }


def test_the_page_needs_no_library() -> None:
    sys.path.insert(0, str(TOP / "web"))
    try:
        import payload  # type: ignore[import-not-found] # noqa: PLC0415 - a script of the build
    finally:
        sys.path.remove(str(TOP / "web"))
    assert payload.foreign() == set()
    ours, _ = payload.closure()
    assert "poa_xl.actions.pressing" in ours
    assert "poa_xl.books.excel" not in ours


def test_the_site_is_served_over_tls(built: Path, tmp_path: Path) -> None:
    site.build(built, tmp_path / "panel", "https://localhost:8443")
    authority, own = certificates(tmp_path / "tls")
    assert certificates(tmp_path / "tls") == (authority, own)
    with pytest.raises(BookError, match="addin build --host web"):
        server(built, 0)
    with server(tmp_path / "panel", 0, own) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        context = ssl.create_default_context(cafile=str(authority))
        address = f"https://localhost:{made.server_address[1]}/pane.html"
        with urllib.request.urlopen(address, context=context) as answer:
            assert answer.headers["Content-Security-Policy"] == site.policy()
            assert answer.headers["Cache-Control"] == "no-cache"
            assert b"<title>POA</title>" in answer.read()
        made.shutdown()


# The workbook in memory, beyond the contract.


def asked(path: Path, **more: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return json.dumps({"language": "es", "book": told(path), "answers": {}, **more})


def test_the_pane_is_told_findings_rows_and_units(kept: Path, tmp_path: Path) -> None:
    path = save(wrong(), tmp_path / "POA.xlsx")
    seen = json.loads(bridge.look(asked(path)))
    assert (seen["problem"], seen["sheet"]) == ("", "POA 2020")
    assert {each["severity"] for each in seen["findings"]} == {"ERROR"}
    assert all(each["message"] and each["cell"] and each["line"] for each in seen["findings"])
    row = {each["line"]: each for each in seen["rows"]}[seen["findings"][0]["line"]]
    assert row["state"] == "ROJO"
    assert {each["name"] for each in seen["units"]} == {"Unidad Legal", "Adm Aduana Pisiga"}
    assert all(sum(each["states"].values()) for each in seen["units"])
    english = json.loads(bridge.look(asked(path, language="en")))
    assert english["findings"][0]["message"] != seen["findings"][0]["message"]
    set_language("es")
    assert kept.is_dir()


def test_a_workbook_without_a_plan_is_a_sentence(tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415

    with xlsxwriter.Workbook(tmp_path / "otro.xlsx") as book:
        book.add_worksheet("Hoja").write("A1", "nada")
    seen = json.loads(bridge.look(asked(tmp_path / "otro.xlsx")))
    assert "ninguna hoja tiene los encabezados" in seen["problem"]
    pressed = json.loads(bridge.press(asked(tmp_path / "otro.xlsx", button="verificar_metas")))
    assert pressed["steps"] == []
    assert pressed["said"][-1]["is_error"] is True


def test_a_button_that_the_program_refuses_leaves_the_one_before_to_be_undone(kept: Path, tmp_path: Path) -> None:
    path = save(wrong(), tmp_path / "POA.xlsx")
    address = told(path)["address"]
    bridge.press(asked(path, button="calcular_presupuesto"))
    first = journal.recall(address)
    assert first is not None
    bridge.press(asked(path, button="verificar_metas"))
    bridge.abandon(json.dumps({"book": address}))
    assert journal.recall(address) == first
    back = json.loads(bridge.take_back(asked(path)))
    assert {step["do"] for step in back["steps"]} >= {"put"}
    journal.forget(address)
    assert json.loads(bridge.take_back(asked(path)))["steps"] == []
    assert kept.is_dir()


def test_a_function_reads_a_plan_by_the_settings_and_from_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(change(small(), "GRO1.1.1", partida="2522"), tmp_path / "POA.xlsx")
    sheet = told(path)["sheets"][0]
    rows = [[None if each == "" else each for each in row] for row in sheet["values"]]
    place = f"'POA 2020'!$A${sheet['row']}:$X$99"
    monkeypatch.setattr(settings, "_FOR_ALL", [])

    def found(*places: str | None) -> list[list[Any]]:
        calls = [["POA_HALLAZGOS", [0], list(places)]]
        asked_ = {"language": "es", "book": "https://oficina.example/POA.xlsx", "areas": [rows], "calls": calls}
        (answer,) = json.loads(bridge.call(json.dumps(asked_)))
        table: list[list[Any]] = answer["rows"]
        return table

    placed = found(place)
    assert any("2522" in str(row) for row in placed)
    assert found() == found("", None) == found(None)
    # The columns of an office's settings are those of its sheet, whichever range of it a function is given.
    column = letters(load_one(FileBook(path)).layout.columns["partida"])
    (tmp_path / "poa.toml").write_text(f'[columnas]\npartida = "{column}"\n[reglas]\npartida-cifras = "off"\n', "utf-8")
    settings.also_in(tmp_path)
    assert not any("2522" in str(row) for row in found(place))


def test_functions_answer_in_a_batch() -> None:
    areas = [[["GROGR1.2.5"]], [["B7"], [7], [None]], [["color"]], [["9.9"]], [["1.1"], ["1.2"]], [[10], [20]]]
    calls = [
        ["POA_NIVEL", [0], []],
        ["POA_PADRE", [0], []],
        ["POA_PROGRAMADO", [1], []],
        ["POA_PRESUPUESTO", [3, 4, 5], []],
        ["POA_PRESUPUESTO", [4, 4, 5], []],
        ["POA_NIVEL", [1], []],
    ]
    done = json.loads(bridge.call(json.dumps({"language": "es", "book": "", "areas": areas, "calls": calls})))
    assert done[0] == {"rows": [[3]]}
    assert done[1] == {"rows": [["GROGR1.2"]]}
    assert done[2]["error"] == "#VALUE!"
    assert "doce meses" in done[2]["message"]
    assert done[3] == {"error": "#N/A", "message": ""}
    assert done[4] == {"rows": [[10.0], [20.0]]}
    assert done[5]["rows"][2] == [""]


def test_what_the_pane_cannot_do_it_says(tmp_path: Path) -> None:
    book = web_book(save(wrong(), tmp_path / "POA.xlsx"))
    for work in (book.closed, lambda: book.show(tmp_path / "otro.xlsx")):
        with pytest.raises(BookError, match="desde el panel no se abren ni se cierran libros"):
            work()
    with pytest.raises(Asked, match="Seguir"):
        book.ask("¿Seguir?", "POA")
    assert WebBook(told(tmp_path / "POA.xlsx"), {"¿Seguir?": True}).ask("¿Seguir?", "POA")
    book.save()
    assert book.steps == [{"do": "save"}]
    for name in LEFT_OUT:
        pressed = json.loads(bridge.press(asked(tmp_path / "POA.xlsx", button=name)))
        assert pressed["said"][-1]["is_error"] is True, name
        assert "error del programa" not in pressed["said"][-1]["text"]


def test_our_functions_have_a_point_in_the_program_and_none_with_us(tmp_path: Path) -> None:
    given = told(save(wrong(), tmp_path / "POA.xlsx"))
    given["sheets"][0]["formulas"][-1][0] = "=POA.NIVEL(B3)"
    book = WebBook(given)
    (sheet,) = book.sheets
    area = book.contents(sheet)
    assert area.contents[-1][0] == "=POA_NIVEL(B3)"
    book.put(area)
    assert book.steps[-1]["values"][-1][0] == "=POA.NIVEL(B3)"


def test_a_rule_that_is_only_meant_to_be_made_is_made_no_more(kept: Path, tmp_path: Path) -> None:
    book = web_book(save(wrong(), tmp_path / "POA.xlsx"))
    ribbon.semaforo.work(book)
    assert any(step["do"] == "paint" for step in book.steps)
    opened = pressing.open_plan(book)
    recorder.unpaint(book, opened)
    painted = [step for step in book.steps if step["do"] in ("paint", "unpaint") and step["sheet"] == opened.sheet]
    assert painted == []
    assert kept.is_dir()


def test_names_arrows_and_help_are_steps_that_are_taken_back(kept: Path, tmp_path: Path) -> None:
    path = save(wrong(), tmp_path / "POA.xlsx")
    book = web_book(path)
    ribbon.verificar_metas.work(book)
    press = journal.recall(book.address)
    assert press is not None
    assert {step["do"] for step in book.steps} >= {"name", "filter", "help"}
    assert {
        step["name"]: step["formula"].removeprefix("=") for step in book.steps if step["do"] == "name"
    } == book.names
    assert {*press.named.values()} == {""}
    (filtered,) = [step["area"] for step in book.steps if step["do"] == "filter"]
    assert book.arrows("POA 2020") == filtered
    helps = [step for step in book.steps if step["do"] == "help"]
    assert all(len(step["title"]) <= 32 and len(step["message"]) <= 255 for step in helps)
    # A cell that takes only some things keeps that, and what it says.
    given = told(path)
    (row, column) = (int(re.sub(r"\D", "", helps[0]["area"])), column_number(re.sub(r"\d", "", helps[0]["area"])))
    given["sheets"][0]["validations"] = [[row, column, row, column, "De la oficina"]]
    other = WebBook(given)
    ribbon.verificar_metas.work(other)
    assert [step["area"] for step in other.steps if step["do"] == "help"] == [each["area"] for each in helps[1:]]
    done = [*book.steps]
    ribbon.quitar.work(book)
    gone = [step for step in book.steps if not any(step is each for each in done)]
    assert {step["name"] for step in gone if step["do"] == "unname"} == {*press.named}
    before = told(path)["sheets"][0]["arrows"]
    assert [step["area"] for step in gone if step["do"] == "filter"] == [before]
    assert sorted(step["area"].partition(":")[0] for step in gone if step["do"] == "unhelp") == sorted(
        each["area"] for each in helps
    )
    assert (dict(book.names), book.arrows("POA 2020")) == ({}, before)
    assert kept.is_dir()


def _filled(area: Area) -> dict[tuple[int, int], Content]:
    """What cells hold, but for days, which the stand-in for Excel tells as texts."""
    rows = enumerate(area.contents, area.row)
    found = {(row, column): each for row, line in rows for column, each in enumerate(line, area.column) if each}
    return {place: each for place, each in found.items() if place[1] not in (6, 7)}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", ["nueva_operacion", "nueva_partida"])
def test_rows_come_and_go_in_memory_as_they_do_in_excel(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edit(
        save(small(), tmp_path / "POA.xlsx"),
        ("GRO1.1", "budget", "=SUM(X7:X8)"),
        ("GRO1", "budget", "=X6+X9"),
        ("GRO1.1.2", "target", "=SUM(J8:U8)"),
    )
    edited = openpyxl.load_workbook(path)
    edited.create_sheet("Nota's")["B2"] = "='POA 2020'!X9&\"'POA 2020'!X9\""
    edited.save(path)
    (live, there, app), here = excel_book(path, Com), web_book(path)
    monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=app.engine))
    there.current, there.area = "POA 2020", "H8"
    here.selected = Box(8, 8, 8, 8)

    seen = []
    for button in ("verificar_metas", name, "deshacer"):
        BUTTONS[button].work(live)
        BUTTONS[button].work(here)
        # The stand-in for Excel moves formulas of its own sheet only.
        (noted,) = _filled(here.contents("Nota's")).values()
        seen.append(str(noted))
        for sheet in {*live.sheets} - {"Nota's"}:
            one, two = (_filled(each.contents(sheet)) for each in (live, here))
            assert one == two, sheet
    rows = sum(step["count"] for step in here.steps if step["do"] == "insert")
    was = "='POA 2020'!X{row}&\"'POA 2020'!X9\""
    assert seen == [was.format(row=row) for row in (9, 9 + rows, 9)]
    assert [step["do"] for step in here.steps if step["do"] in ("insert", "take_out")] == ["insert", "take_out"]


def held(path: Path) -> list[tuple[object, ...]]:
    plan = load_one(FileBook(path)).plan
    return [(row.line, row.code, row.target, row.months, row.budget) for row in plan.rows]


def test_commands_know_the_functions_that_excel_saved_with_the_pane(tmp_path: Path) -> None:
    path = save(wrong(), tmp_path / "POA.xlsx")
    before = held(path)
    update_book(path, Options(functions=True))
    ours = path.read_bytes()
    parts = unpacked(ours)
    name = next(name for name in parts if name.endswith("sheet1.xml"))
    saved = re.sub(rb"\bPOA_(?=[A-Z_]+\()", b"_xldudf_POA_", parts[name])
    assert saved.count(b"_xldudf_POA_") > 3
    path.write_bytes(packed(parts | {name: saved}, ("[Content_Types].xml",)))
    assert load_one(FileBook(path)).is_flagged
    assert held(path) == before
    update_book(path, Options(functions=True))
    assert b"_xldudf_" not in unpacked(path.read_bytes())[name]
    assert unpacked(path.read_bytes())[name].count(b"POA_") == parts[name].count(b"POA_")
    clean_book(path, Options())
    assert b"POA_" not in unpacked(path.read_bytes())[name]
    assert held(path) == before


def corrected(path: Path, **finding: str) -> tuple[dict[str, Any], WebBook]:
    """What the pane gets when the button of a finding is pressed."""
    book = told(path)
    pressed = json.loads(
        bridge.press(
            json.dumps({"language": "es", "button": "corregir", "book": book, "answers": {}, "finding": finding})
        )
    )
    return pressed, WebBook(book)


@pytest.mark.usefixtures("kept")
def test_a_finding_whose_remedy_is_a_number_is_put_right_and_taken_back(tmp_path: Path) -> None:
    plan = small()
    wrong_sum = replace(plan.rows[1], budget=Decimal(7))
    path = save(replace(plan, rows=(plan.rows[0], wrong_sum, *plan.rows[2:])), tmp_path / "POA.xlsx")
    seen = json.loads(bridge.look(json.dumps({"language": "es", "book": told(path)})))
    found = [each for each in seen["findings"] if each["remedy"]]
    # The group above it does not sum up either, but by this one's fault.
    assert [each["value"] for each in seen["findings"] if each["rule"] == "presupuesto-grupo"] != ["7"]
    assert [(each["rule"], each["value"]) for each in found] == [("presupuesto-grupo", "7")]
    (first,) = found
    asked = {name: first[name] for name in ("rule", "cell", "remedy")}
    done, book = corrected(path, **asked)
    (put,) = [step for step in done["steps"] if step["do"] == "put"]
    assert put["values"] == [[float(first["remedy"])]]
    assert f"{letters(put['column'])}{put['row']}" == first["cell"]
    assert done["said"][-1]["text"].startswith(f"{first['cell']}: antes 7, ahora ")
    press = journal.recall(book.address)
    assert press is not None
    assert (press.button, press.before[0].contents) == ("Corregir", [[7]])
    # Another number than the one that was shown is not written, nor is what is no finding any more.
    for changed in ({**asked, "remedy": "8"}, {**asked, "cell": "A1"}):
        stale, _ = corrected(path, **changed)
        assert stale["steps"] == []
        assert "leer de nuevo" in stale["said"][-1]["text"]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("code_", "fields", "rule", "before", "after"),
    [
        # The finding stands at the Meta, its remedy in a month.
        ("GRO1.1.1", {"target": Decimal(13), "months": (*[Decimal(1)] * 11, None)}, "meta-meses", "—", 2.0),
        ("GRO1.1.1", {"partida": "2522"}, "partida-cifras", "2522", "25220"),
    ],
)
def test_a_remedy_goes_where_it_belongs(
    code_: str, fields: dict[str, Any], rule: str, before: str, after: object, tmp_path: Path
) -> None:
    path = save(change(small(), code_, **fields), tmp_path / "POA.xlsx")
    seen = json.loads(bridge.look(json.dumps({"language": "es", "book": told(path)})))
    first = next(each for each in seen["findings"] if each["rule"] == rule and each["code"] == code_)
    done, _ = corrected(path, **{name: first[name] for name in ("rule", "cell", "remedy")})
    (put,) = [step for step in done["steps"] if step["do"] == "put"]
    assert f"{letters(put['column'])}{put['row']}" == first["at"]
    assert [[str(each).removeprefix("'") for each in row] for row in put["values"]] == [[str(after)]]
    assert done["said"][-1]["text"].startswith(f"{first['at']}: antes {before}, ahora ")


@pytest.mark.usefixtures("kept")
def test_a_formula_is_not_put_right(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "POA.xlsx")
    opened = load_one(FileBook(path))
    line, column = opened.plan.rows[1].line, opened.layout.columns["budget"]
    asked = told(path)
    sheet = asked["sheets"][0]
    sheet["values"][line - sheet["row"]][column - sheet["column"]] = 7
    sheet["formulas"][line - sheet["row"]][column - sheet["column"]] = "=3+4"
    seen = json.loads(bridge.look(json.dumps({"language": "es", "book": asked})))
    first = next(each for each in seen["findings"] if each["remedy"] and each["value"] == "7")
    finding = {name: first[name] for name in ("rule", "cell", "remedy")}
    text = json.dumps({"language": "es", "button": "corregir", "book": asked, "answers": {}, "finding": finding})
    done = json.loads(bridge.press(text))
    assert done["steps"] == []
    assert "hay una fórmula" in done["said"][-1]["text"]


def test_settings_that_were_picked_hold_for_every_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, picked = tmp_path / "kept", tmp_path / "files"
    (picked / "settings").mkdir(parents=True)
    kept.mkdir()
    monkeypatch.setattr(bridge, "KEPT", kept)
    monkeypatch.setattr(bridge, "PICKED", picked)
    monkeypatch.setattr(settings, "_FOR_ALL", [])
    settings.also_in(kept)
    path = save(change(small(), "GRO1.1.1", partida="2522"), tmp_path / "POA.xlsx")

    def rules() -> set[str]:
        seen = json.loads(bridge.look(json.dumps({"language": "es", "book": told(path)})))
        return {each["rule"] for each in seen["findings"]}

    def settle(*, forget: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(bridge.settle(json.dumps({"language": "es", "forget": forget})))
        return found

    assert "partida-cifras" in rules()
    (picked / "settings" / "poa.toml").write_text('[reglas]\nno-hay = "off"\n', "utf-8")
    wrong_ = settle()
    assert wrong_["problem"].startswith("poa.toml: ")
    assert (wrong_["kept"], "partida-cifras" in rules()) == (False, True)
    (picked / "settings" / "poa.toml").write_text('[reglas]\npartida-cifras = "off"\n', "utf-8")
    assert settle() == {"problem": "", "kept": True}
    assert "partida-cifras" not in rules()
    assert json.loads(bridge.about())["settings"]
    (picked / "settings" / "poa.toml").unlink()
    assert settle(forget=True) == {"problem": "", "kept": False}
    assert "partida-cifras" in rules()

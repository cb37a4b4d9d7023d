"""The guide as a page: every link leads somewhere, every button has its place, and the button Guía opens it."""

import webbrowser
from pathlib import Path

import pytest
from lxml import html

from poa_xl import button, ribbon
from poa_xl.buttons.helping import chapter, guide
from poa_xl.ribbon import BUTTONS
from tests.guide import FOLDER, PARTS, anchor_of


@pytest.fixture(scope="module")
def page() -> html.HtmlElement:
    return html.fromstring(guide().read_text("utf-8"))


def test_every_link_leads_to_a_place_and_every_place_is_one(page: html.HtmlElement) -> None:
    places = [each.get("id") for each in page.iter() if isinstance(each.tag, str) and each.get("id")]
    assert len(places) == len(set(places))
    inside = [each.get("href")[1:] for each in page.iter("a") if each.get("href", "").startswith("#")]
    assert len(inside) > 40
    assert {*inside} <= {*places}
    outside = [each.get("href") for each in page.iter("a") if not each.get("href", "").startswith("#")]
    assert all(each.startswith("https://") for each in outside)


def test_pictures_lie_beside_it_and_nothing_comes_from_elsewhere(page: html.HtmlElement) -> None:
    pictures = [each.get("src") for each in page.iter("img")]
    assert pictures
    assert all((FOLDER / each).is_file() for each in pictures)
    assert not [each for each in page.iter("script", "link", "iframe") if each.get("src") or each.get("href")]


def test_it_holds_every_document_in_the_language_of_its_readers(page: html.HtmlElement) -> None:
    assert page.get("lang") == "es"
    titles = [each.text_content() for each in page.iter("h1")]
    firsts = [
        (FOLDER / name).read_text("utf-8").partition("\n")[0].removeprefix("# ").replace("`", "") for name in PARTS
    ]
    assert titles == firsts


@pytest.mark.parametrize("name", BUTTONS)
def test_every_button_has_its_place(name: str, page: html.HtmlElement) -> None:
    (place,) = page.xpath(f'//*[@id="boton-{name}"]')
    assert place.text == BUTTONS[name].caption


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("Revisar un plan: <code>poa check</code>", "revisar-un-plan-poa-check"), ("¿Qué &amp; cómo?", "qué-cómo")],
)
def test_headings_have_names_that_links_can_hold(title: str, anchor: str) -> None:
    assert anchor_of(title) == anchor


def test_the_page_opens_at_the_chapter(tmp_path: Path) -> None:
    assert chapter("", tmp_path) == guide().as_uri()
    assert chapter("boton-lista", tmp_path, "linux") == guide().as_uri() + "#boton-lista"
    assert list(tmp_path.iterdir()) == []
    opened = chapter("boton-lista", tmp_path / "nueva", "win32")
    assert opened == (tmp_path / "nueva" / "guia.html").as_uri()
    assert f"url={guide().as_uri()}#boton-lista" in (tmp_path / "nueva" / "guia.html").read_text("utf-8")


def test_the_button_before_it_is_the_one_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(button, "_LAST", [])
    ribbon.guia.work(None)  # type: ignore[arg-type] # it asks nothing of the workbook
    button._LAST[:] = ["semaforo"]
    ribbon.guia.work(None)  # type: ignore[arg-type] # as above
    assert [each.partition("#")[2] for each in opened] == ["", "boton-semaforo"]

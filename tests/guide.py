"""The guide as one page for every browser, made of the documents: with contents, a search, and a look for paper."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from poa_xl.ribbon import BUTTONS

FOLDER = Path(__file__).parents[1] / "docs"
# One part of the page for each document, in this order.
PARTS = ("guia.md", "funciones.md", "instalar.md", "reglas.md", "comandos.md")
_STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; color: #1c1c1c; background: #fff; margin: 0 auto; max-width: 78rem;
  display: grid; grid-template-columns: 18rem minmax(0, 1fr); gap: 2rem; padding: 0 1rem }
nav { position: sticky; top: 0; max-height: 100vh; overflow: auto; padding: 1rem 0; font-size: 14px }
nav ol { list-style: none; padding-left: .8rem; margin: .2rem 0 } nav > ol { padding-left: 0 } nav a { text-decoration: none }
a { color: #0b5394 } input { width: 100%; box-sizing: border-box; font: inherit; padding: .4rem; border: 1px solid #767676 }
h1 { border-bottom: 3px solid #0b5394; margin-top: 3rem } h2 { border-bottom: 1px solid #bbb; margin-top: 2.4rem }
table { border-collapse: collapse; display: block; overflow-x: auto } th, td { border: 1px solid #bbb; padding: .3rem .6rem;
  text-align: left; vertical-align: top } th { background: #eef3f8 }
code { background: #f1f1f1; padding: 0 .2em } pre { background: #f1f1f1; padding: .7rem; overflow-x: auto }
pre code { padding: 0 } img { max-width: 100%; border: 1px solid #ccc } :target { background: #fff2cc }
section[hidden] { display: none } #nada { display: none }
@media (max-width: 50rem) { body { display: block } nav { position: static; max-height: none } }
@media print { nav { display: none } body { display: block; max-width: none; font-size: 10pt } h1 { page-break-before: always }
  h2, h3 { page-break-after: avoid } pre, tr, img { page-break-inside: avoid } a { color: inherit; text-decoration: none }
  section[hidden] { display: block } }
"""
# Without accents and case, word by word; what has all words stays.
_SCRIPT = """
const plain = text => text.normalize('NFD').replace(/[\\u0300-\\u036f]/g, '').toLowerCase()
const sections = [...document.querySelectorAll('section')].map(each => [each, plain(each.textContent)])
const links = new Map([...document.querySelectorAll('nav a')].map(each => [each.hash, each.parentElement]))
const search = document.getElementById('buscar'), nothing = document.getElementById('nada')
function show() {
  const words = plain(search.value).split(/\\s+/).filter(Boolean)
  let count = 0
  for (const [section, text] of sections) {
    section.hidden = !words.every(word => text.includes(word))
    count += !section.hidden
    const link = links.get('#' + section.id)
    if (link) link.style.opacity = section.hidden ? .3 : 1
  }
  nothing.style.display = count ? 'none' : 'block'
}
search.addEventListener('input', show)
addEventListener('hashchange', () => { search.value = ''; show() })
"""


def page() -> str:
    """Return the whole page."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    heads: list[tuple[int, str, str]] = []
    body = "".join(_sections(_linked(reader.render((FOLDER / name).read_text("utf-8"))), heads) for name in PARTS)
    contents = "".join(
        f'<li style="margin-left:{level - 1}em"><a href="#{anchor}">{title}</a></li>' for level, anchor, title in heads
    )
    return (
        '<!doctype html>\n<html lang="es">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Guía de poa-xl</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<nav>\n"
        '<label for="buscar">Buscar</label> <input id="buscar" type="search" autocomplete="off">\n'
        f'<p id="nada">Nada tiene todas esas palabras.</p>\n<ol>{contents}</ol>\n</nav>\n<main>\n{body}</main>\n'
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def anchor_of(title: str) -> str:
    """Return what links call a heading: small letters and hyphens."""
    return re.sub(r"\W+", "-", html.unescape(re.sub(r"<[^>]*>", "", title)).casefold()).strip("-")


def _sections(text: str, heads: list[tuple[int, str, str]]) -> str:
    """Put what follows a heading, up to the next one, into a section that links and the search find."""
    pieces = re.split(r"<h([123])>(.*?)</h\1>", text)
    made = [pieces[0]]
    for level, title, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        used = {anchor for _, anchor, _ in heads}
        anchor = next(each for each in _names(anchor_of(title)) if each not in used)
        heads.append((int(level), anchor, title))
        made.append(f'<section id="{anchor}">\n<h{level}>{title}</h{level}>{_buttons(body)}</section>\n')
    return "".join(made)


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    for number in range(2, 1000):
        yield f"{wanted}-{number}"


def _linked(text: str) -> str:
    """Let links to documents that are parts of the page stay in it; others are on the project's own pages."""
    for name in PARTS:
        first = (FOLDER / name).read_text("utf-8").partition("\n")[0].removeprefix("# ")
        text = text.replace(f'href="{name}"', f'href="#{anchor_of(first)}"')
    return re.sub(r'<a href="[\w-]+\.md">(.*?)</a>', r"\1", text)


def _buttons(text: str) -> str:
    """Make every button in the table of buttons a place that the button Guía can open."""

    def marked(match: re.Match[str]) -> str:
        captions = {each.caption: each.name for each in BUTTONS.values()}
        words = match[1].split(", ")
        if not all(word in captions for word in words):
            return match[0]
        return "<td>" + ", ".join(f'<b id="boton-{captions[word]}">{word}</b>' for word in words) + "</td>"

    return re.sub(r"<td>([^<]*)</td>", marked, text)

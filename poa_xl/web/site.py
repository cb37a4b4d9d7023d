"""The static site of the pane as an office puts it on its server: what `make web` built, with that office's address."""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import poa_xl
from poa_xl.addin import sources
from poa_xl.addin.tab import groups
from poa_xl.addin.wrappers import functions, load
from poa_xl.addin.zipping import packed
from poa_xl.buttons.helping import guide
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.web import manifests
from poa_xl.web.captions import LOCALES
from poa_xl.web.functions import metadata

# Microsoft's own; an office without a net puts a copy beside the pane and says where.
OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"
# Of the site; `frame-ancestors` cannot stand in a page, and who frames it are the addresses of Office.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "poa default",
}
_OFFICE_TAG = re.compile(r'<script src="\./office\.js"[^>]*></script>')
_PRIVACY = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>poa-xl: privacidad</title></head><body>
<p>El panel trabaja dentro de su equipo. Ningún dato del libro sale de él: no hay servidor que reciba nada, ni
estadísticas de uso. La dirección de la que se cargó el panel solo entrega archivos.</p>
</body></html>
"""


def checked(url: str) -> str:
    """Return the address of a site as manifests want it: no slash at the end.

    Raises:
        BookError: Office opens no pane from it.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BookError(
            say(
                "«{url}» no sirve: Office abre paneles solo de una dirección https://servidor/carpeta, sin ? ni #",
                url=url,
            )
        )
    return url.rstrip("/")


def policy(office_js: str = OFFICE_JS) -> str:
    """Return the policy of the pane: everything from its own address, and one script from where office.js is."""
    parts = urlsplit(office_js)
    origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(f"{name} {text}{origin if name == 'script-src' else ''}" for name, text in POLICY.items())


def build(source: Path, out: Path, url: str, office_js: str = OFFICE_JS) -> list[str]:
    """Write the site and its manifests into a folder; a site that it holds is replaced when the new one is whole.

    Args:
        source: What `make web` built: a folder, or the .zip of a release.
        out: The folder.
        url: The address under which the office serves that folder.
        office_js: Where office.js comes from; an office's own copy in that folder stays.

    Returns:
        The names of what was written, sorted.

    Raises:
        BookError: The address cannot be one of a pane, there is nothing built, or the folder holds something else.
    """
    url, own = checked(url), _own_copy(out, office_js)
    held = {*out.iterdir()} if out.exists() else set()
    if held - {own} and not (out / "version.json").is_file():
        raise BookError(say("{folder}: no está vacía y no es un panel de poa-xl: elegir otra carpeta", folder=str(out)))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        fresh = Path(folder) / "panel"
        with _opened(source) as built:
            shutil.copytree(built, fresh)
        # What was unpacked for us alone is for a server to read.
        fresh.chmod(0o755)
        _add(fresh, url, office_js)
        if own in held:
            own.rename(fresh / own.name)
        shutil.rmtree(out, ignore_errors=True)
        fresh.rename(out)
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def _own_copy(out: Path, office_js: str) -> Path:
    """Return where in a site an office has its own copy of office.js, a folder or a file; the site itself for none."""
    return out if urlsplit(office_js).netloc else out / next(iter(PurePosixPath(office_js).parts))


def _add(out: Path, url: str, office_js: str) -> None:
    """Write into a site what an office's address makes of it."""
    tab, version = groups(sources.macros() / "customUI14.xml"), poa_xl.__version__
    found = functions(load(sources.root() / "udfs.py"))
    texts = {
        "functions.json": metadata(found, f"{url}/guia.html"),
        **{f"functions.{each}.json": metadata(found, f"{url}/guia.html", each) for each in LOCALES},
        "tab.json": manifests.buttons(tab),
        "manifest.xml": manifests.xml(tab, url, version),
        "privacidad.html": _PRIVACY,
    }
    unified = {name: text.encode() for name, text in manifests.unified(tab, url, version).items()}
    unified |= {name: (out / "icons" / name).read_bytes() for name in ("color.png", "outline.png")}
    for name, text in texts.items():
        (out / name).write_text(text, "utf-8", newline="\n")
    (out / "manifest.zip").write_bytes(packed(unified, ("manifest.json",)))
    shutil.copy(guide(), out / "guia.html")
    shutil.copytree(guide().parent / "img", out / "img")
    _settle(out, office_js)


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """Yield the built site as a folder."""
    if (source / "pane.html").is_file():
        yield source
    elif source.is_file() and zipfile.is_zipfile(source):
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(source) as archive:
                archive.extractall(folder)
            yield Path(folder)
    else:
        raise BookError(
            say(
                "{path}: aquí no está el panel construido; decir con --site dónde está poa_xl_web.zip de la versión, o "
                "correr make web",
                path=str(source),
            )
        )


def _settle(out: Path, office_js: str) -> None:
    """Write policy and address of office.js into the pane, and into the service worker what belongs together."""
    pane = out / "pane.html"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(office_js)}" />'
    page, count = _OFFICE_TAG.subn(f'<script src="{office_js}"></script>', pane.read_text("utf-8"))
    if not count:
        raise BookError(say("{path}: aquí no está el panel construido; correr make web", path=str(pane)))
    pane.write_text(page.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />\n    {meta}', 1), "utf-8")
    # Manifests are read by Excel itself, and pictures of the guide by who opens it: neither is needed to work.
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    kept = [name for name in names if name not in ("sw.js", "version.json") and not name.startswith("manifest")]
    hashes = {name: _hash(out / name) for name in kept}
    told = {
        "version": poa_xl.__version__,
        "stamp": hashlib.sha256(json.dumps(hashes).encode()).hexdigest()[:12],
        "office": office_js,
    }
    (out / "version.json").write_text(json.dumps(told), "utf-8")
    files = {**hashes, "version.json": _hash(out / "version.json")}
    worker = out / "sw.js"
    worker.write_text(worker.read_text("utf-8").replace("__SITE__", json.dumps({**told, "files": files})), "utf-8")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

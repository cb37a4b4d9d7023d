"""The site of the pane on this machine, over TLS as Office wants it: to try it, not to serve an office."""

import functools
import http.server
import ssl
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from poa_xl.books.files import replace, stamp
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.web.site import policy

_AUTHORITY, _OWN = "poa-xl-autoridad.pem", "poa-xl-localhost.pem"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files as a careful server does; a browser keeps none of them without asking whether it is still so."""

    extensions_map: ClassVar[dict[str, str]] = {  # type: ignore[misc] # fewer than there are, and none guessed
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".zip": "application/zip",
        ".png": "image/png",
        ".xml": "application/xml",
        ".txt": "text/plain; charset=utf-8",
        "": "application/octet-stream",
    }

    def end_headers(self) -> None:
        """Add the headers."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        # A worker obeys the policy that its own file comes with; pages to read bring their looks inside.
        if not urlsplit(self.path).path.endswith(("/guia.html", "/privacidad.html")):
            self.send_header("Content-Security-Policy", policy())
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: who visits is nobody's business."""


def server(site: Path, port: int, certificate: Path | None = None) -> http.server.ThreadingHTTPServer:
    """Return a server of a site for this machine alone.

    Args:
        site: The folder.
        port: Where; 0 for any that is free.
        certificate: Key and certificate in one PEM file; none serves without TLS, which tests do.

    Raises:
        BookError: There is no site in the folder.
    """
    if not (site / "version.json").is_file():
        raise BookError(
            say("{folder}: aquí no hay un panel: hacerlo primero con poa addin build --host web", folder=str(site))
        )
    made = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory=str(site)))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        made.socket = context.wrap_socket(made.socket, server_side=True)
    return made


def certificates(folder: Path) -> tuple[Path, Path]:
    """Return the authority that this machine must trust once, and what the server shows; made when missing.

    Raises:
        BookError: The library that makes them is not installed.
    """
    authority, own = folder / _AUTHORITY, folder / _OWN
    if not (authority.is_file() and own.is_file()):
        try:
            import trustme  # noqa: PLC0415 - only who tries the pane on his machine has it
        except ImportError as error:
            raise BookError(say("poa addin serve necesita la biblioteca trustme: pip install 'poa-xl[web]'")) from error
        made = trustme.CA(organization_name="poa-xl", organization_unit_name="localhost")
        shown = made.issue_cert("localhost", "127.0.0.1")
        folder.mkdir(parents=True, exist_ok=True)
        pem = b"".join(each.bytes() for each in (shown.private_key_pem, *shown.cert_chain_pems))
        replace(own, pem, expected=stamp(own))
        own.chmod(0o600)
        replace(authority, made.cert_pem.bytes(), expected=stamp(authority))
    return authority, own

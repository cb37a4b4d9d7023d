"""Packs the built site of the pane, the same bytes for the same files.

Usage: python web/archive.py SITE OUT.zip
"""

import sys
from pathlib import Path

from poa_xl.addin.zipping import packed


def main(site: Path, out: Path) -> None:
    """Write the archive."""
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    out.write_bytes(packed(files, ("pane.html",)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

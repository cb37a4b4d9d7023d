"""How large is the pane, how long does it take to open the first time and later, and how long does a button take in it?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from poa_xl.web.site import build
from tests.office_js import told

TOP = Path(__file__).parents[1]


def main() -> None:
    built = TOP / "build" / "web"
    subprocess.run(["bash", TOP / ".ci" / "web", "browser"], check=True)
    subprocess.run(["node", TOP / "web" / "build.mjs", built], check=True, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(built, folder / "panel", "https://localhost:8443", "./office.js")
        book = told(TOP / "workbooks" / "POA_GRO_2020.xlsx", "POA 2020")
        (folder / "told.json").write_text(json.dumps(book), "utf-8")
        subprocess.run(["node", TOP / "web/tests/bundle.mjs", folder / "told.json", folder], check=True)
        subprocess.run(["node", TOP / "web/bench.mjs", folder / "panel", folder / "office.es.js"], check=True)


if __name__ == "__main__":
    main()

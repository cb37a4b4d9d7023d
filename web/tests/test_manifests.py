"""The unified manifest and the functions, held against Microsoft's own schemas; faults that are put in are found."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from poa_xl.web.site import build
from tests.captions import read, texts

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def panel(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("panel") / "panel"
    build(site, out, "https://poa.oficina.gob.bo/panel")
    with zipfile.ZipFile(out / "manifest.zip") as package:
        package.extractall(out / "unified")
    return out


def validated(manifest: Path, *functions: Path) -> list[str]:
    done = subprocess.run(
        ["node", TOP / "web/tests/validate.mjs", manifest, *functions], check=True, capture_output=True, text=True
    )
    first, *rest = done.stdout.splitlines()
    assert first.startswith("v1.")
    return rest


def test_manifest_and_functions_are_valid(panel: Path) -> None:
    assert validated(panel / "unified/manifest.json", panel / "functions.json", panel / "functions.en.json") == []


def test_every_text_of_another_language_stands_where_the_schema_allows_one(panel: Path) -> None:
    base = TOP / "web/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
    newest = max(
        (each for each in base.glob("v1.*")), key=lambda each: [int(part) for part in each.name[1:].split(".")]
    )
    schema = json.loads((newest / "MicrosoftTeams.Localization.schema.json").read_text("utf-8"))
    told = json.loads((panel / "unified/en.json").read_text("utf-8"))
    known = [name for name in told if name in schema["properties"]]
    assert [
        name
        for name in told
        if name not in known and not any(re.search(pattern, name) for pattern in schema["patternProperties"])
    ] == []
    assert told["extensions[0].runtimes[0].customFunctions.metadataUrl"].endswith("/functions.en.json")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"lifetime": "long"', '"lifetime": "ever"'),
        ('"type": "executeFunction"', '"type": "run"'),
        ('"manifestVersion"', '"manifest"'),
        ("https://poa.oficina.gob.bo/panel/icons/poa-16.png", "icons/poa-16.png"),
    ],
)
def test_a_fault_in_the_manifest_is_found(old: str, new: str, panel: Path, tmp_path: Path) -> None:
    text = (panel / "unified/manifest.json").read_text("utf-8")
    assert old in text
    (tmp_path / "manifest.json").write_text(text.replace(old, new), "utf-8")
    assert validated(tmp_path / "manifest.json") != []


def test_a_fault_in_the_functions_is_found(panel: Path, tmp_path: Path) -> None:
    told = json.loads((panel / "functions.json").read_text("utf-8"))
    del told["functions"][0]["parameters"][0]["name"]
    (tmp_path / "functions.json").write_text(json.dumps(told), "utf-8")
    assert validated(panel / "unified/manifest.json", tmp_path / "functions.json") != []


def test_a_fault_in_what_is_chosen_from_is_found(panel: Path, tmp_path: Path) -> None:
    told = json.loads((panel / "functions.json").read_text("utf-8"))
    first = told["enums"][0]["values"][0]
    first["value"] = first.pop("stringValue")
    (tmp_path / "functions.json").write_text(json.dumps(told), "utf-8")
    assert validated(panel / "unified/manifest.json", tmp_path / "functions.json") != []


def test_the_icons_are_as_large_as_they_are_called(panel: Path) -> None:
    for path in (panel / "icons").glob("*-*.png"):
        data = path.read_bytes()
        size = int(path.stem.rpartition("-")[2])
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (size, size)


def test_every_caption_is_there_in_english() -> None:
    catalogue = read()
    assert [text for text in texts() if not getattr(catalogue.get(text), "string", "")] == []

"""What stands in `workbooks/` is what the commands make today: `make workbooks` brings it up to date."""

from pathlib import Path

import pytest

from poa_xl.actions.importing import import_text
from poa_xl.actions.splitting import split_book
from poa_xl.actions.template import write_template
from tests.paths import PRINTED, WORKBOOKS


def test_the_imported_plan_and_its_parts_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1577836800")
    (tmp_path / "unidades.toml").write_bytes((WORKBOOKS / "unidades.toml").read_bytes())
    master = import_text(PRINTED, tmp_path / "POA_GRO_2020.xlsx").path
    is_current = master.read_bytes() == (WORKBOOKS / "POA_GRO_2020.xlsx").read_bytes()
    assert is_current, "run `make workbooks`"
    made = {part.path.name: part.path.read_bytes() for part in split_book(master, tmp_path / "administraciones")}
    kept = {path.name: path.read_bytes() for path in (WORKBOOKS / "administraciones").iterdir()}
    # Names, not bytes: pytest would look for the differences of large files for minutes.
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_template_is_current(tmp_path: Path) -> None:
    write_template(tmp_path / "p.xlsx", 2021)
    assert (tmp_path / "p.xlsx").read_bytes() == (WORKBOOKS / "plantilla_poa.xlsx").read_bytes()

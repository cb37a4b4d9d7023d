"""One file of every kind that we write."""

from collections.abc import Mapping
from pathlib import Path

from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.template import write_template
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import NewRow
from tests.books.zoo.dialects import DIALECTS, written
from tests.books.zoo.workbooks import plan_workbook
from tests.plans import edit, save, small


def every_kind(folder: Path) -> Mapping[str, Path]:
    """Write one of each into a folder, by what it is."""
    found: dict[str, Path] = {"plantilla": folder / "plantilla.xlsx"}
    write_template(found["plantilla"], 2021)
    found["plan"] = save(small(), folder / "plan.xlsx")
    for kind, options in (
        ("fórmulas", Options()),
        ("valores", Options(values=True)),
        ("funciones", Options(functions=True)),
        ("sumas", Options(rollup=True)),
    ):
        found[kind] = save(small(), folder / f"{kind}.xlsx")
        update_book(found[kind], options)
    split_book(found["plan"], folder / "enviados")
    found["unidad"] = next((folder / "enviados").glob("*.xlsx"))
    legal = next((folder / "enviados").glob("*Legal*.xlsx"))
    edit(legal, ("GRO1.1.1", "target", 24))
    if found["unidad"] == legal:
        found["unidad"] = next(each for each in (folder / "enviados").glob("*.xlsx") if each != legal)
    found["consolidado"] = save(small(), folder / "consolidado.xlsx")
    sync([folder / "enviados"], found["plan"], SyncOptions(output=found["consolidado"]))
    dialect = DIALECTS["openpyxl"]
    found["ajeno"] = folder / "ajeno.xlsx"
    found["ajeno"].write_bytes(written(plan_workbook(wide=True), dialect))
    found["de origen"] = folder / "de origen.xlsx"
    found["de origen"].write_bytes(found["ajeno"].read_bytes())
    editor = Editor(found["ajeno"].read_bytes(), "ajeno.xlsx")
    editor.insert("POA", [NewRow(8, 7, grows=True)])
    found["ajeno"].write_bytes(editor.save())
    update_book(found["ajeno"], Options())
    return found

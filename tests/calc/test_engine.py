"""The engine for Calc: what `xlwings.Book` does in Excel it does in Calc."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from poa_xl import frames
from poa_xl.core.values import Flaw, Invalid
from tests.plans import change, save, small
from tests.running import Running


@pytest.fixture
def sheet(running: Running) -> Iterator[xw.Sheet]:
    book = running.app.books.add()
    yield book.sheets[0]
    book.close()


def test_values_go_in_and_come_back(sheet: xw.Sheet) -> None:
    moment = datetime(2020, 1, 2)  # noqa: DTZ001 - cells know no time zones
    sheet["A1"].value = [["a", 1, 1.5, None], [True, moment, "", "=1+1"]]
    assert sheet["A1:D2"].value == [["a", 1.0, 1.5, None], [True, moment, None, 2.0]]
    assert sheet["A1"].value == "a"
    assert sheet.used_range.address == "$A$1:$D$2"


def test_errors_keep_their_names_and_are_never_texts(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["=1/0", "=NA()", "#N/A", '=VALUE("x")', "=NOSUCH(1)"]]
    cells = sheet["A1:E1"]
    assert cells.value == [None, None, "#N/A", None, None]
    assert cells.options(err_to_str=True).value == ["#DIV/0!", "#N/A", "#N/A", "#VALUE!", "#NAME?"]


def test_formulas_are_english_whatever_the_program_speaks(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1.0], [2.0], ["texto"]]
    sheet["B1"].formula = '=IF(SUM($A$1:$A$2)>2,"sí","no")'
    assert sheet["B1"].value == "sí"
    assert sheet["B1"].formula == '=IF(SUM($A$1:$A$2)>2,"sí","no")'
    assert list(sheet["A1:A3"].formula) == [("1",), ("2",), ("texto",)]


def test_texts_that_look_like_formulas_stay_texts(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["'=1+1", "'2020"]]
    assert sheet["A1:B1"].value == ["=1+1", "2020"]
    assert list(sheet["A1:B1"].formula) == [("=1+1", "2020")]
    texts = ["1.10", "B5", "TRUE", "(1)", "1-2", "=", "1,5", "x"]
    for line, more in ((3, []), (4, ["=1+1"])):
        sheet.range((line, 1)).value = [[*texts, *more]]
        assert sheet.range((line, 1), (line, 8)).value == texts


def test_a_data_frame_spills_and_is_read_back_with_its_types(sheet: xw.Sheet, tmp_path: Path) -> None:
    plan = change(small(), "GRO1.1.2", name="=1+1", start=date(2020, 2, 29), budget=Invalid("s/n", Flaw.MALFORMED))
    for frame in (frames.plan(save(plan, tmp_path / "p.xlsx")), frames.findings(tmp_path / "p.xlsx")):
        sheet.clear()
        sheet["A1"].options(frames.Sheet).value = frame
        back = sheet.used_range.options(frames.Sheet).value
        pd.testing.assert_frame_equal(back, frame)


def test_a_data_frame_of_somebody_keeps_what_pandas_makes_of_it(sheet: xw.Sheet) -> None:
    frame = pd.DataFrame({"código": ["1.10", None, "-x"], "monto": [1.5, 2.0, None], "@": [True, False, True]})
    sheet["B2"].options(frames.Sheet).value = frame
    back = sheet["B2:D5"].options(frames.Sheet).value
    assert back.astype(object).where(back.notna(), None).to_dict("list") == {
        "código": ["1.10", None, "-x"],
        "monto": [1.5, 2.0, None],
        "@": [True, False, True],
    }


def test_looks(sheet: xw.Sheet) -> None:
    cell = sheet["B2"]
    assert cell.color is None
    cell.color = (255, 199, 206)
    cell.font.bold = True
    cell.font.color = "#9C0006"
    cell.number_format = "#,##0.00"
    cell.wrap_text = True
    assert (cell.horizontal_alignment, cell.vertical_alignment) == ("general", "bottom")
    cell.horizontal_alignment, cell.vertical_alignment = "right", "center"
    assert (cell.horizontal_alignment, cell.vertical_alignment) == ("right", "center")
    cell.column_width = 20
    assert (cell.color, cell.font.bold, cell.font.color) == ((255, 199, 206), True, (156, 0, 6))
    assert cell.number_format == "#,##0.00"
    assert cell.wrap_text
    assert cell.column_width == pytest.approx(20, abs=0.1)
    cell.color = None
    assert cell.color is None


def test_merged_cells(sheet: xw.Sheet) -> None:
    sheet["B2:B4"].merge()
    assert sheet["B2"].merge_area.address == "$B$2:$B$4"
    assert sheet["B3"].merge_cells
    assert sheet["A1:A9"].merge_cells is False
    assert sheet["B1:B9"].merge_cells is None


def test_conditional_formats_show_at_once_and_go_one_by_one(sheet: xw.Sheet, running: Running, tmp_path: Path) -> None:
    sheet["A7"].value = [[1, None, "ROJO"], [2, None, "VERDE"], [3, None, "ROJO"]]
    sheet["A5:B9"].conditional_formats.add_custom("=$A5>9", fill_color="#0000FF")
    sheet["A7:A9"].conditional_formats.add_custom('=$C7="ROJO"', fill_color="#FFC7CE", font_color="#9C0006")
    sheet["A7:A9"].conditional_formats.add_custom('=$C7="VERDE"', fill_color="#E2F0D9")
    assert running.fills(sheet.book, tmp_path) == ["#FFC7CE", "#E2F0D9", "#FFC7CE"]
    found = sheet["A7:A9"].conditional_formats
    assert [each.formula for each in found] == ["=$A5>9", '=$C7="ROJO"', '=$C7="VERDE"']
    found(2).delete()
    assert running.fills(sheet.book, tmp_path) == ["#E2F0D9"]
    found(2).delete()
    assert running.fills(sheet.book, tmp_path) == []
    sheet["A8"].value = 10
    assert running.fills(sheet.book, tmp_path) == ["#0000FF", "#0000FF"]


def test_a_conditional_format_keeps_size_and_place_of_the_text(sheet: xw.Sheet) -> None:
    sheet["A1:A3"].font.size = 9
    sheet["A1:A3"].vertical_alignment = "center"
    sheet["A1:A3"].conditional_formats.add_custom("=$A1>9", fill_color="#0000FF")
    entries = sheet["A1:A3"].api.ConditionalFormat
    styles = sheet.book.api.StyleFamilies.getByName("CellStyles")
    style = styles.getByName(entries.getByIndex(0).getStyleName())
    assert (style.CharHeight, style.VertJustify) == (9, sheet["A1"].api.VertJustify)


def test_sheets_and_selection(sheet: xw.Sheet) -> None:
    book = sheet.book
    new = book.sheets.add("Hallazgos", after=sheet)
    new.activate()
    new["C3:D4"].select()
    assert book.sheets.active.name == "Hallazgos"
    assert book.selection is not None
    assert book.selection.address == "$C$3:$D$4"
    assert [each.name for each in book.sheets] == [sheet.name, "Hallazgos"]
    new.delete()
    assert len(book.sheets) == 1
    with pytest.raises(xw.NoSuchObjectError):
        book.sheets["nada"]


def test_a_file_is_opened_saved_and_closed(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "Año 2020.xlsx"
    book = running.app.books.add()
    book.sheets[0]["A1"].value = 5
    book.save(path)
    assert book.fullname == str(path)
    book.close()
    again = running.open(path)
    assert (again.name, again.sheets[0]["A1"].value) == ("Año 2020.xlsx", 5.0)
    again.close()


def test_the_state_of_the_program_is_kept(running: Running, sheet: xw.Sheet) -> None:
    app = running.app
    assert (app.screen_updating, app.calculation) == (True, "automatic")
    app.screen_updating, app.calculation = False, "manual"
    assert (app.screen_updating, app.calculation) == (False, "manual")
    app.screen_updating, app.calculation = True, "automatic"
    app.status_bar = "Verificando"
    app.status_bar = False
    assert app.alert("Listo", "POA", "ok_cancel") == "cancel"
    assert sheet.visible


def test_what_is_missing_says_its_name(sheet: xw.Sheet) -> None:
    with pytest.raises(NotImplementedError, match=r"Range\.copy_picture"):
        sheet["A1"].copy_picture()
    with pytest.raises(NotImplementedError, match=r"Sheet\.page_setup"):
        _ = sheet.page_setup
    with pytest.raises(NotImplementedError, match=r"Range\.autofit"):
        sheet["A1"].autofit()
    with pytest.raises(NotImplementedError, match=r"horizontal_alignment \(fill\)"):
        sheet["A1"].horizontal_alignment = "fill"
    with pytest.raises(NotImplementedError, match=r"vertical_alignment \(justify\)"):
        sheet["A1"].vertical_alignment = "justify"
    with pytest.raises(NotImplementedError, match="one for many cells"):
        sheet["A1:A2"].formula = "=1"


def test_names(sheet: xw.Sheet) -> None:
    book = sheet.book
    sheet["B4"].value = 7
    book.names.add("POA_Total", f"={sheet.name}!$B$4")
    assert [name.name for name in book.names] == ["POA_Total"]
    assert book.names["POA_Total"].refers_to == f"={sheet.name}!$B$4"
    assert book.names["POA_Total"].refers_to_range.value == 7
    sheet["A1"].formula = "=POA_Total+1"
    assert sheet["A1"].value == 8
    book.names["POA_Total"].refers_to = f"={sheet.name}!$B$5"
    assert sheet["A1"].value == 1
    book.names["POA_Total"].delete()
    assert len(book.names) == 0
    assert "POA_Total" not in book.names


def test_rows_and_columns_come_and_go(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1, 2], [3, 4], [5, 6]]
    sheet["2:2"].insert("down")
    assert sheet["A1:A4"].value == [1, None, 3, 5]
    sheet["2:2"].delete()
    sheet["A1"].insert("right")
    assert sheet["A1:C1"].value == [None, 1, 2]
    sheet["A1"].delete("left")
    sheet["A:A"].delete()
    assert sheet["A1:A3"].value == [2, 4, 6]
    sheet["A2"].delete("up")
    assert sheet["A1:A3"].value == [2, 6, None]


def test_rows_and_columns_are_grouped(sheet: xw.Sheet) -> None:
    sheet["2:4"].group()
    sheet["B:C"].group()
    assert sheet.api.getCellRangeByName("A3").Rows.getByIndex(0).IsVisible
    sheet.api.hideDetail(sheet["2:4"].api.RangeAddress)
    assert not sheet.api.getCellRangeByName("A3").Rows.getByIndex(0).IsVisible
    sheet.api.showDetail(sheet["2:4"].api.RangeAddress)
    sheet["2:4"].ungroup()
    sheet["B:C"].ungroup()
    sheet.api.hideDetail(sheet["2:4"].api.RangeAddress)
    assert sheet.api.getCellRangeByName("A3").Rows.getByIndex(0).IsVisible


def test_notes(sheet: xw.Sheet) -> None:
    def told() -> str | None:
        note = sheet["A1"].note
        return note.text if note is not None else None

    assert told() is None
    note = sheet["A1"].add_note("revisar")
    assert told() == "revisar"
    note.text = "revisado"
    assert told() == "revisado"
    note.delete()
    assert told() is None


def test_links(sheet: xw.Sheet) -> None:
    sheet["A1"].add_hyperlink("https://www.aduana.gob.bo", "Aduana")
    assert sheet["A1"].value == "Aduana"
    assert sheet["A1"].hyperlink == "https://www.aduana.gob.bo"


def test_choices(sheet: xw.Sheet) -> None:
    def told() -> tuple[str, str | None]:
        chosen = sheet["B2:B5"].data_validation
        return chosen.type, chosen.source

    assert told()[0] == "none"
    sheet["B2:B5"].data_validation.set_list(["Acumulada", "Constante"])
    assert told() == ("list", "Acumulada,Constante")
    sheet["B2:B5"].data_validation.delete()
    assert told()[0] == "none"


def test_panes_are_frozen(sheet: xw.Sheet) -> None:
    controller = sheet.book.api.getCurrentController()
    sheet.freeze_panes.freeze_at("A1:C4")
    assert controller.hasFrozenPanes()
    assert (controller.getSplitColumn(), controller.getSplitRow()) == (3, 4)
    sheet.freeze_panes.unfreeze()
    assert not controller.hasFrozenPanes()


def test_heights(sheet: xw.Sheet) -> None:
    sheet["2:3"].row_height = 30
    assert sheet["A3"].row_height == pytest.approx(30, abs=0.1)

// Reads a whole workbook as `poa_xl/web/webbook.py` takes it, in as few trips as the program allows.

import { address, boxes, type Box, type Content, type ToldBook, type ToldSheet } from "./told";

type Help = { box: Box; range: Excel.Range };

// An answer of Excel on the web has at most 5 MB; so many cells with value, formula and format stay far below.
const CELLS = 30_000;
// So many ranges with a question about each are half a megabyte.
const ASKED = 1_000;
// What DATE(2020;1;1) is where days are counted from 1900.
const FIRST_OF_2020 = 43_831;

type Pages = { page: Excel.Worksheet; told: ToldSheet; box: Box }[];

export async function snapshot(context: Excel.RequestContext, place: { address: string; program: string }): Promise<ToldBook> {
  const book = context.workbook;
  const pages = book.worksheets;
  book.load("name");
  book.protection.load("protected");
  book.names.load("items/name,items/formula");
  book.properties.custom.load("items/key,items/value");
  const active = pages.getActiveWorksheet();
  active.load("name");
  pages.load("items/name,items/visibility");
  const day = book.functions.date(2020, 1, 1);
  day.load("value");
  await context.sync();
  const read = await outlines(context, pages.items);
  await cells(context, read);
  return {
    name: book.name,
    address: place.address || book.name,
    program: place.program,
    active: active.name,
    selected: await selection(context),
    refuses: book.protection.protected,
    date1904: Number(day.value) !== FIRST_OF_2020,
    properties: Object.fromEntries(book.properties.custom.items.map((each) => [each.key, String(each.value)])),
    names: Object.fromEntries(book.names.items.map((each) => [each.name, String(each.formula)])),
    sheets: read.map((each) => each.told),
  };
}

// What there is to know of sheets before their cells: how far they go, protection, merges, formats by formula, tables.
async function outlines(context: Excel.RequestContext, pages: Excel.Worksheet[]): Promise<Pages> {
  const asked = pages.map((page) => {
    const used = page.getUsedRange();
    used.load("rowIndex,columnIndex,rowCount,columnCount");
    page.protection.load("protected");
    const merged = used.getMergedAreasOrNullObject();
    merged.load("address");
    const formats = page.getRange().conditionalFormats;
    formats.load("items/id,items/type,items/customOrNullObject/rule/formula");
    page.tables.load("items/name,items/showTotals");
    const arrows = page.autoFilter.getRangeOrNullObject();
    arrows.load("address");
    const validated = used.getSpecialCellsOrNullObject("DataValidations");
    validated.load("address");
    return { page, used, merged, formats, arrows, validated };
  });
  await context.sync();
  const totals = asked.map(({ page }) =>
    page.tables.items
      .filter((table) => table.showTotals)
      .map((table) => {
        const row = table.getTotalRowRange();
        row.load("address");
        return row;
      }),
  );
  const helps = asked.map(({ page, validated }) => (validated.isNullObject ? [] : boxes(validated.address).map((box) => help(page, box))));
  if ([...totals, ...helps].some((found) => found.length > 0)) await context.sync();
  const validations = await titles(context, asked.map(({ page }, index) => ({ page, helps: helps[index] ?? [] })));
  return asked.map(({ page, used, merged, formats, arrows }, index) => {
    const box: Box = [used.rowIndex + 1, used.columnIndex + 1, used.rowIndex + used.rowCount, used.columnIndex + used.columnCount];
    const told: ToldSheet = {
      name: page.name,
      visible: page.visibility === "Visible",
      row: box[0],
      column: box[1],
      values: [],
      formulas: [],
      formats: [],
      errors: [],
      merges: merged.isNullObject ? [] : boxes(merged.address),
      hidden: [],
      protected: page.protection.protected,
      unlocked: [],
      rules: formats.items.filter((each) => each.type === "Custom").map((each) => [each.id, each.customOrNullObject.rule.formula]),
      totals: (totals[index] ?? []).flatMap((row) => boxes(row.address)),
      arrows: arrows.isNullObject ? "" : boxes(arrows.address).map(address).join(),
      validations: validations[index] ?? [],
    };
    return { page, told, box };
  });
}

function help(page: Excel.Worksheet, box: Box): Help {
  const range = page.getRange(address(box));
  range.dataValidation.load("prompt");
  return { box, range };
}

// The titles of what validated cells say when they are selected. Of cells that do not say the same Excel gives nothing for
// all of them together, and each is asked for itself, as many at a time as a request has room for.
async function titles(context: Excel.RequestContext, pages: { page: Excel.Worksheet; helps: Help[] }[]): Promise<ToldSheet["validations"][]> {
  const mixed = ({ box, range }: Help): boolean => (range.dataValidation.prompt ?? null) === null && (box[0] !== box[2] || box[1] !== box[3]);
  const found: ToldSheet["validations"][] = [];
  for (const { page, helps } of pages) {
    const known = helps.filter((one) => !mixed(one));
    const asked = helps.filter(mixed).flatMap(({ box }) => [...places(box)]);
    for (let first = 0; first < asked.length; first += ASKED) {
      known.push(...asked.slice(first, first + ASKED).map((box) => help(page, box)));
      await context.sync();
    }
    found.push(known.map(({ box, range }) => [...box, range.dataValidation.prompt?.title ?? ""]));
  }
  return found;
}

function* places([top, left, bottom, right]: Box): Generator<Box> {
  for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) yield [row, column, row, column];
}

// Cells, in pieces that an answer has room for; small workbooks come in one.
async function cells(context: Excel.RequestContext, pages: Pages): Promise<void> {
  let weight = 0;
  let taken: (() => void)[] = [];
  const fetch = async (): Promise<void> => {
    await context.sync();
    for (const take of taken) take();
    [weight, taken] = [0, []];
  };
  for (const { page, told, box } of pages) {
    for (const [top, left, bottom, right] of slices(box)) {
      const range = page.getRange(address([top, left, bottom, right]));
      range.load("values,formulas,numberFormat,valueTypes");
      const rows = range.getRowProperties({ rowHidden: true });
      const locks = told.protected ? range.getCellProperties({ format: { protection: true } }) : null;
      taken.push(() => {
        told.values.push(...(range.values as Content[][]));
        told.formulas.push(...(range.formulas as Content[][]));
        told.formats.push(...(range.numberFormat as string[][]));
        each(range.valueTypes, (type, row, column) => type === "Error" && told.errors.push([top + row, left + column]));
        rows.value.forEach((row, index) => row.rowHidden && told.hidden.push(top + index));
        each(locks?.value ?? [], (cell, row, column) => {
          const place: [number, number] = [top + row, left + column];
          if (cell.format?.protection?.locked === false) told.unlocked.push([...place, ...place]);
        });
      });
      weight += (right - left + 1) * (bottom - top + 1);
      if (weight >= CELLS) await fetch();
    }
  }
  if (taken.length > 0) await fetch();
}

// A block of cells in slices of whole rows that an answer has room for.
export function slices([top, left, bottom, right]: Box): Box[] {
  const height = Math.max(1, Math.floor(CELLS / (right - left + 1)));
  const found: Box[] = [];
  for (let row = top; row <= bottom; row += height) found.push([row, left, Math.min(row + height - 1, bottom), right]);
  return found;
}

function each<T>(rows: T[][], work: (cell: T, row: number, column: number) => void): void {
  rows.forEach((line, row) => line.forEach((cell, column) => work(cell, row, column)));
}

// The selected cells; null where a chart or something else is selected, for which Excel gives an error.
export async function selection(context: Excel.RequestContext): Promise<Box | null> {
  const range = context.workbook.getSelectedRange();
  range.load("rowIndex,columnIndex,rowCount,columnCount");
  try {
    await context.sync();
  } catch {
    return null;
  }
  return [range.rowIndex + 1, range.columnIndex + 1, range.rowIndex + range.rowCount, range.columnIndex + range.columnCount];
}

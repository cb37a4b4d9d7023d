// Does in the program what a button did to the workbook in memory.

import { slices } from "./snapshot";
import { address, type Box, type CellLook, type Content, type Step, type ToldBook, type ToldSheet } from "./told";

// A request of Excel on the web has at most 5 MB; what a step becomes on its way is up to twice as long.
const BYTES = 2_000_000;
// The longest list that a validation takes.
const LIST = 255;

export class Stale extends Error {}

// Whether the sheets that a button writes to still hold what they held when it began; else a colleague was there.
export async function check(context: Excel.RequestContext, book: ToldBook, steps: Step[]): Promise<void> {
  const written = new Set(steps.flatMap((step) => ("sheet" in step && step.do !== "select" ? [step.sheet] : [])));
  const pages = context.workbook.worksheets;
  pages.load("items/name");
  const known = book.sheets.filter((sheet) => written.has(sheet.name));
  const asked = known.map((sheet) => {
    const used = pages.getItem(sheet.name).getUsedRange();
    used.load("rowIndex,columnIndex,rowCount,columnCount");
    return used;
  });
  try {
    await context.sync();
  } catch {
    throw new Stale("");
  }
  const names = pages.items.map((page) => page.name);
  if (names.join("\n") !== book.sheets.map((sheet) => sheet.name).join("\n")) throw new Stale("");
  for (const [index, sheet] of known.entries()) {
    const [box, used] = [area(sheet), asked[index]];
    const now = used ? [used.rowIndex + 1, used.columnIndex + 1, used.rowIndex + used.rowCount, used.columnIndex + used.columnCount] : [];
    if (now.join() !== box.join() || !(await holds(context, sheet, box))) throw new Stale(sheet.name);
  }
}

function area(sheet: ToldSheet): Box {
  return [sheet.row, sheet.column, sheet.row + sheet.formulas.length - 1, sheet.column + (sheet.formulas[0]?.length ?? 1) - 1];
}

async function holds(context: Excel.RequestContext, sheet: ToldSheet, box: Box): Promise<boolean> {
  for (const slice of slices(box)) {
    const range = context.workbook.worksheets.getItem(sheet.name).getRange(address(slice));
    range.load("formulas");
    await context.sync();
    if (JSON.stringify(range.formulas) !== JSON.stringify(sheet.formulas.slice(slice[0] - sheet.row, slice[2] - sheet.row + 1))) return false;
  }
  return true;
}

export async function replay(context: Excel.RequestContext, steps: Step[]): Promise<void> {
  let bytes = 0;
  for (const step of steps) {
    for (const piece of pieces(step)) {
      const weight = JSON.stringify(piece).length;
      if (bytes > 0 && bytes + weight > BYTES) {
        await context.sync();
        bytes = 0;
      }
      act(context, piece);
      bytes += weight;
    }
  }
  await context.sync();
}

// A block of cells that one request has no room for, row by row in parts.
function* pieces(step: Step): Generator<Step> {
  if (step.do !== "put" || JSON.stringify(step.values).length <= BYTES) {
    yield step;
    return;
  }
  let [row, block, bytes] = [step.row, [] as Content[][], 0];
  for (const line of step.values) {
    const weight = JSON.stringify(line).length;
    if (block.length > 0 && bytes + weight > BYTES) {
      yield { ...step, row, values: block };
      [row, block, bytes] = [row + block.length, [], 0];
    }
    block.push(line);
    bytes += weight;
  }
  yield { ...step, row, values: block };
}

function act(context: Excel.RequestContext, step: Step): void {
  const pages = context.workbook.worksheets;
  if (step.do === "save") {
    context.workbook.save("Save");
    return;
  }
  if (step.do === "add") {
    pages.add(step.sheet).position = step.position;
    return;
  }
  const page = pages.getItem(step.sheet);
  switch (step.do) {
    case "put": {
      const box: Box = [step.row, step.column, step.row + step.values.length - 1, step.column + (step.values[0]?.length ?? 1) - 1];
      page.getRange(address(box)).formulas = step.values;
      break;
    }
    case "dress":
      dress(page.getRange(step.area), step.look);
      break;
    case "widen": {
      const columns = page.getRange(step.area);
      columns.columnHidden = step.points === 0;
      if (step.points > 0) columns.format.columnWidth = step.points;
      break;
    }
    case "heighten":
      page.getRange(step.area).format.rowHeight = step.points;
      break;
    case "merge":
      page.getRange(step.area).merge(false);
      break;
    case "group":
      page.getRange(step.area).group("ByRows");
      break;
    case "choose": {
      const source = step.values.join(",");
      // A list that is too long, or has commas in it, Excel takes for something else: no list then.
      if (source.length <= LIST && !step.values.some((each) => each.includes(","))) page.getRange(step.area).dataValidation.rule = { list: { inCellDropDown: true, source } };
      break;
    }
    case "paint": {
      const format = page.getRange(step.area).conditionalFormats.add("Custom").custom;
      format.rule.formula = step.formula;
      if (step.look.fill) format.format.fill.color = step.look.fill;
      if (step.look.color) format.format.font.color = step.look.color;
      break;
    }
    case "unpaint":
      for (const id of step.rules) page.getRange().conditionalFormats.getItem(id).delete();
      break;
    case "drop":
      page.delete();
      break;
    case "select":
      page.activate();
      if (step.area) page.getRange(step.area).select();
      break;
  }
}

function dress(range: Excel.Range, look: CellLook | null): void {
  const { format } = range;
  if (look === null) {
    format.fill.clear();
    return;
  }
  if (look.fill) format.fill.color = look.fill;
  if (look.color) format.font.color = look.color;
  if (look.bold) format.font.bold = true;
  format.font.size = look.size;
  format.verticalAlignment = "Center";
  if (look.align) format.horizontalAlignment = look.align === "left" ? "Left" : look.align === "right" ? "Right" : "Center";
  if (look.wrap) format.wrapText = true;
  // One text for all cells is allowed; the types know rows only.
  if (look.format) range.numberFormat = look.format as unknown as string[][];
}

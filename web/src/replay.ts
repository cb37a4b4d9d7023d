// Does in the program what a button did to the workbook in memory.

import { slices } from "./snapshot";
import { address, type Box, type CellLook, type Content, type RuleLook, type Step, type ToldBook, type ToldSheet } from "./told";

// A request of Excel on the web has at most 5 MB; what a step becomes on its way is up to twice as long.
const BYTES = 2_000_000;
// The longest list that a validation takes.
const LIST = 255;

export class Stale extends Error {}
// A sheet whose protection has a password.
export class Locked extends Error {}

// What a program may refuse without harm: the plan is the same without it.
const OPTIONAL = new Set<Step["do"]>(["filter", "help", "unhelp"]);
const EDGES = ["EdgeTop", "EdgeBottom", "EdgeLeft", "EdgeRight"] as const;
const LINES: Record<string, "Continuous" | "Dash" | "Dot"> = { thin: "Continuous", dashed: "Dash", dotted: "Dot" };

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

// Lifts the protection of sheets that are written to and have no password; puts it back, as it was, whatever happens.
export async function unlocked(context: Excel.RequestContext, steps: Step[], work: () => Promise<void>): Promise<void> {
  const lifted: { page: Excel.Worksheet; options: Excel.WorksheetProtectionOptions }[] = [];
  const back = async (): Promise<void> => {
    for (const { page, options } of lifted) page.protection.protect(options);
    if (lifted.length > 0) await context.sync();
  };
  try {
    for (const name of new Set(steps.flatMap((step) => (step.do === "unlock" ? [step.sheet] : [])))) {
      const page = context.workbook.worksheets.getItem(name);
      page.protection.load("options");
      await context.sync();
      const { options } = page.protection;
      page.protection.unprotect();
      await context.sync().catch(() => {
        throw new Locked(name);
      });
      lifted.push({ page, options });
    }
    await work();
  } finally {
    await back();
  }
}

// Puts rows in, all of them or none; a button does this before anything else, and says all other places as they are then.
export async function makeRoom(context: Excel.RequestContext, steps: Step[]): Promise<void> {
  const made: Step[] = [];
  try {
    for (const step of steps) {
      if (step.do !== "insert") continue;
      const page = context.workbook.worksheets.getItem(step.sheet);
      page.getRange(rows(step)).insert("Down");
      await context.sync();
      made.unshift({ ...step, do: "take_out" });
      for (let row = step.row; row < step.row + step.count; row += 1) page.getRange(`${row}:${row}`).copyFrom(page.getRange(`${step.model}:${step.model}`));
      await context.sync();
    }
  } catch (error) {
    await play(context, made);
    throw error;
  }
}

export async function replay(context: Excel.RequestContext, steps: Step[]): Promise<void> {
  await play(context, steps.filter((step) => step.do !== "insert" && !OPTIONAL.has(step.do)));
  const more = steps.filter((step) => OPTIONAL.has(step.do));
  if (more.length > 0) await play(context, more).catch((error: unknown) => console.warn(error));
}

async function play(context: Excel.RequestContext, steps: Step[]): Promise<void> {
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
  if (step.do === "name") {
    context.workbook.names.add(step.name, step.formula);
    return;
  }
  if (step.do === "unname") {
    context.workbook.names.getItem(step.name).delete();
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
    case "hide":
      page.getRange(step.area).rowHidden = step.hidden;
      break;
    case "take_out":
      page.getRange(rows(step)).delete("Up");
      break;
    case "filter":
      if (step.area) page.autoFilter.apply(page.getRange(step.area));
      else page.autoFilter.remove();
      break;
    case "help":
      page.getRange(step.area).dataValidation.prompt = { showPrompt: true, title: step.title, message: step.message };
      break;
    case "unhelp":
      page.getRange(step.area).dataValidation.clear();
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
      tint(format.format, step.look);
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

function rows({ row, count }: { row: number; count: number }): string {
  return `${row}:${row + count - 1}`;
}

function tint(format: Excel.ConditionalRangeFormat, look: RuleLook): void {
  if (look.fill) format.fill.color = look.fill;
  if (look.color) format.font.color = look.color;
  if (look.bold) format.font.bold = true;
  if (look.italic) format.font.italic = true;
  if (look.format) format.numberFormat = look.format;
  const style = LINES[look.edge];
  for (const edge of style ? EDGES : []) {
    const border = format.borders.getItem(edge);
    border.style = style as Excel.ConditionalRangeBorderLineStyle;
    border.color = look.color;
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

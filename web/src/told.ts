// What passes between the program and Python: what a workbook is told as, and the steps that come back.

export type Content = string | number | boolean;
export type Box = [top: number, left: number, bottom: number, right: number];

export interface ToldSheet {
  name: string;
  visible: boolean;
  row: number;
  column: number;
  values: Content[][];
  formulas: Content[][];
  formats: string[][];
  errors: [row: number, column: number][];
  merges: Box[];
  hidden: number[];
  protected: boolean;
  unlocked: Box[];
  rules: [id: string, formula: string][];
  totals: Box[];
  arrows: string;
  validations: [...box: Box, title: string][];
}

export interface ToldBook {
  name: string;
  address: string;
  program: string;
  active: string;
  selected: Box | null;
  refuses: boolean;
  date1904: boolean;
  properties: Record<string, string>;
  names: Record<string, string>;
  sheets: ToldSheet[];
}

export interface Look {
  fill: string;
  color: string;
}

export interface RuleLook extends Look {
  bold: boolean;
  italic: boolean;
  edge: string;
  format: string;
}

export interface CellLook extends Look {
  bold: boolean;
  size: number;
  align: string;
  wrap: boolean;
  format: string;
}

export type Step =
  | { do: "put"; sheet: string; row: number; column: number; values: Content[][] }
  | { do: "dress"; sheet: string; area: string; look: CellLook | null }
  | { do: "widen"; sheet: string; area: string; points: number }
  | { do: "heighten"; sheet: string; area: string; points: number }
  | { do: "merge"; sheet: string; area: string }
  | { do: "hide"; sheet: string; area: string; hidden: boolean }
  | { do: "insert"; sheet: string; row: number; count: number; model: number }
  | { do: "take_out"; sheet: string; row: number; count: number }
  | { do: "unlock"; sheet: string }
  | { do: "lock"; sheet: string }
  | { do: "name"; name: string; formula: string }
  | { do: "unname"; name: string }
  | { do: "filter"; sheet: string; area: string }
  | { do: "help"; sheet: string; area: string; title: string; message: string }
  | { do: "unhelp"; sheet: string; area: string }
  | { do: "group"; sheet: string; area: string }
  | { do: "choose"; sheet: string; area: string; values: string[] }
  | { do: "paint"; sheet: string; area: string; formula: string; look: RuleLook }
  | { do: "unpaint"; sheet: string; rules: string[] }
  | { do: "add"; sheet: string; position: number }
  | { do: "drop"; sheet: string }
  | { do: "select"; sheet: string; area: string }
  | { do: "save" };

export interface Said {
  text: string;
  title: string;
  is_error: boolean;
}

export interface Pressed {
  steps: Step[];
  said: Said[];
  ask: [title: string, question: string] | null;
}

export function letters(column: number): string {
  let text = "";
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26)) text = String.fromCharCode(65 + ((left - 1) % 26)) + text;
  return text;
}

export function address([top, left, bottom, right]: Box): string {
  return `${letters(left)}${top}:${letters(right)}${bottom}`;
}

// The cells of one or several areas as Office.js writes them: `'Hoja 1'!B2:C3,'Hoja 1'!D4`.
export function boxes(text: string): Box[] {
  const found: Box[] = [];
  for (const match of text.matchAll(/\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?(?=,|$)/g)) {
    const [, left = "", top = "", right = left, bottom = top] = match;
    found.push([Number(top), columnNumber(left), Number(bottom), columnNumber(right)]);
  }
  return found;
}

function columnNumber(name: string): number {
  return [...name].reduce((sum, char) => sum * 26 + char.charCodeAt(0) - 64, 0);
}

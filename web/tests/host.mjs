// Excel as its own client speaks to it: what one `sync` sends is answered from a workbook in memory.
//
// It does as Excel does where our adapter leans on it: nothing is given that was not asked for, shapes must fit, texts that
// look like something else are taken for that, locked cells refuse, answers and requests end at 5 MB. It calculates nothing.

const LARGEST = 5_000_000;
const GLOBAL = 1, METHOD = 3, PROPERTY = 4, INDEXER = 5;
const INSTANTIATE = 1, QUERY = 2, CALL = 3, SET = 4;

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export function letters(column) {
  let text = "";
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26)) text = String.fromCharCode(65 + ((left - 1) % 26)) + text;
  return text;
}

const number = (name) => [...name].reduce((sum, char) => sum * 26 + char.charCodeAt(0) - 64, 0);
const quoted = (name) => `'${name.replaceAll("'", "''")}'`;

function parsed(text) {
  const [, c1, r1, c2, r2] = /^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/.exec(text) ?? [];
  if (c1) return [Number(r1), number(c1), Number(r2 ?? r1), number(c2 ?? c1)];
  const [, from, to] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (from) return [Number(from), 1, Number(to), 16_384];
  const [, left, right] = /^([A-Z]+):([A-Z]+)$/.exec(text) ?? [];
  if (left) return [1, number(left), 1_048_576, number(right)];
  throw new Refused("InvalidArgument", `«${text}» is no address.`);
}

// A formula whose references have other rows; texts and names of functions are passed over.
function referring(formula, to) {
  const token = /"(?:[^"]|"")*"|(?:('(?:[^']|'')+'|[\w.]+)!)?(\$?[A-Z]{1,3})(\$?)(\d+)(?::(\$?[A-Z]{1,3})(\$?)(\d+))?(?![\w(])|[\w.]+/g;
  return formula.replace(token, (all, sheet, c1, fix1, r1, c2, fix2, r2) => {
    if (!c1) return all;
    const name = sheet?.replace(/^'|'$/g, "").replaceAll("''", "'");
    const [one, two] = [to(Number(r1), name, Boolean(fix1)), r2 && to(Number(r2), name, Boolean(fix2))];
    const head = sheet ? `${sheet}!` : "";
    if (one === null || two === null) return `${head}#REF!`;
    return `${head}${c1}${fix1}${one}${r2 ? `:${c2}${fix2}${two}` : ""}`;
  });
}

class Sheet {
  constructor(told) {
    Object.assign(this, { name: told.name, visible: told.visible, protected: told.protected, password: told.password ?? "", merges: told.merges, totals: told.totals, arrows: told.arrows, together: told.together });
    this.allowed = { allowFormatCells: true };
    this.validations = told.validations.map(([top, left, bottom, right, title]) => ({ box: [top, left, bottom, right], title, message: "" }));
    this.cells = new Map();
    this.looks = new Map();
    this.hidden = new Set(told.hidden);
    this.widths = new Map();
    this.heights = new Map();
    this.levels = new Map();
    this.lists = [];
    this.rules = told.rules.map(([id, formula]) => ({ id, formula, area: "", look: {} }));
    const unlocked = new Set(told.unlocked.map(([row, column]) => `${row},${column}`));
    const errors = new Set(told.errors.map((place) => place.join()));
    told.values.forEach((line, r) =>
      line.forEach((value, c) => {
        const key = `${told.row + r},${told.column + c}`;
        const formula = told.formulas[r][c];
        // A text that looks like a formula is told as both.
        this.cells.set(key, { value, formula, format: told.formats[r][c], error: errors.has(key), locked: !unlocked.has(key), text: formula === value && String(value).startsWith("=") });
      }),
    );
    // Cells that hold nothing are used all the same where they look like something.
    this.kept = told.values.length ? [told.row, told.column, told.row + told.values.length - 1, told.column + told.values[0].length - 1] : [1, 1, 1, 1];
  }
  at(row, column) {
    return this.cells.get(`${row},${column}`) ?? { value: "", formula: "", format: "General", error: false, locked: true };
  }
  set(row, column, what) {
    const cell = this.at(row, column);
    if (this.protected && cell.locked) throw new Refused("AccessDenied", "You can't perform the requested operation.");
    this.cells.set(`${row},${column}`, { ...cell, ...what });
  }
  look(box, what) {
    if (this.protected) throw new Refused("AccessDenied", "You can't perform the requested operation.");
    each(box, (row, column) => this.looks.set(`${row},${column}`, { ...this.looks.get(`${row},${column}`), ...what }));
  }
  used() {
    const box = [...this.kept];
    for (const [key, cell] of this.cells) {
      if (cell.formula === "") continue;
      const [row, column] = key.split(",").map(Number);
      [box[0], box[1], box[2], box[3]] = [Math.min(box[0], row), Math.min(box[1], column), Math.max(box[2], row), Math.max(box[3], column)];
    }
    return box;
  }
}

function each([top, left, bottom, right], work) {
  for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) work(row, column);
}

export class Book {
  constructor(told) {
    Object.assign(this, { name: told.name, names: told.names, properties: told.properties, refuses: told.refuses, date1904: told.date1904, selected: told.selected, saved: 0, made: 0 });
    this.sheets = told.sheets.map((each) => new Sheet(each));
    this.active = this.sheet(told.active);
  }
  sheet(name) {
    const found = this.sheets.find((each) => each.name.toLowerCase() === String(name).toLowerCase());
    if (!found) throw new Refused("ItemNotFound", "The requested resource doesn't exist.");
    return found;
  }
  // Rows of a sheet come or go: `to` says where a row is then; null for nowhere.
  shift(sheet, to) {
    const moved = (map) => new Map([...map].flatMap(([key, kept]) => {
      const [row, column] = key.split(",").map(Number);
      return to(row) === null ? [] : [[`${to(row)},${column}`, kept]];
    }));
    [sheet.cells, sheet.looks] = [moved(sheet.cells), moved(sheet.looks)];
    sheet.hidden = new Set([...sheet.hidden].map(to).filter((row) => row !== null));
    const box = ([top, left, bottom, right]) => [to(top), left, to(bottom), right];
    sheet.merges = sheet.merges.map(box);
    sheet.validations = sheet.validations.flatMap((each) => (to(each.box[0]) === null ? [] : [{ ...each, box: box(each.box) }]));
    if (sheet.arrows) sheet.arrows = sheet.arrows.replace(/\d+/g, (row) => to(Number(row)));
    const follow = (formula, own) => (typeof formula === "string" && formula.startsWith("=") ? referring(formula, (row, name) => ((name ?? own).toLowerCase() === sheet.name.toLowerCase() ? to(row) : row)) : formula);
    for (const other of this.sheets) {
      for (const cell of other.cells.values()) cell.formula = cell.text ? cell.formula : follow(cell.formula, other.name);
      for (const rule of other.rules) rule.formula = follow(rule.formula, other.name);
    }
    for (const [name, formula] of Object.entries(this.names)) this.names[name] = follow(formula, "");
  }
  // Everything that can be seen of it, for comparison.
  told() {
    const plain = (map) => Object.fromEntries([...map].filter(([, value]) => value !== undefined));
    return {
      active: this.active.name,
      selected: this.selected,
      saved: this.saved,
      names: this.names,
      sheets: this.sheets.map((sheet) => ({
        name: sheet.name,
        cells: Object.fromEntries([...sheet.cells].filter(([, cell]) => cell.formula !== "").map(([key, cell]) => [key, cell.formula])),
        formats: Object.fromEntries([...sheet.cells].filter(([, cell]) => cell.formula !== "").map(([key, cell]) => [key, cell.format])),
        texts: [...sheet.cells].filter(([, cell]) => cell.text).map(([key]) => key),
        rules: sheet.rules.map(({ formula, area, look }) => ({ formula, area, look })),
        merges: sheet.merges,
        widths: plain(sheet.widths),
        heights: plain(sheet.heights),
        levels: plain(sheet.levels),
        lists: sheet.lists,
        looks: plain(sheet.looks),
        hidden: [...sheet.hidden].sort((a, b) => a - b),
        arrows: sheet.arrows,
        validations: sheet.validations,
        protected: sheet.protected,
        allowed: sheet.allowed,
      })),
    };
  }
}

// Objects as the wire names them: members begin with a capital.
class Range {
  constructor(book, sheet, box) {
    Object.assign(this, { book, sheet, box });
  }
  rows(give) {
    const [top, left, bottom, right] = this.box;
    return Array.from({ length: bottom - top + 1 }, (_, r) => Array.from({ length: right - left + 1 }, (_, c) => give(this.sheet.at(top + r, left + c), top + r, left + c)));
  }
  spread(given) {
    const [top, left] = this.box;
    if (!Array.isArray(given)) return () => given;
    for (const line of given) this._ValidateArraySize(given.length, line.length);
    return (row, column) => given[row - top][column - left];
  }
  get RowIndex() { return this.box[0] - 1; }
  get ColumnIndex() { return this.box[1] - 1; }
  get RowCount() { return this.box[2] - this.box[0] + 1; }
  get ColumnCount() { return this.box[3] - this.box[1] + 1; }
  get Address() { return `${quoted(this.sheet.name)}!${letters(this.box[1])}${this.box[0]}:${letters(this.box[3])}${this.box[2]}`; }
  get Values() { return this.rows((cell) => cell.value); }
  get Formulas() { return this.rows((cell) => cell.formula); }
  get NumberFormat() { return this.rows((cell) => cell.format); }
  get ValueTypes() { return this.rows(({ value, error }) => (error ? "Error" : value === "" ? "Empty" : { string: "String", number: "Double", boolean: "Boolean" }[typeof value])); }
  set Formulas(given) {
    const at = this.spread(given);
    each(this.box, (row, column) => {
      const formula = at(row, column);
      if (formula === null) return;
      if (typeof formula !== "string" || formula === "") this.sheet.set(row, column, { formula, value: formula, error: false, text: false });
      else if (formula.startsWith("=")) this.sheet.set(row, column, { formula, value: 0, error: false, text: false });
      else if (formula.startsWith("'")) this.sheet.set(row, column, { formula: formula.slice(1), value: formula.slice(1), error: false, text: true });
      else throw new Refused("InvalidArgument", `Excel would read ${formula} as it likes.`);
    });
  }
  set NumberFormat(given) { const at = this.spread(given); each(this.box, (row, column) => this.sheet.set(row, column, { format: at(row, column) })); }
  set ColumnHidden(hidden) { for (let c = this.box[1]; c <= this.box[3]; c += 1) this.sheet.widths.set(c, hidden ? 0 : this.sheet.widths.get(c) || undefined); }
  get Format() { return new Format(this); }
  get ConditionalFormats() { return new Formats(this); }
  set RowHidden(hidden) {
    for (let row = this.box[0]; row <= this.box[2]; row += 1) this.sheet.hidden[hidden ? "add" : "delete"](row);
  }
  get DataValidation() { return new Validation(this); }
  GetSpecialCellsOrNullObject(type) {
    if (type !== "DataValidations") throw new Refused("InvalidArgument", type);
    const { validations, together } = this.sheet;
    const inside = ([top, left, bottom, right]) => together && top >= together[0] && left >= together[1] && bottom <= together[2] && right <= together[3];
    return areas(this.sheet, [...(together ? [together] : []), ...validations.map(({ box }) => box).filter((box) => !inside(box))]);
  }
  // As Excel does it: what looks at cells below follows them, on every sheet and in names.
  Insert(shift) {
    if (shift !== "Down" || this.box[3] < 16_384) throw new Refused("InvalidArgument", shift);
    const [top, , bottom] = this.box;
    this.book.shift(this.sheet, (row) => row + (row >= top ? bottom - top + 1 : 0));
  }
  Delete(shift) {
    if (shift !== "Up" || this.box[3] < 16_384) throw new Refused("InvalidArgument", shift);
    const [top, , bottom] = this.box;
    this.book.shift(this.sheet, (row) => (row > bottom ? row - (bottom - top + 1) : row < top ? row : null));
  }
  CopyFrom(source) {
    const { sheet, box: [from] } = source;
    const to = this.box[0];
    const copied = (formula) => (typeof formula === "string" && formula.startsWith("=") ? referring(formula, (row, name, fixed) => (fixed ? row : row + to - from)) : formula);
    for (const [key, cell] of [...sheet.cells]) {
      const [row, column] = key.split(",").map(Number);
      if (row !== from) continue;
      this.sheet.cells.set(`${to},${column}`, { ...cell, formula: copied(cell.formula) });
      this.sheet.looks.set(`${to},${column}`, this.sheet.looks.get(key));
    }
  }
  GetRowProperties() { return Array.from({ length: this.RowCount }, (_, r) => ({ rowHidden: this.sheet.hidden.has(this.box[0] + r) })); }
  GetCellProperties() { return this.rows((cell) => ({ format: { protection: { locked: cell.locked } } })); }
  GetMergedAreasOrNullObject() { return areas(this.sheet, this.sheet.merges); }
  // The client asks before it sends rows.
  _ValidateArraySize(rows, columns) {
    if (rows !== this.RowCount || columns !== this.ColumnCount) throw new Refused("InvalidArgument", "The number of rows or columns in the input array doesn't match the size or dimensions of the range.");
  }
  // A large block the client sends in parts, each a row bounded with another one.
  GetRow(row) {
    const [top, left, , right] = this.box;
    return new Range(this.book, this.sheet, [top + row, left, top + row, right]);
  }
  GetBoundingRect({ box }) {
    const [top, left, bottom, right] = this.box;
    return new Range(this.book, this.sheet, [Math.min(top, box[0]), Math.min(left, box[1]), Math.max(bottom, box[2]), Math.max(right, box[3])]);
  }
  Merge() { this.sheet.merges.push(this.box); }
  Group() { for (let r = this.box[0]; r <= this.box[2]; r += 1) this.sheet.levels.set(r, (this.sheet.levels.get(r) ?? 0) + 1); }
  Select() { [this.book.active, this.book.selected] = [this.sheet, this.box]; }
}

function areas({ name }, boxes) {
  const text = ([top, left, bottom, right]) => `${quoted(name)}!${letters(left)}${top}:${letters(right)}${bottom}`;
  return boxes.length ? { Address: boxes.map(text).join(",") } : null;
}

class Validation {
  constructor({ sheet, box }) { Object.assign(this, { sheet, box }); }
  get here() { return this.sheet.validations.filter(({ box }) => box[0] <= this.box[2] && this.box[0] <= box[2] && box[1] <= this.box[3] && this.box[1] <= box[3]); }
  // Of cells that do not say the same nothing is told.
  get Prompt() {
    const { here } = this;
    const one = here.length === 1 && here[0].box.every((edge, n) => (n < 2 ? edge <= this.box[n] : edge >= this.box[n]));
    return one ? { showPrompt: true, title: here[0].title, message: here[0].message } : null;
  }
  set Prompt({ title, message }) {
    if (title.length > 32 || message.length > 255) throw new Refused("InvalidArgument", "The prompt is too long.");
    this.sheet.validations.push({ box: this.box, title, message });
  }
  set Rule(rule) { this.sheet.lists.push({ area: this.box, source: rule.list.source }); }
  Clear() {
    const { here } = this;
    this.sheet.validations = this.sheet.validations.filter((each) => !here.includes(each));
  }
}

class Format {
  constructor(range) { this.range = range; }
  look(what) { this.range.sheet.look(this.range.box, what); }
  get Fill() { const of = this; return { set Color(fill) { of.look({ fill }); }, Clear() { of.look({ fill: undefined }); } }; }
  get Font() { const of = this; return { set Color(color) { of.look({ color }); }, set Bold(bold) { of.look({ bold }); }, set Size(size) { of.look({ size }); } }; }
  set VerticalAlignment(vertical) { this.look({ vertical }); }
  set HorizontalAlignment(align) { this.look({ align }); }
  set WrapText(wrap) { this.look({ wrap }); }
  set ColumnWidth(points) { const { sheet, box } = this.range; for (let c = box[1]; c <= box[3]; c += 1) sheet.widths.set(c, points); }
  set RowHeight(points) { const { sheet, box } = this.range; for (let r = box[0]; r <= box[2]; r += 1) sheet.heights.set(r, points); }
}

class Formats {
  constructor(range) { this.range = range; }
  get $items() { return this.range.sheet.rules.map((rule) => new Rule(rule)); }
  GetItem(id) {
    const { rules } = this.range.sheet;
    const index = rules.findIndex((each) => each.id === id);
    if (index < 0) throw new Refused("ItemNotFound", "The requested resource doesn't exist.");
    return { Delete: () => rules.splice(index, 1) };
  }
  Add(type) {
    if (type !== "Custom") throw new Refused("InvalidArgument", type);
    const { sheet, box, book } = this.range;
    if (sheet.protected) throw new Refused("AccessDenied", "You can't perform the requested operation.");
    book.made += 1;
    const rule = { id: `made-${book.made}`, formula: "", area: `${letters(box[1])}${box[0]}:${letters(box[3])}${box[2]}`, look: {} };
    sheet.rules.push(rule);
    return new Rule(rule);
  }
}

class Rule {
  constructor(rule) { this.rule = rule; }
  get Id() { return this.rule.id; }
  get Type() { return "Custom"; }
  get CustomOrNullObject() { return this.Custom; }
  get Custom() {
    const { rule } = this;
    return {
      Rule: { get Formula() { return rule.formula; }, set Formula(formula) { rule.formula = formula; } },
      Format: {
        Fill: { set Color(fill) { rule.look.fill = fill; } },
        Font: { set Color(color) { rule.look.color = color; }, set Bold(bold) { rule.look.bold = bold; }, set Italic(italic) { rule.look.italic = italic; } },
        set NumberFormat(format) { rule.look.format = format; },
        Borders: { GetItem: (edge) => ({ set Style(style) { (rule.look.edges ??= {})[edge] = style; }, set Color(color) { rule.look.edge = color; } }) },
      },
    };
  }
}

class Page {
  constructor(book, sheet) { Object.assign(this, { book, sheet }); }
  get Name() { return this.sheet.name; }
  get Id() { return this.sheet.name; }
  get Visibility() { return this.sheet.visible ? "Visible" : "Hidden"; }
  get Protection() {
    const { sheet } = this;
    return {
      Protected: sheet.protected,
      Options: sheet.allowed,
      Unprotect: () => {
        if (sheet.password) throw new Refused("AccessDenied", "The password is incorrect.");
        sheet.protected = false;
      },
      Protect: (allowed) => Object.assign(sheet, { protected: true, allowed }),
    };
  }
  get AutoFilter() {
    const { sheet } = this;
    return {
      GetRangeOrNullObject: () => (sheet.arrows ? areas(sheet, [parsed(sheet.arrows)]) : null),
      Apply: ({ box }) => (sheet.arrows = `${letters(box[1])}${box[0]}:${letters(box[3])}${box[2]}`),
      Remove: () => (sheet.arrows = ""),
    };
  }
  get Tables() {
    const { book, sheet } = this;
    return { $items: sheet.totals.map((box, n) => ({ Id: String(n), Name: `T${n}`, ShowTotals: true })), GetItem: (id) => ({ GetTotalRowRange: () => new Range(book, sheet, sheet.totals[Number(id)]) }) };
  }
  set Position(position) {
    const { sheets } = this.book;
    sheets.splice(sheets.indexOf(this.sheet), 1);
    sheets.splice(position, 0, this.sheet);
  }
  GetRange(text) { return new Range(this.book, this.sheet, text === null || text === undefined ? [1, 1, 1_048_576, 16_384] : parsed(text)); }
  GetUsedRange() { return new Range(this.book, this.sheet, this.sheet.used()); }
  Activate() { this.book.active = this.sheet; }
  Delete() {
    if (this.book.refuses) throw new Refused("AccessDenied", "The workbook is protected.");
    this.book.sheets.splice(this.book.sheets.indexOf(this.sheet), 1);
  }
}

class Root {
  constructor(book) { this.book = book; }
  get Name() { return this.book.name; }
  get Protection() { return { Protected: this.book.refuses }; }
  get Names() {
    const { names } = this.book;
    return {
      $items: Object.entries(names).map(([Name, Formula]) => ({ Name, Formula })),
      Add: (name, formula) => {
        if (name in names) throw new Refused("ItemAlreadyExists", name);
        names[name] = formula;
        return { Name: name };
      },
      GetItem: (name) => {
        if (!(name in names)) throw new Refused("ItemNotFound", name);
        return { Delete: () => delete names[name] };
      },
    };
  }
  get Properties() { return { Custom: { $items: Object.entries(this.book.properties).map(([Key, Value]) => ({ Key, Value })) } }; }
  get Functions() { return { Date: () => ({ Value: this.book.date1904 ? 42_369 : 43_831 }) }; }
  get Worksheets() {
    const { book } = this;
    return {
      get $items() { return book.sheets.map((sheet) => new Page(book, sheet)); },
      GetItem: (name) => new Page(book, book.sheet(name)),
      GetActiveWorksheet: () => new Page(book, book.active),
      Add: (name) => {
        if (book.refuses) throw new Refused("AccessDenied", "The workbook is protected.");
        if (book.sheets.some((each) => each.name.toLowerCase() === name.toLowerCase())) throw new Refused("ItemAlreadyExists", name);
        const sheet = new Sheet({ name, visible: true, protected: false, merges: [], totals: [], arrows: "", validations: [], hidden: [], rules: [], unlocked: [], errors: [], values: [], formulas: [], formats: [], row: 1, column: 1 });
        book.sheets.push(sheet);
        return new Page(book, sheet);
      },
    };
  }
  GetSelectedRange() {
    if (this.book.selected === null) throw new Refused("InvalidSelection", "The current selection is invalid for this operation.");
    return new Range(this.book, this.book.active, this.book.selected);
  }
  Save() { this.book.saved += 1; }
}

// Of an argument that is an object comes the number of its path.
const passed = (told, at) => (told?.Arguments ?? []).map((each, n) => (told.ReferencedObjectPathIds?.[n] ? at(each) : each));

const capital = (name) => name[0].toUpperCase() + name.slice(1);

function member(owner, name) {
  if (owner === null || !(name in owner)) throw new Refused("ApiNotFound", `${name} is not known.`);
  return owner[name];
}

// The properties that a query names, with paths such as `customOrNullObject/rule/formula`.
function selected(object, names) {
  const found = {};
  for (const name of names) {
    const path = name.split("/").map(capital);
    let [from, to] = [object, found];
    for (const [depth, part] of path.entries()) {
      const value = member(from, part);
      if (depth === path.length - 1) to[part] = value;
      else to = to[part] ??= {};
      from = value;
    }
  }
  return found;
}

export class Host {
  // `fail` makes an action fail, by its number over all requests: a program that stops half-way.
  constructor(book, { fail = Infinity, before = () => undefined } = {}) {
    Object.assign(this, { book, fail, before, requests: 0, sent: 0, largest: 0, written: 0 });
  }
  async executeAsync(_, __, { Body: { Actions, ObjectPaths } }) {
    this.requests += 1;
    this.before(this);
    const bytes = JSON.stringify({ Actions, ObjectPaths }).length;
    [this.sent, this.largest] = [this.sent + bytes, Math.max(this.largest, bytes)];
    if (bytes > LARGEST) return this.answer([], new Refused("RequestPayloadSizeLimitExceeded", "The request is too large."), 0);
    const found = new Map();
    const Results = [];
    for (const [index, action] of Actions.entries()) {
      try {
        Results.push({ ActionId: action.Id, Value: this.act(action, (id) => this.object(id, ObjectPaths, found)) });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return this.answer(Results, error, index);
      }
    }
    const answer = this.answer(Results);
    this.largest = Math.max(this.largest, JSON.stringify(answer).length);
    return JSON.stringify(answer).length > LARGEST ? this.answer([], new Refused("ResponsePayloadSizeLimitExceeded", "The response is too large."), 0) : answer;
  }
  answer(Results, error, index) {
    const Error = error && { Code: error.code, Message: error.message, ActionIndex: index, Location: "" };
    return { StatusCode: 200, Headers: {}, Body: error ? { Error, Results } : { Results } };
  }
  object(id, paths, found) {
    if (!found.has(id)) {
      const { ObjectPathType: type, Name: name, ParentObjectPathId: parent, ArgumentInfo } = paths[id];
      const given = passed(ArgumentInfo, (each) => this.object(each, paths, found));
      const owner = type === GLOBAL ? null : this.object(parent, paths, found);
      if (type === GLOBAL) found.set(id, new Root(this.book));
      else if (type === PROPERTY) found.set(id, member(owner, name));
      else if (type === INDEXER) found.set(id, member(owner, "GetItem").apply(owner, given));
      else if (type === METHOD) found.set(id, member(owner, name).apply(owner, given));
      else throw new Refused("ApiNotFound", `Object paths of type ${type} are not known.`);
    }
    return found.get(id);
  }
  act({ ActionType: type, Name: name, ObjectPathId: id, QueryInfo, ArgumentInfo }, at) {
    const object = at(id);
    if (type === INSTANTIATE) return object === null ? null : {};
    if (type === QUERY) {
      if (object === null) return null;
      const names = QueryInfo.Select ?? [];
      if (!object.$items) return selected(object, names);
      return { _Items: object.$items.map((each) => ({ ...("Id" in each ? { _Id: each.Id, Id: each.Id } : {}), ...selected(each, names) })) };
    }
    this.written += type === SET || (type === CALL && !/^(Get|_)/.test(name)) ? 1 : 0;
    if (this.written > this.fail) {
      this.fail = Infinity;
      throw new Refused("GeneralException", "There was an internal error while processing the request.");
    }
    if (type === CALL) return member(object, name).apply(object, passed(ArgumentInfo, at)) ?? null;
    if (type === SET) {
      const known = Object.getOwnPropertyDescriptor(object, name) ?? Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), name);
      if (!known?.set) throw new Refused("ApiNotFound", `${name} cannot be set.`);
      object[name] = ArgumentInfo.Arguments[0];
      return {};
    }
    throw new Refused("ApiNotFound", `Actions of type ${type} are not known.`);
  }
}

// In the page, behind Microsoft's client: what Office itself would bring, and our host with one workbook.
// `TOLD` and `LANGUAGE` are put in by the bundler.

import { Book, Host } from "./host.mjs";

const book = new Book(TOLD);
const host = new Host(book);
const listeners = [];
const commands = {};
const functions = {};
const shown = { panes: 0 };

Excel.run = async (work) => {
  const context = new Excel.RequestContext();
  context._requestExecutor = host;
  const result = await work(context);
  await context.sync();
  return result;
};
window.Office = {
  onReady: async () => ({ host: "Excel", platform: "OfficeOnline" }),
  context: { displayLanguage: LANGUAGE, document: { url: TOLD.address, addHandlerAsync: (_, listener) => listeners.push(listener) }, diagnostics: { version: "16" } },
  actions: { associate: (name, work) => (commands[name] = work) },
  addin: { showAsTaskpane: async () => (shown.panes += 1) },
  EventType: { DocumentSelectionChanged: "documentSelectionChanged" },
};
class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
window.CustomFunctions = { associate: (name, work) => (functions[name] = work), Error: Failure };
// What a test does as the person at the screen would, in Excel.
window.excel = {
  book,
  host,
  shown,
  functions,
  select: (sheet, box) => {
    [book.active, book.selected] = [book.sheet(sheet), box];
    for (const listener of listeners) listener({});
  },
  ribbon: (name) => new Promise((resolve) => commands[name]({ completed: resolve })),
  commands: () => Object.keys(commands),
};

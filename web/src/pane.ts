// The pane: starts Python, joins buttons, functions and what is selected to it, and keeps itself for offline.

import { Engine, Failed, Late, Silent } from "./engine";
import { associate, Batch } from "./functions";
import { press, reason, type Correction, type Desk } from "./pressing";
import { selection, snapshot } from "./snapshot";
import { languageOf, textsOf } from "./texts";
import { Regional, type Work } from "./regional";
import { Settings } from "./settings";
import type { Said } from "./told";
import { View, type Seen, type Tab } from "./view";

// Buttons that the pane answers itself.
const GUIDE = "guia";
const DIAGNOSIS = "diagnostico";

// The one way in which this page loads scripts by an address: two of its own files.
const scripts = { worker: "./worker.js", keeper: "./sw.js" };
type Policy = { createScriptURL: (text: string) => string };
const factory = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: Policy) => Policy } }).trustedTypes;
const rules: Policy = {
  createScriptURL: (text) => {
    if (!Object.values(scripts).includes(text)) throw new TypeError(text);
    return new URL(text, document.baseURI).href;
  },
};
const policy = factory ? factory.createPolicy("poa", rules) : rules;

async function json<T>(name: string): Promise<T> {
  return (await (await fetch(new URL(name, document.baseURI))).json()) as T;
}

async function begin(): Promise<void> {
  // Python takes longer than Office, the texts and the buttons together, and needs none of them.
  const shown = { part: 0, tell: (part: number): void => void (shown.part = part) };
  const { patience, longest } = document.documentElement.dataset;
  const worker = new Worker(policy.createScriptURL(scripts.worker), { type: "module" });
  const engine = new Engine(worker, (part) => shown.tell(part), Number(patience) || undefined, Number(longest) || undefined);
  await Office.onReady();
  const language = languageOf(Office.context.displayLanguage ?? "es");
  document.documentElement.lang = language;
  const texts = textsOf(language);
  const [tab, functions, { version }] = await Promise.all([json<Record<string, Tab[]>>("tab.json"), json<{ functions: { id: string }[] }>("functions.json"), json<{ version: string }>("version.json")]);
  const view: View = new View(document.body, texts, tab[language] ?? [], { press: (name) => void run(name), correct: (finding) => void run("corregir", finding), refresh: () => void refresh(), goTo: (sheet, cell) => void goTo(sheet, cell), update: () => void update() });
  // Why something did not come to its end, as people need it.
  const sentence = (error: unknown): string => {
    if (error instanceof Late) return texts.late;
    if (error instanceof Silent) return `${texts.silent} ${error.message}`.trim();
    return error instanceof Failed ? texts.failed(reason(error)) : texts.read(reason(error));
  };
  const answered = (error: unknown): never => {
    throw new Error(sentence(error));
  };
  const buttons = (tab[language] ?? []).flatMap((group) => group.buttons);
  const captions = new Map([...buttons.map((each): [string, string] => [each.name, each.caption]), ["corregir", texts.correcting]]);
  const files: Work = (name, text, picked) => engine.callWith(name, text, picked).catch(answered);
  const settings = new Settings(texts, files, language, () => void refresh());
  view.add(new Regional(texts, files, language).section);
  view.add(settings.section);
  const batch = new Batch((text) => engine.call("call", text).catch(answered), () => language, () => Office.context.document?.url ?? "");
  associate(functions.functions.map((each) => each.id), batch);
  const desk: Desk = {
    run: (work) => Excel.run(work),
    call: (name, text) => engine.call(name, text),
    place: () => ({ address: Office.context.document?.url ?? "", program: `Excel · Office.js ${Office.context.diagnostics?.version ?? ""}` }),
    language: () => language,
    ask: (title, question) => view.ask(title, question),
    texts,
  };

  async function run(name: string, finding?: Correction): Promise<void> {
    if (name === GUIDE) return void window.open("guia.html", "_blank", "noopener");
    view.busy(texts.working);
    try {
      if (name === DIAGNOSIS) await help(true);
      else {
        const said = titled(name, await press(desk, name, finding));
        view.say(said);
        // Pressed on the ribbon with the pane closed: what there is to say must be seen.
        if (said.some((each) => each.title)) await Office.addin?.showAsTaskpane?.();
        await look();
      }
    } catch (error) {
      view.say([{ text: sentence(error), title: "POA", is_error: true }]);
    } finally {
      view.idle();
    }
  }

  // Titles name the button as the pane does, in its language.
  function titled(name: string, said: Said[]): Said[] {
    const caption = captions.get(name);
    return said.map((each) => (each.title && caption && !each.is_error ? { ...each, title: `POA · ${caption}` } : each));
  }

  async function look(): Promise<void> {
    const book = await desk.run((context) => snapshot(context, desk.place()));
    view.show(JSON.parse(await engine.call("look", JSON.stringify({ language, book }))) as Seen);
    view.select(book.active, book.selected);
  }

  async function refresh(): Promise<void> {
    view.busy(texts.working);
    try {
      await look();
    } catch (error) {
      view.say([{ text: sentence(error), title: "POA", is_error: true }]);
    } finally {
      view.idle();
    }
  }

  async function goTo(sheet: string, cell: string): Promise<void> {
    await desk.run(async (context) => {
      const page = context.workbook.worksheets.getItem(sheet);
      page.activate();
      page.getRange(cell).select();
      await context.sync();
    }).catch((error: unknown) => view.say([{ text: sentence(error), title: "POA", is_error: true }]));
  }

  async function selected(): Promise<void> {
    await desk.run(async (context) => {
      const page = context.workbook.worksheets.getActiveWorksheet();
      page.load("name");
      const box = await selection(context);
      view.select(page.name, box);
    }).catch(() => undefined);
  }

  async function help(open: boolean): Promise<void> {
    const told = JSON.parse(await engine.call("about", "")) as { version: string; python: string; log: string; settings: boolean };
    settings.show(told.settings);
    const waiting = await navigator.serviceWorker?.getRegistration().then((found) => Boolean(found?.waiting)).catch(() => false);
    view.help(texts.version(told.version, told.python), told.log, Boolean(waiting));
    // Opened for the first time while somebody copied a new version to the server.
    if (told.version !== version) view.say([{ text: texts.mixed(version, told.version), title: "POA", is_error: true }]);
    if (open) view.openLog();
  }

  async function update(): Promise<void> {
    const found = await navigator.serviceWorker.getRegistration();
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    found?.waiting?.postMessage("now");
  }

  for (const name of new Set(Object.values(tab).flatMap((groups) => groups.flatMap((group) => group.buttons.map((each) => each.name))))) {
    Office.actions?.associate(name, (event: { completed: () => void }) => void run(name).finally(() => event.completed()));
  }
  view.progress(shown.part);
  shown.tell = (part) => view.progress(part);
  try {
    await engine.ready;
  } catch (error) {
    view.failed(sentence(error));
    return;
  }
  // What the bench reads: Python is there; the plan has been read and judged.
  performance.mark("ready");
  view.progress(1);
  Office.context.document?.addHandlerAsync?.(Office.EventType.DocumentSelectionChanged, () => void selected());
  await refresh();
  performance.mark("seen");
  await keep();
  await help(false);
}

// After the first visit the pane opens without a network; where the browser keeps nothing, it works all the same.
async function keep(): Promise<void> {
  try {
    const found = await navigator.serviceWorker?.register(policy.createScriptURL(scripts.keeper));
    await found?.update();
  } catch (error) {
    console.warn(reason(error));
  }
}

void begin();

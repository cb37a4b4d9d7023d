// The pane in a browser without a window, with clicks and keys: what happened, as JSON; pictures beside it.
// Usage: node web/tests/pane.mjs URL SITE OUT ANSWERED NEWER   (SITE is what URL serves; pane.es.js, pane.en.js become its
// office.js; ANSWERED is a folder with a master, its history and answers; NEWER another version of the site)

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const [url, site, out, answered, newer] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const found = {};
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
const office = (language) => fs.copyFileSync(path.join(site, `../office.${language}.js`), path.join(site, "office.js"));

async function opened(context, query = "") {
  const page = await context.newPage();
  const requests = [];
  const said = [];
  page.on("request", (request) => requests.push(new URL(request.url()).origin));
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => (said.push(`dialog ${dialog.message()}`), dialog.dismiss()));
  await page.goto(`${url}/pane.html${query}`);
  return { page, requests, said };
}
const ready = (page) => page.locator("button:not([disabled])", { hasText: /^(Leer de nuevo|Read again)$/ }).waitFor({ timeout: 90_000 });
const settled = async (page) => {
  await page.waitForTimeout(50);
  await ready(page);
};
const state = (page) => page.evaluate(() => ({ ...window.excel.book.told(), panes: window.excel.shown.panes }));
const picture = (page, name) => page.screenshot({ path: path.join(out, `${name}.png`), fullPage: true });
const violations = async (page) => {
  await page.evaluate(axe);
  return (await page.evaluate(() => window.axe.run())).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
};

// With the mouse, in Spanish; then offline.
office("es");
const context = await browser.newContext({ viewport: { width: 340, height: 900 } });
{
  const begun = performance.now();
  const { page, requests, said } = await opened(context);
  await ready(page);
  found.cold = Math.round(performance.now() - begun);
  found.language = await page.getAttribute("html", "lang");
  found.count = await page.locator(".count").textContent();
  found.findings = await page.locator(".findings li").allTextContents();
  await picture(page, "hallazgos");
  found.axe = await violations(page);
  const budget = () => page.evaluate(() => window.excel.book.active.at(8, 24).value);
  await page.getByRole("button", { name: /^Corregir.* X8$/ }).click();
  await settled(page);
  found.corrected = { value: await budget(), message: await page.locator(".message, [role=status]").allTextContents().then((all) => all.join(" ")), findings: await page.locator(".findings li").allTextContents() };
  await picture(page, "corregido");
  await page.evaluate(() => window.excel.ribbon("deshacer"));
  await settled(page);
  found.corrected.back = await budget();
  await page.locator(".findings li button").first().click();
  await page.evaluate(() => window.excel.select(window.excel.book.active.name, window.excel.book.selected));
  await page.waitForTimeout(300);
  found.went = await page.evaluate(() => ({ active: window.excel.book.active.name, selected: window.excel.book.selected }));
  found.about = await page.locator("section[aria-labelledby=selected]").textContent();
  await page.locator("summary", { hasText: "Botones" }).click();
  found.buttons = await page.locator("main > details fieldset button").allTextContents();
  await picture(page, "botones");
  found.axeOpen = await violations(page);
  await page.getByRole("button", { name: "Verificar metas" }).click();
  await settled(page);
  found.message = await page.locator(".message").textContent();
  found.verified = await state(page);
  await picture(page, "verificado");
  await page.getByLabel("Gravedad").selectOption("ERROR");
  found.red = await page.locator(".findings li").count();
  await page.getByLabel("Buscar").fill("<img");
  found.searched = await page.locator(".findings li").allTextContents();
  found.html = await page.locator("main img, main script").count();
  // On the ribbon.
  await page.evaluate(() => window.excel.ribbon("quitar"));
  found.removed = await state(page);
  found.commands = await page.evaluate(() => window.excel.commands());
  // A recalculation of 134 cells.
  found.functions = await page.evaluate(async () => {
    const { functions, book } = window.excel;
    const sheet = book.sheets.find((each) => each.name === "POA 2020") ?? book.sheets[0];
    const column = (c) => Array.from({ length: 134 }, (_, r) => [sheet.at(r + 5, c).value]);
    const [codes, money] = [column(2), column(24)];
    const begun = performance.now();
    const all = await Promise.all(codes.map(([code]) => functions.PRESUPUESTO([[code]], codes, money, {})));
    const took = Math.round(performance.now() - begun);
    const errors = await Promise.all([functions.NIVEL([["x y"]], {}), functions.PRESUPUESTO([["ZZ1"]], codes, money, {}), functions.PROGRAMADO([[1, 2]], null, null, {}), functions.NIVEL([[{ type: "Error", basicValue: "#REF!" }]], {})].map((each) => each.then((rows) => rows, (error) => [error.code, error.message])));
    // One that Excel takes back before it is sent, and one after.
    const settled = [];
    const taken = [{}, {}].map((invocation, number) => {
      functions.NIVEL([["GROGR1.2"]], invocation).finally(() => settled.push(number));
      return invocation;
    });
    taken[0].onCanceled();
    // It is sent when all that Excel asks for at once is there.
    await new Promise((resolve) => setTimeout(resolve, 0));
    taken[1].onCanceled();
    const asked = await functions.NIVEL([["GROGR1.2"]], {});
    const plan = Array.from({ length: 135 }, (_, r) => Array.from({ length: 24 }, (_, c) => sheet.at(r + 4, c + 1).value));
    const placed = await functions.HALLAZGOS(plan, null, { parameterAddresses: ["'POA 2020'!A4:X138", null] });
    return { settled, asked, placed: placed.map((row) => row.join(" ")), took, cells: all.length, numbers: all.filter((rows) => typeof rows[0][0] === "number").length, errors: JSON.parse(JSON.stringify(errors, (_, v) => (v instanceof Error ? { code: v.code, message: v.message } : v))) };
  });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  found.kept = await page.evaluate(() => caches.keys());
  found.origins = [...new Set(requests)];
  found.errors = said;
  await page.close();
}
{
  const begun = performance.now();
  const { page } = await opened(context);
  await ready(page);
  found.cached = Math.round(performance.now() - begun);
  await page.close();
}
await context.setOffline(true);
{
  const { page, said } = await opened(context);
  await ready(page);
  found.offline = await page.locator(".count").textContent();
  found.offlineErrors = said;
  await page.close();
}
await context.setOffline(false);
// A new version, of which half is on the server: nothing of it is taken. Whole, it waits while the pane is open, and is taken
// when asked for.
{
  const { page } = await opened(context);
  await ready(page);
  const line = () => page.locator("header [role=status]").textContent();
  const update = async () => {
    return page.evaluate(async () => {
      const found = await navigator.serviceWorker.getRegistration();
      await found.update();
      while (found.installing) await new Promise((resolve) => setTimeout(resolve, 100));
      return { kept: await caches.keys(), waits: Boolean(found.waiting) };
    });
  };
  for (const name of ["version.json", "sw.js", "pane.html"]) fs.copyFileSync(path.join(newer, name), path.join(site, name));
  found.half = await update();
  await page.reload();
  await ready(page);
  found.half.line = await line();
  fs.cpSync(newer, site, { recursive: true });
  found.whole = await update();
  await page.reload();
  await ready(page);
  found.whole.line = await line();
  await page.getByRole("button", { name: "Usarla ahora" }).click({ timeout: 30_000 });
  await page.waitForTimeout(1500);
  await ready(page);
  found.taken = { kept: await page.evaluate(() => caches.keys()), line: await line() };
  await page.close();
}
await context.close();

// Files that a person picks, in a narrow pane.
{
  const narrow = await browser.newContext({ viewport: { width: 320, height: 900 }, serviceWorkers: "block" });
  const answers = fs.readdirSync(path.join(answered, "recibidos")).map((name) => path.join(answered, "recibidos", name));
  const told = () => page.locator("section[aria-labelledby=regional] > p").textContent();
  const { page } = await opened(narrow);
  await ready(page);
  const regional = page.locator("section[aria-labelledby=regional]");
  await regional.locator("summary").click();
  const press = async (name) => {
    await page.getByRole("button", { name }).click();
    await page.waitForTimeout(50);
    await page.locator("section[aria-labelledby=regional] button:not([disabled])", { hasText: name }).waitFor({ timeout: 90_000 });
  };
  await press("Ver qué cambiaría");
  const done = { lacking: await told() };
  await page.getByLabel(/^Maestro/).setInputFiles(path.join(answered, "POA.xlsx"));
  await page.getByLabel(/^Libros de las unidades/).setInputFiles(answers);
  await page.getByLabel(/^Historia:/).setInputFiles(path.join(answered, ".poa", "history.sqlite"));
  await press("Ver qué cambiaría");
  done.preview = await told();
  done.units = await regional.locator("tbody tr").allTextContents();
  done.changes = await regional.locator("li").allTextContents();
  await picture(page, "consolidar");
  done.axe = await violations(page);
  await press("Consolidar y descargar");
  const links = regional.locator("a[download]");
  done.downloads = await links.evaluateAll((found) => found.map((each) => each.download));
  for (const link of await links.all()) {
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    await download.saveAs(path.join(out, download.suggestedFilename()));
  }
  await picture(page, "consolidado");
  await page.reload();
  await ready(page);
  await regional.locator("summary").click();
  await page.getByLabel(/^Maestro/).setInputFiles(path.join(out, "POA.xlsx"));
  await page.getByLabel(/^Libros de las unidades/).setInputFiles(answers);
  await press("Consolidar y descargar");
  done.again = (await regional.locator("p").allTextContents()).join(" ");
  const names = () => links.evaluateAll((all) => all.map((each) => each.download));
  // Handing out and who has sent, with the keyboard.
  await page.getByLabel(/^Maestro/).setInputFiles(path.join(answered, "POA.xlsx"));
  const key = async (name) => {
    await page.getByRole("button", { name }).focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(50);
    await page.locator("section[aria-labelledby=regional] button:not([disabled])", { hasText: name }).waitFor({ timeout: 90_000 });
  };
  await key("Repartir y descargar");
  done.sent = { told: await told(), downloads: await names(), units: await regional.locator("tbody tr").allTextContents(), axe: await violations(page) };
  await picture(page, "repartir");
  await key("Ver estado de envíos");
  done.standing = { told: await told(), downloads: await names(), units: await regional.locator("tbody tr").allTextContents() };
  await regional.locator("tbody summary").first().focus();
  await page.keyboard.press("Enter");
  done.standing.mail = await regional.locator("tbody a").first().getAttribute("href");
  done.standing.axe = await violations(page);
  await picture(page, "estado");
  // Another consolidation, taken back.
  await page.getByLabel(/^Historia:/).setInputFiles(path.join(answered, ".poa", "history.sqlite"));
  await press("Consolidar y descargar");
  const [consolidated] = await Promise.all([page.waitForEvent("download"), links.first().click()]);
  await consolidated.saveAs(path.join(out, "otra", "POA.xlsx"));
  await page.getByLabel(/^Maestro/).setInputFiles(path.join(out, "otra", "POA.xlsx"));
  await page.getByLabel(/^Historia:/).setInputFiles([]);
  await key("Deshacer lo último");
  done.undone = { told: await told(), downloads: await names() };
  const [before] = await Promise.all([page.waitForEvent("download"), links.first().click()]);
  await before.saveAs(path.join(out, "antes", "POA.xlsx"));
  done.undone.axe = await violations(page);
  found.regional = done;
  // The settings of an office.
  const settings = page.locator("section[aria-labelledby=settings]");
  const line = () => settings.locator("> p").textContent();
  const use = async (name) => {
    await settings.getByRole("button", { name }).click();
    await page.waitForTimeout(50);
    await settings.locator("button:not([disabled])", { hasText: name }).waitFor();
    await settled(page);
  };
  found.settings = { none: await line(), findings: await page.locator(".findings li").count() };
  await settings.locator("summary").click();
  await use("Usar este archivo");
  found.settings.lacking = await line();
  for (const [name, text] of [["wrong", "[reglas]\nno-hay = \"no\"\n"], ["right", "[reglas]\nmeta-meses = \"off\"\n"]]) {
    const file = path.join(out, name, "poa.toml");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    await page.getByLabel("Archivo poa.toml").setInputFiles(file);
    await use("Usar este archivo");
    found.settings[name] = { line: await line(), red: await page.locator("section[aria-labelledby=findings] li").allTextContents() };
  }
  found.settings.axe = await violations(page);
  await picture(page, "ajustes");
  await page.reload();
  await ready(page);
  found.settings.kept = await line();
  await settings.locator("summary").click();
  await use("Olvidarlo");
  found.settings.forgotten = { line: await line(), red: await page.locator("section[aria-labelledby=findings] li").allTextContents() };
  await narrow.close();
}

// With the keyboard alone, in English.
office("en");
{
  const english = await browser.newContext({ viewport: { width: 340, height: 900 }, serviceWorkers: "block" });
  const { page } = await opened(english);
  await ready(page);
  const focus = () => page.evaluate(() => `${document.activeElement.tagName} ${document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent}`.slice(0, 60));
  const path_ = [];
  const until = async (text) => {
    for (let n = 0; n < 80; n += 1) {
      await page.keyboard.press("Tab");
      const here = await focus();
      path_.push(here);
      if (here.includes(text)) return;
    }
    throw new Error(`${text} is not reached: ${path_.join(" | ")}`);
  };
  await until("Buttons");
  await page.keyboard.press("Enter");
  await until("Check targets");
  await page.keyboard.press("Enter");
  await settled(page);
  found.english = { focus: await focus(), lang: await page.getAttribute("html", "lang"), message: await page.locator(".message").textContent(), sheets: (await state(page)).sheets.map((each) => each.name) };
  await until("Go to ");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  found.keyboard = await page.evaluate(() => window.excel.book.selected);
  await picture(page, "ingles");
  found.axeEnglish = await violations(page);
  await english.close();
}
// A server that forgot WebAssembly, and one that forgot workers: a sentence, no silence.
for (const [name, from, to] of [["wasm", " 'wasm-unsafe-eval'", ""], ["worker", "worker-src 'self'", "worker-src 'none'"]]) {
  const strict = await browser.newContext({ serviceWorkers: "block" });
  await strict.route(/\/(pane\.html|worker\.js)$/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replaceAll(from, to).replace("<html ", '<html data-patience="8000" ');
    const headers = { ...answer.headers(), "content-security-policy": (answer.headers()["content-security-policy"] ?? "").replaceAll(from, to) };
    await route.fulfill({ response: answer, body, headers });
  });
  const { page } = await opened(strict);
  await page.locator(".message.error").waitFor({ timeout: 60_000 });
  found[name] = await page.locator(".message.error").textContent();
  await strict.close();
}
// Python that does not answer: a sentence too.
{
  const slow = await browser.newContext({ serviceWorkers: "block" });
  await slow.route(/\/pane\.html$/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace("<html ", '<html data-longest="1" ') });
  });
  const { page } = await opened(slow);
  await page.locator(".message.error").waitFor({ timeout: 60_000 });
  found.late = await page.locator(".message.error").textContent();
  await slow.close();
}
// What the policy keeps from happening, tried from within the page.
{
  const plain = await browser.newContext({ serviceWorkers: "block" });
  const { page } = await opened(plain);
  await ready(page);
  found.policy = await page.evaluate(async () => {
    // Later, on its own: what the driver runs itself may use eval.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const tried = {};
    const attempt = async (name, work) => {
      try {
        await work();
        tried[name] = "allowed";
      } catch (error) {
        tried[name] = error.name;
      }
    };
    await attempt("html", () => (document.createElement("div").innerHTML = "<b>x</b>"));
    await attempt("eval", () => globalThis.eval("1"));
    await attempt("script", () => (document.createElement("script").src = "https://malo.example/x.js"));
    await attempt("fetch", () => fetch("https://malo.example/"));
    await attempt("policy", () => window.trustedTypes.createPolicy("otra", {}));
    await attempt("worker", () => new Worker("https://malo.example/x.js"));
    await attempt("inline", () => (document.createElement("script").text = "1"));
    return tried;
  });
  // What a page asks for and does not get is told by its rule.
  found.blocked = await page.evaluate(async () => {
    const rules = new Set();
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => rules.add(effectiveDirective));
    const put = (tag, what) => document.body.appendChild(Object.assign(document.createElement(tag), what));
    const far = "https://malo.example/x";
    put("img", { src: far });
    put("iframe", { src: far });
    put("video", { src: far });
    put("link", { rel: "stylesheet", href: far });
    put("style", { textContent: "p { color: red }" });
    put("p", {}).setAttribute("style", "color: red");
    put("base", { href: far });
    const form = put("form", { action: far, method: "post" });
    form.submit();
    navigator.sendBeacon(far, "x");
    try {
      new WebSocket("wss://malo.example/");
    } catch {
      // Some say so at once.
    }
    document.fonts.add(new FontFace("malo", `url(${far})`));
    await document.fonts.load("12px malo").catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return [...rules].sort();
  });
  // Where Python works holds what its own file came with.
  found.worker_fetch = await page.workers()[0].evaluate(() => fetch("https://malo.example/").then(() => "allowed", (error) => error.name));
  await plain.close();
}
await browser.close();
fs.writeFileSync(path.join(out, "found.json"), JSON.stringify(found, null, 1));

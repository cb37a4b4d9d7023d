// Presses buttons over the real client of Office.js: jobs in, what the workbooks hold afterwards out.
// Usage: node web/tests/press.mjs SITE JOBS.json OUT.json

import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { loadPyodide } from "pyodide";
import { loadExcel, runner } from "./client.mjs";
import { Book, Host } from "./host.mjs";

const [site, jobs, out] = process.argv.slice(2).map((each) => path.resolve(each));
const src = path.join(import.meta.dirname, "../src");
const bundle = path.join(import.meta.dirname, "../../build/web-tests");

// Our TypeScript as it stands, without the page around it.
async function ours(name) {
  const outfile = path.join(bundle, `${name}.mjs`);
  await build({ entryPoints: [path.join(src, `${name}.ts`)], bundle: true, format: "esm", platform: "neutral", outfile, logLevel: "error" });
  return import(outfile);
}

const { press } = await ours("pressing");
const { start, bridge } = await ours("python");
const indexURL = path.join(site, "python/");
const python = await start(loadPyodide, { indexURL, stdLibURL: path.join(indexURL, "stdlib.zip") }, fs.readFileSync(path.join(site, "python/poa.zip")));
const call = bridge(python);
const Excel = loadExcel();
const texts = Object.fromEntries(["stale", "locked", "unbegun", "refused", "half"].map((name) => [name, (what) => `${name} ${what}`]));

const done = [];
for (const { told, presses, fail, edit, answer } of JSON.parse(fs.readFileSync(jobs, "utf8"))) {
  const book = new Book(told);
  const said = [];
  // A colleague types into a cell between reading and writing: the fifth request looks whether all is as it was.
  const before = (host) => edit && host.requests === edit.request && book.sheet(edit.sheet).set(edit.row, edit.column, { value: edit.value, formula: edit.value });
  const host = new Host(book, { fail: fail ?? Infinity, before });
  const desk = { run: runner(Excel, host), call: async (name, text) => call(name, text), place: () => ({ address: told.address, program: told.program }), language: () => "es", ask: async (title, question) => (said.push({ asked: question, title }), answer ?? false), texts };
  const times = [];
  for (const button of presses) {
    const begun = performance.now();
    for (const each of await press(desk, button)) said.push(each);
    times.push(Math.round(performance.now() - begun));
  }
  done.push({ ...book.told(), said, times, requests: host.requests, sent: host.sent, largest: host.largest });
}
const { log } = JSON.parse(call("about", ""));
if (log) console.error(log);
fs.writeFileSync(out, JSON.stringify(done));

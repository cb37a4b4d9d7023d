// How large the pane is, and how long it takes to open and to press a button, in Chromium without a window.
// Usage: node web/bench.mjs SITE OFFICE.js   (a site as `poa addin build` writes it, and the office.js of web/tests/bundle.mjs)

import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { chromium } from "playwright-core";

const [site, office] = process.argv.slice(2).map((each) => path.resolve(each));
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", mjs: "text/javascript", css: "text/css", json: "application/json", wasm: "application/wasm", zip: "application/zip", png: "image/png" };
const RUNS = 5;
// What there would be without us: Pyodide as npm has it, in a page of its own, in the same browser a moment before.
const runtime = path.join(import.meta.dirname, "node_modules", "pyodide");
const BARE = '<!doctype html><script type="module">const { loadPyodide } = await import("/bare/pyodide.mjs"); await loadPyodide({ indexURL: "/bare/" }); performance.mark("ready");</script>';
const kilobytes = (bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} KB`;

// As a server that compresses sends it.
const files = new Map();
for (const each of fs.readdirSync(site, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
  const file = path.join(each.parentPath, each.name);
  const data = fs.readFileSync(file);
  const brotli = zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 } });
  files.set(`/${path.relative(site, file).replaceAll(path.sep, "/")}`, { raw: data.length, gzip: zlib.gzipSync(data).length, brotli, tag: crypto.createHash("sha256").update(data).digest("hex") });
}
let [sent, first] = [0, 0];
const server = http.createServer((request, response) => {
  const name = new URL(request.url, "http://x").pathname;
  const type = TYPES[name.split(".").at(-1)] ?? "application/octet-stream";
  if (name === "/bare.html") return response.writeHead(200, { "Content-Type": TYPES.html }).end(BARE);
  if (name.startsWith("/bare/")) return response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(fs.readFileSync(path.join(runtime, path.basename(name))));
  if (name === "/office.js") return response.writeHead(200, { "Content-Type": type, "Cache-Control": "max-age=600" }).end(fs.readFileSync(office));
  const found = files.get(name);
  if (!found) return response.writeHead(404).end();
  if (name === "/sw.js" && first === 0) first = sent;
  const told = { "Content-Type": type, "Content-Encoding": "br", "Cache-Control": "no-cache", ETag: `"${found.tag}"` };
  if (request.headers["if-none-match"] === told.ETag) return response.writeHead(304, told).end();
  sent += found.brotli.length;
  return response.writeHead(200, told).end(found.brotli);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://localhost:${server.address().port}/pane.html`;

const parts = { "pyodide.asm.wasm": "/python/pyodide.asm.wasm", "pyodide.asm.mjs": "/python/pyodide.asm.mjs", "standard library": "/python/stdlib.zip", "our Python": "/python/poa.zip", "the page": "/pane.js" };
for (const [name, file] of Object.entries(parts)) {
  const { raw, gzip, brotli } = files.get(file);
  console.log(`${name}: ${kilobytes(raw)}, gzip ${kilobytes(gzip)}, brotli ${kilobytes(brotli.length)}`);
}
const middle = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const seconds = (times) => `${(middle(times) / 1000).toFixed(1)} s (${times.map((each) => (each / 1000).toFixed(1)).join(", ")})`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const [bare, cold, cached, pressed] = [[], [], [], []];
const seen = new Map([[cold, []], [cached, []]]);
for (let run = 0; run < RUNS; run += 1) {
  const context = await browser.newContext();
  [sent, first] = [0, 0];
  for (const times of [bare, cold, cached]) {
    const page = await context.newPage();
    await page.goto(times === bare ? url.replace("pane", "bare") : url);
    // By the page's own clock, from when it was asked for.
    const marked = (name) => page.waitForFunction((mark) => performance.getEntriesByName(mark)[0]?.startTime, name, { timeout: 90_000 }).then((found) => found.jsonValue());
    times.push(await marked("ready"));
    if (times === bare) {
      await page.close();
      continue;
    }
    seen.get(times).push(await marked("seen"));
    if (times === cold) {
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      if (run === 0) console.log(`sent at the first visit: ${kilobytes(first)}, with what is kept for later ${kilobytes(sent)}`);
    } else {
      await page.locator("button:not([disabled])", { hasText: "Leer de nuevo" }).waitFor();
      pressed.push(await page.evaluate(async () => {
        const start = performance.now();
        await window.excel.ribbon("verificar_metas");
        return performance.now() - start;
      }));
    }
    await page.close();
  }
  await context.close();
}
const share = (times) => middle(times.map((each, run) => each / bare[run])).toFixed(2);
console.log(`Pyodide alone, as npm has it: ${seconds(bare)}; ours takes ${share(cold)} times that at the first visit, later ${share(cached)}`);
console.log(`ready at the first visit: ${seconds(cold)}; with the plan read and judged ${seconds(seen.get(cold))}`);
console.log(`ready later: ${seconds(cached)}; with the plan read and judged ${seconds(seen.get(cached))}`);
console.log(`Verificar metas on the plan of 2020, with all reading before and after: ${seconds(pressed)}`);
await browser.close();
server.close();

// Makes an office.js for tests: Microsoft's client, our host behind it, one workbook; one for each language.
// Usage: node web/tests/bundle.mjs TOLD.json OUT

import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const [told, out] = process.argv.slice(2);
const client = fs.readFileSync(path.join(import.meta.dirname, "../node_modules/@microsoft/office-js/dist/excel-web-16.00.js"), "utf8");
for (const [language, locale] of [["es", "es-BO"], ["en", "en-US"]]) {
  const define = { TOLD: fs.readFileSync(told, "utf8"), LANGUAGE: JSON.stringify(locale) };
  const done = await build({ entryPoints: [path.join(import.meta.dirname, "office.mjs")], bundle: true, format: "iife", write: false, define });
  fs.writeFileSync(path.join(out, `office.${language}.js`), `${client}\n${done.outputFiles[0].text}`);
}

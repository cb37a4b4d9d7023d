// Does in the Python of Pyodide what a regional office does with files: jobs in, what was said and handed over out.
// Usage: node web/tests/consolidate.mjs SITE JOBS.json OUT   (a job: master, answers, history, asked; files as paths)

import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { loadPyodide } from "pyodide";

const [site, jobs, out] = process.argv.slice(2).map((each) => path.resolve(each));
const outfile = path.join(import.meta.dirname, "../../build/web-tests/python.mjs");
await build({ entryPoints: [path.join(import.meta.dirname, "../src/python.ts")], bundle: true, format: "esm", platform: "neutral", outfile, logLevel: "error" });
const { start, bridge } = await import(outfile);
const indexURL = path.join(site, "python/");
const python = await start(loadPyodide, { indexURL, stdLibURL: path.join(indexURL, "stdlib.zip") }, fs.readFileSync(path.join(site, "python/poa.zip")));
const call = bridge(python);
const done = JSON.parse(fs.readFileSync(jobs, "utf8")).map(({ asked, ...picked }, number) => {
  for (const [kind, files] of Object.entries(picked)) {
    python.FS.mkdirTree(`/files/${kind}`);
    for (const name of python.FS.readdir(`/files/${kind}`)) if (!name.startsWith(".")) python.FS.unlink(`/files/${kind}/${name}`);
    for (const file of files) python.FS.writeFile(`/files/${kind}/${path.basename(file)}`, fs.readFileSync(file));
  }
  const told = JSON.parse(call("regional", JSON.stringify({ language: "es", deed: "consolidate", write: false, prefer: "", removals: false, resolution: "", until: null, ...asked })));
  fs.mkdirSync(path.join(out, String(number)), { recursive: true });
  for (const each of told.files ?? []) fs.writeFileSync(path.join(out, String(number), each.name), python.FS.readFile(each.path));
  return told;
});
const { log } = JSON.parse(call("about", ""));
if (log) console.error(log);
fs.writeFileSync(path.join(out, "done.json"), JSON.stringify(done));

// Builds the static site: pages by Vite, Pyodide from npm, our Python and the standard library as bytecode.
// Usage: node web/build.mjs OUT

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { loadPyodide } from "pyodide";
import { build } from "vite";

const here = import.meta.dirname;
const top = path.dirname(here);
const out = path.resolve(process.argv[2] ?? path.join(here, "dist"));
const python = path.join(top, ".venv", "bin", "python");
const runtime = path.join(here, "node_modules", "pyodide");
// What Pyodide asks for by itself; its list of packages stays away, because none is ever loaded.
const RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"];

fs.rmSync(out, { recursive: true, force: true });
await build({ root: here, logLevel: "warn", build: { outDir: out, emptyOutDir: true } });
fs.mkdirSync(path.join(out, "python"));
for (const name of RUNTIME) fs.copyFileSync(path.join(runtime, name), path.join(out, "python", name));
const sources = path.join(top, "build", "poa-web.zip");
execFileSync(python, [path.join(here, "payload.py"), sources], { stdio: "inherit" });
await compile(sources);
fs.writeFileSync(path.join(out, "LICENCIAS.txt"), licences());
stamp();

// Bytecode by the Python that will run it: sources would be compiled anew at every start, which takes longer than all else.
async function compile(archive) {
  const py = await loadPyodide();
  py.FS.writeFile("/poa.zip", fs.readFileSync(archive));
  py.FS.writeFile("/stdlib.zip", fs.readFileSync(path.join(runtime, "python_stdlib.zip")));
  py.runPython(fs.readFileSync(path.join(here, "python", "compile.py"), "utf8"));
  for (const name of ["poa.zip", "stdlib.zip"]) fs.writeFileSync(path.join(out, "python", name), py.FS.readFile(`/out/${name}`));
}

function licences() {
  const texts = { "poa-xl (BSD-3-Clause)": path.join(top, "LICENSE") };
  return [
    ...Object.entries(texts).map(([name, file]) => `${name}\n\n${fs.readFileSync(file, "utf8")}`),
    `Pyodide ${JSON.parse(fs.readFileSync(path.join(runtime, "package.json"), "utf8")).version} (MPL-2.0): https://mozilla.org/MPL/2.0/, sources at https://github.com/pyodide/pyodide\n`,
    "CPython and its standard library (PSF-2.0): https://docs.python.org/3/license.html\n",
  ].join("\n----\n\n");
}

// What belongs together, by one stamp over all bytes: the service worker keeps files of one stamp and no others.
function stamp() {
  const files = fs.readdirSync(out, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const names = files.map((each) => path.relative(out, path.join(each.parentPath, each.name)).replaceAll(path.sep, "/")).sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update(fs.readFileSync(path.join(out, name)));
  const version = execFileSync(python, ["-c", "import poa_xl; print(poa_xl.__version__)"], { cwd: top, encoding: "utf8" }).trim();
  const kept = names.filter((name) => name !== "sw.js");
  fs.writeFileSync(path.join(out, "version.json"), JSON.stringify({ version, stamp: hash.digest("hex").slice(0, 12), files: kept }, null, 1));
  // The browser looks for a new version by comparing the bytes of this one file.
  const worker = path.join(out, "sw.js");
  fs.writeFileSync(worker, fs.readFileSync(worker, "utf8").replaceAll("__SITE__", fs.readFileSync(path.join(out, "version.json"), "utf8")));
}

// Builds the static site: pages by Vite, Pyodide from npm, our Python and the standard library as bytecode.
// Usage: node web/build.mjs OUT

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { loadPyodide } from "pyodide";
import { build } from "vite";

const here = import.meta.dirname;
const top = path.dirname(here);
const out = path.resolve(process.argv[2] ?? path.join(here, "dist"));
const python = path.join(top, ".venv", "bin", "python");
const runtime = path.join(here, "node_modules", "pyodide");
// What Pyodide asks for by itself, beside the list of its packages: none is ever loaded, so none is listed.
const RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"];

fs.rmSync(out, { recursive: true, force: true });
await build({ root: here, logLevel: "warn", build: { outDir: out, emptyOutDir: true } });
fs.mkdirSync(path.join(out, "python"));
for (const name of RUNTIME) fs.copyFileSync(path.join(runtime, name), path.join(out, "python", name));
const { info } = JSON.parse(fs.readFileSync(path.join(runtime, "pyodide-lock.json"), "utf8"));
fs.writeFileSync(path.join(out, "python", "pyodide-lock.json"), JSON.stringify({ info, packages: {} }));
const sources = path.join(top, "build", "poa-web.zip");
execFileSync(python, [path.join(here, "payload.py"), sources], { stdio: "inherit" });
await compile(sources);
fs.writeFileSync(path.join(out, "LICENCIAS.txt"), licences());
icons();

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
    `XlsxWriter (BSD-2-Clause)\n\n${xlsxwriter()}`,
    "CPython and its standard library (PSF-2.0): https://docs.python.org/3/license.html\n",
  ].join("\n----\n\n");
}

// Its licence, as it is installed.
function xlsxwriter() {
  const code = "from importlib.metadata import files; print(next(each for each in files('xlsxwriter') if 'LICENSE' in each.name).read_text())";
  return execFileSync(python, ["-c", code], { encoding: "utf8" });
}

// The pictures of Calc's menu, as Excel wants them; what stands for all of poa-xl is the one of its first use.
function icons() {
  const from = path.join(top, "macros", "calc");
  const to = path.join(out, "icons");
  fs.mkdirSync(to);
  const draw = (svg, name, size) => fs.writeFileSync(path.join(to, `${name}.png`), new Resvg(fs.readFileSync(path.join(from, svg)), { fitTo: { mode: "width", value: size }, font: { loadSystemFonts: false } }).render().asPng());
  for (const svg of fs.readdirSync(from).filter((name) => name.endsWith(".svg"))) for (const size of [16, 32, 80]) draw(svg, `${path.parse(svg).name}-${size}`, size);
  for (const size of [16, 32, 64, 80, 128]) draw("verificar_metas.svg", `poa-${size}`, size);
  draw("verificar_metas.svg", "color", 192);
  draw("verificar_metas.svg", "outline", 32);
}

// Python in the page or in a test: Pyodide with our standard library and our code, both as bytecode.

import type { loadPyodide } from "pyodide";

export type Load = typeof loadPyodide;
export type Python = Awaited<ReturnType<Load>>;

// Where journal and log are kept, which outlive the page.
export const KEPT = "/poa";

export async function start(load: Load, options: Parameters<Load>[0], poa: Uint8Array): Promise<Python> {
  const python = await load({
    ...options,
    env: { HOME: "/home/pyodide", TZ: Intl.DateTimeFormat().resolvedOptions().timeZone },
  });
  python.FS.writeFile("/poa.zip", poa);
  python.FS.mkdirTree(KEPT);
  return python;
}

// The functions of `poa_xl/web/bridge.py` by their names.
export function bridge(python: Python): (name: string, text: string) => string {
  python.runPython(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/poa.zip")
from pathlib import Path
from poa_xl.actions import settings
from poa_xl.store import journal
from poa_xl.web import bridge
journal.keep_in(Path("${KEPT}"))
settings.also_in(Path("${KEPT}"))
`);
  const module = python.pyimport("poa_xl.web.bridge") as Record<string, (text: string) => string>;
  return (name, text) => {
    const work = module[name];
    if (!work) throw new Error(name);
    return work(text);
  };
}

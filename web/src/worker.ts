// Runs Python beside the page, so that the page answers while it works.

import { bridge, KEPT, start, type Load, type Python } from "./python";

export type Picked = { kind: "master" | "answers" | "history" | "settings"; name: string; bytes: Uint8Array };
export type Made = { name: string; bytes: Uint8Array };
export type Asked = { id: number; name: string; text: string; picked?: Picked[] };
export type Answered = { id: number; text: string; made: Made[] } | { id: number; error: string } | { progress: number } | { ready: true } | { failed: string };

const post = (message: Answered): void => self.postMessage(message);
// After these Python may have changed what is kept.
const WRITING = new Set(["press", "take_back", "abandon", "note", "regional", "settle"]);
// Where `poa_xl/web/bridge.py` and `regional.py` look for what a person picked.
const PICKED = "/files";

async function bytes(name: string): Promise<Uint8Array> {
  const answer = await fetch(new URL(name, self.location.href));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// Journal and log live in the browser's own store; where it has none they end with the page.
async function keep(python: Python): Promise<(fresh: boolean) => Promise<void>> {
  const { FS } = python as unknown as { FS: { filesystems: { IDBFS: unknown }; mount: (kind: unknown, options: object, place: string) => void; syncfs: (fresh: boolean, done: (error: unknown) => void) => void } };
  const sync = (fresh: boolean): Promise<void> => new Promise((resolve) => FS.syncfs(fresh, () => resolve()));
  try {
    FS.mount(FS.filesystems.IDBFS, {}, KEPT);
    await sync(true);
  } catch {
    return async () => undefined;
  }
  return sync;
}

type Files = { mkdirTree: (path: string) => void; readdir: (path: string) => string[]; unlink: (path: string) => void; writeFile: (path: string, bytes: Uint8Array) => void; readFile: (path: string) => Uint8Array };

function put(files: Files, picked: Picked[]): void {
  for (const kind of ["master", "answers", "history", "settings"]) {
    const folder = `${PICKED}/${kind}`;
    files.mkdirTree(folder);
    for (const name of files.readdir(folder)) if (name !== "." && name !== "..") files.unlink(`${folder}/${name}`);
  }
  for (const { kind, name, bytes } of picked) files.writeFile(`${PICKED}/${kind}/${name.replaceAll("/", "_")}`, bytes);
}

// What Python names in its answer as files is handed to the page.
function made(files: Files, text: string): Made[] {
  const told = (JSON.parse(text) as { files?: { path: string; name: string }[] }).files ?? [];
  return told.map(({ path, name }) => ({ name, bytes: files.readFile(path) }));
}

async function begin(): Promise<void> {
  const home = new URL("python/", self.location.href).href;
  post({ progress: 0.1 });
  const [module, poa] = await Promise.all([import(/* @vite-ignore */ `${home}pyodide.mjs`) as Promise<{ loadPyodide: Load }>, bytes("python/poa.zip")]);
  post({ progress: 0.3 });
  const python = await start(module.loadPyodide, { indexURL: home, stdLibURL: `${home}stdlib.zip` }, poa);
  post({ progress: 0.7 });
  const sync = await keep(python);
  const call = bridge(python);
  let turn = Promise.resolve();
  self.onmessage = ({ data }: MessageEvent<Asked>) => {
    turn = turn.then(async () => {
      try {
        const files = python.FS as unknown as Files;
        if (data.picked) put(files, data.picked);
        const text = call(data.name, data.text);
        if (WRITING.has(data.name)) await sync(false);
        post({ id: data.id, text, made: data.picked ? made(files, text) : [] });
      } catch (error) {
        post({ id: data.id, error: String(error) });
      }
    });
  };
  post({ ready: true });
}

begin().catch((error: unknown) => post({ failed: String(error) }));

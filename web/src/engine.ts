// The worker as the page sees it: calls that are answered later, how far it is, and a sentence when nothing comes.

import type { Answered, Made, Picked } from "./worker";

// Python starts in two or three seconds; where it does not within this time, something keeps it from starting.
const PATIENCE = 60_000;
// A button on a large plan; longer than this nobody waits.
const LONGEST = 120_000;

type Done = { text: string; made: Made[] };
type Waiting = { resolve: (done: Done) => void; reject: (error: Error) => void; timer: ReturnType<typeof setTimeout> };

// Python does not start; it does not answer any more; it met an error of its own.
export class Silent extends Error {}
export class Late extends Error {}
export class Failed extends Error {}

export class Engine {
  readonly ready: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  constructor(
    private readonly worker: Worker,
    progress: (part: number) => void,
    patience = PATIENCE,
    private readonly longest = LONGEST,
  ) {
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Silent("")), patience);
      const end = (work: () => void): void => {
        clearTimeout(timer);
        work();
      };
      worker.onerror = (event) => end(() => reject(new Silent(event.message ?? "")));
      worker.onmessage = ({ data }: MessageEvent<Answered>) => {
        if ("progress" in data) progress(data.progress);
        else if ("ready" in data) end(resolve);
        else if ("failed" in data) end(() => reject(new Silent(data.failed)));
        else this.settle(data);
      };
    });
    this.ready.catch(() => undefined);
  }

  private settle(data: ({ id: number } & Done) | { id: number; error: string }): void {
    const found = this.waiting.get(data.id);
    if (!found) return;
    this.waiting.delete(data.id);
    clearTimeout(found.timer);
    if ("error" in data) found.reject(new Failed(data.error));
    else found.resolve(data);
  }

  async call(name: string, text: string): Promise<string> {
    return (await this.callWith(name, text)).text;
  }

  // With files that a person picked; files may come back.
  async callWith(name: string, text: string, picked?: Picked[]): Promise<Done> {
    await this.ready;
    return new Promise((resolve, reject) => {
      this.count += 1;
      const id = this.count;
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Late(name));
      }, this.longest);
      this.waiting.set(id, { resolve, reject, timer });
      this.worker.postMessage({ id, name, text, picked });
    });
  }
}

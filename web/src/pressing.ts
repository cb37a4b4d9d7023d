// Presses a button: read everything, let Python work on it, look whether it is still so, do it.

import { check, Locked, makeRoom, replay, Stale, unlocked } from "./replay";
import { snapshot } from "./snapshot";
import type { Pressed, Said, ToldBook } from "./told";

export type Run = <T>(work: (context: Excel.RequestContext) => Promise<T>) => Promise<T>;
export type Call = (name: "press" | "take_back" | "abandon" | "look" | "call" | "about" | "note", text: string) => Promise<string>;

export interface Desk {
  run: Run;
  call: Call;
  place: () => { address: string; program: string };
  language: () => string;
  ask: (title: string, question: string) => Promise<boolean>;
  texts: { stale: (sheet: string) => string; locked: (sheet: string) => string; unbegun: (reason: string) => string; refused: (reason: string) => string; half: (reason: string) => string };
}

// One button at a time: a second one would read what the first is about to change.
let queue: Promise<unknown> = Promise.resolve();

// A finding whose remedy is a number: which one, and which number was shown.
export interface Correction {
  rule: string;
  cell: string;
  remedy: string;
}

export function press(desk: Desk, button: string, finding?: Correction): Promise<Said[]> {
  const turn = queue.then(() => pressNow(desk, button, finding));
  queue = turn.catch(() => undefined);
  return turn;
}

async function pressNow(desk: Desk, button: string, finding?: Correction): Promise<Said[]> {
  const answers: Record<string, boolean> = {};
  for (;;) {
    const book = await desk.run((context) => snapshot(context, desk.place()));
    const done = await called(desk, "press", { button, book, answers, finding });
    if (done.ask === null) return finish(desk, book, done);
    answers[done.ask[1]] = await desk.ask(...done.ask);
  }
}

async function finish(desk: Desk, book: ToldBook, done: Pressed): Promise<Said[]> {
  if (done.steps.length === 0) return done.said;
  let begun = false;
  try {
    await desk.run(async (context) => {
      await check(context, book, done.steps);
      await unlocked(context, done.steps, async () => {
        await makeRoom(context, done.steps);
        begun = true;
        await replay(context, done.steps);
      });
    });
    return done.said;
  } catch (error) {
    if (!begun) {
      await desk.call("abandon", JSON.stringify({ book: book.address }));
      return [{ text: why(desk, error), title: "POA", is_error: true }];
    }
    await desk.call("note", JSON.stringify({ error: reason(error), steps: done.steps.length }));
    const text = await takeBack(desk).then(() => desk.texts.refused(reason(error)), (more: unknown) => desk.texts.half(reason(more)));
    return [{ text, title: "POA", is_error: true }];
  }
}

// What was done before the program refused is undone by the same journal that the button Deshacer reads.
async function takeBack(desk: Desk): Promise<void> {
  const book = await desk.run((context) => snapshot(context, desk.place()));
  const { steps } = await called(desk, "take_back", { book });
  await desk.run((context) => unlocked(context, steps, () => replay(context, steps)));
}

// Why nothing was written.
function why({ texts }: Desk, error: unknown): string {
  if (error instanceof Stale) return texts.stale(error.message);
  return error instanceof Locked ? texts.locked(error.message) : texts.unbegun(reason(error));
}

async function called(desk: Desk, name: "press" | "take_back", what: object): Promise<Pressed> {
  return JSON.parse(await desk.call(name, JSON.stringify({ language: desk.language(), ...what }))) as Pressed;
}

export function reason(error: unknown): string {
  const { message, debugInfo } = error as { message?: string; debugInfo?: { statement?: string } };
  return [message ?? String(error), debugInfo?.statement ?? ""].filter(Boolean).join(" · ");
}

// Consolidates files that a person picks: what would change, then the result as downloads. No file leaves the machine.

import { button, choice, field, make, section } from "./dom";
import type { Texts } from "./texts";
import type { Made, Picked } from "./worker";

interface Unit {
  unit: string;
  received: string;
  file: string;
  changed: number;
  rejected: number;
  red: number;
  note: string;
}

interface Change {
  fate: string;
  code: string;
  field: string;
  master: string;
  theirs: string;
  unit: string;
  cell: string;
  reason: string;
  open: boolean;
}

interface Told {
  problem: string;
  units: Unit[];
  changes: Change[];
  all: number;
  waiting: number;
  notes: string[];
  files: unknown[];
}

export type Work = (text: string, picked: Picked[]) => Promise<{ text: string; made: Made[] }>;

export class Regional {
  readonly section: HTMLElement;
  private readonly master = make("input", { type: "file", accept: ".xlsx,.xlsm" });
  private readonly answers = make("input", { type: "file", accept: ".xlsx,.xlsm,.toml", multiple: "" });
  private readonly history = make("input", { type: "file", accept: ".sqlite" });
  private readonly removals = make("input", { type: "checkbox" });
  private readonly prefer: HTMLSelectElement;
  private readonly line = make("p", { "aria-live": "polite" });
  private readonly result = make("div", {});
  private readonly controls: HTMLButtonElement[];

  constructor(
    private readonly texts: Texts,
    private readonly work: Work,
    private readonly language: string,
  ) {
    this.prefer = choice([["", texts.preferNobody], ["unit", texts.preferUnit], ["master", texts.preferMaster]], () => undefined);
    this.controls = [button(texts.preview, () => void this.run(false)), button(texts.consolidate, () => void this.run(true))];
    this.section = section(
      "regional",
      texts.regional,
      make(
        "details",
        {},
        make("summary", {}, texts.choose),
        make("p", {}, texts.regionalAbout),
        make("div", { class: "filters" }, field(texts.master, this.master), field(texts.answers, this.answers), field(texts.history, this.history), field(texts.prefer, this.prefer), make("label", { class: "check" }, this.removals, texts.removals)),
        make("p", {}, ...this.controls),
        make("p", {}, texts.limits),
      ),
      this.line,
      this.result,
    );
  }

  private async run(write: boolean): Promise<void> {
    const { texts } = this;
    this.result.replaceChildren();
    if (!this.master.files?.length || !this.answers.files?.length) {
      this.line.textContent = texts.missingFiles;
      return;
    }
    this.line.textContent = texts.working;
    for (const each of this.controls) each.disabled = true;
    try {
      const picked = [...(await read("master", this.master)), ...(await read("answers", this.answers)), ...(await read("history", this.history))];
      const asked = { language: this.language, write, prefer: this.prefer.value, removals: this.removals.checked };
      const { text, made } = await this.work(JSON.stringify(asked), picked);
      this.show(JSON.parse(text) as Told, made, write);
    } catch (error) {
      this.line.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      for (const each of this.controls) each.disabled = false;
    }
  }

  private show(told: Told, made: Made[], write: boolean): void {
    const { texts } = this;
    if (told.problem) {
      this.line.textContent = `${told.problem} ${texts.nothingWritten}`;
      return;
    }
    const written = made.length > 0;
    this.line.textContent = [written ? "" : write ? texts.nothingWritten : texts.previewed, texts.summary(told.waiting, told.all)].filter(Boolean).join(" ");
    const links = made.map(({ name, bytes }) => make("p", {}, make("a", { href: URL.createObjectURL(new Blob([bytes as BlobPart])), download: name }, texts.download(name))));
    const captions = [texts.unit, texts.changedRows, texts.rejectedRows, texts.red];
    const head = make("thead", {}, make("tr", {}, ...captions.map((each) => make("th", { scope: "col" }, each))));
    const rows = told.units.map((each) => {
      const numbers = [each.changed, each.rejected, each.red].map((count) => make("td", {}, String(count)));
      const said = [each.file, each.received, each.note].filter(Boolean).join(" · ");
      return make("tr", {}, make("th", { scope: "row" }, each.unit, make("p", { class: "code" }, said)), ...numbers);
    });
    const shown = told.changes.length < told.all ? [make("p", {}, texts.shownOf(told.changes.length, told.all))] : [];
    this.result.replaceChildren(
      ...links,
      ...(written ? [make("p", {}, texts.keepHistory)] : []),
      ...told.notes.map((each) => make("p", {}, each)),
      make("table", { class: "came" }, head, make("tbody", {}, ...rows)),
      make("ol", { class: "findings" }, ...told.changes.map(change)),
      ...shown,
    );
  }
}

function change(each: Change): HTMLElement {
  const what = `${[each.code, each.field].filter(Boolean).join(" · ")}: ${each.master || "—"} → ${each.theirs || "—"}`;
  const who = [each.unit, each.cell].filter(Boolean).join(" · ");
  return make("li", { class: each.open ? "ROJO" : "" }, make("span", { class: "tag" }, each.fate), make("p", {}, what), make("p", { class: "code" }, who), ...(each.reason ? [make("p", {}, each.reason)] : []));
}

async function read(kind: Picked["kind"], input: HTMLInputElement): Promise<Picked[]> {
  return Promise.all([...(input.files ?? [])].map(async (file) => ({ kind, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

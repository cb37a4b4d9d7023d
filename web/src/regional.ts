// What a regional office does with files that a person picks: hands out, consolidates, sees who is missing, takes back.
// What comes of it are downloads. No file leaves the machine.

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
  reminder: string;
  mailto?: string;
}

interface Part {
  unit: string;
  file: string;
  operations: number;
  problem: string;
}

interface Change {
  sheet: string;
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
  parts: Part[];
  step: string;
  said: string;
  lines: string[];
  more?: string[];
}

type Deed = "close" | "consolidate" | "freeze" | "hand_out" | "modified" | "past" | "report" | "standing" | "take_back" | "track";

export type Work = (name: string, text: string, picked: Picked[]) => Promise<{ text: string; made: Made[] }>;

export class Regional {
  readonly section: HTMLElement;
  private readonly master = make("input", { type: "file", accept: ".xlsx,.xlsm" });
  private readonly answers = make("input", { type: "file", accept: ".xlsx,.xlsm,.toml", multiple: "" });
  private readonly history = make("input", { type: "file", accept: ".sqlite" });
  private readonly removals = make("input", { type: "checkbox" });
  private readonly prefer: HTMLSelectElement;
  private readonly until: HTMLSelectElement;
  private readonly resolution = make("input", { type: "text" });
  private readonly line = make("p", { "aria-live": "polite" });
  private readonly result = make("div", {});
  private readonly controls: HTMLButtonElement[];

  constructor(
    private readonly texts: Texts,
    private readonly work: Work,
    private readonly language: string,
  ) {
    this.prefer = choice([["", texts.preferNobody], ["unit", texts.preferUnit], ["master", texts.preferMaster]], () => undefined);
    this.until = choice([["", texts.untilSheet], ...texts.months.map((name, index): [string, string] => [String(index), name])], () => undefined);
    const does = (text: string, deed: Deed, write = false): HTMLButtonElement => button(text, () => void this.run(deed, write));
    const units = [does(texts.handOut, "hand_out"), does(texts.standing, "standing"), does(texts.preview, "consolidate"), does(texts.consolidate, "consolidate", true)];
    const year = [does(texts.track, "track"), does(texts.closeQuarter, "close"), does(texts.report, "report")];
    const versions = [does(texts.freeze, "freeze"), does(texts.modified, "modified"), does(texts.past, "past"), does(texts.takeBack, "take_back")];
    this.controls = [...units, ...year, ...versions];
    this.section = section(
      "regional",
      texts.regional,
      make(
        "details",
        {},
        make("summary", {}, texts.choose),
        make("p", {}, texts.regionalAbout),
        make("div", { class: "filters" }, field(texts.master, this.master), field(texts.history, this.history)),
        make("fieldset", {}, make("legend", {}, texts.ofUnits), make("div", { class: "filters" }, field(texts.answers, this.answers), field(texts.prefer, this.prefer), make("label", { class: "check" }, this.removals, texts.removals)), ...units),
        make("fieldset", {}, make("legend", {}, texts.ofYear), make("div", { class: "filters" }, field(texts.until, this.until)), ...year),
        make("fieldset", {}, make("legend", {}, texts.ofVersions), make("div", { class: "filters" }, field(texts.resolution, this.resolution)), ...versions),
        make("p", {}, texts.limits),
      ),
      this.line,
      this.result,
    );
  }

  private async run(deed: Deed, write: boolean): Promise<void> {
    const { texts } = this;
    this.result.replaceChildren();
    const needsAnswers = deed === "consolidate";
    if (!this.master.files?.length || (needsAnswers && !this.answers.files?.length)) {
      this.line.textContent = needsAnswers ? texts.missingFiles : texts.missingMaster;
      return;
    }
    this.line.textContent = texts.working;
    for (const each of this.controls) each.disabled = true;
    try {
      const picked = [...(await read("master", this.master)), ...(await read("answers", this.answers)), ...(await read("history", this.history))];
      const asked = { language: this.language, deed, write, prefer: this.prefer.value, removals: this.removals.checked, resolution: this.resolution.value, until: this.until.value === "" ? null : Number(this.until.value) };
      const { text, made } = await this.work("regional", JSON.stringify(asked), picked);
      const told = JSON.parse(text) as Told;
      if (told.problem) this.line.textContent = `${told.problem} ${texts.nothingWritten}`;
      else this.show(deed, told, made, write);
    } catch (error) {
      this.line.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      for (const each of this.controls) each.disabled = false;
    }
  }

  private show(deed: Deed, told: Told, made: Made[], write: boolean): void {
    const { texts } = this;
    const links = made.map(({ name, bytes }) => make("p", {}, make("a", { href: URL.createObjectURL(new Blob([bytes as BlobPart])), download: name }, texts.download(name))));
    if (deed === "consolidate") this.showChanges(told, links, write);
    else if (deed === "hand_out") this.showParts(told.parts, links);
    else if (deed === "standing") this.showStanding(told.units, links);
    else if (deed === "take_back") {
      this.line.textContent = texts.tookBack(told.step);
      this.result.replaceChildren(...links, make("p", {}, texts.keepHistory));
    } else this.showLines(told, links);
  }

  private showLines({ said, lines, more = [] }: Told, links: HTMLElement[]): void {
    const { texts } = this;
    this.line.textContent = said;
    const listed = (all: string[]): HTMLElement => make("ul", {}, ...all.map((each) => make("li", {}, each)));
    this.result.replaceChildren(...links, ...(links.length ? [make("p", {}, texts.keepHistory)] : []), listed(lines), ...(more.length ? [make("p", {}, texts.lastChanges), listed(more)] : []));
  }

  private showParts(parts: Part[], links: HTMLElement[]): void {
    const { texts } = this;
    const failed = parts.filter((each) => each.problem).length;
    this.line.textContent = texts.handedOut(parts.length - failed, failed);
    const rows = parts.map((each) => row(each.unit, [each.file, each.problem], [each.operations]));
    this.result.replaceChildren(...links, make("p", {}, texts.keepSent), table([texts.unit, texts.operations], rows));
  }

  private showStanding(units: Unit[], links: HTMLElement[]): void {
    const { texts } = this;
    this.line.textContent = texts.waitingUnits(units.filter((each) => each.reminder).length, units.length);
    const rows = units.map((each) => row(each.unit, [each.received, each.file, each.note], [each.red], each.reminder ? [reminder(texts, each)] : []));
    this.result.replaceChildren(...links, table([texts.unit, texts.red], rows));
  }

  private showChanges(told: Told, links: HTMLElement[], write: boolean): void {
    const { texts } = this;
    const written = links.length > 0;
    this.line.textContent = [written ? "" : write ? texts.nothingWritten : texts.previewed, texts.summary(told.waiting, told.all)].filter(Boolean).join(" ");
    const rows = told.units.map((each) => row(each.unit, [each.file, each.received, each.note], [each.changed, each.rejected, each.red]));
    const shown = told.changes.length < told.all ? [make("p", {}, texts.shownOf(told.changes.length, told.all))] : [];
    this.result.replaceChildren(
      ...links,
      ...(written ? [make("p", {}, texts.keepHistory)] : []),
      ...told.notes.map((each) => make("p", {}, each)),
      table([texts.unit, texts.changedRows, texts.rejectedRows, texts.red], rows),
      make("ol", { class: "findings" }, ...told.changes.map(change)),
      ...shown,
    );
  }
}

function table(captions: string[], rows: HTMLElement[]): HTMLElement {
  const head = make("thead", {}, make("tr", {}, ...captions.map((each) => make("th", { scope: "col" }, each))));
  return make("table", { class: "came" }, head, make("tbody", {}, ...rows));
}

function row(unit: string, said: string[], numbers: number[], more: HTMLElement[] = []): HTMLElement {
  const told = make("p", { class: "code" }, said.filter(Boolean).join(" · "));
  return make("tr", {}, make("th", { scope: "row" }, unit, told, ...more), ...numbers.map((count) => make("td", {}, String(count))));
}

// What to write to a unit, to be copied, or to be opened in the mail program.
function reminder(texts: Texts, each: Unit): HTMLElement {
  const lines = each.reminder.split("\n").map((line) => make("p", {}, line));
  return make("details", {}, make("summary", {}, texts.reminder), ...lines, make("p", {}, make("a", { href: each.mailto ?? "", "aria-label": texts.writeTo(each.unit) }, texts.write)));
}

function change(each: Change): HTMLElement {
  const what = `${[each.code, each.field].filter(Boolean).join(" · ")}: ${each.master || "—"} → ${each.theirs || "—"}`;
  const who = [each.unit, each.sheet, each.cell].filter(Boolean).join(" · ");
  return make("li", { class: each.open ? "ROJO" : "" }, make("span", { class: "tag" }, each.fate), make("p", {}, what), make("p", { class: "code" }, who), ...(each.reason ? [make("p", {}, each.reason)] : []));
}

export async function read(kind: Picked["kind"], input: HTMLInputElement): Promise<Picked[]> {
  return Promise.all([...(input.files ?? [])].map(async (file) => ({ kind, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

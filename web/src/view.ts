// What the pane shows: the line that says how it goes, findings, the selected cell, units, help.

import { button, choice, field, make, section } from "./dom";
import type { Correction } from "./pressing";
import type { Texts } from "./texts";
import type { Box, Said } from "./told";

export interface Finding {
  rule: string;
  severity: "ERROR" | "WARNING";
  label: string;
  cell: string;
  line: number;
  code: string;
  unit: string;
  value: string;
  message: string;
  suggestion: string;
  remedy: string;
  put: string;
  at: string;
}

export interface Row {
  line: number;
  code: string;
  name: string;
  unit: string;
  state: string;
  reason: string;
}

export interface Seen {
  problem: string;
  sheet: string;
  findings: Finding[];
  rows: Row[];
  units: { name: string; states: Record<string, number> }[];
}

export interface Tab {
  caption: string;
  buttons: { name: string; caption: string; tip: string }[];
}

export interface Deeds {
  press: (name: string) => void;
  correct: (finding: Correction) => void;
  refresh: () => void;
  goTo: (sheet: string, cell: string) => void;
  update: () => void;
}

export class View {
  private readonly line = make("p", { role: "status", "aria-live": "polite" });
  private readonly bar = make("progress", { max: "1", value: "0" });
  private readonly message = make("div", { class: "message", role: "alert" });
  private readonly list = make("ol", { class: "findings" });
  private readonly count = make("p", { class: "count", "aria-live": "polite" });
  private readonly about = make("div", {});
  private readonly units = make("table", {});
  private readonly foot = make("div", {});
  private readonly search: HTMLInputElement;
  private readonly severity: HTMLSelectElement;
  private readonly unit: HTMLSelectElement;
  private readonly controls: HTMLButtonElement[] = [];
  private seen: Seen | null = null;
  private focused: Element | null = null;
  private place: { sheet: string; box: Box } | null = null;

  constructor(
    root: HTMLElement,
    private readonly texts: Texts,
    tab: Tab[],
    private readonly deeds: Deeds,
  ) {
    const show = (): void => this.showFindings();
    this.search = make("input", { type: "search" });
    this.search.addEventListener("input", show);
    this.severity = choice([["", texts.all], ["ERROR", texts.red], ["WARNING", texts.warnings]], show);
    this.unit = choice([["", texts.anyUnit]], show);
    this.bar.setAttribute("aria-label", texts.loading);
    const buttons = tab.map((group) => make("fieldset", {}, make("legend", {}, group.caption), ...group.buttons.map((each) => this.control(each.caption, () => deeds.press(each.name), each.tip))));
    const places: [id: string, text: string][] = [["findings", texts.findings], ["units", texts.units], ["regional", texts.regional], ["settings", texts.settings], ["help", texts.help]];
    const nav = make("nav", { "aria-label": texts.sections }, ...places.map(([id, text]) => make("a", { href: `#${id}` }, text)));
    root.append(
      make("header", {}, make("div", { class: "title" }, make("h1", {}, "POA"), this.line), this.bar, nav, this.message),
      make(
        "main",
        {},
        make("details", {}, make("summary", {}, texts.buttons), ...buttons),
        section("selected", texts.selected, this.about),
        section("findings", texts.findings, this.control(texts.refresh, deeds.refresh, texts.refresh), make("div", { class: "filters" }, field(texts.search, this.search), field(texts.severity, this.severity), field(texts.unit, this.unit)), this.count, this.list),
        section("units", texts.units, this.units),
        section("help", texts.help, make("p", {}, make("a", { href: "guia.html", target: "_blank", rel: "noopener" }, texts.guide)), this.foot),
      ),
    );
    this.count.textContent = texts.noPlan;
    this.showSelected();
  }

  // A section of its own, before the help.
  add(part: HTMLElement): void {
    this.foot.closest("section")?.before(part);
  }

  private control(text: string, work: () => void, tip: string): HTMLButtonElement {
    const made = button(text, work, { title: tip });
    made.disabled = true;
    this.controls.push(made);
    return made;
  }

  progress(part: number): void {
    this.bar.value = part;
    this.bar.hidden = part >= 1;
    this.line.textContent = part >= 1 ? this.texts.ready : this.texts.loading;
    for (const each of this.controls) each.disabled = part < 1;
  }

  failed(text: string): void {
    this.bar.hidden = true;
    this.line.textContent = "";
    this.say([{ text, title: "POA", is_error: true }]);
  }

  busy(text: string): void {
    this.focused = document.activeElement;
    this.line.textContent = text;
    for (const each of this.controls) each.disabled = true;
  }

  idle(): void {
    for (const each of this.controls) each.disabled = false;
    if (this.line.textContent === this.texts.working) this.line.textContent = this.texts.ready;
    // A button that was pressed was off meanwhile: who works with the keyboard goes on from there.
    if (document.activeElement === document.body && this.focused instanceof HTMLElement) this.focused.focus({ preventScroll: true });
  }

  // What a button says: a sentence of the line, or a message with its title that stays until the next one.
  say(said: Said[]): void {
    for (const { text, title, is_error } of said) {
      if (title === "") this.line.textContent = text || this.texts.ready;
      else {
        this.message.className = is_error ? "message error" : "message";
        const close = button("×", () => this.message.replaceChildren(), { "aria-label": this.texts.close, class: "close" });
        this.message.replaceChildren(close, make("strong", {}, title), ...text.split("\n").map((line) => make("p", {}, line)));
      }
    }
  }

  show(seen: Seen): void {
    this.seen = seen;
    const chosen = this.unit.value;
    const names = [...new Set(seen.findings.map((each) => each.unit).filter(Boolean))].sort();
    this.unit.replaceChildren(make("option", { value: "" }, this.texts.anyUnit), ...names.map((name) => make("option", { value: name }, name)));
    this.unit.value = names.includes(chosen) ? chosen : "";
    const states = ["ROJO", "AVISO", "VERDE"];
    const head = make("tr", {}, make("th", { scope: "col" }, this.texts.unit), ...states.map((state) => make("th", { scope: "col" }, this.texts.states[state] ?? state)));
    const rows = seen.units.map((unit) => make("tr", {}, make("th", { scope: "row" }, unit.name), ...states.map((state) => make("td", { class: unit.states[state] ? state : "" }, String(unit.states[state] ?? 0)))));
    this.units.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
    this.showFindings();
    this.showSelected();
  }

  private showFindings(): void {
    if (!this.seen) return;
    const { problem, sheet, findings } = this.seen;
    if (problem) {
      this.count.textContent = problem;
      this.list.replaceChildren();
      return;
    }
    const wanted = this.search.value.trim().toLocaleLowerCase();
    const shown = findings.filter(
      (each) =>
        (!this.severity.value || each.severity === this.severity.value) &&
        (!this.unit.value || each.unit === this.unit.value) &&
        (!wanted || [each.cell, each.code, each.unit, each.message, each.suggestion, each.value].join(" ").toLocaleLowerCase().includes(wanted)),
    );
    this.count.textContent = this.texts.count(shown.length, findings.length);
    this.list.replaceChildren(...shown.map((each) => this.finding(sheet, each)));
  }

  private finding(sheet: string, each: Finding): HTMLElement {
    const go = button(each.cell, () => this.deeds.goTo(sheet, each.cell), { "aria-label": this.texts.goTo(each.cell) });
    const remedy = each.suggestion ? [make("p", { class: "remedy" }, make("strong", {}, `${this.texts.remedy}: `), each.suggestion)] : [];
    const { rule, cell, remedy: value, put, at } = each;
    // Where the remedy goes into another cell, that is said in sight.
    const told = at === cell ? this.texts.correct(put) : this.texts.correctAt(at, put);
    if (value) remedy.push(make("p", {}, button(told, () => this.deeds.correct({ rule, cell, remedy: value }), { "aria-label": this.texts.correctAt(at, put) })));
    return make("li", { class: each.label }, go, make("span", { class: "tag" }, each.label), make("span", { class: "code" }, each.code), make("p", {}, each.message), ...remedy);
  }

  select(sheet: string, box: Box | null): void {
    this.place = box ? { sheet, box } : null;
    this.showSelected();
  }

  private showSelected(): void {
    const { seen, place, texts } = this;
    const text = (line: string): void => this.about.replaceChildren(make("p", {}, line));
    if (!seen || seen.problem || !place) return text(texts.nothing);
    if (place.sheet !== seen.sheet) return text(texts.elsewhere(seen.sheet));
    const row = seen.rows.find((each) => each.line === place.box[0]);
    if (!row) return text(texts.noRow);
    const head = make("p", {}, make("strong", {}, [row.code, row.name].filter(Boolean).join(" · ")));
    const state = make("p", {}, make("span", { class: `tag ${row.state}` }, texts.states[row.state] ?? row.state), ` ${row.unit}`);
    const reasons = (row.reason || texts.fine).split("\n").map((line) => make("p", {}, line));
    this.about.replaceChildren(head, state, ...reasons);
  }

  help(version: string, log: string, newer: boolean): void {
    const update = newer ? [make("p", {}, `${this.texts.newer} `, button(this.texts.take, this.deeds.update))] : [];
    const errors = make("details", { id: "log" }, make("summary", {}, this.texts.log), make("pre", { tabindex: "0" }, log || this.texts.noLog));
    this.foot.replaceChildren(make("p", { id: "version" }, version), ...update, errors);
  }

  openLog(): void {
    this.foot.querySelector("details")?.setAttribute("open", "");
    this.foot.querySelector("summary")?.focus();
  }

  // Asks in a dialog of the pane; Escape is no.
  ask(title: string, question: string): Promise<boolean> {
    return new Promise((resolve) => {
      const dialog = make("dialog", { "aria-labelledby": "question" }, make("h2", { id: "question" }, title), make("p", {}, question));
      const end = (answer: boolean) => (): void => {
        dialog.close();
        dialog.remove();
        resolve(answer);
      };
      dialog.append(button(this.texts.yes, end(true)), button(this.texts.no, end(false)));
      dialog.addEventListener("cancel", end(false));
      document.body.append(dialog);
      dialog.showModal();
    });
  }
}

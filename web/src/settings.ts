// The settings of an office, `poa.toml`, for every workbook that this pane opens; they stay in this browser.

import { button, field, make, section } from "./dom";
import { read, type Work } from "./regional";
import type { Texts } from "./texts";

export class Settings {
  readonly section: HTMLElement;
  private readonly file = make("input", { type: "file", accept: ".toml" });
  private readonly line = make("p", { "aria-live": "polite" });
  private readonly controls: HTMLButtonElement[];

  constructor(
    private readonly texts: Texts,
    private readonly work: Work,
    private readonly language: string,
    private readonly changed: () => void,
  ) {
    this.controls = [button(texts.useSettings, () => void this.settle(false)), button(texts.forgetSettings, () => void this.settle(true))];
    this.section = section("settings", texts.settings, make("details", {}, make("summary", {}, texts.settingsChoose), make("p", {}, texts.settingsAbout), make("div", { class: "filters" }, field(texts.settingsFile, this.file)), make("p", {}, ...this.controls)), this.line);
    this.show(false);
  }

  show(kept: boolean): void {
    this.line.textContent = kept ? this.texts.settingsKept : this.texts.settingsNone;
  }

  private async settle(forget: boolean): Promise<void> {
    const { texts } = this;
    if (!forget && !this.file.files?.length) {
      this.line.textContent = texts.settingsMissing;
      return;
    }
    for (const each of this.controls) each.disabled = true;
    try {
      const { text } = await this.work("settle", JSON.stringify({ language: this.language, forget }), forget ? [] : await read("settings", this.file));
      const { problem, kept } = JSON.parse(text) as { problem: string; kept: boolean };
      if (problem) this.line.textContent = problem;
      else {
        this.show(kept);
        this.changed();
      }
    } catch (error) {
      this.line.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      for (const each of this.controls) each.disabled = false;
    }
  }
}

// Elements with texts: what a cell says is always a text here, never HTML.

type Child = Node | string;
type Attributes = Record<string, string>;

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function button(text: string, work: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", work);
  return element;
}

export function section(id: string, title: string, ...children: Child[]): HTMLElement {
  return make("section", { "aria-labelledby": id }, make("h2", { id }, title), ...children);
}

// A field with its label above it.
export function field(label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
  return make("label", {}, make("span", {}, label), control);
}

export function choice(options: [value: string, text: string][], change: () => void): HTMLSelectElement {
  const element = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
  element.addEventListener("change", change);
  return element;
}

// Markup that escapes by default, and ids that are new on each load (as the portal's generated ids are).

class Markup {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function written(value) {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join("");
  return String(value).replace(/[&<>"']/g, (mark) => ESCAPES[mark]);
}

export function html(strings, ...values) {
  return new Markup(strings.reduce((all, part, at) => all + written(values[at - 1]) + part));
}

export function element(markup) {
  const template = document.createElement("template");
  template.innerHTML = String(markup).trim();
  return document.importNode(template.content, true).firstElementChild;
}

let serial = 100 + Math.floor(Math.random() * 9000);

export function generatedId(kind) {
  serial += 1;
  return `revit_${kind}_${serial}`;
}

export function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

export function initials(name) {
  const parts = name.split(", ").reverse().join(" ").split(/\s+/);
  return `${parts[0][0] ?? ""}${parts.length > 1 ? parts.at(-1)[0] : ""}`;
}

export function avatar(name) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return html`<span class="avatar" aria-hidden="true" style="--hue:${hue}">${initials(name)}</span>`;
}

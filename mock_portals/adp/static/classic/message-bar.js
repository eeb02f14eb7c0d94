// The bar above the record, which says what became of a save or why something cannot be shown.

import { html } from "../js/dom.js";

const bar = document.getElementById("messageBar");

export function message(sentence, kind) {
  bar.innerHTML = String(html`<div class="revit_Message ${kind}">${sentence}</div>`);
}

export function clear() {
  bar.replaceChildren();
}

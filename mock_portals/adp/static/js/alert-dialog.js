// Small questions over a panel: unsaved changes, second confirmation.

import { say } from "./config.js";
import { element, html } from "./dom.js";
import { SdfElement } from "./sdf-element.js";

class SdfDialog extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.setAttribute("role", "alertdialog");
    this.setAttribute("aria-modal", "true");
    this.render(html`<div class="scrim"></div><div class="question"><h2>${this.getAttribute("aria-label")}</h2>
      <slot></slot><div class="question-foot"><slot name="buttons"></slot></div></div>`);
  }

  get delegates() { return false; }
}

customElements.define("sdf-dialog", SdfDialog);

// Answers true when the button that goes on was pressed.
function ask(title, lead, goOn, goBack) {
  const dialog = element(html`<sdf-dialog aria-label="${title}"><p>${lead}</p>
    <sdf-button slot="buttons" class="back">${goBack}</sdf-button>
    <sdf-button slot="buttons" class="on" emphasis="primary">${goOn}</sdf-button></sdf-dialog>`);
  document.body.append(dialog);
  return new Promise((resolve) => {
    const answer = (value) => { dialog.remove(); resolve(value); };
    dialog.querySelector(".on").addEventListener("click", () => answer(true));
    dialog.querySelector(".back").addEventListener("click", () => answer(false));
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.querySelector(".back").shadowRoot.querySelector("button").focus();
  });
}

export function mayDiscard() {
  return ask(say("unsaved_title"), say("unsaved_lead"), say("close"), say("unsaved_back"));
}

export function confirmed(name) {
  return ask(say("confirm_title"), say("confirm_lead", { name }), say("done"), say("confirm_back"));
}

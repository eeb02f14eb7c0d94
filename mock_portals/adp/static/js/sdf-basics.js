// sdf-button, sdf-input and sdf-checkbox: small controls whose inner parts all carry the same ids.

import { html } from "./dom.js";
import { SdfElement } from "./sdf-element.js";

class SdfButton extends SdfElement {
  static observedAttributes = ["disabled", "busy"];

  connectedCallback() {
    if (this.shadowRoot) return;
    this.render(html`<button id="button" type="button" class="button ${this.getAttribute("emphasis")}">
      <span class="spinner" hidden></span><slot></slot></button>`);
    // A disabled host swallows what its inner button could not.
    this.addEventListener("click", (event) => {
      if (this.hasAttribute("disabled")) event.stopImmediatePropagation();
    }, { capture: true });
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    if (!this.shadowRoot) return;
    this.inner("#button").disabled = this.hasAttribute("disabled");
    this.inner(".spinner").hidden = !this.hasAttribute("busy");
  }
}

class SdfInput extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const type = this.getAttribute("type") ?? "text";
    this.render(html`<div class="field"><label for="input">${this.getAttribute("label")}</label>
      <input id="input" type="${type}" autocomplete="${this.getAttribute("autocomplete") ?? "off"}"
        value="${this.getAttribute("value") ?? ""}" spellcheck="false"></div>`);
  }

  get value() { return this.inner("#input").value; }

  set value(text) { this.inner("#input").value = text; }
}

class SdfCheckbox extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    // The `checked` attribute is always there and means nothing; aria-checked is the truth.
    this.setAttribute("checked", "");
    this.setAttribute("role", "checkbox");
    this.setAttribute("tabindex", "0");
    this.setAttribute("aria-label", this.getAttribute("label"));
    this.render(html`<span class="checkbox" aria-hidden="true"><span class="box"></span>
      <span>${this.getAttribute("label")}</span></span>`);
    this.on = this.getAttribute("aria-checked") === "true";
    this.addEventListener("click", () => { this.on = !this.on; });
    this.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); this.click(); }
    });
  }

  get delegates() { return false; }

  get on() { return this.getAttribute("aria-checked") === "true"; }

  set on(value) { this.setAttribute("aria-checked", String(value)); }
}

customElements.define("sdf-button", SdfButton);
customElements.define("sdf-input", SdfInput);
customElements.define("sdf-checkbox", SdfCheckbox);

// The frame of a slide-in panel: who is edited on top, fields in the slot, Done and Cancel in a footer that sticks.

import { say } from "./config.js";
import { avatar, html } from "./dom.js";
import { SdfElement } from "./sdf-element.js";

class SdfFocusPane extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-modal", "true");
    this.setAttribute("tabindex", "-1");
    const name = this.getAttribute("person-name");
    this.render(html`<div class="pane"><header class="pane-head" role="presentation">
        <h2>${this.getAttribute("aria-label")}</h2>
        <button type="button" id="button" class="icon-button close-panel" aria-label="${say("close_panel")}">×</button>
        <div class="person">${avatar(name)}<div><strong>${name}</strong>
          <dl><dt>${say("employee_id")}</dt>
            <dd id="employee-id-value" aria-label="${say("employee_id")}">${this.getAttribute("person-id")}</dd></dl></div></div>
      </header>
      <div class="pane-body"><div class="pane-alert"></div><slot></slot></div>
      <div class="pane-foot"><sdf-button class="cancel">${say("cancel")}</sdf-button>
        <sdf-button class="done" emphasis="primary">${say("done")}</sdf-button></div></div>`);
    this.busy = true;
  }

  get delegates() { return false; }

  set busy(value) {
    this.inner(".done").toggleAttribute("disabled", value);
    if (value) this.setAttribute("aria-busy", "true");
    else this.removeAttribute("aria-busy");
  }

  // A press that began on the old Done does not count on the new one.
  redrawDone() {
    const done = this.inner(".done");
    done.replaceWith(done.cloneNode(true));
  }

  set saving(value) {
    this.busy = value;
    this.inner(".done").toggleAttribute("busy", value);
    this.inner(".cancel").toggleAttribute("disabled", value);
  }

  alert(sentences) {
    const box = this.inner(".pane-alert");
    box.innerHTML = sentences.length
      ? String(html`<div role="alert" class="alert">${sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>`) : "";
    if (sentences.length) this.inner(".pane-body").scrollTop = 0;
  }
}

customElements.define("sdf-focus-pane", SdfFocusPane);

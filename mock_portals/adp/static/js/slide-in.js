// A slide-in panel that edits one card of a record. Which fields it has is the server's word (its layout).

import { confirmed, mayDiscard } from "./alert-dialog.js";
import { read, write } from "./api.js";
import { config, say } from "./config.js";
import { shown } from "./dates.js";
import { avatar, element, generatedId, html, pause } from "./dom.js";
import { clearToasts, toast } from "./toasts.js";

const STALE_PANES_KEPT = 3;

function field(layout, value) {
  const id = generatedId(layout.kind);
  if (layout.kind === "date") {
    return html`<sdf-date-picker id="${id}" name="${layout.name}" label="${layout.label}" value="${value}"
      ${layout.required && html`required`}></sdf-date-picker>`;
  }
  if (layout.kind === "lookup") {
    return html`<mdf-select-box id="${id}" name="${layout.name.replaceAll("_", "-")}" data-field="${layout.name}"
      label="${layout.label}" value="${value}" source="${layout.source}"></mdf-select-box>`;
  }
  return html`<sdf-input id="${id}" name="${layout.name}" label="${layout.label}" value="${value}"></sdf-input>`;
}

export class SlideIn {
  constructor({ panel, title, record, onSaved }) {
    Object.assign(this, { panel, title, record, onSaved });
    this.fields = [];
    this.rendering = false;
  }

  async open() {
    clearToasts();
    this.pane = element(html`<sdf-focus-pane aria-label="${this.title}" person-name="${this.record.name}"
      person-id="${this.record.employee_id}"><div class="skeleton-lines"></div></sdf-focus-pane>`);
    document.body.append(this.pane);
    this.pane.style.setProperty("--slide-ms", `${config.timing.slideIn}ms`);
    this.listen();
    this.pane.focus();
    const slid = pause(config.timing.slideIn);
    try {
      this.layout = await read("/people/v1/layouts", { panel: this.panel });
    } catch {
      this.failed([say("went_wrong")]);
      return;
    }
    this.fields = this.layout.fields;
    this.opened = Object.fromEntries(this.fields.map(({ name, blank }) => [name, blank ? "" : this.record.values[name]]));
    this.values = { ...this.opened };
    // Drawn once while the panel still moves and again when it stands: what was typed in between is gone.
    this.draw();
    await slid;
    this.draw();
    this.pane.busy = false;
  }

  listen() {
    this.pane.shadowRoot.addEventListener("click", ({ target }) => {
      if (target.closest(".done")) this.done();
      if (target.closest(".cancel, .close-panel")) this.cancel();
    });
    this.pane.addEventListener("keydown", (event) => { if (event.key === "Escape") this.cancel(); });
    this.pane.addEventListener("commit", (event) => this.committed(event.target));
    this.pane.addEventListener("input", ({ target }) => {
      if (target.localName === "sdf-input") this.values[target.getAttribute("name")] = target.value;
    });
  }

  draw() {
    this.rendering = true;
    const { record } = this;
    this.pane.innerHTML = String(html`<section class="about">${avatar(record.name)}<div><h3>${say("about_change")}</h3>
        <p>${say("about_change_lead")}</p>
        <p class="facts">${record.job_title} · ${record.site} · ${record.position_id}</p></div></section>
      <section class="summary"><h3>${say("change_summary")}</h3>${this.summary()}</section>
      <section class="fields"><h3>${say("new_values")}</h3>${this.fields.map((one) => field(one, this.values[one.name]))}</section>`);
    this.rendering = false;
  }

  summary() {
    const changed = this.fields.filter(({ name }) => this.values[name] !== this.opened[name]);
    if (!changed.length) return html`<p class="faint">${say("no_changes")}</p>`;
    const text = (one, value) => (one.kind === "date" ? shown(value) : value) || say("none_marked");
    return html`<ul>${changed.map((one) => html`<li><span>${one.label}</span>
      <s>${text(one, this.opened[one.name])}</s> <b>${text(one, this.values[one.name])}</b></li>`)}</ul>`;
  }

  async committed(source) {
    if (this.rendering) return;
    this.values[source.dataset.field ?? source.getAttribute("name")] = source.value;
    this.pane.busy = true;
    this.pane.redrawDone();
    await pause(config.timing.dependents);
    this.draw();
    this.pane.busy = false;
  }

  get edited() {
    const uncommitted = [...this.pane.querySelectorAll("sdf-date-picker")].some((picker) => picker.edited);
    return uncommitted || this.fields.some(({ name }) => this.values[name] !== this.opened[name]);
  }

  async done() {
    const missing = this.fields.filter(({ name, required }) => required && !this.values[name]);
    this.pane.alert(missing.map(({ label }) => say("required", { label })));
    if (missing.length) return;
    if ((this.layout.confirm || this.record.confirm) && !(await confirmed(this.record.name))) return;
    this.pane.saving = true;
    try {
      this.saved(await write(`/people/v1/${this.record.aoid}/${this.layout.path}`, this.values));
    } catch (error) {
      this.pane.saving = false;
      this.pane.alert([this.sentence(error)]);
    }
  }

  sentence(error) {
    if (error.status === 403) return say("not_authorized");
    return error.status === 422 ? error.sentence : say("went_wrong");
  }

  saved({ outcome, toast: announced }) {
    this.close();
    if (announced) toast(say(outcome));
    this.onSaved();
  }

  failed(sentences) {
    this.pane.innerHTML = "";
    this.pane.removeAttribute("aria-busy");
    this.pane.alert(sentences);
  }

  async cancel() {
    if (!this.edited || await mayDiscard()) this.close();
  }

  // The portal leaves closed panes behind, hidden, with all that was in them.
  close() {
    this.pane.hidden = true;
    this.pane.removeAttribute("aria-busy");
    [...document.querySelectorAll("sdf-focus-pane[hidden]")].slice(0, -STALE_PANES_KEPT).forEach((pane) => pane.remove());
  }
}

export function closeAllPanes() {
  document.querySelectorAll("sdf-focus-pane").forEach((pane) => { pane.hidden = true; });
  document.querySelectorAll("sdf-dialog").forEach((dialog) => dialog.remove());
}

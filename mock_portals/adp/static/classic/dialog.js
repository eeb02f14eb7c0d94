// A dialog of Dojo's kind that edits one card: form table, generated ids, Done and Cancel as spans.

import { read, write } from "../js/api.js";
import { config, say } from "../js/config.js";
import { shown, typed } from "../js/dates.js";
import { element, generatedId, html, pause } from "../js/dom.js";
import { clear, message } from "./message-bar.js";

function button(key) {
  return html`<span class="dijit dijitButton"><span role="button" tabindex="0" class="dijitButtonNode" data-key="${key}">
    <span class="dijitButtonText">${say(key)}</span></span></span>`;
}

function input(field, value) {
  const id = generatedId(field.kind === "date" ? "form_DateTextBox" : "form_TextBox");
  const text = field.kind === "date" ? shown(value) : value;
  // The value travels in a hidden twin of the field; only the visible one can be typed into.
  return html`<tr><td class="fldLabel"><label for="${id}">${field.label}:</label></td>
    <td><span class="dijitInputField"><input id="${id}" class="dijitInputInner" data-name="${field.name}" data-kind="${field.kind}"
      value="${text}" autocomplete="off" ${field.kind === "lookup" && html`role="combobox" aria-expanded="false"`}
      ${field.required && html`aria-required="true"`}><input type="hidden" name="${field.name}" value="${value}">
      ${field.kind === "lookup" && html`<a href="javascript:void 0" class="clear" data-clear="${field.name}"
        title="${say("clear", { label: field.label })}">x</a>`}</span></td></tr>`;
}

export class Dialog {
  constructor({ panel, title, record, onSaved }) {
    Object.assign(this, { panel, title, record, onSaved, asked: 0 });
  }

  async open() {
    clear();
    this.root = element(html`<div class="dijitDialog" role="dialog" aria-labelledby="dialogTitle"><div class="dijitDialogTitleBar">
      <span id="dialogTitle">${this.title}</span><span class="dlgEmp">${this.record.name}</span> <span class="dlgEmpId">${this.record.employee_id}</span></div>
      <div class="revit_Standby"></div><ul class="revit_Errors"></ul><table class="fields"><tbody></tbody></table>
      <div class="dijitDialogPaneActionBar">${button("cancel")}${button("done")}</div></div>`);
    // Dialogs that were closed stay in the document, and the title's id is in each of them.
    document.body.append(this.root);
    this.listen();
    try {
      this.layout = await read("/people/v1/layouts", { panel: this.panel });
    } catch {
      this.errors([say("went_wrong")]);
      this.busy = false;
      return;
    }
    this.opened = Object.fromEntries(this.layout.fields.map(({ name, blank }) => [name, blank ? "" : this.record.values[name]]));
    this.values = { ...this.opened };
    this.draw();
    await pause(config.timing.slideIn);
    this.draw();
    this.busy = false;
  }

  set busy(value) { this.root.querySelector(".revit_Standby").hidden = !value; }

  get isBusy() { return !this.root.querySelector(".revit_Standby").hidden; }

  draw() {
    this.root.querySelector("tbody").innerHTML = String(html`${this.layout.fields.map((one) => input(one, this.values[one.name]))}`);
  }

  errors(sentences) {
    this.root.querySelector(".revit_Errors").innerHTML = String(html`${sentences.map((one) => html`<li>${one}</li>`)}`);
  }

  listen() {
    this.root.addEventListener("click", ({ target }) => {
      const key = target.closest("[data-key]")?.dataset.key;
      if (target.dataset.clear) this.keep(target.dataset.clear, "");
      if (key === "done" && !this.isBusy) this.done();
      if (key === "cancel") this.cancel();
    });
    this.root.addEventListener("focusout", ({ target }) => { if (target.dataset.kind) this.left(target); });
    this.root.addEventListener("input", ({ target }) => { if (target.dataset.kind === "lookup") this.ask(target); });
    this.root.addEventListener("mousedown", (event) => this.press(event));
  }

  left(field) {
    const { name, kind } = field.dataset;
    this.closeMenu();
    if (kind === "lookup") { field.value = this.values[name]; return; }
    const value = kind === "date" ? typed(field.value) : field.value;
    if (value === null) field.value = shown(this.values[name]);
    else if (value !== this.values[name]) this.keep(name, value);
  }

  async keep(name, value) {
    this.values[name] = value;
    this.busy = true;
    await pause(config.timing.dependents);
    this.draw();
    this.busy = false;
  }

  press(event) {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      if (option.getAttribute("aria-disabled") === "false") this.keep(option.dataset.name, option.dataset.label);
    } else if (event.target.dataset.kind === "lookup") this.ask(event.target);
  }

  async ask(field) {
    this.asked += 1;
    const turn = this.asked;
    const query = field.value === this.values[field.dataset.name] ? "" : field.value;
    await pause(config.timing.options);
    const { departments } = await read("/people/v1/departments", { query }).catch(() => ({ departments: [] }));
    if (turn !== this.asked) return;
    this.closeMenu();
    field.closest("td").append(element(html`<div class="dijitComboBoxMenu" role="listbox">${departments.map((one) => html`<div role="option"
      class="dijitMenuItem" data-name="${field.dataset.name}" data-label="${one.label}" aria-disabled="${String(!one.active)}">${one.label}</div>`)}</div>`));
  }

  closeMenu() {
    this.asked += 1;
    this.root.querySelectorAll(".dijitComboBoxMenu").forEach((menu) => menu.remove());
  }

  async done() {
    const missing = this.layout.fields.filter(({ name, required }) => required && !this.values[name]);
    this.errors(missing.map(({ label }) => say("required", { label })));
    if (missing.length) return;
    if ((this.layout.confirm || this.record.confirm) && !(await this.asks("confirm_title", say("confirm_lead", { name: this.record.name }), "done", "confirm_back"))) return;
    this.busy = true;
    try {
      const { outcome, toast } = await write(`/people/v1/${this.record.aoid}/${this.layout.path}`, this.values);
      this.root.hidden = true;
      if (toast) message(say(outcome), outcome);
      this.onSaved();
    } catch (error) {
      this.errors([error.status === 403 ? say("not_authorized") : error.sentence ?? say("went_wrong")]);
    }
    this.busy = false;
  }

  async cancel() {
    const edited = this.layout?.fields.some(({ name }) => this.values[name] !== this.opened[name]);
    if (!edited || await this.asks("unsaved_title", say("unsaved_lead"), "close", "unsaved_back")) this.root.hidden = true;
  }

  asks(title, lead, goOn, goBack) {
    const box = element(html`<div class="dijitDialog small" role="dialog" aria-label="${say(title)}"><p>${lead}</p>
      ${button(goBack)}${button(goOn)}</div>`);
    document.body.append(box);
    return new Promise((resolve) => {
      box.addEventListener("click", ({ target }) => {
        const key = target.closest("[data-key]")?.dataset.key;
        if (key) { box.remove(); resolve(key === goOn); }
      });
    });
  }
}

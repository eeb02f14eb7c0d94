// The record of one person: a summary and cards, each with its own Edit.

import { read } from "./api.js";
import { config, say } from "./config.js";
import { shown } from "./dates.js";
import { avatar, element, generatedId, html, pause } from "./dom.js";
import { interrupt } from "./interruptions.js";
import { SlideIn } from "./slide-in.js";

const DATES = ["esp_start_date", "esp_end_date", "training_graduation_date", "home_department_effective"];
const CARDS = [
  { id: "personal", title: "personal_information", panel: null, fields: ["first_name", "last_name", "associate_oid"] },
  { id: "custom-fields", title: "custom_fields", panel: "personal-custom-fields", fields: ["shirt_size", "parking_permit"] },
  // The second card's id has an en dash where the first has a hyphen.
  { id: "custom–fields", title: "custom_fields", panel: "custom-fields",
    fields: ["esp_start_date", "esp_end_date", "training_graduation_date", "uptraining_class"] },
  { id: "position", title: "position", panel: "position",
    fields: ["job_title", "site", "campaign", "home_department", "home_department_effective"] },
];

function value(record, field) {
  const stored = record.values[field] ?? record[field];
  return (DATES.includes(field) ? shown(stored) : stored) || say("none_marked");
}

function definition(field, text, id = generatedId("value")) {
  return html`<div><dt>${say(field)}</dt><dd id="${id}" aria-label="${say(field)}">${text}</dd></div>`;
}

export class Record {
  constructor(main, aoid) {
    Object.assign(this, { main, aoid, turn: 0 });
    this.load();
  }

  leave() { this.turn += 1; }

  async load() {
    this.turn += 1;
    const { turn, main } = this;
    main.setAttribute("aria-busy", "true");
    main.innerHTML = String(html`<div class="page record"><div class="skeleton-block"></div><div class="skeleton-block tall"></div></div>`);
    try {
      const record = await read(`/people/v1/${this.aoid}`);
      if (turn !== this.turn) return;
      this.draw(record, () => "…");
      await pause(config.timing.flicker);
      if (turn !== this.turn) return;
      this.draw(record, (field) => value(record, field));
      main.removeAttribute("aria-busy");
      interrupt(record);
    } catch (error) {
      if (turn === this.turn) this.showFailure(error);
    }
  }

  showFailure(error) {
    const alert = element(html`<div class="page"><div role="alert" class="alert">
      <p>${error.status === 404 ? say("not_available") : say("went_wrong")}</p>
      <button type="button" class="plain-button">${say("try_again")}</button></div></div>`);
    alert.querySelector("button").addEventListener("click", () => this.load());
    this.main.replaceChildren(alert);
    this.main.removeAttribute("aria-busy");
  }

  draw(record, text) {
    // A mirror for printing holds the ids of the summary a second time, with the values of the record before.
    const before = this.printed ?? Record.last ?? { name: "", employee_id: "" };
    this.printed = before;
    this.main.innerHTML = String(html`<div class="page record">
      <div class="print-mirror" hidden><h1>${before.name}</h1><dl>
        <dd id="employee-id-value" aria-label="${say("employee_id")}">${before.employee_id}</dd></dl></div>
      <a class="back" href="#/people">‹ ${say("back_to_employees")}</a>
      <div class="profile-head">${avatar(record.name)}<h1>${record.name}</h1>
        <span class="pill ${record.status === "Active" ? "good" : ""}">${record.status}</span></div>
      <div class="record-columns"><section class="card summary-card" aria-label="${say("employee_summary")}"><dl>
        ${definition("employee_id", text("employee_id"), "employee-id-value")}
        ${["status", "position_id", "reports_to"].map((field) => definition(field, text(field)))}</dl></section>
      <div class="cards">${CARDS.map((card) => this.card(card, record, text))}</div></div></div>`);
    this.main.querySelectorAll(".edit").forEach((button) => button.addEventListener("click", () => this.edit(button, record)));
    Record.last = record;
  }

  card(card, record, text) {
    const heading = generatedId("heading");
    return html`<section class="card" id="${card.id}" aria-labelledby="${heading}">
      <header><h2 id="${heading}">${say(card.title)}</h2>${card.panel && record.can_edit && html`<button type="button"
        id="${generatedId("form_Button")}" class="edit" data-panel="${card.panel}" data-title="${say(card.title)}"
        aria-label="${say("edit")}"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 16l1-4 8-8 3 3-8 8z"/></svg>
        ${say("edit")}</button>`}</header>
      <dl>${card.fields.map((field) => definition(field, text(field)))}</dl></section>`;
  }

  edit(button, record) {
    const { panel, title } = button.dataset;
    new SlideIn({ panel, title, record, onSaved: () => this.load() }).open();
  }
}

// A date field: text commits when the field is left, and what is no date silently becomes the last good value.

import { config, say } from "./config.js";
import { dayName, iso, monthName, shown, typed } from "./dates.js";
import { element, html } from "./dom.js";
import { SdfElement } from "./sdf-element.js";

class SdfDatePicker extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const label = this.getAttribute("label");
    this.value = this.getAttribute("value") ?? "";
    this.render(html`<div class="field"><label for="input">${label}</label>
      <div class="with-icon"><input id="input" type="text" autocomplete="off" placeholder="${config.dateFormat}"
        aria-required="${String(this.hasAttribute("required"))}" value="${shown(this.value)}">
      <button type="button" id="button" class="icon-button" aria-label="${say("open_calendar", { label })}">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 4h12v12H4zM4 8h12M7 2v4M13 2v4"/></svg>
      </button></div></div>`);
    this.inner("#input").addEventListener("blur", () => this.leave());
    this.inner("#button").addEventListener("click", () => this.toggleCalendar());
  }

  get edited() { return this.inner("#input").value !== shown(this.value); }

  leave() {
    const value = typed(this.inner("#input").value);
    if (value === null) this.inner("#input").value = shown(this.value);
    else this.commit(value);
  }

  commit(value) {
    const changed = value !== this.value;
    this.value = value;
    this.inner("#input").value = shown(value);
    if (changed) this.dispatchEvent(new CustomEvent("commit", { bubbles: true, composed: true }));
  }

  toggleCalendar() {
    if (this.inner(".calendar")) this.closeCalendar();
    else this.openCalendar();
  }

  openCalendar() {
    const popup = element(html`<div class="calendar" role="dialog" aria-label="${say("calendar")}" popover="manual"></div>`);
    const [year, month] = (this.value || config.today).split("-").map(Number);
    popup.addEventListener("click", (event) => this.pick(event));
    popup.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); this.closeCalendar(); }
    });
    this.shadowRoot.append(popup);
    this.showMonth(year, month);
    popup.showPopover();
    this.place(popup);
    popup.querySelector("button").focus();
    this.outside = (event) => { if (!event.composedPath().includes(this)) this.closeCalendar(); };
    document.addEventListener("pointerdown", this.outside);
  }

  place(popup) {
    const field = this.inner(".with-icon").getBoundingClientRect();
    const below = field.bottom + popup.offsetHeight + 8 < window.innerHeight;
    popup.style.left = `${field.left}px`;
    popup.style.top = `${below ? field.bottom + 4 : field.top - popup.offsetHeight - 4}px`;
  }

  closeCalendar() {
    document.removeEventListener("pointerdown", this.outside);
    this.inner(".calendar").remove();
    this.inner("#button").focus();
  }

  showMonth(year, month) {
    this.month = { year, month };
    const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
    const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const days = Array.from({ length: count }, (_, at) => at + 1);
    this.inner(".calendar").innerHTML = String(html`<div class="calendar-head">
        <button type="button" class="icon-button" data-step="-1" aria-label="${say("previous_month")}">‹</button>
        <strong aria-live="polite">${say("calendar_month", { month: monthName(month), year })}</strong>
        <button type="button" class="icon-button" data-step="1" aria-label="${say("next_month")}">›</button></div>
      <div class="calendar-days">${say("weekdays").split(",").map((day) => html`<span>${day}</span>`)}
        ${days.map((day) => this.dayButton(year, month, day, day === 1 ? first + 1 : 0))}</div>`);
  }

  dayButton(year, month, day, column) {
    const date = iso(year, month, day);
    const kind = date === this.value ? "chosen" : date === config.today ? "today" : "";
    return html`<button type="button" class="day ${kind}" data-date="${date}" aria-label="${dayName(year, month, day)}"
      ${column ? html`style="grid-column:${column}"` : ""}>${day}</button>`;
  }

  pick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.date) {
      this.closeCalendar();
      this.commit(button.dataset.date);
      return;
    }
    const months = this.month.year * 12 + this.month.month - 1 + Number(button.dataset.step);
    this.showMonth(Math.floor(months / 12), (months % 12) + 1);
    this.inner(`[data-step="${button.dataset.step}"]`).focus();
  }
}

customElements.define("sdf-date-picker", SdfDatePicker);

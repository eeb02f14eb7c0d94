// People > Employees: filter chip, search that asks again on its own, and the grid.

import { read } from "./api.js";
import { config, say } from "./config.js";
import { element, html } from "./dom.js";
import { interrupt } from "./interruptions.js";
import { VirtualGrid } from "./virtual-grid.js";

const STATUSES = { Active: "status_active", Terminated: "status_terminated", "Leave of absence": "status_leave" };

export class PeopleList {
  constructor(main) {
    this.main = main;
    this.query = "";
    this.statuses = ["Active"];
    this.turn = 0;
    main.removeAttribute("aria-busy");
    main.innerHTML = String(html`<div class="page"><h1>${say("employees")}</h1>
      <div class="toolbar"><label class="search-box"><svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5"/>
          <path d="M13 13l4 4"/></svg><input type="search" aria-label="${say("search_employees")}"
          placeholder="${say("search_hint")}" autocomplete="off" spellcheck="false"></label>
        <div class="filter"><button type="button" class="chip"></button></div>
        <p class="count" role="status"></p></div>
      <div class="list-alert"></div><div class="grid-place"></div></div>`);
    this.grid = new VirtualGrid(main.querySelector(".grid-place"), (offset) => this.fetch(offset));
    main.querySelector("input").addEventListener("input", (event) => this.typed(event.target.value));
    main.querySelector(".chip").addEventListener("click", () => this.toggleFilter());
    this.nameChip();
    this.ask();
  }

  leave() {
    this.turn += 1;
    clearTimeout(this.waiting);
    document.removeEventListener("keydown", this.onKey, true);
    document.removeEventListener("pointerdown", this.onPress, true);
  }

  typed(text) {
    this.query = text.trim();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), config.timing.search);
  }

  fetch(offset) {
    return read("/people/v1/list", { query: this.query, status: this.statuses.join(","), offset, limit: 50 });
  }

  // The old rows and the old count stay until the answer is there.
  async ask() {
    this.turn += 1;
    const { turn } = this;
    this.grid.busy = true;
    try {
      const page = await this.fetch(0);
      if (turn === this.turn) this.show(page);
    } catch {
      if (turn === this.turn) this.showFailure();
    }
  }

  show(page) {
    this.main.querySelector(".list-alert").replaceChildren();
    this.grid.show(page);
    const key = `result${page.total === 1 ? "_one" : "s"}`;
    const count = page.query ? say(page.total === 1 ? "result_one_for" : "results_for", { count: page.total, query: page.query })
      : say(key, { count: page.total });
    this.main.querySelector(".count").textContent = count;
    interrupt(page);
  }

  showFailure() {
    this.grid.busy = false;
    const alert = element(html`<div role="alert" class="alert"><p>${say("went_wrong")}</p>
      <button type="button" class="plain-button">${say("try_again")}</button></div>`);
    alert.querySelector("button").addEventListener("click", () => this.ask());
    this.main.querySelector(".list-alert").replaceChildren(alert);
  }

  nameChip() {
    const names = this.statuses.map((status) => say(STATUSES[status])).join(", ");
    this.main.querySelector(".chip").innerHTML = String(html`${say("status_is", { statuses: names || say("status_any") })}
      <span class="badge"></span><span class="chevron" aria-hidden="true"></span>`);
  }

  toggleFilter() {
    if (this.popover) this.closeFilter();
    else this.openFilter();
  }

  // There is no Apply: the choice counts when the popover closes.
  openFilter() {
    this.popover = element(html`<div class="filter-popover" role="dialog" aria-label="${say("status")}" tabindex="-1">
      <h2>${say("status")}</h2>${Object.entries(STATUSES).map(([status, key]) => html`<sdf-checkbox data-status="${status}"
        label="${say(key)}" aria-checked="${String(this.statuses.includes(status))}"></sdf-checkbox>`)}</div>`);
    this.main.querySelector(".filter").append(this.popover);
    this.popover.focus();
    this.onKey = (event) => { if (event.key === "Escape") this.closeFilter(); };
    this.onPress = (event) => { if (!event.composedPath().includes(this.main.querySelector(".filter"))) this.closeFilter(); };
    document.addEventListener("keydown", this.onKey, true);
    document.addEventListener("pointerdown", this.onPress, true);
  }

  closeFilter() {
    const boxes = [...this.popover.querySelectorAll("sdf-checkbox")];
    this.statuses = boxes.filter((box) => box.on).map((box) => box.dataset.status);
    this.popover.remove();
    this.popover = null;
    document.removeEventListener("keydown", this.onKey, true);
    document.removeEventListener("pointerdown", this.onPress, true);
    this.nameChip();
    this.ask();
  }
}

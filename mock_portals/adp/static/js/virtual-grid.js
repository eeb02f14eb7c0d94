// A grid that keeps only the rows near the window in the document.

import { say } from "./config.js";
import { avatar, element, generatedId, html } from "./dom.js";

const ROW_HEIGHT = 52;
const SPARE_ROWS = 3;
const COLUMNS = ["name", "employee_id", "position_id", "job_title", "site", "status"];

export class VirtualGrid {
  constructor(place, fetchPage) {
    this.fetchPage = fetchPage;
    this.rows = [];
    this.total = 0;
    this.root = element(html`<div role="grid" class="grid" aria-label="${say("employees")}" aria-busy="true">
      <div role="row" class="grid-head" aria-rowindex="1">${COLUMNS.map((column) => html`<span role="columnheader">${say(column)}</span>`)}</div>
      <div class="grid-scroll" role="rowgroup" tabindex="0"><div class="grid-space" role="presentation"></div></div></div>`);
    place.append(this.root);
    this.scroll = this.root.querySelector(".grid-scroll");
    this.space = this.root.querySelector(".grid-space");
    this.scroll.addEventListener("scroll", () => this.draw());
  }

  set busy(value) { this.root.setAttribute("aria-busy", String(value)); }

  show(page) {
    this.generation = {};
    this.total = page.total;
    this.rows = [];
    this.asked = new Set([0]);
    this.keep(page);
    this.scroll.scrollTop = 0;
    this.root.setAttribute("aria-rowcount", String(page.total + 1));
    this.space.style.height = `${page.total * ROW_HEIGHT}px`;
    this.draw();
    this.busy = false;
  }

  keep(page) {
    page.rows.forEach((row, at) => { this.rows[page.offset + at] = row; });
  }

  draw() {
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const count = Math.ceil(this.scroll.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS;
    const last = Math.min(this.total, first + count);
    const places = Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
    this.space.innerHTML = String(this.total ? html`${places.map((at) => this.row(at))}`
      : html`<p class="mdf-grid-noDataMessage">${say("no_entries")}</p>`);
    const missing = places.find((at) => !this.rows[at]);
    if (missing !== undefined) this.load(Math.floor(missing / 50) * 50);
  }

  async load(offset) {
    if (this.asked.has(offset)) return;
    this.asked.add(offset);
    const { generation } = this;
    const page = await this.fetchPage(offset).catch(() => null);
    if (!page || generation !== this.generation) return;
    this.keep(page);
    this.draw();
  }

  row(at) {
    const one = this.rows[at];
    const style = html`style="top:${at * ROW_HEIGHT}px"`;
    if (!one) return html`<div class="grid-row skeleton" ${style}></div>`;
    return html`<div role="row" class="grid-row" id="${generatedId("row")}" aria-rowindex="${at + 2}" ${style}>
      <span role="gridcell" class="who">${avatar(one.name)}<a href="#/people/${one.aoid}"
        aria-label="${say("go_to_profile", { name: one.name })}">${one.name}</a></span>
      ${[one.employee_id, one.position_id, one.job_title, one.site].map((text) => html`<span role="gridcell">${text}</span>`)}
      <span role="gridcell"><span class="pill ${one.status === "Active" ? "good" : ""}">${one.status}</span></span></div>`;
  }
}

// A look-up in React-Select's manner: opens on mousedown, asks the server late, drops text that was not chosen.

import { read } from "./api.js";
import { config, say } from "./config.js";
import { element, generatedId, html, pause } from "./dom.js";
import { SdfElement } from "./sdf-element.js";

class MdfSelectBox extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const label = this.getAttribute("label");
    this.value = this.getAttribute("value") ?? "";
    this.asked = 0;
    this.listId = generatedId("listbox");
    this.render(html`<div class="field"><label for="input">${label}</label>
      <div class="MDFSelectBox__control"><div class="MDFSelectBox__value"></div>
        <input id="input" role="combobox" aria-label="${label}" aria-autocomplete="list" aria-expanded="false"
          aria-haspopup="listbox" aria-required="true" autocomplete="off" spellcheck="false">
        <span class="MDFSelectBox__indicators"></span></div></div>`);
    this.showValue();
    this.listen();
  }

  listen() {
    const input = this.inner("#input");
    this.inner(".MDFSelectBox__control").addEventListener("mousedown", (event) => this.press(event));
    input.addEventListener("input", () => { this.showValue(); this.ask(); });
    input.addEventListener("blur", () => this.drop());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.inner(".menu")) { event.stopPropagation(); this.drop(); }
      if (event.key === "ArrowDown" && !this.inner(".menu")) this.ask();
    });
  }

  press(event) {
    const input = this.inner("#input");
    if (event.target.closest(".MDFSelectBox__clear")) {
      event.preventDefault();
      this.choose("");
    } else if (event.target !== input || !this.inner(".menu")) {
      if (event.target !== input) event.preventDefault();
      input.focus();
      this.ask();
    }
  }

  showValue() {
    const typing = this.inner("#input").value !== "";
    const value = this.value
      ? html`<span class="MDFSelectBox__single-value" data-testid="${this.getAttribute("name")}-value">${this.value}</span>`
      : html`<span class="MDFSelectBox__placeholder">${say("select_placeholder")}</span>`;
    this.inner(".MDFSelectBox__value").innerHTML = typing ? "" : String(value);
    const label = say("clear", { label: this.getAttribute("label") });
    this.inner(".MDFSelectBox__indicators").innerHTML = String(html`${this.value && html`<button type="button"
      tabindex="-1" class="icon-button MDFSelectBox__clear" aria-label="${label}">×</button>`}
      <span class="chevron" aria-hidden="true"></span>`);
  }

  async ask() {
    this.asked += 1;
    const turn = this.asked;
    const query = this.inner("#input").value;
    this.showMenu(html`<div class="menu-note">${say("loading")}</div>`, true);
    await pause(config.timing.options);
    if (turn !== this.asked) return;
    const options = await read(this.getAttribute("source"), { query }).then((body) => body.departments, () => []);
    if (turn !== this.asked || !this.inner(".menu")) return;
    const rows = options.map((option) => html`<div role="option" class="MDFSelectBox__option" aria-selected="${String(option.label === this.value)}"
      aria-disabled="${String(!option.active)}" data-label="${option.label}">${option.active ? option.label : say("inactive", option)}</div>`);
    this.showMenu(rows.length ? rows : html`<div class="menu-note">${say("no_options")}</div>`, false);
  }

  showMenu(content, busy) {
    let menu = this.inner(".menu");
    if (!menu) {
      menu = element(html`<div class="menu" role="listbox" popover="manual" id="${this.listId}"
        aria-label="${this.getAttribute("label")}"></div>`);
      // The field keeps the focus, or leaving it would drop the menu before the click arrives.
      menu.addEventListener("mousedown", (event) => event.preventDefault());
      menu.addEventListener("click", (event) => this.pick(event));
      this.shadowRoot.append(menu);
      menu.showPopover();
    }
    menu.innerHTML = String(html`${content}`);
    menu.setAttribute("aria-busy", String(busy));
    this.inner("#input").setAttribute("aria-expanded", "true");
    this.place(menu);
  }

  place(menu) {
    const control = this.inner(".MDFSelectBox__control").getBoundingClientRect();
    const room = window.innerHeight - control.bottom - 16;
    Object.assign(menu.style, {
      left: `${control.left}px`, top: `${control.bottom + 4}px`, width: `${control.width}px`, maxHeight: `${room}px`,
    });
  }

  pick(event) {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-disabled") === "false") this.choose(option.dataset.label);
  }

  choose(label) {
    this.value = label;
    this.drop();
    this.dispatchEvent(new CustomEvent("commit", { bubbles: true, composed: true }));
  }

  drop() {
    this.asked += 1;
    this.inner(".menu")?.remove();
    this.inner("#input").value = "";
    this.inner("#input").setAttribute("aria-expanded", "false");
    this.showValue();
  }
}

customElements.define("mdf-select-box", MdfSelectBox);

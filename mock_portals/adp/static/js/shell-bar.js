// App bar and mega menu: nested open shadow roots, panes that are drawn hidden from the start.

import { config, say } from "./config.js";
import { avatar, html } from "./dom.js";
import { SdfElement } from "./sdf-element.js";

const EMPLOYEES = { key: "menu_employees", href: "#/people" };

// The twins of "Employees" in other panes are as real as the one in "People", and hidden as long as their pane is.
const MENU = {
  home: [],
  resources: ["Company Policies", "Forms Library", "Tools"],
  myself: ["My Information", "Pay", "Time Off", "Benefits"],
  my_team: [EMPLOYEES, "Team Calendar", "Team Time Off", "Delegation"],
  people: [EMPLOYEES, "New Hires", "Onboarding", "Org Chart", "Talent"],
  process: ["Payroll", "Time & Attendance", "Benefits Enrollment"],
  reports: ["Standard Reports", "Custom Reports", "Headcount", EMPLOYEES],
  setup: ["Custom Fields", "Validation Tables", "Security"],
};

function slug(words) {
  return words.toLowerCase().replace(/\W+/g, "-");
}

class FloatingPane extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const entries = MENU[this.getAttribute("menu")];
    const links = entries.map((entry) => (entry.key
      ? html`<a href="${entry.href}" data-pendo-id="menu-employees">${say(entry.key)}</a>`
      : html`<a href="#/${slug(entry)}">${entry}</a>`));
    this.render(html`<div class="menu-pane"><h2>${say(this.getAttribute("menu"))}</h2>
      <div class="menu-links">${links}</div></div>`);
    this.addEventListener("click", (event) => {
      if (event.composedPath().some((node) => node.localName === "a")) this.open = false;
    });
  }

  get open() { return !this.classList.contains("floating-pane-hidden"); }

  set open(value) { this.classList.toggle("floating-pane-hidden", !value); }
}

class MegaMenu extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    // aria-expanded is written once and never again: an open menu says "false" too.
    this.render(html`<nav aria-label="${say("main_nav")}">${Object.keys(MENU).map((key) => html`<div class="menu-entry">
      <button type="button" id="button" class="menu-button" data-menu="${key}" aria-expanded="false">${say(key)}</button>
      ${key !== "home" && html`<sdf-floating-pane menu="${key}" class="floating-pane-hidden"></sdf-floating-pane>`}</div>`)}</nav>`);
    this.shadowRoot.addEventListener("click", (event) => this.press(event.target.closest("button")));
    document.addEventListener("click", (event) => { if (!event.composedPath().includes(this)) this.close(); });
    this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    window.addEventListener("hashchange", () => this.mark());
    this.mark();
  }

  get delegates() { return false; }

  mark() {
    const here = window.location.hash.startsWith("#/people") ? "people" : "home";
    this.shadowRoot.querySelectorAll(".menu-button").forEach((one) => one.classList.toggle("here", one.dataset.menu === here));
  }

  press(pressed) {
    if (!pressed) return;
    const pane = pressed.parentElement.querySelector("sdf-floating-pane");
    const open = pane?.open;
    this.close();
    if (pane) pane.open = !open;
    else window.location.hash = "#/home";
  }

  close() {
    this.shadowRoot.querySelectorAll("sdf-floating-pane").forEach((pane) => { pane.open = false; });
  }
}

class ShellSearch extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.render(html`<div class="shell-search"><svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5"/>
      <path d="M13 13l4 4"/></svg><input id="input" type="search" aria-label="${say("shell_search")}"
      placeholder="${say("shell_search")}" autocomplete="off"></div>`);
  }
}

class AppBar extends SdfElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const { name } = config.user;
    this.render(html`<header class="app-bar"><a class="wordmark" href="#/home">${say("app_name")}</a>
      <sfc-shell-app-bar-search></sfc-shell-app-bar-search>
      <div class="user"><button type="button" id="button" class="user-button">${avatar(name)}<span>${name}</span></button>
        <div class="user-menu" hidden><a href="/signin/v1/signout">${say("sign_out")}</a></div></div></header>
      <wfn-shell-mega-menu></wfn-shell-mega-menu>`);
    this.inner(".user-button").addEventListener("click", () => this.inner(".user-menu").toggleAttribute("hidden"));
  }

  get delegates() { return false; }
}

customElements.define("sdf-floating-pane", FloatingPane);
customElements.define("wfn-shell-mega-menu", MegaMenu);
customElements.define("sfc-shell-app-bar-search", ShellSearch);
customElements.define("sfc-shell-app-bar", AppBar);

// The classic frame of the portal: a menu bar of Dojo's kind, and one iframe in which the people pages stand.

import { config, say } from "../js/config.js";
import { generatedId, html } from "../js/dom.js";
import { interrupt } from "../js/interruptions.js";

const MENU = {
  home: [],
  my_team: ["menu_employees", "Team Calendar"],
  people: ["menu_employees", "New Hires", "Org Chart"],
  process: ["Payroll"],
  reports: ["Standard Reports", "menu_employees"],
  setup: ["Custom Fields", "Validation Tables"],
};
const bar = document.getElementById("menuBar");
const content = document.getElementById("content");

function entry(word) {
  const known = word in config.words;
  return html`<tr role="menuitem" class="dijitMenuItem" data-href="${known ? "#/people" : "#/other"}" tabindex="-1">
    <td class="dijitMenuItemLabel">${known ? say(word) : word}</td></tr>`;
}

// Each menu is in the document from the start, hidden; aria-expanded is never written again.
bar.innerHTML = String(html`${Object.entries(MENU).map(([key, words]) => html`<span class="entry">
  <span role="menuitem" tabindex="0" aria-haspopup="true" aria-expanded="false" id="${generatedId("MenuBarItem")}"
    class="dijitMenuItemLabel top" data-menu="${key}">${say(key)}</span>
  <table role="menu" class="dijitMenu" aria-label="${say(key)}" hidden><tbody>${words.map(entry)}</tbody></table></span>`)}`);

function close() {
  bar.querySelectorAll(".dijitMenu").forEach((menu) => { menu.hidden = true; });
}

bar.addEventListener("mousedown", ({ target }) => {
  const top = target.closest(".top");
  const item = target.closest(".dijitMenuItem");
  if (top?.dataset.menu === "home") window.location.hash = "#/home";
  if (item) window.location.hash = item.dataset.href;
  const menu = top?.parentElement.querySelector(".dijitMenu");
  const open = menu && !menu.hidden;
  close();
  if (menu && menu.rows.length) menu.hidden = open;
});

function route() {
  const people = window.location.hash.startsWith("#/people");
  content.innerHTML = String(people
    ? html`<iframe id="adprIframe" name="${generatedId("frame")}" title="${say("people")}" src="/portal/people.html"></iframe>`
    : html`<div class="dijitContentPane"><h2 id="welcomeTitle">${say("welcome", { name: config.user.firstName })}</h2>
        <p>${say("home_lead")}</p></div>`);
}

// What the frame is told by the server and cannot show itself.
window.addEventListener("message", ({ data, origin }) => { if (origin === window.location.origin) interrupt(data); });
window.addEventListener("hashchange", route);
route();

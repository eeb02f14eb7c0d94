// The landing page, and the page for menu entries that lead nowhere in the mock.

import { config, say } from "./config.js";
import { html } from "./dom.js";
import { monthName } from "./dates.js";

const TO_DO = ["Review the schedule of your team", "Two learning courses are assigned to you", "Confirm your contact information"];
const NEWS = [
  ["Open enrollment", "Elections for the coming year open next month. A short guide is in Resources."],
  ["Team calendars", "Managers can now share the calendar of a team with another team."],
];
const UPCOMING = [[2, "Payroll input closes"], [5, "Team meeting"], [9, "Benefits webinar"]];

function inDays(days) {
  const date = new Date(`${config.today}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return { day: date.getUTCDate(), month: monthName(date.getUTCMonth() + 1).slice(0, 3) };
}

export function showHome(main) {
  main.removeAttribute("aria-busy");
  const { team, user } = config;
  main.innerHTML = String(html`<div class="page home"><h1>${say("welcome", { name: user.firstName })}</h1>
    <p class="lead">${say("home_lead")}</p>
    <div class="home-cards">
      <section class="card"><h2>${say("home_todo")}</h2><ul class="to-do">${TO_DO.map((text) => html`<li>${text}</li>`)}</ul></section>
      <section class="card"><h2>${say("home_team")}</h2><div class="figures">${team.map(([label, count]) => html`<div>
        <strong>${count}</strong><span>${label}</span></div>`)}</div></section>
      <section class="card"><h2>${say("home_calendar")}</h2><ul class="upcoming">${UPCOMING.map(([days, text]) => {
        const { day, month } = inDays(days);
        return html`<li><time><b>${day}</b>${month}</time><span>${text}</span></li>`;
      })}</ul></section>
      <section class="card wide"><h2>${say("home_news")}</h2>${NEWS.map(([title, text]) => html`<article><h3>${title}</h3>
        <p>${text}</p></article>`)}</section>
    </div></div>`);
}

export function showNotInMock(main, name) {
  main.removeAttribute("aria-busy");
  const title = name.replaceAll("-", " ");
  main.innerHTML = String(html`<div class="page"><h1 class="capital">${title}</h1><p class="lead">${say("not_in_mock")}</p></div>`);
}

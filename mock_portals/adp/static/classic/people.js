// The people page of the classic portal, inside the frame: the Employee ID Bar, and below it the record.

import { RequestFailed, read } from "../js/api.js";
import { config, say } from "../js/config.js";
import { shown } from "../js/dates.js";
import { generatedId, html, pause } from "../js/dom.js";
import { Dialog } from "./dialog.js";
import { message } from "./message-bar.js";

const ROWS_SHOWN = 25;
const FILTERS = { all_employees: "Active,Terminated,Leave of absence", status_is_active: "Active" };
const DATES = ["esp_start_date", "esp_end_date", "training_graduation_date", "home_department_effective"];
const CARDS = [
  { title: "personal_information", fields: ["first_name", "last_name", "associate_oid"] },
  { title: "custom_fields", panel: "personal-custom-fields", fields: ["shirt_size", "parking_permit"] },
  { title: "custom_fields", panel: "custom-fields",
    fields: ["esp_start_date", "esp_end_date", "training_graduation_date", "uptraining_class"] },
  { title: "position", panel: "position", fields: ["job_title", "site", "campaign", "home_department", "home_department_effective"] },
];
const place = document.getElementById("record");
const bar = document.getElementById("idBar");
let turn = 0;
let waiting;

function filterName(key) {
  return key === "all_employees" ? "All Employees" : say("status_is", { statuses: say("status_active") });
}

function drawBar() {
  // The list is drawn twice, and one of the two is never shown; both carry the same ids.
  const list = (dead) => html`<div class="dijitTooltipDialog ${dead}" role="dialog" aria-label="${say("employees")}" hidden>
    <table role="presentation"><tr><td><label for="idBarSscrollGrid_search">${say("search_employees")}</label></td>
      <td><input id="idBarSscrollGrid_search" class="dijitInputInner" autocomplete="off"></td>
      <td><label for="idBarSscrollGrid_filter">${say("status")}</label></td>
      <td><select id="idBarSscrollGrid_filter">${Object.keys(FILTERS).map((key) => html`<option value="${key}">${filterName(key)}</option>`)}</select></td></tr></table>
    <div class="gridStandby" hidden>${say("loading")}</div>
    <table id="idBarSscrollGrid" class="grid" aria-label="${say("employees")}"><thead><tr><th>${say("name")}</th><th>${say("employee_id")}</th>
      <th>${say("position_id")}</th><th>${say("status")}</th></tr></thead><tbody></tbody></table>
    <div class="gridCount"></div></div>`;
  bar.innerHTML = String(html`<span class="caption">${say("employee_id")}:</span> <b id="employeeIdBarId"></b>
    <b id="employeeIdBarName"></b>
    <span role="button" tabindex="0" id="employeeIdBarEmpListTooltipBtn" aria-expanded="false" class="dijitButtonNode">${say("employees")}</span>
    ${list("dead")}${list("")}`);
  const tooltip = bar.querySelector(".dijitTooltipDialog:not(.dead)");
  bar.querySelector("#employeeIdBarEmpListTooltipBtn").addEventListener("click", () => {
    tooltip.hidden = !tooltip.hidden;
    if (!tooltip.hidden) ask(tooltip);
  });
  tooltip.querySelector("input").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(tooltip), 250);
  });
  tooltip.querySelector("select").addEventListener("change", () => ask(tooltip));
  tooltip.querySelector(".grid tbody").addEventListener("click", ({ target }) => {
    const row = target.closest("tr");
    if (!row) return;
    tooltip.hidden = true;
    open(row.dataset.aoid);
  });
}

// The rows of the search before stay until the answer is there.
async function ask(tooltip) {
  turn += 1;
  const mine = turn;
  const standby = tooltip.querySelector(".gridStandby");
  standby.hidden = false;
  tooltip.querySelector(".gridCount").classList.add("old");
  const query = tooltip.querySelector("input").value.trim();
  const status = FILTERS[tooltip.querySelector("select").value];
  try {
    const page = await read("/people/v1/list", { query, status, offset: 0, limit: ROWS_SHOWN });
    if (mine !== turn) return;
    tooltip.querySelector(".grid tbody").innerHTML = String(html`${page.rows.map((row, at) => html`<tr data-aoid="${row.aoid}">
      <td id="idBarSscrollGridNameCol_Id_${at}">${row.name}</td><td id="idBarSscrollGridIdCol_Id_${at}">${row.employee_id}</td>
      <td>${row.position_id}</td><td>${row.status}</td></tr>`)}`);
    tooltip.querySelector(".gridCount").textContent = `${page.total} found (${filterName(tooltip.querySelector("select").value)}): "${page.query}"`;
    window.parent.postMessage({ interruption: page.interruption }, window.location.origin);
  } catch {
    if (mine === turn) message(say("went_wrong"), "error");
  }
  if (mine === turn) standby.hidden = true;
}

function value(record, field) {
  const stored = record.values[field] ?? record[field];
  return DATES.includes(field) ? shown(stored) : stored;
}

function card(one, record, at) {
  return html`<div class="dijitTitlePane" id="EmploymentProfile_${at}"><div class="dijitTitlePaneTitle">
      <span class="dijitTitlePaneTextNode">${say(one.title)}</span>${one.panel && record.can_edit && html`
      <span role="button" tabindex="0" class="dijitButtonNode edit" id="${generatedId("form_Button")}" data-panel="${one.panel}"
        data-title="${say(one.title)}" title="${say("edit")}"><span class="icon" aria-hidden="true">✎</span></span>`}</div>
    <table class="fields"><tbody>${one.fields.map((field) => html`<tr><td class="fldLabel">${say(field)}:</td>
      <td class="fldValue" id="EmploymentProfile_${at}.${field}">${value(record, field)}</td></tr>`)}</tbody></table></div>`;
}

function draw(record) {
  bar.querySelector("#employeeIdBarId").textContent = record.employee_id;
  bar.querySelector("#employeeIdBarName").textContent = record.name;
  place.innerHTML = String(html`<div class="revit_Standby" hidden></div><table class="head"><tbody><tr><td class="fldLabel">${say("employee_id")}:</td>
      <td class="fldValue">${record.employee_id}</td><td class="fldLabel">${say("status")}:</td><td class="fldValue">${record.status}</td>
    </tr></tbody></table><div class="panes">${CARDS.map((one, at) => card(one, record, at))}</div>`);
  place.querySelectorAll(".edit").forEach((button) => button.addEventListener("click", () => {
    new Dialog({ ...button.dataset, record, onSaved: () => open(record.aoid) }).open();
  }));
}

// The record before stays on the screen, greyed, until the new one is there.
async function open(aoid) {
  turn += 1;
  const mine = turn;
  sessionStorage.setItem("employee", aoid);
  const standby = place.querySelector(".revit_Standby");
  if (standby) standby.hidden = false;
  else place.innerHTML = '<div class="revit_Standby"></div>';
  try {
    const record = await read(`/people/v1/${aoid}`);
    await pause(config.timing.flicker);
    if (mine !== turn) return;
    draw(record);
    window.parent.postMessage({ interruption: record.interruption }, window.location.origin);
  } catch (error) {
    if (mine !== turn) return;
    place.innerHTML = "";
    message(error instanceof RequestFailed && error.status === 404 ? say("not_available") : say("went_wrong"), "error");
  }
}

drawBar();
// The portal remembers whose record was open last, and opens there.
if (sessionStorage.getItem("employee")) open(sessionStorage.getItem("employee"));

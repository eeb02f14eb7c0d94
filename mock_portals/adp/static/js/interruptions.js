// What comes in between, late and over everything: tour, survey, reminder, time-out.

import { read } from "./api.js";
import { config, say } from "./config.js";
import { element, html } from "./dom.js";

const LATE_MS = 400;

function button(key, kind = "") {
  return html`<button type="button" class="plain-button ${kind}" data-key="${key}">${say(key)}</button>`;
}

const OVERLAYS = {
  tour: () => html`<div id="pendo-guide-container" class="interruption tour" role="dialog" aria-label="${say("tour_title")}">
    <div class="interruption-box"><button type="button" class="icon-button _pendo-close-guide" data-key="close" aria-label="${say("close")}">×</button>
    <h2>${say("tour_title")}</h2><p>${say("tour_lead")}</p>${button("tour_start", "primary")}</div></div>`,
  survey: () => html`<div class="interruption survey" role="dialog" aria-label="${say("survey_title")}">
    <div class="interruption-box"><h2>${say("survey_title")}</h2><p class="lead">${say("survey_lead")}</p>
    <p class="scale" aria-hidden="true">${Array.from({ length: 11 }, (_, at) => html`<span>${at}</span>`)}</p>${button("close")}</div></div>`,
  remind: () => html`<div class="interruption" role="dialog" aria-label="${say("remind_title")}">
    <div class="interruption-box"><h2>${say("remind_title")}</h2><p>${say("remind_lead")}</p>
    ${button("verify_now")} <sdf-button aria-label="${say("remind_later")}" data-key="remind_later">${say("remind_later")}</sdf-button></div></div>`,
  timeout: () => html`<div class="message-box-outer" role="alertdialog" aria-label="${say("timeout_title")}">
    <div class="message-box-inner"><h2>${say("timeout_title")}</h2><p>${say("timeout_lead")}</p>
    ${button("timeout_cancel")} ${button("ok", "primary")}</div></div>`,
};

function survey(overlay, key) {
  if (key !== "close") return;
  if (overlay.dataset.sure) overlay.remove();
  overlay.dataset.sure = "asked";
  overlay.querySelector(".lead").textContent = say("survey_sure");
}

function timeout(overlay, key) {
  if (key === "timeout_cancel") window.location.assign("/signin/v1/signout");
  if (key === "ok") read("/people/v1/keep-alive").finally(() => overlay.remove());
}

const ANSWERS = { survey, timeout };

function close(overlay, key) {
  if (["close", "remind_later"].includes(key)) overlay.remove();
}

function show(kind) {
  const overlay = element(OVERLAYS[kind]());
  overlay.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) (ANSWERS[kind] ?? close)(overlay, key);
  });
  // Escape must neither close these nor reach the panel beneath.
  const escape = (event) => {
    if (!overlay.isConnected) window.removeEventListener("keydown", escape, true);
    else if (event.key === "Escape") event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", escape, true);
  document.body.append(overlay);
}

export function interrupt({ interruption }) {
  if (interruption) setTimeout(() => show(interruption.kind), interruption.after_ms ?? LATE_MS);
}

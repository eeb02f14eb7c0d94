// Short notices at the top right. They go by themselves.

import { say } from "./config.js";
import { element, html } from "./dom.js";

const LIFE_MS = 5000;

export function toast(sentence) {
  const notice = element(html`<div class="toast"><span class="tick" aria-hidden="true">✓</span>
    <div role="status">${sentence}</div>
    <button type="button" class="icon-button" aria-label="${say("dismiss")}">×</button></div>`);
  notice.querySelector("button").addEventListener("click", () => notice.remove());
  document.getElementById("notifications").append(notice);
  setTimeout(() => notice.remove(), LIFE_MS);
}

export function clearToasts() {
  document.getElementById("notifications").replaceChildren();
}

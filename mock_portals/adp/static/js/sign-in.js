// The sign-in document: fields stand at once, but nothing reacts before the page is hydrated.

import "./sdf-basics.js";
import { config, say } from "./config.js";
import { html, pause } from "./dom.js";

const byId = (id) => document.getElementById(id);
let userId = "";

function show(step) {
  document.querySelectorAll(".step").forEach((one) => { one.hidden = one.id !== `step-${step}`; });
}

function alert(sentence) {
  byId("sign-in-alert").innerHTML = sentence ? String(html`<div role="alert" class="alert">${sentence}</div>`) : "";
}

async function post(step, values) {
  let body;
  try {
    const response = await fetch(`/signin/v1/${step}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values),
    });
    body = await response.json();
  } catch {
    body = {};
  }
  if (body.location) window.location.assign(body.location);
  else if (body.next) { alert(""); show(body.next); } else alert(body.error ?? say("went_wrong"));
}

// A button that waits for its field, posts once, and comes back when there is an answer.
function wire(form, input, button, send) {
  const enable = () => { button.toggleAttribute("disabled", input.value === ""); };
  let sending = false;
  const go = async () => {
    if (sending || input.value === "") return;
    sending = true;
    button.setAttribute("disabled", "");
    button.setAttribute("busy", "");
    await send(input.value);
    sending = false;
    button.removeAttribute("busy");
    enable();
  };
  input.addEventListener("input", enable);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); go(); } });
  button.addEventListener("click", go);
  form.addEventListener("submit", (event) => event.preventDefault());
  enable();
}

async function hydrate() {
  await Promise.allSettled([pause(config.timing.hydrate), fetch("/signin/v1/hydrate", { cache: "no-store" })]);
  wire(byId("step-userid"), byId("login-form_username"), byId("verifUseridBtn"), async (value) => {
    userId = value;
    byId("who").textContent = value;
    await post("userid", { userid: value });
  });
  wire(byId("step-password"), byId("login-form_password"), byId("signBtn"), (value) => (
    post("password", { userid: userId, password: value })));
  wire(byId("step-passcode"), byId("login-form_passcode"), byId("submitCodeBtn"), (value) => (
    post("passcode", { passcode: value })));
  byId("sendCodeBtn").removeAttribute("disabled");
  byId("sendCodeBtn").addEventListener("click", () => { byId("code-part").hidden = false; byId("sendCodeBtn").hidden = true; });
  byId("channel-collection-remind").addEventListener("click", () => post("remind", {}));
}

document.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));
hydrate();

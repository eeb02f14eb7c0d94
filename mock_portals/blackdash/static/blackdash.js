"use strict";

const menu = document.querySelector(".menu");
menu?.addEventListener("click", () => {
  const sub = document.getElementById(menu.getAttribute("aria-controls"));
  sub.hidden = !sub.hidden;
  menu.setAttribute("aria-expanded", String(!sub.hidden));
});

for (const smiley of document.querySelectorAll(".smiley")) {
  smiley.addEventListener("click", () => openRoster(smiley.dataset.name, smiley.dataset.roster));
}

// The dialog opens empty, with its headcount still unknown; the agents arrive a few at a time.
async function openRoster(name, address) {
  const veil = document.createElement("div");
  veil.className = "veil";
  veil.innerHTML = `<div class="roster" role="dialog" aria-modal="true" aria-busy="true">
    <header><h2></h2><button type="button" class="close">Close</button></header>
    <p role="status">Loading…</p>
    <div class="scroll"><table aria-label="Agents"><thead><tr><th scope="col">Employee ID</th><th scope="col">Name</th></tr></thead>
    <tbody></tbody></table></div></div>`;
  const dialog = veil.firstElementChild;
  dialog.setAttribute("aria-label", `Roster of ${name}`);
  dialog.querySelector("h2").textContent = `Roster of ${name}`;
  dialog.querySelector(".close").addEventListener("click", () => veil.remove());
  document.body.append(veil);
  const answer = await fetch(address);
  if (answer.redirected) {
    location.assign("/login");
    return;
  }
  if (!answer.ok) {
    dialog.querySelector("[role=status]").textContent = "The roster could not be loaded.";
    return;
  }
  fill(dialog, (await answer.json()).agents);
}

function fill(dialog, agents) {
  dialog.querySelector("[role=status]").textContent = `Headcount: ${agents.length}`;
  const body = dialog.querySelector("tbody");
  const rest = [...agents];
  const some = () => {
    for (const agent of rest.splice(0, 8)) {
      const row = body.insertRow();
      row.insertCell().textContent = agent.employee_id;
      row.insertCell().textContent = agent.name;
    }
    if (rest.length) setTimeout(some, 20);
    else dialog.removeAttribute("aria-busy");
  };
  some();
}

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

const announcement = document.querySelector(".veil[data-after]");
if (announcement) {
  setTimeout(() => { announcement.hidden = false; }, Number(announcement.dataset.after));
  announcement.querySelector("button").addEventListener("click", () => announcement.remove());
}

// The dialog opens empty, with its headcount still unknown; the agents arrive a few at a time.
async function openRoster(name, address) {
  const veil = document.getElementById("roster").content.firstElementChild.cloneNode(true);
  const dialog = veil.firstElementChild;
  const title = `${dialog.dataset.title} ${name}`;
  dialog.setAttribute("aria-label", title);
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".close").addEventListener("click", () => veil.remove());
  document.body.append(veil);
  const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected) {
    location.assign(answer.url);
    return;
  }
  const found = answer?.ok ? await answer.json().catch(() => null) : null;
  if (found) fill(dialog, found.agents);
  else dialog.querySelector("[role=status]").textContent = dialog.dataset.failed;
}

function fill(dialog, agents) {
  dialog.querySelector("[role=status]").textContent = `${dialog.dataset.counted} ${agents.length}`;
  const body = dialog.querySelector("tbody");
  const rest = [...agents];
  const some = () => {
    for (const agent of rest.splice(0, 8)) {
      const row = body.insertRow();
      row.insertCell().textContent = agent.employee_id;
      row.insertCell().textContent = agent.name;
    }
    if (rest.length) setTimeout(some, 30);
    else dialog.removeAttribute("aria-busy");
  };
  setTimeout(some, 30);
}

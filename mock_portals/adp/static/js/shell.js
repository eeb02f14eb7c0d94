// The frame around every page: app bar, mega menu and the pages that the address names.

import "./sdf-basics.js";
import "./sdf-date-picker.js";
import "./mdf-select-box.js";
import "./sdf-focus-pane.js";
import "./shell-bar.js";
import { showHome, showNotInMock } from "./home.js";
import { PeopleList } from "./people-list.js";
import { Record } from "./record.js";
import { closeAllPanes } from "./slide-in.js";

const main = document.getElementById("app");
let current = null;

function route() {
  closeAllPanes();
  current?.leave?.();
  const [, name, aoid] = window.location.hash.match(/^#\/([\w-]*)\/?(\w*)/) ?? [];
  current = null;
  window.scrollTo(0, 0);
  if (name === "people" && aoid) current = new Record(main, aoid);
  else if (name === "people") current = new PeopleList(main);
  else if (!name || name === "home") showHome(main);
  else showNotInMock(main, name);
}

window.addEventListener("hashchange", route);
route();

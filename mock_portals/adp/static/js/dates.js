// Dates travel as ISO text and are shown and typed in the format of the page.

import { config, say } from "./config.js";

export function shown(iso) {
  if (!iso) return "";
  const [year, month, day] = iso.split("-");
  return config.dateFormat.replace("MM", month).replace("DD", day).replace("YYYY", year);
}

export function typed(text) {
  // ISO text, "" for an empty field, or null for what is no date.
  const words = text.trim();
  if (words === "") return "";
  const separator = config.dateFormat.includes(".") ? "." : "/";
  const parts = words.split(separator);
  const marks = config.dateFormat.split(separator);
  if (parts.length !== 3 || parts.some((part) => !/^\d+$/.test(part))) return null;
  const part = Object.fromEntries(marks.map((mark, at) => [mark, parts[at]]));
  return part.YYYY.length === 4 ? iso(Number(part.YYYY), Number(part.MM), Number(part.DD)) : null;
}

export function iso(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

export function monthName(month) {
  return say("months").split(",")[month - 1];
}

export function dayName(year, month, day) {
  return say("calendar_day", { month: monthName(month), day, year });
}

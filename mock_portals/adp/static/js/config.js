// What the server says about this page: its words, date format, user and timing.

export const config = JSON.parse(document.getElementById("page-config").textContent);

export function say(key, values = {}) {
  const words = config.words[key];
  if (words === undefined) throw new Error(`no word for ${key}`);
  return words.replace(/\{(\w+)\}/g, (mark, name) => (name in values ? values[name] : mark));
}

// Every way found in which a page can send something to its server. Each writes to save(<its name>).
const query = new URLSearchParams(location.search);
const tag = query.get("tag");
const home = location.origin;
const save = (way) => `${home}/save/${tag}.${way}`;
const on = (...names) => (way, send) => names.forEach((name) => addEventListener(name, () => send(way)));

const post = (url, more = {}) => fetch(url, { method: "POST", mode: "no-cors", body: "x=1", ...more }).catch(() => {});
const beacon = (url) => navigator.sendBeacon(url, "x=1");
const keepalive = (url) => post(url, { keepalive: true });
const put = (name, more) => {
  const element = Object.assign(document.createElement(name), more);
  document.body.append(element);
  return element;
};
const loaded = (holder) => new Promise((done) => holder.addEventListener("load", done));
const frame = (more) => put("iframe", more);
const page = (body) => `<!doctype html><body>${body}`;
const script = (code) => page(`<script>${code}</${"script"}>`);
const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }));
const dataDocument = (code) => `data:text/html,${encodeURIComponent(script(code))}`;

// Code for places that cannot see this file.
const postCode = (url) => `fetch(${JSON.stringify(url)}, {method: "POST", mode: "no-cors", body: "x=1"});`;
const socketCode = (url) => `{const s = new WebSocket(${JSON.stringify(url.replace("http", "ws"))});
  s.onopen = () => s.send("x=1");}`;
const workerCode = (code) => `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(code)}], {type: "text/javascript"})));`;
const leaveCode = (url) => `addEventListener("pagehide", () => navigator.sendBeacon(${JSON.stringify(url)}, "x=1"));`;
const served = (path, code, more = "") => `${home}/${path}?code=${encodeURIComponent(code)}${more}`;

const form = (way, more, fields = {}) => {
  const sheet = put("form", { method: "post", action: save(way), ...more });
  for (const [name, value] of Object.entries(fields)) sheet.append(Object.assign(document.createElement("input"), { name, value }));
  sheet.submit();
};
const intoFrame = (way) => {
  frame({ name: `frame_${way}` });
  return { target: `frame_${way}` };
};
const click = (element) => element.click();
const sheetOf = (name, more) => document.head.append(Object.assign(document.createElement(name), more));

const AT_ONCE = {
  fetch: (way) => post(save(way)),
  fetch_put: (way) => fetch(save(way), { method: "PUT", body: "x" }),
  fetch_delete: (way) => fetch(save(way), { method: "DELETE" }),
  fetch_own_method: (way) => fetch(save(way), { method: "SAVE" }),
  fetch_stream_body: (way) => post(save(way), { body: new Blob(["x".repeat(100000)]) }),
  fetch_keepalive: (way) => keepalive(save(way)),
  fetch_later: (way) => fetchLater(save(way), { method: "POST", body: "x", activateAfter: 0 }),
  xhr: (way) => { const x = new XMLHttpRequest(); x.open("POST", save(way)); x.send("x"); },
  xhr_sync: (way) => { const x = new XMLHttpRequest(); x.open("POST", save(way), false); try { x.send("x"); } catch {} },
  beacon: (way) => beacon(save(way)),
  ping: (way) => click(put("a", { href: "#here", ping: save(way) })),
  form_post: (way) => form(way, intoFrame(way)),
  form_post_multipart: (way) => form(way, { ...intoFrame(way), enctype: "multipart/form-data" }),
  form_post_popup: (way) => form(way, { target: "_blank" }),
  form_get: (way) => form(way, { ...intoFrame(way), method: "get" }),
  get_fetch: (way) => fetch(save(way)),
  get_image: (way) => { new Image().src = save(way); },
  get_script: (way) => put("script", { src: save(way) }),
  get_module: (way) => import(save(way)).catch(() => {}),
  get_style: (way) => sheetOf("link", { rel: "stylesheet", href: save(way) }),
  get_style_url: (way) => { document.body.style.background = `url(${save(way)})`; },
  get_font: (way) => new FontFace("f", `url(${save(way)})`).load().catch(() => {}),
  get_prefetch: (way) => sheetOf("link", { rel: "prefetch", href: save(way) }),
  get_preload: (way) => sheetOf("link", { rel: "preload", as: "fetch", href: save(way) }),
  get_icon: (way) => sheetOf("link", { rel: "icon", href: save(way) }),
  get_manifest: (way) => sheetOf("link", { rel: "manifest", href: save(way) }),
  get_video: (way) => put("video", { src: save(way), preload: "auto" }),
  get_object: (way) => put("object", { data: save(way) }),
  get_embed: (way) => put("embed", { src: save(way) }),
  get_frame: (way) => frame({ src: save(way) }),
  get_link: (way) => { frame({ name: `link_${way}` }); click(put("a", { href: save(way), target: `link_${way}` })); },
  get_link_popup: (way) => click(put("a", { href: save(way), target: "_blank" })),
  get_window_open: (way) => window.open(save(way)),
  get_location: (way) => frame({ srcdoc: script(`location = ${JSON.stringify(save(way))}`) }),
  get_meta_refresh: (way) => frame({ srcdoc: `<meta http-equiv="refresh" content="0;url=${save(way)}">` }),
  get_download: (way) => click(put("a", { href: save(way), download: "x.txt" })),
  get_event_source: (way) => new EventSource(save(way)),
  get_svg_use: (way) => put("div", { innerHTML: `<svg><image href="${save(way)}" width="9" height="9"/></svg>` }),
  get_audio_worklet: (way) => new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(save(way)).catch(() => {}),
  get_worker_script: (way) => new Worker(save(way)),
  get_import_scripts: (way) => new Worker(blob(`importScripts(${JSON.stringify(save(way))})`, "text/javascript")),
  header_override: (way) => fetch(`${home}/search/${tag}.${way}`, { method: "POST", headers: { "X-HTTP-Method-Override": "PUT" } }),
  header_override_get: (way) => fetch(`${home}/view/${tag}.${way}`, { headers: { "X-Method-Override": "DELETE" } }),
  query_override: (way) => post(`${home}/search/${tag}.${way}?_method=put`),
  body_override: (way) => post(`${home}/search/${tag}.${way}`, { body: new URLSearchParams({ _method: "put" }) }),
  body_override_multipart: (way) => {
    const body = new FormData();
    body.append("_method", "put");
    post(`${home}/search/${tag}.${way}`, { body });
  },
  redirected_get: (way) => fetch(`${home}/moved/302/${tag}.${way}`),
  redirected_twice: (way) => fetch(`${home}/moved/302/moved/302/${tag}.${way}`),
  redirected_post: (way) => post(`${home}/search/moved/307/${tag}.${way}`),
  redirected_beacon: (way) => beacon(`${home}/search/moved/308/${tag}.${way}`),
  redirected_frame: (way) => frame({ src: `${home}/moved/303/${tag}.${way}` }),
  redirected_form: (way) => form(way, { ...intoFrame(way), action: `${home}/search/moved/307/${tag}.${way}` }),
  redirected_image: (way) => { new Image().src = `${home}/moved/301/${tag}.${way}`; },
  foreign: (way) => post(save(way).replace("127.0.0.1", "localhost")),
  foreign_read: (way) => fetch(save(way).replace("127.0.0.1", "localhost"), { mode: "no-cors" }),
  frame_srcdoc: (way) => frame({ srcdoc: script(postCode(save(way))) }),
  frame_blob: (way) => frame({ src: blob(script(postCode(save(way))), "text/html") }),
  frame_data: (way) => frame({ src: dataDocument(postCode(save(way))) }),
  frame_sandboxed: (way) => frame({ sandbox: "allow-scripts", srcdoc: script(postCode(save(way))) }),
  frame_form: (way) => frame({ srcdoc: page(`<form method=post action="${save(way)}"></form>`) + script("document.forms[0].submit()") }),
  popup_blank: (way) => { const w = window.open("about:blank"); w.fetch(save(way), { method: "POST" }); },
  popup_written: (way) => window.open("").document.write(script(postCode(save(way)))),
  popup_served: (way) => window.open(served("document.html", postCode(save(way)))),
  popup_noopener: (way) => window.open(served("document.html", postCode(save(way))), "_blank", "noopener"),
  worker: (way) => new Worker(served("script.js", postCode(save(way)))),
  worker_module: (way) => new Worker(served("script.js", postCode(save(way))), { type: "module" }),
  worker_blob: (way) => new Worker(blob(postCode(save(way)), "text/javascript")),
  worker_nested: (way) => new Worker(served("script.js", workerCode(postCode(save(way))))),
  shared_worker: (way) => new SharedWorker(served("script.js", postCode(save(way)))),
  service_worker: (way) => navigator.serviceWorker?.register(served("script.js", postCode(save(way)))).catch(() => {}),
  socket: (way) => eval(socketCode(save(way))),
  socket_worker: (way) => new Worker(served("script.js", socketCode(save(way)))),
  socket_worker_module: (way) => new Worker(served("script.js", socketCode(save(way))), { type: "module" }),
  socket_worker_blob: (way) => new Worker(blob(socketCode(save(way)), "text/javascript")),
  socket_worker_data: (way) => new Worker(`data:text/javascript,${encodeURIComponent(socketCode(save(way)))}`),
  socket_worker_nested: (way) => new Worker(served("script.js", workerCode(socketCode(save(way))))),
  socket_worker_failing: (way) => frame({ src: served("document.html", workerCode(socketCode(save(way))), "&status=500") }),
  socket_shared_worker: (way) => new SharedWorker(served("script.js", socketCode(save(way)))),
  socket_service_worker: (way) => navigator.serviceWorker?.register(served("script.js", socketCode(save(way)))).catch(() => {}),
  socket_frame: (way) => frame({ src: served("document.html", socketCode(save(way))) }),
  socket_frame_srcdoc: (way) => frame({ srcdoc: script(socketCode(save(way))) }),
  socket_frame_blob: (way) => frame({ src: blob(script(workerCode(socketCode(save(way)))), "text/html") }),
  socket_frame_data: (way) => frame({ src: dataDocument(workerCode(socketCode(save(way)))) }),
  socket_frame_sandboxed: (way) => frame({ sandbox: "allow-scripts", src: served("document.html", workerCode(socketCode(save(way)))) }),
  socket_missing_page: (way) => frame({ src: served("document.html", workerCode(socketCode(save(way))), "&status=404") }),
  socket_svg: (way) => frame({ src: served("document.svg", workerCode(socketCode(save(way)))) }),
  socket_xhtml: (way) => frame({ src: served("document.xhtml", workerCode(socketCode(save(way)))) }),
  socket_untyped: (way) => frame({ src: served("document.untyped", workerCode(socketCode(save(way)))) }),
  socket_object: (way) => put("object", { data: served("document.html", workerCode(socketCode(save(way)))) }),
  socket_embed: (way) => put("embed", { src: served("document.html", workerCode(socketCode(save(way)))) }),
  socket_popup: (way) => window.open(served("document.html", workerCode(socketCode(save(way)))), "_blank", "noopener"),
  socket_popup_blank: (way) => { const w = window.open("about:blank"); w.eval(workerCode(socketCode(save(way)))); },
  prerender: (way) => put("script", { type: "speculationrules", textContent: JSON.stringify({
    prerender: [{ source: "list", urls: [save(way)], eagerness: "immediate" }] }) }),
  speculative_prefetch: (way) => put("script", { type: "speculationrules", textContent: JSON.stringify({
    prefetch: [{ source: "list", urls: [save(way)], eagerness: "immediate" }] }) }),
};

// Armed before, they fire while the page is left.
const ON_LEAVING = {
  leave_pagehide_beacon: (way) => on("pagehide")(way, (w) => beacon(save(w))),
  leave_pagehide_keepalive: (way) => on("pagehide")(way, (w) => keepalive(save(w))),
  leave_pagehide_fetch: (way) => on("pagehide")(way, (w) => post(save(w))),
  leave_pagehide_form: (way) => on("pagehide")(way, (w) => form(w, { target: "_blank" })),
  leave_pagehide_image: (way) => on("pagehide")(way, (w) => { new Image().src = save(w); }),
  leave_pagehide_xhr: (way) => on("pagehide")(way, (w) => AT_ONCE.xhr_sync(w)),
  leave_pagehide_redirected: (way) => on("pagehide")(way, (w) => AT_ONCE.redirected_beacon(w)),
  leave_hidden_beacon: (way) => document.addEventListener("visibilitychange", () => beacon(save(way))),
  leave_hidden_keepalive: (way) => document.addEventListener("visibilitychange", () => keepalive(save(way))),
  leave_unload_beacon: (way) => on("unload")(way, (w) => beacon(save(w))),
  leave_unload_keepalive: (way) => on("unload")(way, (w) => keepalive(save(w))),
  leave_unload_fetch: (way) => on("unload")(way, (w) => post(save(w))),
  leave_beforeunload_beacon: (way) => on("beforeunload")(way, (w) => beacon(save(w))),
  leave_beforeunload_keepalive: (way) => on("beforeunload")(way, (w) => keepalive(save(w))),
  leave_fetch_later: (way) => fetchLater(save(way), { method: "POST", body: "x" }),
  leave_fetch_later_get: (way) => fetchLater(save(way)),
  leave_frame: (way) => loaded(frame({ src: served("document.html", leaveCode(save(way))) })),
  leave_frame_srcdoc: (way) => loaded(frame({ srcdoc: script(leaveCode(save(way))) })),
  leave_frame_sandboxed: (way) => loaded(frame({ sandbox: "allow-scripts", srcdoc: script(leaveCode(save(way))) })),
  leave_frame_removed: async (way) => (await loaded(frame({ srcdoc: script(leaveCode(save(way))) }))).target.remove(),
  leave_popup: (way) => loaded(window.open(served("document.html", leaveCode(save(way))))),
  leave_socket: (way) => {
    const socket = new WebSocket(save(way).replace("http", "ws"));
    addEventListener("pagehide", () => socket.send("x=1"));
    return new Promise((done) => { socket.onopen = socket.onerror = done; });
  },
};

// For the runs that are killed: many writes under way at every moment.
const loop = () => {
  const writes = () => [post, beacon, keepalive].forEach((send) => send(save("loop")));
  setInterval(writes, 20);
  addEventListener("pagehide", writes);
  new Worker(blob(`setInterval(() => {${postCode(save("loop"))}}, 20)`, "text/javascript"));
};

const start = async (way, go) => {
  try { await go(way); } catch (error) { console.log(way, error); }
};
const names = () => [Object.keys(AT_ONCE), Object.keys(ON_LEAVING)];
const arm = async () => {
  // One after the other: frames that start together hang at times, guard or not.
  for (const [way, go] of Object.entries(ON_LEAVING)) await start(way, go);
};
const fire = () => { for (const [way, go] of Object.entries(AT_ONCE)) start(way, go); };

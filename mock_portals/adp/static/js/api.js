// Requests to the portal. A session that is gone sends the whole page to the sign-in document.

export class RequestFailed extends Error {
  constructor(status, sentence) {
    super(sentence ?? `status ${status}`);
    this.status = status;
    this.sentence = sentence;
  }
}

async function answer(path, options) {
  const response = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options })
    .catch(() => { throw new RequestFailed(0); });
  const body = await response.json().catch(() => {
    // An answer that breaks off is no answer; an error page may be of any form.
    if (response.ok) throw new RequestFailed(0);
    return {};
  });
  if (response.status === 401) {
    window.top.location.assign(body.location ?? "/");
    return new Promise(() => {});
  }
  if (!response.ok) throw new RequestFailed(response.status, body.message);
  return body;
}

export function read(path, query = {}) {
  const parameters = new URLSearchParams(query).toString();
  return answer(parameters ? `${path}?${parameters}` : path, {});
}

export function write(path, values) {
  return answer(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(values),
  });
}

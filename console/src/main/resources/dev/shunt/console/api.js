// The control API, relative to where this page lies: it may lie behind any prefix.

const BASE = new URL('api/v1/', document.baseURI);

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function address(path, parameters = {}) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== '' && value !== undefined && value !== null) {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

async function ask(url, init) {
  const answer = await fetch(url, {cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(30_000), ...init});
  const text = await answer.text();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refused(answer.status, `not understood: ${answer.status} ${answer.statusText}`);
  }
  if (!answer.ok && !('ok' in body)) {
    throw new Refused(answer.status, body.error ?? answer.statusText);
  }
  return body;
}

export const get = (path, parameters) => ask(address(path, parameters), {});

export const post = (path, body = {}) =>
  ask(address(path), {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});

/** A part of a path. */
export const part = name => encodeURIComponent(name);

// What the program says each second: one stream while this tab is seen, none while it is not, questions where there is no stream.

import {address, get} from './api.js';

const EVERY_MS = 2000;
const SAMPLES = 600;
/** Nothing for so long: the program is not reachable. */
const SILENT_MS = 4000;

const listeners = new Set();

/** The latest document of /status; null before the first. */
export let status = null;
/** {state: 'connecting' | 'live' | 'polling' | 'lost', since: milliseconds} */
export let connection = {state: 'connecting', since: Date.now()};
/** What /status said, a sample for each time: [{at, totals, groups, types}] */
export const history = [];

let stream = null;
let poll = null;
let heard = Date.now();

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  listeners.forEach(listener => listener());
}

function take(document, how) {
  if (status && (document.pid !== status.pid || document.since !== status.since)) {
    history.length = 0; // another run: its counts begin anew
  }
  status = document;
  heard = Date.now();
  history.push({at: heard / 1000, totals: document.totals, groups: document.groups, types: document.types});
  if (history.length > SAMPLES) {
    history.shift();
  }
  if (connection.state !== how) {
    connection = {state: how, since: heard};
  }
  tell();
}

function open() {
  close();
  stream = new EventSource(address('events'));
  stream.addEventListener('status', event => take(JSON.parse(event.data), 'live'));
  stream.addEventListener('audit', event => {
    const line = JSON.parse(event.data);
    document.dispatchEvent(new CustomEvent('audit', {detail: line}));
  });
  stream.onerror = () => {
    if (stream && stream.readyState === EventSource.CLOSED) { // refused, as when there are too many streams
      stream = null;
      ask();
    }
  };
  poll = setInterval(watch, 1000);
}

function close() {
  stream?.close();
  stream = null;
  clearInterval(poll);
}

let asking = false;
let asked = 0;

async function ask() {
  if (asking) {
    return;
  }
  asking = true;
  asked = Date.now();
  try {
    take(await get('status'), 'polling');
  } catch {
    // said by watch
  } finally {
    asking = false;
  }
}

function watch() {
  const silent = Date.now() - heard;
  if (silent > SILENT_MS && connection.state !== 'lost') {
    connection = {state: 'lost', since: heard};
  }
  if (!stream && Date.now() - asked >= EVERY_MS) {
    ask();
    if (connection.state === 'lost') {
      open(); // it may be there again, with streams
    }
  } else if (stream && silent > SILENT_MS && stream.readyState !== EventSource.OPEN) {
    ask();
  }
  if (connection.state !== 'live') {
    tell();
  }
}

export function start() {
  const seen = () => {
    if (document.hidden) {
      close();
    } else {
      heard = Date.now();
      open();
    }
  };
  document.addEventListener('visibilitychange', seen);
  addEventListener('pagehide', close);
  addEventListener('pageshow', event => event.persisted && seen());
  seen();
}

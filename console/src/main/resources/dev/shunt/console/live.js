// What the program says each second: one stream while this tab is seen, none while it is not, questions where there is no stream.

import {address, get} from './api.js';
import {clock} from './dom.js';

const EVERY_MS = 2000;
/** After a stream was refused. */
const AGAIN_MS = 15_000;
const SAMPLES = 600;
/** Nothing for so long: the program is not reachable. */
const SILENT_MS = 4000;

const listeners = new Set();

/** The latest document of /status; null before the first. */
export let status = null;
/**
 * {state: 'connecting' | 'live' | 'polling' | 'held' | 'lost', since: when, silent: how many milliseconds nothing was heard, why};
 * 'held' is reachable, but does not say how it is.
 */
export let connection = {state: 'connecting', since: Date.now(), silent: 0};
/** What /status said, a sample for each time: [{at, totals, groups, types}] */
export const history = [];

/** Seconds: what comes late is less late. */
const SET_BACK = 5;

/** Durations are of a clock that nobody sets. */
const now = () => performance.now();

let stream = null;
let watching = null;
let heard = now();
/** When the program said last that it cannot say how it is. */
let held = -SILENT_MS;

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
  heard = now();
  clock.ahead = Date.parse(document.at) - Date.now();
  const at = Date.parse(document.at) / 1000; // by the program's clock
  if (at < (history.at(-1)?.at ?? 0) - SET_BACK) {
    history.length = 0; // its clock was set back: the lines begin anew
  }
  if (at > (history.at(-1)?.at ?? 0)) {
    history.push({at, totals: document.totals, groups: document.groups, types: document.types});
  }
  if (history.length > SAMPLES) {
    history.shift();
  }
  if (connection.state !== how) {
    connection = {state: how, since: Date.now(), silent: 0};
  }
  tell();
}

// Browsers have six connections for an address. So one tab of them has the stream, as long as it is seen, and tells the others.
const LOCK = `shunt stream ${address('')}`;
const shared = new BroadcastChannel(LOCK);
shared.onmessage = ({data}) => {
  if (!document.hidden) {
    hear(data.name, data.text);
  }
};

function hear(name, text) {
  const said = JSON.parse(text);
  if (name === 'status') {
    take(said, 'live');
  } else if (name === 'problem') {
    hold(said.error);
  } else {
    document.dispatchEvent(new CustomEvent(name, {detail: said}));
  }
}

function hold(why) {
  held = now();
  quiet('held', held - heard, why);
  tell();
}

function quiet(state, silent, why) {
  connection = {state, since: connection.state === state ? connection.since : Date.now() - silent, silent, why};
}

let waits = null;

function open() {
  close();
  if (navigator.locks) { // not where the page is neither of this machine nor encrypted
    waits = new AbortController();
    const {signal} = waits;
    navigator.locks.request(LOCK, {signal}, () => new Promise(letGo => {
      signal.addEventListener('abort', letGo);
      stream = streaming();
    })).catch(() => {});
  } else {
    stream = streaming();
  }
  watching = setInterval(watch, 1000);
}

function streaming() {
  const source = new EventSource(address('events'));
  for (const name of ['status', 'audit', 'problem']) {
    source.addEventListener(name, event => {
      hear(name, event.data);
      shared.postMessage({name, text: event.data});
    });
  }
  source.onerror = () => {
    if (source === stream && source.readyState === EventSource.CLOSED) { // refused, as when there are too many streams
      stream = null;
      ask();
    }
  };
  return source;
}

function close() {
  waits?.abort();
  stream?.close();
  stream = null;
  clearInterval(watching);
}

let asking = false;
let asked = -EVERY_MS;
let tried = now();

async function ask() {
  if (asking) {
    return;
  }
  asking = true;
  asked = now();
  try {
    take(await get('status'), 'polling');
  } catch (problem) {
    if (problem.status === 503) {
      hold(problem.message);
    } // else said by watch
  } finally {
    asking = false;
  }
}

function watch() {
  const silent = now() - heard;
  const isHeld = now() - held < SILENT_MS;
  if (silent > SILENT_MS && !isHeld) {
    quiet('lost', silent);
  }
  if (silent >= EVERY_MS && !isHeld && now() - asked >= EVERY_MS) {
    ask();
  }
  if (connection.state === 'polling' && !stream && now() - tried > AGAIN_MS) {
    tried = now();
    open(); // a stream may be free now
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
      heard = now();
      open();
    }
  };
  document.addEventListener('visibilitychange', seen);
  addEventListener('pagehide', close);
  addEventListener('pageshow', event => event.persisted && seen());
  seen();
}

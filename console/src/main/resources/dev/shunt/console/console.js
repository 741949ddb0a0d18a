// Which page is seen, by the part of the address behind '#'.

import {isReadOnly, learnAccess} from './actions.js';
import {duration, el, goOn, visible} from './dom.js';
import {connection, listen, start, status} from './live.js';
import {open as overview} from './overview.js';
import {connections, processes, schedules} from './processes.js';
import {dead, queue, running, task} from './tasks.js';

const PAGES = [
  ['overview', 'Overview', overview],
  ['running', 'Running', running],
  ['queue', 'Queue', queue],
  ['dead', 'Failed', dead],
  ['schedules', 'Schedules', schedules],
  ['processes', 'Processes', processes],
  ['connections', 'Connections', connections],
];

const place = document.getElementById('page');
let now = {draw() {}, end() {}};

function go(to) {
  if (typeof to === 'string') {
    location.hash = to;
    return;
  }
  const [path] = location.hash.slice(1).split('?');
  const parameters = new URLSearchParams(to).toString();
  location.hash = parameters ? `${path || '/overview'}?${parameters}` : path || '/overview';
}

function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, id] = path.split('/');
  const parameters = new URLSearchParams(query);
  now.end();
  const page = PAGES.find(([key]) => key === name) ?? (name === 'task' ? null : PAGES[0]);
  const title = page ? page[1] : `Task ${id}`;
  document.querySelectorAll('#nav a').forEach(a => {
    if (a.dataset.page === (page ? page[0] : '')) {
      a.setAttribute('aria-current', 'page');
    } else {
      a.removeAttribute('aria-current');
    }
  });
  now = page ? page[2](place, parameters, go) : task(place, parameters, go, decodeURIComponent(id ?? ''));
  now.draw();
  document.title = `${visible(title)} – ${status ? visible(status.program) : 'Shunt'}`;
}

const CONNECTIONS = {
  connecting: () => 'connecting …',
  live: () => 'live',
  polling: () => 'asks every 2 s (no stream is free)',
  lost: () => `not reachable since ${new Date(connection.since).toLocaleTimeString()} (${duration(connection.silent / 1000)}): `
    + 'what is shown is of that time',
  held: () => `${visible(connection.why)}: what is shown is of ${new Date(connection.since).toLocaleTimeString()}`,
};

const isStale = () => connection.state === 'lost' || connection.state === 'held';

function head() {
  const shown = document.getElementById('connection');
  const words = CONNECTIONS[connection.state]() + (isReadOnly() ? ', read-only' : '');
  if (shown.textContent !== words) {
    shown.textContent = words;
    shown.dataset.state = connection.state;
  }
  document.body.classList.toggle('stale', isStale());
  if (status) {
    document.getElementById('program').textContent = visible(status.program);
    document.getElementById('where').textContent =
      `pid ${status.pid}, ${status.state} for ${duration(status.seconds)}` + (status.version ? `, version ${visible(status.version)}` : '');
  }
}

document.getElementById('nav').append(...PAGES.map(([key, title], i) =>
  el('li', {}, el('a', {href: `#/${key}`, 'data-page': key, title: `${title} (${i + 1})`}, title))));

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea') || document.querySelector('dialog[open]')) {
    return;
  }
  const page = PAGES[Number(event.key) - 1];
  if (page) {
    location.hash = `#/${page[0]}`;
  } else if (event.key === '/') {
    const first = place.querySelector('.filters input, .filters select');
    if (first) {
      event.preventDefault();
      first.focus();
    }
  }
});

addEventListener('hashchange', () => {
  route();
  place.focus({preventScroll: true});
});
listen(() => {
  head();
  now.draw();
});
setInterval(() => {
  head();
  if (!isStale()) {
    goOn(place);
  }
}, 1000);
await learnAccess();
route();
start();

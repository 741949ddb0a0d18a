// Elements without markup: text only ever becomes text.

/** el('p', {class: 'x', title: 'y', onclick: f}, 'text', node, [more]) */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

// Control characters and those that turn the direction of text are shown as what they are.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function visible(value) {
  return String(value).replace(UNSEEN, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

/** Somebody else's text, on one line, cut. */
export function foreign(value, longest = 200) {
  const whole = visible(typeof value === 'string' ? value : JSON.stringify(value) ?? '');
  const cut = whole.length > longest;
  return el('bdi', {class: 'foreign', title: cut ? whole.slice(0, 2000) : null}, cut ? whole.slice(0, longest) + ' …' : whole);
}

/** The name of a class without what it is in; whole if one points at it. */
export function typeName(value) {
  const whole = String(value);
  const own = /^[\w.$]*[.$]([A-Z]\w*)$/.exec(whole)?.[1];
  return own ? el('bdi', {class: 'foreign own', title: whole}, own) : foreign(whole);
}

/** Somebody else's text in full, as it is laid out. */
export function block(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? '';
  return el('pre', {tabindex: 0}, visible(text));
}

/**
 * A table that becomes a list of cards where there is no room for it.
 *
 * @param columns [{head, cell: row => text or node, number: true}]
 * @param key row => what it is known by, so that the focus stays where it was when it is drawn again
 */
export function table(caption, columns, rows, nothing, key = row => row.id) {
  if (rows.length === 0) {
    return el('p', {class: 'nothing'}, nothing);
  }
  const head = el('tr', {}, columns.map(c => el('th', {scope: 'col', class: c.number ? 'number' : null}, c.head)));
  const body = rows.map(row => el('tr', {}, columns.map((c, i) => {
    const cell = el('td', {'data-label': c.head, class: c.number ? 'number' : null}, c.cell(row));
    cell.querySelectorAll('button, input, a').forEach((control, n) => {
      control.dataset.key ??= `${key(row)} ${i} ${n}`;
    });
    return cell;
  })));
  return el('div', {class: 'scrolls', role: 'region', 'aria-label': caption, tabindex: 0},
    el('table', {}, el('caption', {}, caption), el('thead', {}, head), el('tbody', {}, body)));
}

/** What is in the place changes, the focus does not. */
export function replace(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key ?? document.activeElement.id : null;
  const scrolled = [...place.querySelectorAll('.scrolls')].map(s => s.scrollLeft);
  place.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  place.querySelectorAll('.scrolls').forEach((s, i) => { s.scrollLeft = scrolled[i] ?? 0; });
  if (key) {
    [...place.querySelectorAll('[data-key], [id]')].find(n => n.dataset.key === key || n.id === key)?.focus({preventScroll: true});
  }
}

export function button(text, onclick, attributes = {}) {
  return el('button', {type: 'button', onclick, ...attributes}, text);
}

export function link(text, href) {
  return el('a', {href}, text);
}

export const count = n => n === undefined ? '–' : Number(n).toLocaleString('en').replaceAll(',', '\u202f');

const UNITS = [[86400, 'd'], [3600, 'h'], [60, 'min']];

export function duration(seconds) {
  if (seconds === undefined || seconds === null) {
    return '–';
  }
  if (seconds <= 0) {
    return '0 s';
  }
  if (seconds < 0.001) {
    return `${Math.round(seconds * 1e6)} µs`;
  }
  if (seconds < 1) {
    return `${(seconds * 1000).toPrecision(3).replace(/\.0+$/, '')} ms`;
  }
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1).replace('.0', '') : Math.round(seconds)} s`;
  }
  const at = UNITS.findIndex(([size]) => seconds >= size);
  const [size, name] = UNITS[at];
  const [smaller, smallerName] = UNITS[at + 1] ?? [1, 's'];
  const rest = seconds < 10 * size ? Math.floor(seconds % size / smaller) : 0;
  return `${Math.floor(seconds / size)} ${name}` + (rest ? ` ${rest} ${smallerName}` : '');
}

export function bytes(n) {
  if (n === undefined) {
    return '–';
  }
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, n)) / 10));
  return `${power ? (n / 1024 ** power).toFixed(1) : n} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

const ABSOLUTE = new Intl.DateTimeFormat(undefined, {year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit',
  minute: '2-digit', second: '2-digit', timeZoneName: 'short'});

/** How much the program's clock is ahead of this one, in milliseconds. */
export const clock = {ahead: 0};

/** How long ago or in how long by the program's clock, and when exactly if one points at it. */
export function moment(text) {
  return text ? el('time', {class: 'moment', datetime: text, title: ABSOLUTE.format(new Date(text))}, fromNow(text)) : '–';
}

function fromNow(text) {
  const seconds = (new Date(text) - Date.now() - clock.ahead) / 1000;
  return seconds > 0 ? `in ${duration(seconds)}` : `${duration(-seconds)} ago`;
}

/** Time goes on where nothing else has changed. */
export function goOn(place) {
  place.querySelectorAll('time.moment').forEach(time => {
    const words = fromNow(time.dateTime);
    if (time.textContent !== words) {
      time.textContent = words;
    }
  });
}

/** A bar of so much of the whole, with its text. */
export function progress(part, label) {
  return el('span', {class: 'progress'}, el('progress', {max: 1, value: part, 'aria-label': label}), ` ${Math.round(part * 100)} %`);
}

// What can be told: asked again before what cannot be undone, and said afterwards.

import {get, part, post} from './api.js';
import {button, count, el, replace, visible} from './dom.js';

const dialog = document.getElementById('dialog');
const said = document.getElementById('said');

let access = {read_only: false, actions: null};

/** What this user may do here; the server is who decides. */
export async function learnAccess() {
  try {
    access = await get('access');
  } catch {
    access = {read_only: false, actions: null};
  }
}

export function may(action) {
  return !access.read_only && (access.actions === null || access.actions === undefined || access.actions.includes(action));
}

export const isReadOnly = () => access.read_only;

let saying;

export function say(text, problem = false) {
  said.textContent = visible(text);
  said.classList.toggle('problem', problem);
  clearTimeout(saying);
  saying = setTimeout(() => { said.textContent = ''; }, problem ? 15_000 : 6000);
}

/** Opens the one dialog; closes with what a button says, with null by Escape. */
export function show(title, content, buttons) {
  return new Promise(resolve => {
    let answer = null;
    const before = document.activeElement;
    replace(dialog, el('h2', {id: 'dialog-title'}, title), content,
      el('p', {class: 'buttons'}, buttons.map(([text, value, kind]) =>
        button(text, () => { answer = value; dialog.close(); }, {class: kind ?? null, autofocus: value === null}))));
    dialog.onclose = () => {
      before?.focus?.();
      resolve(answer);
    };
    dialog.showModal();
  });
}

export async function confirmed(title, text, verb) {
  return await show(title, el('p', {}, text), [['Cancel', null], [verb, true, 'danger']]) === true;
}

function cameOf(did) {
  if (did.state === 'interrupted') {
    return `it runs in process ${did.pid} and has been interrupted`
      + (did.grace_seconds ? '; if it goes on, that process is replaced' : '; its slot is free when it ends');
  }
  return did.done === 0 ? 'nothing to do' : 'done';
}

/** Does it and says what it did. */
export async function act(what, path, body) {
  try {
    const did = await post(path, body);
    say(`${what}: ${cameOf(did)}`);
    return did;
  } catch (refused) {
    say(`${what}: ${refused.message}`, true);
    return null;
  }
}

/** A button for an action, absent where it is not allowed. */
export function action(name, text, onclick, attributes = {}) {
  return may(name) ? button(text, onclick, attributes) : null;
}

export const pathOf = (kind, name, verb) => `${kind}/${part(name)}/${verb}`;

/** Reruns or discards dead letters: with its progress, until it is done or stopped. */
export async function bulk(verb, choice, matching) {
  const text = verb === 'rerun'
    ? `Runs ${count(matching)} dead letters again, from their first attempt.`
    : `Forgets ${count(matching)} dead letters. This cannot be undone.`;
  if (!await confirmed(`${verb === 'rerun' ? 'Rerun' : 'Discard'} ${count(matching)}?`, text, verb === 'rerun' ? 'Rerun' : 'Discard')) {
    return false;
  }
  let job;
  try {
    job = await post(`dead/${verb}`, {...choice, wait: false});
  } catch (refused) {
    say(`${verb}: ${refused.message}`, true);
    return false;
  }
  const bar = el('progress', {max: Math.max(1, job.matched), value: 0, 'aria-label': 'done'});
  const words = el('p', {'aria-live': 'polite'}, 'begins …');
  const problems = el('div');
  const ended = follow(job.job, now => {
    bar.value = now.done;
    words.textContent = `${count(now.done)} of ${count(now.matched)} that matched` + (isOver(now) ? `: ${now.state}` : ' …');
    replace(problems, (now.problems ?? []).map(p => el('p', {class: 'problem'}, `${p.id}: ${visible(p.error)}`)));
  });
  const closed = show(verb === 'rerun' ? 'Running again' : 'Discarding', el('div', {}, bar, words, problems),
    [['Stop', 'stop', 'danger'], ['Close', null]]);
  const stopped = closed.then(answer => answer === 'stop' && post(`jobs/${job.job}/stop`).catch(() => {}));
  const last = await ended;
  if (last) {
    say(`${verb}: ${count(last.done)} of ${count(last.matched)} done` + (last.problems?.length ? `, ${last.problems.length} could not be` : ''),
      Boolean(last.problems?.length));
  }
  if (dialog.open && !last?.problems?.length) {
    dialog.close();
  }
  await stopped;
  return true;
}

const isOver = job => job.state !== 'waiting' && job.state !== 'running';

async function follow(number, tell) {
  for (;;) {
    try {
      const {jobs} = await get('jobs');
      const job = jobs.find(j => j.job === number);
      if (!job) {
        return null;
      }
      tell(job);
      if (isOver(job)) {
        return job;
      }
    } catch (refused) {
      say(refused.message, true);
      return null;
    }
    await new Promise(resolve => setTimeout(resolve, 300));
  }
}

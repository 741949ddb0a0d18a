import {act, action, bulk, confirmed, pathOf, say, show} from './actions.js';
import {get, part, post} from './api.js';
import {block, button, bytes, count, duration, el, foreign, link, moment, progress, replace, table, typeName, visible} from './dom.js';
import {list} from './lists.js';
import {status} from './live.js';

const taskLink = row => link(String(row.id), `#/task/${part(row.id)}`);

const isTask = row => !['message', 'connect', 'close', 'drained', 'packet', 'request'].includes(row.type);

function share(row) {
  const said = row.progress;
  if (said === undefined || said === null) {
    return '';
  }
  const percent = typeof said === 'number' ? said : said.percent ?? Number.NaN;
  return Number.isFinite(percent) ? progress(Math.min(1, percent / 100), `progress of ${row.id}`) : foreign(said, 60);
}

async function cancel(row) {
  const text = `It is interrupted; if its handler does not heed that, its process is replaced after a second.`;
  if (await confirmed(`Cancel task ${row.id}?`, text, 'Cancel the task')) {
    await act(`cancel ${row.id}`, pathOf('tasks', row.id, 'cancel'));
  }
}

/** What runs, from the stream: the longest first. */
export function running(place) {
  const body = el('div');
  place.replaceChildren(el('h2', {}, 'Running'), body);
  return {
    draw() {
      if (!status) {
        return;
      }
      const rows = status.running;
      replace(body, el('p', {class: 'counted'}, `${count(rows.length)} of ${count(status.running_total)} that run, the oldest first`),
        table('What runs', [
          {head: 'Id', cell: r => isTask(r) ? taskLink(r) : `connection ${r.id}`},
          {head: 'Type', cell: r => typeName(r.type)},
          {head: 'Since', number: true, cell: r => el('time', {datetime: r.since, title: new Date(r.since).toString()}, duration(r.seconds))},
          {head: 'Attempt', number: true, cell: r => r.attempt ?? ''},
          {head: 'Progress', cell: share},
          {head: 'Group', cell: r => foreign(r.group)},
          {head: 'Slot', number: true, cell: r => r.slot},
          {head: 'Process', number: true, cell: r => r.pid},
          {head: 'Actions', cell: r => isTask(r) ? action('cancel', 'Cancel', () => cancel(r), {class: 'danger'}) ?? '' : ''},
        ], rows, 'Nothing runs.', r => `${r.type} ${r.id}`));
    },
    end() {},
  };
}

export const queue = list({
  title: 'Queue',
  api: 'tasks',
  filters: [
    {name: 'state', label: 'State', kind: ['queued', 'delayed', 'held', 'storing', 'running']},
    {name: 'type', label: 'Type', hint: 'exactly'},
    {name: 'text', label: 'Payload contains'},
  ],
  content: ({tasks}) => table('Tasks that have not ended', [
    {head: 'Id', cell: taskLink},
    {head: 'Type', cell: t => typeName(t.type)},
    {head: 'State', cell: t => el('span', {class: `state ${t.state}`}, t.state)},
    {head: 'For', number: true, cell: t => duration(t.seconds)},
    {head: 'Due', cell: t => t.due ? moment(t.due) : ''},
    {head: 'Attempt', number: true, cell: t => t.attempt},
    {head: 'Payload', cell: t => foreign(t.payload ?? '', 80)},
    {head: 'Actions', cell: t => action('cancel', 'Cancel', () => cancel(t), {class: 'danger'}) ?? ''},
  ], tasks, 'No task matches.'),
});

const FILTERS = [
  {name: 'type', label: 'Type', hint: 'exactly'},
  {name: 'error', label: 'Error contains'},
  {name: 'text', label: 'Payload contains'},
  {name: 'since', label: 'Died within', hint: '15m, 1h, 2d'},
  {name: 'cause', label: 'Group', rare: true},
];

const chosen = new Set();

function groupsOf(answer, again, parameters) {
  return !answer.groups?.length ? [] : table('By error', [
    {head: 'Type', cell: g => typeName(g.type)},
    {head: 'Error', cell: g => typeName(g.error)},
    {head: 'At', cell: g => foreign(g.at ?? '')},
    {head: 'Count', number: true, cell: g => count(g.count)},
    {head: 'First', cell: g => moment(g.first)},
    {head: 'Last', cell: g => moment(g.last)},
    {head: 'Actions', cell: g => el('span', {class: 'buttons'},
      link('Show', `#/dead?${new URLSearchParams({...filtersOf(parameters), cause: g.cause})}`),
      ['rerun', 'discard'].map(verb => action(verb, `${verb === 'rerun' ? 'Rerun' : 'Discard'} ${count(g.count)}`, async () => {
        if (await bulk(verb, {...filtersOf(parameters), cause: g.cause}, g.count)) {
          again();
        }
      }, {class: verb === 'discard' ? 'danger' : null})))},
  ], answer.groups, '', g => g.cause);
}

const filtersOf = parameters => Object.fromEntries(FILTERS.map(({name}) => [name, parameters.get(name)]).filter(([, value]) => value));

function choice(parameters) {
  const filters = filtersOf(parameters);
  return Object.keys(filters).length ? filters : {all: true};
}

function letters(answer, again, parameters) {
  for (const id of chosen) {
    if (!answer.dead.some(letter => String(letter.id) === id)) {
      chosen.delete(id);
    }
  }
  const buttons = el('p', {class: 'buttons'});
  const both = (text, what, matching) => ['rerun', 'discard'].map(verb => action(verb, `${verb === 'rerun' ? 'Rerun' : 'Discard'} ${text}`,
    async () => {
      if (await bulk(verb, what(), matching)) {
        again();
      }
    }, {class: verb === 'discard' ? 'danger' : null, disabled: matching === 0, 'data-key': `${verb} ${text.replace(/\d+/g, '')}`}));
  const drawButtons = () => replace(buttons,
    both(`selected (${chosen.size})`, () => ({ids: [...chosen]}), chosen.size),
    both(`all ${count(answer.total)} that match`, () => choice(parameters), answer.total));
  drawButtons();
  const box = letter => el('input', {type: 'checkbox', 'aria-label': `choose ${letter.id}`, checked: chosen.has(String(letter.id)),
    onchange: event => {
      if (event.target.checked) {
        chosen.add(String(letter.id));
      } else {
        chosen.delete(String(letter.id));
      }
      drawButtons();
    }});
  return [buttons, table('Dead letters', [
    {head: 'Choose', cell: box},
    {head: 'Id', cell: taskLink},
    {head: 'Type', cell: l => typeName(l.type)},
    {head: 'Outcome', cell: l => l.outcome},
    {head: 'Error', cell: l => foreign(l.error, 120)},
    {head: 'Attempts', number: true, cell: l => l.attempts},
    {head: 'Died', cell: l => moment(l.died)},
    {head: 'Payload', cell: l => foreign(l.payload ?? '', 80)},
  ], answer.dead, 'No dead letter matches.')];
}

export const dead = list({
  title: 'Failed and dead',
  api: 'dead',
  filters: FILTERS,
  content: (answer, again, parameters) => answer.of === 0
    ? el('p', {class: 'nothing'}, 'Nothing has failed: there are no dead letters.')
    : [groupsOf(answer, again, parameters), ...letters(answer, again, parameters)],
});

async function edit(task, go) {
  const isText = typeof task.payload === 'string';
  const area = el('textarea', {id: 'edited', rows: 12, spellcheck: 'false'}, isText ? task.payload : JSON.stringify(task.payload, null, 2));
  const answer = await show(`Rerun ${task.id} with another payload`,
    el('label', {for: 'edited'}, 'Payload', area), [['Cancel', null], ['Rerun', true, 'danger']]);
  if (answer !== true) {
    return;
  }
  try {
    const payload = isText ? area.value : JSON.parse(area.value);
    const did = await post(pathOf('tasks', task.id, 'edit'), {payload});
    say(`task ${task.id} runs again as ${did.id}`);
    go(`#/task/${part(did.id)}`);
  } catch (refused) {
    say(`edit ${task.id}: ${refused.message}`, true);
  }
}

const FIRST = ['id', 'type', 'group', 'state', 'outcome', 'attempt', 'attempts', 'seconds', 'accepted', 'due', 'died', 'slot', 'pid', 'key'];
const LARGE = ['payload', 'reason', 'error', 'progress'];

/** One task, or dead letter, whole. */
export function task(place, parameters, go, id) {
  const body = el('div', {}, el('p', {}, 'Loading …'));
  place.replaceChildren(el('h2', {}, `Task ${visible(id)}`), body);
  let last = '';
  async function again() {
    try {
      const answer = await get(`tasks/${part(id)}`);
      if (JSON.stringify(answer) !== last) {
        last = JSON.stringify(answer);
        draw(answer);
      }
    } catch (refused) {
      last = '';
      replace(body, el('p', {class: 'problem'}, refused.status === 404 ? `Task ${visible(id)} has ended, or never was.` : visible(refused.message)));
    }
  }
  function draw(answer) {
    const names = [...FIRST.filter(n => n in answer), ...Object.keys(answer).filter(n => !FIRST.includes(n) && !LARGE.includes(n))];
    const values = names.flatMap(n => [el('dt', {}, n.replaceAll('_', ' ')),
      el('dd', {}, n === 'bytes' ? bytes(answer[n]) : n === 'seconds' ? duration(answer[n])
        : ['accepted', 'due', 'died', 'since'].includes(n) ? moment(answer[n]) : foreign(answer[n], 500))]);
    const isDead = answer.state === 'dead';
    const tell = (verb, path, body) => async () => {
      if (verb === 'Rerun' || await confirmed(`${verb} task ${id}?`, 'This cannot be undone.', verb)) {
        await act(`${verb} ${id}`, path, body);
        again();
      }
    };
    replace(body, el('p', {class: 'buttons'}, isDead ? [
      action('rerun', 'Rerun', tell('Rerun', 'dead/rerun', {ids: [answer.id]})),
      action('edit', 'Edit and rerun', () => edit(answer, go)),
      action('discard', 'Discard', tell('Discard', 'dead/discard', {ids: [answer.id]}), {class: 'danger'}),
    ] : action('cancel', 'Cancel', tell('Cancel', pathOf('tasks', id, 'cancel')), {class: 'danger'})),
    el('dl', {}, values),
    answer.progress === undefined ? [] : [el('h3', {}, 'Progress'), share(answer), block(answer.progress)],
    answer.payload === undefined ? [] : [el('h3', {}, 'Payload'), block(answer.payload)],
    answer.reason === undefined ? [] : [el('h3', {}, 'Reason'), block(answer.reason)],
    button('Back', () => window.history.back()));
  }
  again();
  const timer = setInterval(() => document.hidden || document.getElementById('dialog').open || again(), 2000);
  return {draw() {}, end: () => clearInterval(timer)};
}

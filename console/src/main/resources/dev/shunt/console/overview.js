import {action, act, confirmed, pathOf} from './actions.js';
import {chart, rate, seconds} from './charts.js';
import {bytes, count, duration, el, foreign, moment, replace, table, typeName} from './dom.js';
import {history, status} from './live.js';

const slowest = name => sample => {
  const all = sample.types.map(t => t.total?.[name]).filter(v => v !== undefined);
  return all.length ? Math.max(...all) : null;
};

const oldest = sample => Math.max(0, ...sample.groups.map(g => g.oldest_seconds ?? 0));

function charts() {
  return [
    chart('Tasks ended each second, by outcome', [
      {label: 'done', colour: '--good', value: rate(s => s.totals.done)},
      {label: 'failed', colour: '--bad', value: rate(s => s.totals.failed + s.totals.lost + s.totals.timed_out)},
      {label: 'cancelled or rejected', colour: '--middling', value: rate(s => s.totals.cancelled + s.totals.rejected)},
    ]),
    chart('Tasks that wait', [
      {label: 'queued', colour: '--accent', value: s => s.totals.queued},
      {label: 'delayed', colour: '--middling', value: s => s.totals.delayed},
    ]),
    chart('Age of the oldest that waits', [{label: 'oldest', colour: '--accent', value: oldest}], seconds, 1),
    chart('From accepted to ended, the slowest type, since the start', [
      {label: 'p50', colour: '--good', value: slowest('p50')},
      {label: 'p95', colour: '--middling', value: slowest('p95')},
      {label: 'p99', colour: '--bad', value: slowest('p99')},
    ], seconds, 0.01),
  ];
}

const figure = (label, value, href, kind) =>
  el('li', {class: kind ?? null}, href ? el('a', {href}, el('b', {}, value), ` ${label}`) : [el('b', {}, value), ` ${label}`]);

function figures({totals, groups}) {
  const before = history[Math.max(0, history.length - 11)];
  const now = history.at(-1);
  const done = before && now.at > before.at ? (now.totals.done - before.totals.done) / (now.at - before.at) : 0;
  return el('ul', {class: 'figures', 'aria-label': 'Figures'},
    figure('done each second', done.toFixed(done < 10 ? 1 : 0)),
    figure('running', count(totals.running), '#/running'),
    figure('queued', count(totals.queued), '#/queue'),
    figure('the oldest has waited', duration(oldest({groups}))),
    figure('delayed', count(totals.delayed), '#/queue?state=delayed'),
    figure('dead', count(totals.dead), '#/dead', totals.dead ? 'bad' : null),
    figure('connections', count(totals.connections), '#/connections'),
    figure('children replaced', count(totals.children_replaced), '#/processes'));
}

const isFull = group => group.queued >= (group.limit ?? Infinity) || group.bytes >= (group.limit_bytes ?? Infinity);

const state = group => group.draining ? 'draining' : group.paused ? 'paused' : 'runs';

function groupActions(group) {
  const tell = verb => () => act(`${verb} ${group.name}`, pathOf('groups', group.name, verb));
  if (group.kind !== 'tasks') {
    return '';
  }
  if (group.paused || group.draining) {
    return action('resume', 'Resume', tell('resume')) ?? '';
  }
  return el('span', {class: 'buttons'},
    action('pause', 'Pause', tell('pause')),
    action('drain', 'Drain', async () => {
      if (await confirmed(`Drain ${group.name}?`, 'It finishes what it has and rejects what is submitted, until it is resumed.', 'Drain')) {
        await tell('drain')();
      }
    }));
}

function groups(all) {
  return table('Groups', [
    {head: 'Group', cell: g => foreign(g.name)},
    {head: 'State', cell: g => [
      el('span', {class: `state ${state(g)}`}, state(g)),
      isFull(g) ? el('span', {class: 'state full'}, ', full') : '',
    ]},
    {head: 'Busy', number: true, cell: g => `${g.busy} of ${g.slots}`},
    {head: 'Queued', number: true, cell: g => count(g.queued)},
    {head: 'Limit', number: true, cell: g => count(g.limit)},
    {head: 'Bytes', number: true, cell: g => bytes(g.bytes)},
    {head: 'Oldest', number: true, cell: g => duration(g.oldest_seconds)},
    {head: 'Placement', cell: g => g.placement},
    {head: 'Actions', cell: groupActions},
  ], all, 'No groups.', g => g.name);
}

function typeActions(type) {
  const verb = type.paused ? 'resume' : 'pause';
  return action(verb, type.paused ? 'Resume' : 'Pause', () => act(`${verb} ${type.type}`, pathOf('types', type.type, verb))) ?? '';
}

const timing = of => type => `${duration(type[of]?.p50)} / ${duration(type[of]?.p95)} / ${duration(type[of]?.p99)}`;

function types(all) {
  return table('Types of tasks, since the start', [
    {head: 'Type', cell: t => el('a', {href: `#/queue?type=${encodeURIComponent(t.type)}`}, typeName(t.type))},
    {head: 'Submitted', number: true, cell: t => count(t.submitted)},
    {head: 'Done', number: true, cell: t => count(t.ended.done)},
    {head: 'Failed', number: true, cell: t => el('a', {href: `#/dead?type=${encodeURIComponent(t.type)}`}, count(t.ended.failed + t.ended.lost + t.ended.timed_out))},
    {head: 'Retried', number: true, cell: t => count(t.retried)},
    {head: 'Queued', number: true, cell: t => count(t.queued)},
    {head: 'Running', number: true, cell: t => count(t.running)},
    {head: 'Wait p50 / p95 / p99', cell: timing('waited')},
    {head: 'Run p50 / p95 / p99', cell: timing('ran')},
    {head: 'Actions', cell: typeActions},
  ], all, 'No task has been submitted.', t => `${t.group} ${t.type}`);
}

const audit = [];
document.addEventListener('audit', event => {
  audit.unshift(event.detail);
  audit.length = Math.min(audit.length, 50);
});

export function open(place) {
  const parts = {figures: el('div'), groups: el('div'), types: el('div'), audit: el('div')};
  const all = charts();
  place.replaceChildren(el('h2', {}, 'Overview'), parts.figures, el('div', {class: 'charts'}, all.map(c => c.figure)),
    parts.groups, parts.types, parts.audit);
  return {
    draw() {
      if (!status) {
        return;
      }
      replace(parts.figures, figures(status));
      replace(parts.groups, groups(status.groups));
      replace(parts.types, types(status.types));
      replace(parts.audit, audit.length ? table('Actions while this page was open', [
        {head: 'At', cell: line => moment(line.at)},
        {head: 'Who', cell: line => foreign(line.actor)},
        {head: 'Did', cell: line => foreign(`${line.action} ${line.what ?? ''}`)},
        {head: 'What came of it', cell: line => foreign(line.done)},
      ], audit, '', line => line.at) : []);
      all.forEach(c => c.draw());
    },
    end() {
      all.forEach(c => c.end());
    },
  };
}


import {act, action, confirmed, pathOf} from './actions.js';
import {part} from './api.js';
import {bytes, count, duration, el, foreign, link, moment, table} from './dom.js';
import {list} from './lists.js';
import {status} from './live.js';

async function reload(what, path) {
  if (await confirmed(`Reload ${what}?`, 'A new process takes the place; the old one finishes what it runs.', 'Reload')) {
    await act(`reload ${what}`, path);
  }
}

export const processes = list({
  title: 'Processes',
  api: 'children',
  filters: [],
  size: 0,
  also: () => [status?.nodes, status?.bus],
  content: ({children, replaced}) => [
    el('p', {class: 'buttons'}, action('reload', 'Reload all', () => reload('all children', 'reload'))),
    el('p', {class: 'counted'}, `${count(children.length)} children in all; ${count(replaced)} have been replaced unasked`),
    table('Children', [
      {head: 'Process', number: true, cell: c => c.pid},
      {head: 'Group', cell: c => foreign(c.group)},
      {head: 'Place', number: true, cell: c => c.place},
      {head: 'State', cell: c => el('span', {class: `state ${c.state}`}, c.state ?? '')},
      {head: 'Since', cell: c => moment(c.since)},
      {head: 'Busy', number: true, cell: c => c.slots === undefined ? '' : `${c.busy} of ${c.slots}`},
      {head: 'Memory', number: true, cell: c => bytes(c.rss_bytes)},
      {head: 'Heap', number: true, cell: c => c.heap_bytes === undefined ? '–' : `${bytes(c.heap_bytes)} of ${bytes(c.heap_max_bytes)}`},
      {head: 'Version', cell: c => c.version ? foreign(c.version) : ''},
      {head: 'Restarts', number: true, cell: c => c.restarts ?? 0},
      {head: 'Last end', cell: c => c.last_exit ? foreign(c.last_exit, 100) : ''},
      {head: 'Actions', cell: c => action('reload', 'Reload', () => reload(`process ${c.pid}`, `children/${part(c.pid)}/reload`)) ?? ''},
    ], children, 'No children: all slots are in the manager\'s process.', c => c.pid),
    status?.nodes?.length ? nodes(status.nodes) : null,
    status?.bus ? el('p', {class: 'counted'}, busText(status.bus)) : null,
  ],
});

const busText = bus => `Bus: node ${bus.node}, ${bus.nodes} of them live; ${count(bus.sent)} messages sent, `
  + `${count(bus.received)} received, ${count(bus.gaps)} missed, ${count(bus.dropped)} dropped`
  + (bus.reachable ? '' : '; it is not reached');

/** Of a fleet, as each said with its last beat. */
const nodes = all => table('Nodes', [
  {head: 'Node', number: true, cell: n => n.node},
  {head: 'Name', cell: n => [foreign(n.name), n.self ? ' (this one)' : '']},
  {head: 'Up', number: true, cell: n => duration(n.seconds)},
  {head: 'Last beat', number: true, cell: n => `${duration(n.beat_seconds)} ago`},
  {head: 'Busy', number: true, cell: n => `${n.busy} of ${n.slots}`},
  {head: 'Leased', number: true, cell: n => count(n.leased)},
  {head: 'Ended', number: true, cell: n => count(n.ended)},
  {head: 'Fenced', number: true, cell: n => count(n.fenced)},
  {head: 'Types', cell: n => n.types?.length ? foreign(n.types.join(', ')) : 'all'},
], all, '', n => n.node);

async function runNow(schedule) {
  if (await confirmed(`Run ${schedule.name} now?`, 'It runs once more; its next time stays as it is.', 'Run')) {
    await act(`run ${schedule.name}`, pathOf('schedules', schedule.name, 'run'));
  }
}

export const schedules = list({
  title: 'Schedules',
  api: 'schedules',
  filters: [],
  size: 0,
  content: (answer, again) => table('Schedules', [
    {head: 'Name', cell: s => foreign(s.name)},
    {head: 'When', cell: s => foreign(s.when)},
    {head: 'State', cell: s => el('span', {class: `state ${s.paused ? 'paused' : 'runs'}`}, s.paused ? 'paused' : 'runs')},
    {head: 'Next', cell: s => moment(s.next)},
    {head: 'Last', cell: s => moment(s.last)},
    {head: 'Last outcome', cell: s => s.last_outcome ?? '–'},
    {head: 'Fired', number: true, cell: s => count(s.fired)},
    {head: 'Skipped', number: true, cell: s => count(s.skipped)},
    {head: 'Actions', cell: s => el('span', {class: 'buttons'}, action('run', 'Run now', () => runNow(s)),
      action(s.paused ? 'resume' : 'pause', s.paused ? 'Resume' : 'Pause', async () => {
        const verb = s.paused ? 'resume' : 'pause';
        await act(`${verb} ${s.name}`, pathOf('schedules', s.name, verb));
        again();
      }))},
  ], answer.schedules, 'The program has no schedules.', s => s.name),
});

export const connections = list({
  title: 'Connections',
  api: 'connections',
  filters: [
    {name: 'group', label: 'Group', hint: 'exactly'},
    {name: 'listener', label: 'Listener'},
    {name: 'text', label: 'Address contains'},
  ],
  content: ({connections: all, counts, groups}) => [
    el('p', {class: 'counted'}, `${count(counts.open)} open, ${count(counts.accepted)} accepted, ${count(counts.refused)} refused, `
      + `${count(counts.messages)} messages; they hold ${bytes(counts.held_bytes)} of ${bytes(counts.max_held_bytes)}`),
    table('Connections', [
      {head: 'Id', number: true, cell: c => c.id},
      {head: 'Address', cell: c => foreign(c.remote_address)},
      {head: 'Listener', cell: c => foreign(c.local_address)},
      {head: 'Protocol', cell: c => foreign(c.protocol)},
      {head: 'Since', cell: c => moment(c.since)},
      {head: 'Last message', cell: c => moment(c.last_message)},
      {head: 'Received', number: true, cell: c => bytes(c.bytes_in)},
      {head: 'Sent', number: true, cell: c => bytes(c.bytes_out)},
      {head: 'Waits', number: true, cell: c => bytes(c.waiting_bytes)},
      {head: 'User', cell: c => c.uid === undefined ? '' : foreign(c.uid)},
      {head: 'Groups', cell: c => c.groups ? foreign(c.groups.join(', ')) : ''},
    ], all, 'No connection is open that matches.'),
    groups.length ? table('Groups of connections, the largest first', [
      {head: 'Group', cell: g => foreign(g.name)},
      {head: 'Connections', number: true, cell: g => count(g.connections)},
      {head: 'Actions', cell: g => link('Show', `#/connections?${new URLSearchParams({group: g.name})}`)},
    ], groups, '', g => g.name) : null,
  ],
});


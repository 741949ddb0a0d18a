// Pages that are a list of the API: filters in the address, pages, drawn again when something has changed.

import {get} from './api.js';
import {button, count, el, replace, visible} from './dom.js';

const AGAIN_MS = 3000;

/**
 * @param api path of the call
 * @param filters [{name, label, kind: 'text' | [values], hint, rare: seen only if it is used}]
 * @param content (answer, again) => nodes
 * @param size on a page
 * @param also what else is shown, beside the answer
 */
export function list({title, api, filters, content, size = 50, also = () => null}) {
  return (place, parameters, go) => {
    const page = () => Math.max(1, Number.parseInt(parameters.get('page') ?? '1', 10) || 1);
    const body = el('div', {'aria-busy': 'true'}, el('p', {}, 'Loading …'));
    const counted = el('p', {class: 'counted', role: 'status'});
    const pages = el('p', {class: 'pages'});
    let last = '';
    let ended = false;
    let asking = false;

    const form = el('form', {class: 'filters', role: 'search', onsubmit: event => {
      event.preventDefault();
      go(Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== '')));
    }}, filters.filter(filter => !filter.rare || parameters.get(filter.name)).map(filter => field(filter, parameters.get(filter.name) ?? '')),
    filters.length ? [el('button', {type: 'submit'}, 'Filter'), button('Clear', () => go({}))] : []);

    async function again() {
      if (asking) {
        return;
      }
      asking = true;
      try {
        const asked = Object.fromEntries(filters.map(f => [f.name, parameters.get(f.name)]).filter(([, value]) => value));
        const answer = await get(api, {...asked, ...size ? {page: page(), size} : {}});
        const text = JSON.stringify([answer, also()]);
        if (!ended && text !== last) {
          last = text;
          draw(answer, Object.keys(asked).length > 0);
        }
      } catch (refused) {
        if (!ended) {
          last = '';
          replace(body, el('p', {class: 'problem'}, visible(refused.message)));
        }
      } finally {
        asking = false;
        body.setAttribute('aria-busy', 'false');
      }
    }

    function draw(answer, filtered) {
      replace(body, content(answer, again, parameters));
      if (answer.total === undefined) {
        return;
      }
      const of = answer.of === undefined ? filtered ? 'that match' : 'in all' : `that match, of ${count(answer.of)} in all`;
      counted.textContent = `${count(answer.total)} ${of}`
        + (answer.stored_only ? `; ${count(answer.stored_only)} more are in the log alone and are not listed` : '');
      const most = Math.max(1, Math.ceil(answer.total / size));
      const at = page();
      const to = n => () => go({...Object.fromEntries(parameters), page: n});
      replace(pages, most > 1 || at > 1 ? [
        button('Before', to(at - 1), {disabled: at <= 1, id: 'before'}), ` page ${at} of ${count(most)} `,
        button('Next', to(at + 1), {disabled: at >= most, id: 'next'})] : []);
    }

    place.replaceChildren(...[el('h2', {}, title), filters.length ? form : null, counted, body, pages].filter(Boolean));
    again();
    const timer = setInterval(() => document.hidden || document.getElementById('dialog').open || again(), AGAIN_MS);
    return {
      draw() {},
      end() {
        ended = true;
        clearInterval(timer);
      },
    };
  };
}

function field({name, label, kind = 'text', hint}, value) {
  const id = `filter-${name}`;
  const input = Array.isArray(kind)
    ? el('select', {id, name}, ['', ...kind].map(v => el('option', {value: v, selected: v === value}, v || 'any')))
    : el('input', {id, name, value, placeholder: hint ?? null, autocomplete: 'off', spellcheck: 'false'});
  return el('label', {for: id}, label, input);
}

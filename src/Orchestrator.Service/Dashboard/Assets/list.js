// The live list of sagas.
import { follow, get } from './api.js';
import { el, replace } from './dom.js';
import { at, deadline, hasEnded, span } from './format.js';
import { heard, lost } from './live.js';
import { chips, fuse } from './parts.js';

const phases = ['doing', 'confirming', 'pivot', 'finishing', 'compensating', 'completed', 'compensated'];
const most = 1000;
const filter = { definition: '', phase: '', text: '', attention: false };

export function listPage(page) {
  const sagas = new Map();
  let next = null;
  let loaded = false;
  let failure = null;
  let pending = null;

  const rows = el('div', { className: 'rows' });
  const counts = el('div', { className: 'counts' });
  const more = el('button', { className: 'more', hidden: true, on: { click: () => load(next) } }, 'Show older sagas');
  const definitions = el('select', { ariaLabel: 'Definition', on: { change: e => narrow({ definition: e.target.value }) } });
  replace(definitions, el('option', { value: '' }, 'every definition'));
  replace(page, el('h1', {}, 'Sagas'), counts, filters(definitions, narrow), rows, more);

  function narrow(change) {
    const again = 'definition' in change || 'phase' in change || 'attention' in change;
    Object.assign(filter, change);
    if (again) load(null); else show();
  }

  async function load(cursor) {
    const query = new URLSearchParams({ limit: '100' });
    if (filter.definition) query.set('definition', filter.definition);
    if (filter.phase) query.set('phase', filter.phase);
    if (filter.attention) query.set('stuck', 'true');
    if (cursor) query.set('cursor', cursor);
    try {
      const answer = await get(`/sagas?${query}`);
      if (!cursor) sagas.clear();
      for (const saga of answer.items) sagas.set(saga.id, saga);
      next = answer.next;
      loaded = true;
      failure = null;
    } catch (problem) {
      failure = problem.message;
    }
    show();
  }

  async function count() {
    try {
      const { items } = await get('/sagas/counts');
      showCounts(counts, items);
      showDefinitions(definitions, items);
    } catch {
      replace(counts, el('p', { className: 'empty' }, 'The counts could not be read.'));
    }
  }

  function changed(saga) {
    heard();
    sagas.delete(saga.id);
    if (matches(saga)) sagas.set(saga.id, saga);
    while (sagas.size > most) sagas.delete(oldest(sagas));
    pending ??= setTimeout(() => { pending = null; show(); }, 100);
  }

  function show() {
    const shown = [...sagas.values()].filter(hasText).sort((a, b) => b.startedAt.localeCompare(a.startedAt) || b.id.localeCompare(a.id));
    more.hidden = next === null;
    const focused = rows.contains(document.activeElement) && document.activeElement.getAttribute('href');
    if (shown.length > 0) replace(rows, head(), shown.map(row));
    else replace(rows, el('p', { className: 'empty' }, failure ?? (loaded ? nothing() : 'Reading ...')));
    if (focused) rows.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  const stop = follow('/events', { opened: () => { heard(); load(null); count(); }, changed, cut: lost });
  const counting = setInterval(count, 5000);
  const ticking = setInterval(() => { if ([...sagas.values()].some(saga => !hasEnded(saga))) show(); }, 1000);
  count();
  show();
  return () => {
    stop();
    clearInterval(counting);
    clearInterval(ticking);
    clearTimeout(pending);
  };
}

function oldest(sagas) {
  return [...sagas.values()].reduce((a, b) => (a.startedAt < b.startedAt ? a : b)).id;
}

function nothing() {
  return filter.definition || filter.phase || filter.text || filter.attention
    ? 'No saga matches.'
    : 'No saga was started yet. POST /sagas/{definition} starts one.';
}

function matches(saga) {
  return (!filter.definition || saga.definition === filter.definition)
    && (!filter.phase || saga.phase === filter.phase)
    && (!filter.attention || saga.stuck);
}

function hasText(saga) {
  if (!filter.text) return true;
  const all = [saga.id, saga.definition, saga.businessKey, saga.reason?.text, ...Object.entries(saga.tags).flat()];
  return all.some(text => text?.toLowerCase().includes(filter.text.toLowerCase()));
}

function filters(definitions, narrow) {
  const phase = el('select', { ariaLabel: 'Phase', on: { change: e => narrow({ phase: e.target.value }) } },
    el('option', { value: '' }, 'every phase'), phases.map(word => el('option', { value: word }, word)));
  phase.value = filter.phase;
  return el('form', { className: 'filters', on: { submit: e => e.preventDefault() } },
    definitions, phase,
    el('input', {
      type: 'search', placeholder: 'id, key, tag or reason', ariaLabel: 'Text', value: filter.text,
      on: { input: e => narrow({ text: e.target.value }) },
    }),
    el('label', {}, el('input', {
      type: 'checkbox', checked: filter.attention, on: { change: e => narrow({ attention: e.target.checked }) },
    }), ' needs a person'));
}

function showDefinitions(select, items) {
  const names = [...new Set(items.map(item => item.definition))].sort();
  if (select.options.length === names.length + 1 && select.value === filter.definition) return;
  replace(select, el('option', { value: '' }, 'every definition'), names.map(name => el('option', { value: name }, name)));
  select.value = filter.definition;
}

function showCounts(counts, items) {
  const cells = phases.map(phase => {
    const lines = items.filter(item => item.phase === phase);
    const sum = lines.reduce((total, line) => total + line.count, 0);
    const running = phase !== 'completed' && phase !== 'compensated';
    const age = Math.max(0, ...lines.map(line => line.oldestAgeSeconds));
    return el('div', { className: `count ${phase} ${sum === 0 ? 'zero' : ''}` },
      el('b', {}, sum.toLocaleString()), el('span', {}, phase),
      el('small', {}, sum > 0 && running ? `oldest ${span(age * 1000)}` : ''));
  });
  replace(counts, cells);
}

function head() {
  return el('div', { className: 'row head' },
    ['Phase', 'Saga', 'Reason', 'Started', 'Deadline'].map(text => el('span', {}, text)));
}

function row(saga) {
  return el('a', { className: 'row', href: `#/sagas/${encodeURIComponent(saga.id)}` },
    chips(saga),
    el('span', { className: 'name' },
      el('b', {}, saga.businessKey ?? saga.id),
      el('small', {}, `${saga.definition} v${saga.definitionVersion}`,
        Object.entries(saga.tags).map(([name, value]) => ` · ${name}=${value}`))),
    el('span', { className: 'reason' }, saga.reason ? `${saga.reason.code}: ${saga.reason.text}` : ''),
    el('span', { className: 'when', title: saga.startedAt }, at(saga.startedAt)),
    el('span', { className: 'when' }, deadline(saga), fuse(saga)));
}

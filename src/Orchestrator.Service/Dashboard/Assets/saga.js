// The page of one saga.
import { follow, get } from './api.js';
import { el, replace } from './dom.js';
import { at, deadline, precise, span } from './format.js';
import { heard, lost } from './live.js';
import { chip, chips, fuse, payload } from './parts.js';

export function sagaPage(page, id) {
  const path = `/sagas/${encodeURIComponent(id)}`;
  let saga = null;
  let reading = false;
  let again = false;

  const top = el('section', { className: 'top' });
  const steps = el('section', { className: 'steps' });
  const data = el('section', { className: 'data' });
  const history = el('section', { className: 'history' });
  replace(page, el('p', { className: 'back' }, el('a', { href: '#/' }, '← all sagas')), top, steps, data, history);
  replace(top, el('p', { className: 'empty' }, 'Reading ...'));

  // One reading at a time; what changes meanwhile is read right after.
  async function read() {
    if (reading) { again = true; return; }
    reading = true;
    try {
      const [read, events] = await Promise.all([get(path), get(`${path}/history`)]);
      saga = read;
      showTop();
      showSteps(steps, saga);
      showData(data, saga);
      showHistory(history, saga, events.items);
    } catch (problem) {
      replace(top, el('h1', {}, id), el('p', { className: 'empty' }, problem.message));
      replace(steps);
      replace(data);
      replace(history);
    }
    reading = false;
    if (again) { again = false; setTimeout(read, 150); }
  }

  function showTop() {
    replace(top,
      el('h1', {}, saga.businessKey ?? saga.id, ' ', chips(saga)),
      el('p', { className: 'facts' },
        fact('saga', saga.id), fact('definition', `${saga.definition} v${saga.definitionVersion}`),
        fact('started', at(saga.startedAt)), fact('expires', at(saga.expiresAt)),
        saga.endedAt && fact('ended', at(saga.endedAt)),
        Object.entries(saga.tags).map(([name, value]) => fact(name, value))),
      el('p', { className: 'countdown' }, deadline(saga), fuse(saga)),
      saga.reason && el('p', { className: `why ${saga.stuck ? 'alarm' : ''}` },
        el('b', {}, saga.reason.code), ' ', saga.reason.text, el('small', {}, ` — ${saga.reason.actor}`)));
  }

  const stop = follow(`${path}/events`, {
    opened: () => { heard(); read(); },
    changed: () => { heard(); read(); },
    cut: lost,
  });
  const ticking = setInterval(() => { if (saga && !saga.endedAt) showTop(); }, 1000);
  read();
  return () => {
    stop();
    clearInterval(ticking);
  };
}

function fact(name, value) { return el('span', {}, el('small', {}, name), ' ', value); }

function showSteps(section, saga) {
  replace(section, el('h2', {}, 'Steps'), el('ol', {}, saga.steps.map(step => el('li', { className: step.state },
    el('div', { className: 'step' },
      el('b', {}, step.name), chip(step.state, `state-${step.state}`),
      el('small', {}, `${step.participant} · ${step.kind}`,
        step.attempts > 1 ? ` · ${step.attempts} attempts` : '',
        step.startedAt && step.endedAt ? ` · ${span(Date.parse(step.endedAt) - Date.parse(step.startedAt))}` : '')),
    step.lastError && el('p', { className: 'error' }, step.lastError),
    payload('output', step.output)))));
}

function showData(section, saga) {
  replace(section, payload('Input', saga.input), payload('Output', saga.output));
}

function showHistory(section, saga, items) {
  const start = Date.parse(saga.startedAt);
  replace(section, el('h2', {}, `History · ${items.length} events`),
    el('ol', {}, items.map(item => el('li', { className: `event ${item.type}` },
      el('span', { className: 'seq' }, String(item.seq)),
      el('span', { className: 'when', title: item.at }, precise(item.at), el('small', {}, ` +${span(Date.parse(item.at) - start)}`)),
      el('span', { className: 'what' },
        el('b', {}, item.type), ' ', words(item),
        item.text && el('span', { className: 'said' }, ` “${item.text}”`),
        payload('data', item.data))))));
}

function words(item) {
  const parts = [];
  if (item.step) parts.push(`${item.step} ${item.command}${item.attempt > 1 ? ` #${item.attempt}` : ''}`);
  if (item.status) parts.push(String(item.status));
  if (item.silence) parts.push(item.silence);
  if (item.code) parts.push(item.code);
  if (item.timer) parts.push(item.timer);
  if (item.dueAt) parts.push(`due ${precise(item.dueAt)}`);
  if (item.outcome) parts.push(item.outcome);
  if (item.actor && item.actor !== 'orchestrator') parts.push(`by ${item.actor}`);
  return parts.join(' · ');
}

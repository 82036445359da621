// Participants: how they are, where they are, and what holds them.
import { curl, send } from './api.js';
import { Dialog, Wrong } from './dialog.js';
import { Actor, Text } from './fields.js';
import { number, plural, span } from './format.js';
import { useReading } from './live.js';
import { failing } from './overview.js';
import { Ago, Chip, Empty, Line, Reading } from './parts.js';
import { html, useState } from './preact.js';

export function Participants() {
  const health = useReading('/overview', { every: 2000 });
  const registry = useReading('/participants');
  const [open, set] = useState(null);
  const items = registry.data?.items ?? [];
  const healthOf = name => health.data?.participants.find(participant => participant.name === name);
  return html`<h1>Participants</h1>
    <${Reading} reading=${registry} what="The participants" />
    <${Reading} reading=${health} what="Their health" />
    ${registry.data && items.length === 0 && html`<${Empty}>No participant is registered. A definition names them.<//>`}
    ${items.length > 0 && html`<div class="cards wide">${items.map(entry => html`<${Card} key=${entry.name} entry=${entry} health=${healthOf(entry.name)} open=${() => set(entry)} />`)}</div>`}
    ${open && html`<${Change} entry=${open} close=${() => { set(null); registry.again(); }} />`}`;
}

function Card({ entry, health, open }) {
  const state = health ? failing(health) : 'idle';
  return html`<section class="card health ${state}"><h2>${entry.name} <${Chip} word=${state} kind=${`health-${state}`} /></h2>
    <p><code>${entry.url ?? `app ${entry.app}`}</code>${entry.via ? ` via ${entry.via}` : ''}</p>
    <p class="soft">at most ${plural(entry.concurrency, 'call')} at once</p>
    ${health && html`<p class="soft">last minute: ${plural(health.recent.calls, 'call')}, ${number(health.recent.failures)} failed${
      health.recent.calls > 0 ? `, ${span(health.recent.p50Ms ?? 0)} typical, ${span(health.recent.p99Ms ?? 0)} slowest of 100` : ''}</p>
      <p class="soft">${number(health.underWay)} under way, ${number(health.waiting)} waiting · answered <${Ago} instant=${health.lastAnswerAt} /></p>
      ${health.lastFailure && html`<p class="error">failed <${Ago} instant=${health.lastFailureAt} />: ${health.lastFailure}</p>`}`}
    <p class="buttons"><button type="button" onClick=${open}>Change</button></p></section>`;
}

function Change({ entry, close }) {
  const [typed, type] = useState({
    address: entry.url ?? entry.app ?? '', concurrency: String(entry.concurrency), paused: entry.paused,
  });
  const [problem, say] = useState(null);
  const on = key => value => type(now => ({ ...now, [key]: value }));
  const body = bodyOf(entry, typed);
  const path = `/participants/${encodeURIComponent(entry.name)}`;
  async function submit(event) {
    event.preventDefault();
    try { await send('PUT', path, body); close(); } catch (thrown) { say(thrown); }
  }
  return html`<${Dialog} title=${`Change ${entry.name}`} close=${close}>
    <p>Counts from the next call on, for running sagas too.</p>
    <form onSubmit=${submit}>
      <${Text} label=${entry.url ? 'Address' : 'App'} value=${typed.address} set=${on('address')} />
      <${Text} label="Calls at once" type="number" min="1" max="4096" value=${typed.concurrency} set=${on('concurrency')} />
      <label class="check"><input type="checkbox" checked=${typed.paused} onChange=${e => on('paused')(e.target.checked)} /> Paused: calls wait and none is lost; the deadlines still count</label>
      <${Actor} /><${Wrong} problem=${problem} />
      <p class="buttons"><button type="submit">Change</button><button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('PUT', path, body)} /></form><//>`;
}

// Only what was changed: what is left out stays as it is.
function bodyOf(entry, typed) {
  const body = {};
  const address = entry.url ?? entry.app;
  if (typed.address !== address) Object.assign(body, entry.url ? { url: typed.address } : { app: typed.address, ...(entry.via ? { via: entry.via } : {}) });
  if (Number(typed.concurrency) !== entry.concurrency) body.concurrency = Number(typed.concurrency);
  if (typed.paused !== entry.paused) body.paused = typed.paused;
  return body;
}

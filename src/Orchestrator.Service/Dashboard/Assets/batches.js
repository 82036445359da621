// Verbs on many sagas: what runs, how far it is, what became of each.
import { get, send } from './api.js';
import { Wrong } from './dialog.js';
import { at, number, plural } from './format.js';
import { useReading } from './live.js';
import { Chip, Empty, Facts, Payload, Reading } from './parts.js';
import { html, useEffect, useState } from './preact.js';

const results = ['accepted', 'refused', 'failed'];

export function Batches() {
  const reading = useReading('/batches?limit=100');
  const items = reading.data?.items ?? [];
  return html`<h1>Batches</h1>
    <${Reading} reading=${reading} what="The batches" />
    ${reading.data && items.length === 0 && html`<${Empty}>No verb was used on many sagas yet. Choose some in <a href="#/sagas">the list</a>.<//>`}
    ${items.length > 0 && html`<div class="card scroll" tabindex="0" role="group" aria-label="Batches"><table>
      <thead><tr>${['verb', 'state', 'progress', 'by', 'reason', 'since'].map(name => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
      <tbody>${items.map(batch => html`<tr key=${batch.id}>
        <th scope="row"><a href=${`#/batches/${encodeURIComponent(batch.id)}`}>${batch.verb}</a></th>
        <td><${Chip} word=${batch.state} kind=${`batch-${batch.state}`} /></td><td><${Progress} batch=${batch} /></td>
        <td>${batch.actor}</td><td class="reason">${batch.reason ?? ''}</td><td class="when">${at(batch.createdAt)}</td></tr>`)}</tbody></table></div>`}`;
}

function Progress({ batch }) {
  const share = batch.total === 0 ? 100 : (batch.done / batch.total) * 100;
  return html`<span class="progress"><span class="fuse" role="progressbar" aria-label="done" aria-valuemin="0" aria-valuemax=${batch.total} aria-valuenow=${batch.done}>
    <span style=${{ width: `${share}%` }}></span></span> ${number(batch.done)} of ${number(batch.total)}</span>`;
}

export function Batch({ id }) {
  const path = `/batches/${encodeURIComponent(id)}`;
  const reading = useReading(path, { every: 1000 });
  const [problem, say] = useState(null);
  const batch = reading.data;
  async function stop() {
    try { await send('POST', `${path}/stop`); say(null); reading.again(); } catch (thrown) { say(thrown); }
  }
  return html`<p class="back"><a href="#/batches">← all batches</a></p>
    <${Reading} reading=${reading} what="The batch" />
    ${batch && html`<h1 class="with-chips">${batch.verb} ${plural(batch.total, 'saga')} <${Chip} word=${batch.state} kind=${`batch-${batch.state}`} /></h1>
      <div class="card situation"><p><${Progress} batch=${batch} /></p>
        <p>${results.map(name => html`<span key=${name} class="sum"><b>${number(batch[name])}</b> ${name} </span>`)}</p>
        ${batch.state === 'running' && html`<button type="button" class="danger" onClick=${stop}>Stop it</button> <span class="soft">What is done stays done.</span>`}
        <${Wrong} problem=${problem} /></div>
      <${Facts} items=${[['by', batch.actor], ['reason', batch.reason], ['since', at(batch.createdAt)], ['ended', batch.endedAt && at(batch.endedAt)]]} />
      <${Payload} title="Which sagas" value=${batch.filter} />
      <${Results} path=${path} done=${batch.done} />`}`;
}

function Results({ path, done }) {
  const [state, set] = useState({ items: [], next: null, problem: null });
  async function load(cursor) {
    try {
      const answer = await get(`${path}/results?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      set(now => ({ items: cursor ? [...now.items, ...answer.items] : answer.items, next: answer.next, problem: null }));
    } catch (problem) { set(now => ({ ...now, problem })); }
  }
  useEffect(() => { load(null); }, [done]);
  return html`<section><h2>What became of each</h2><${Wrong} problem=${state.problem} />
    ${state.items.length > 0 && html`<div class="card scroll" tabindex="0" role="group" aria-label="Results"><table>
      <thead><tr>${['saga', 'result', 'why', 'at'].map(name => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
      <tbody>${state.items.map(item => html`<tr key=${item.sagaId}><th scope="row"><a href=${`#/sagas/${encodeURIComponent(item.sagaId)}`}>${item.sagaId}</a></th>
        <td><${Chip} word=${item.result} kind=${`result-${item.result}`} /></td><td class="reason">${item.text ?? item.code ?? ''}</td>
        <td class="when">${at(item.at)}</td></tr>`)}</tbody></table></div>`}
    ${state.next && html`<button type="button" class="more" onClick=${() => load(state.next)}>Show more</button>`}</section>`;
}

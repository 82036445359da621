// Verbs on many sagas: what runs, how far it is, what became of each.
import { curl, get, send } from './api.js';
import { Dialog, Wrong } from './dialog.js';
import { Actor, Reason } from './fields.js';
import { at, number, plural } from './format.js';
import { useReading } from './live.js';
import { Chip, Empty, Facts, Line, Payload, Reading, Table } from './parts.js';
import { html, useEffect, useState } from './preact.js';
import { useWho } from './who.js';

const results = ['accepted', 'refused', 'failed'];
const columns = [{ name: 'what', head: true }, { name: 'state' }, { name: 'progress' }, { name: 'outcome' }, { name: 'by' }, { name: 'reason', kind: 'reason' }, { name: 'since', kind: 'when' }];
const resultColumns = [{ name: 'saga', head: true }, { name: 'result' }, { name: 'why', kind: 'reason' }, { name: 'at', kind: 'when' }];

export function Batches() {
  const reading = useReading('/batches?limit=50');
  const items = reading.data?.items ?? [];
  return html`<h1>Batches</h1>
    <${Reading} reading=${reading} what="The batches" />
    ${reading.data && items.length === 0 && html`<${Empty}>No verb was used on many sagas yet. Choose some in <a href="#/sagas">the list</a>.<//>`}
    ${items.length > 0 && html`<${Table} label="Batches" columns=${columns} rows=${items.map(batch => ({ key: batch.id, cells: [
      html`<a href=${`#/batches/${encodeURIComponent(batch.id)}`}>${batch.verb} ${plural(batch.total, 'saga')}</a>`,
      html`<${Chip} word=${batch.state} kind=${`batch-${batch.state}`} />`, html`<${Progress} batch=${batch} />`,
      html`<${Sums} batch=${batch} />`, batch.actor, batch.reason || null, at(batch.createdAt)] }))} />`}`;
}

// How many took it; of the others only what there is.
function Sums({ batch }) {
  return html`<span class="sums">${results.filter(name => name === 'accepted' || batch[name] > 0).map(name => html`
    <span key=${name} class=${name}><b>${number(batch[name])}</b> ${name}</span>`)}</span>`;
}

function Progress({ batch }) {
  const share = batch.total === 0 ? 100 : (batch.done / batch.total) * 100;
  return html`<span class="progress"><span class="fuse" role="progressbar" aria-label="done" aria-valuemin="0" aria-valuemax=${batch.total} aria-valuenow=${batch.done}>
    <span style=${{ width: `${share}%` }}></span></span> ${number(batch.done)} of ${number(batch.total)}</span>`;
}

export function Batch({ id }) {
  const path = `/batches/${encodeURIComponent(id)}`;
  const reading = useReading(path, { every: 1000 });
  const [asking, ask] = useState(false);
  const who = useWho();
  const batch = reading.data;
  return html`<p class="back"><a href="#/batches">← all batches</a></p>
    <${Reading} reading=${reading} what="The batch" />
    ${batch && html`<h1 class="with-chips">${batch.verb} ${plural(batch.total, 'saga')} <${Chip} word=${batch.state} kind=${`batch-${batch.state}`} /></h1>
      <div class="card situation"><p><${Progress} batch=${batch} /></p>
        <p><${Sums} batch=${batch} /></p>
        ${batch.state === 'running' && who.may('operator', batch.filter.definition) && html`<p class="buttons"><button type="button" class="danger" onClick=${() => ask(true)}>Stop it</button> <span class="soft">What is done stays done.</span></p>`}
        ${batch.state === 'stopped' && batch.done < batch.total && html`<p>${plural(batch.total - batch.done, 'saga')} left alone.</p>`}
      </div>
      ${asking && html`<${StopDialog} path=${path} close=${() => { ask(false); reading.again(); }} />`}
      <${Facts} items=${[['by', batch.actor], ['reason', batch.reason], ['since', at(batch.createdAt)], ['ended', batch.endedAt && at(batch.endedAt)]]} />
      <${Payload} title="Which sagas" value=${batch.filter} />
      <${Results} path=${path} done=${batch.done} />`}`;
}

function StopDialog({ path, close }) {
  const [reason, type] = useState('');
  const [problem, say] = useState(null);
  const body = reason ? { reason } : {};
  async function stop(event) {
    event.preventDefault();
    try { await send('POST', `${path}/stop`, body); close(); } catch (thrown) { say(thrown); }
  }
  return html`<${Dialog} title="Stop the batch" close=${close}>
    <p>Sagas it has not come to are left alone; those that took the verb go on with it.</p>
    <form onSubmit=${stop}><${Reason} value=${reason} set=${type} /><${Actor} /><${Wrong} problem=${problem} />
      <p class="buttons"><button type="submit" class="danger">Stop it</button><button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('POST', `${path}/stop`, body)} /></form><//>`;
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
    ${state.items.length > 0 && html`<${Table} label="Results" columns=${resultColumns} rows=${state.items.map(item => ({ key: item.sagaId, cells: [
      html`<a href=${`#/sagas/${encodeURIComponent(item.sagaId)}`}><code>${item.sagaId}</code></a>`,
      html`<${Chip} word=${item.result} kind=${`result-${item.result}`} />`,
      item.text?.replace(`Saga ${item.sagaId}`, 'It') ?? item.code, at(item.at)] }))} />`}
    ${state.next && html`<button type="button" class="more" onClick=${() => load(state.next)}>Show more</button>`}</section>`;
}

// Verbs on many sagas: what runs, how far it is, what became of each.
import { Submit, useAct } from './acting.js';
import { curl, getMany, send } from './api.js';
import { Dialog, Wrong } from './dialog.js';
import { Actor, Reason } from './fields.js';
import { at, number, plural } from './format.js';
import { useReading } from './live.js';
import { Chip, Chips, Empty, Facts, Line, Payload, Reading, Table } from './parts.js';
import { html, useRef, useState } from './preact.js';
import { useWho } from './who.js';

const results = ['accepted', 'refused', 'failed'];
const columns = [{ name: 'what', head: true }, { name: 'state' }, { name: 'progress' }, { name: 'outcome' }, { name: 'by' }, { name: 'reason', kind: 'reason' }, { name: 'since', kind: 'when' }];
const resultColumns = [{ name: 'saga', head: true }, { name: 'result' }, { name: 'why', kind: 'reason' }, { name: 'at', kind: 'when' }, { name: 'now' }];

const batchesAtOnce = 50;

export function Batches() {
  const [count, show] = useState(batchesAtOnce);
  const wanted = useRef(count);
  const reading = useReading('/batches?', { read: way => getMany(way, null, wanted.current) });
  const items = reading.data?.items ?? [];

  function more() {
    wanted.current = count + batchesAtOnce;
    show(wanted.current);
    reading.again();
  }

  return html`<h1>Batches</h1>
    <${Reading} reading=${reading} what="The batches" />
    ${reading.data && items.length === 0 && html`<${Empty}>No verb was used on many sagas yet. Choose some in <a href="#/sagas">the list</a>.<//>`}
    ${items.length > 0 && html`<${Table} label="Batches" columns=${columns} rows=${items.map(batch => ({ key: batch.id, cells: [
      html`<a href=${`#/batches/${encodeURIComponent(batch.id)}`}>${batch.verb} ${plural(batch.total, 'saga')}</a>`,
      html`<${Chip} word=${batch.state} kind=${`batch-${batch.state}`} />`, html`<${Progress} batch=${batch} />`,
      html`<${Sums} batch=${batch} />`, batch.actor, batch.reason || null, at(batch.createdAt)] }))} />`}
    ${reading.data?.next && html`<button type="button" class="more" onClick=${more}>Show older batches</button>`}`;
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

function toneOf(batch) {
  if (batch.failed > 0) return 'alarm';
  return batch.refused > 0 ? 'warn' : batch.state === 'done' ? 'completed' : '';
}

export function Batch({ id }) {
  const path = `/batches/${encodeURIComponent(id)}`;
  const reading = useReading(path, { every: 1000 });
  const [asking, ask] = useState(false);
  const who = useWho();
  const batch = reading.data;
  return html`<p class="back"><a href="#/batches">← all batches</a></p>
    ${!batch && html`<h1>Batch</h1>`}
    <${Reading} reading=${reading} what="The batch" />
    ${batch && html`<h1 class="with-chips">${batch.verb} ${plural(batch.total, 'saga')} <${Chip} word=${batch.state} kind=${`batch-${batch.state}`} /></h1>
      <section tabindex="-1" aria-label="How far it is" class="card situation ${toneOf(batch)}"><p><${Progress} batch=${batch} /></p>
        <p><${Sums} batch=${batch} /></p>
        ${batch.state === 'running' && who.may('operator', batch.filter.definition) && html`<p class="buttons"><button type="button" class="danger" onClick=${() => ask(true)}>Stop it</button> <span class="soft">What is done stays done.</span></p>`}
        ${batch.state === 'stopped' && batch.done < batch.total && html`<p>${plural(batch.total - batch.done, 'saga')} left alone.</p>`}
      </section>
      ${asking && html`<${StopDialog} path=${path} close=${() => { ask(false); reading.again(); }} />`}
      <${Facts} items=${[['by', batch.actor], ['reason', batch.reason], ['since', at(batch.createdAt)], ['ended', batch.endedAt && at(batch.endedAt)]]} />
      <${Payload} title="Which sagas" value=${batch.filter} />
      <${Results} path=${path} batch=${batch} />`}`;
}

function StopDialog({ path, close }) {
  const [reason, type] = useState('');
  const body = reason ? { reason } : {};
  const { busy, problem, submit } = useAct(async () => { await send('POST', `${path}/stop`, body); close(); });
  return html`<${Dialog} title="Stop the batch" close=${close}>
    <p>Sagas it has not come to are left alone; those that took the verb go on with it.</p>
    <form onSubmit=${submit}><${Reason} value=${reason} set=${type} /><${Actor} /><${Wrong} problem=${problem} />
      <p class="buttons"><${Submit} busy=${busy} kind="danger">Stop it<//><button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('POST', `${path}/stop`, body)} /></form><//>`;
}

const shownFirst = 100;
const inOneReading = 500;

// What became of each, and how that saga is now. Those that took it and those that did not can be seen alone.
function Results({ path, batch }) {
  const [which, narrow] = useState('');
  const [count, show] = useState(shownFirst);
  const wanted = useRef(count);
  wanted.current = count;
  const reading = useReading(`${path}/results?${which ? `result=${which}&` : ''}`, {
    read: way => getMany(way, null, wanted.current), quiet: count > inOneReading, every: count > inOneReading ? 15000 : 3000,
  });
  const items = reading.data?.items ?? [];
  const kinds = results.filter(name => batch[name] > 0);

  function more() {
    wanted.current = count + inOneReading;
    show(wanted.current);
    reading.again();
  }

  return html`<section><h2>What became of each</h2>
    ${kinds.length > 1 && html`<p class="narrow-to" role="group" aria-label="Show">${['', ...kinds].map(name => html`
      <button key=${name} type="button" class="quiet" aria-pressed=${which === name} onClick=${() => { narrow(name); show(shownFirst); }}>${
        name ? `${number(batch[name])} ${name}` : `all ${number(batch.done)}`}</button>`)}</p>`}
    <${Reading} reading=${reading} what="The results" />
    ${reading.data && items.length === 0 && html`<${Empty}>${batch.state === 'running' ? 'No saga has an answer yet.' : 'No saga has an answer.'}<//>`}
    ${items.length > 0 && html`<${Table} label="Results" columns=${resultColumns} rows=${items.map(item => ({ key: item.sagaId, cells: [
      html`<${Named} item=${item} />`, html`<${Chip} word=${item.result} kind=${`result-${item.result}`} />`,
      item.text?.replace(`Saga ${item.sagaId}`, 'It') ?? item.code, at(item.at), item.saga ? html`<${Chips} saga=${item.saga} />` : null] }))} />`}
    ${reading.data?.next && html`<button type="button" class="more" onClick=${more}>Show more</button>`}</section>`;
}

function Named({ item }) {
  const { saga, sagaId } = item;
  if (!saga) return html`<code>${sagaId}</code><small class="under">it is not there any more, or not for you to see</small>`;
  return html`<a href=${`#/sagas/${encodeURIComponent(sagaId)}`}>${saga.businessKey ? html`<b>${saga.businessKey}</b>` : html`<code>${sagaId}</code>`}</a>
    <small class="under">${saga.definition} v${saga.definitionVersion}${saga.businessKey && html` · <code>${sagaId}</code>`}</small>`;
}

// Every verb: who, what, on which, why, and what it changed.
import { get } from './api.js';
import { Wrong } from './dialog.js';
import { at, pretty } from './format.js';
import { useReading } from './live.js';
import { Chip, Empty, Payload, Reading, Table } from './parts.js';
import { html, useEffect, useRef, useState } from './preact.js';
import { useWho } from './who.js';

const columns = [{ name: 'at', kind: 'when' }, { name: 'actor' }, { name: 'verb', head: true }, { name: 'on' }, { name: 'result' }, { name: 'reason', kind: 'reason' }, { name: 'change', kind: 'changes' }];

export function Audit({ query }) {
  const { own } = useWho();
  const asked = new URLSearchParams([...query].filter(([name, value]) => ['actor', 'verb', 'saga', 'definition'].includes(name) && value));
  if (own.length > 0 && !asked.has('definition')) asked.set('definition', own[0]);
  const path = `/audit?${asked}${asked.size > 0 ? '&' : ''}limit=100`;
  const reading = useReading(path);
  const [older, set] = useState({ items: [], next: undefined, problem: null });
  const form = useRef(null);
  useEffect(() => {
    set({ items: [], next: undefined, problem: null });
    // Back and forward change what is asked for without anybody typing.
    for (const field of form.current.querySelectorAll('input')) field.value = query.get(field.name) ?? '';
  }, [path]);
  const first = reading.data?.items ?? [];
  const seen = new Set(first.map(item => item.seq));
  const items = [...first, ...older.items.filter(item => !seen.has(item.seq))];
  const next = older.next === undefined ? reading.data?.next : older.next;

  async function more() {
    try {
      const answer = await get(`${path}&cursor=${encodeURIComponent(next)}`);
      set({ items: [...older.items, ...answer.items], next: answer.next, problem: null });
    } catch (problem) { set({ ...older, problem }); }
  }

  function submit(event) {
    event.preventDefault();
    const typed = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value.trim()));
    location.hash = `/audit${typed.size > 0 ? `?${typed}` : ''}`;
  }

  return html`<h1>Audit</h1>
    <form ref=${form} class="filters" role="search" onSubmit=${submit}>
      <input name="actor" aria-label="Actor" placeholder="actor" />
      <input name="verb" aria-label="Verb" placeholder="verb" />
      <input name="saga" aria-label="Saga" placeholder="saga id" />
      ${own.length > 0 && html`<select name="definition" aria-label="Definition" value=${asked.get('definition')}>${own.map(name => html`<option key=${name}>${name}</option>`)}</select>`}
      <button type="submit">Search</button></form>
    <${Reading} reading=${reading} what="The audit list" />
    ${reading.data && items.length === 0 && html`<${Empty}>${asked.size > 0 ? 'Nothing matches.' : 'Nobody has used a verb yet.'}<//>`}
    ${items.length > 0 && html`<${Table} label="Audit" columns=${columns} rows=${items.map(item => ({ key: item.seq, cells: [
      at(item.at), item.actor, item.verb, html`<${Target} item=${item} />`,
      html`<${Chip} word=${item.code ?? item.result} kind=${`result-${item.result}`} />`, item.reason || null,
      item.before || item.after ? html`<${Change} item=${item} />` : null] }))} />`}
    <${Wrong} problem=${older.problem} />
    ${next && html`<button type="button" class="more" onClick=${more}>Show older</button>`}`;
}

// What is another afterwards than before, in a line; all that was recorded below.
function Change({ item }) {
  const [before, after] = [item.before ?? {}, item.after ?? {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(name => name !== 'batch');
  const differ = names.filter(name => pretty(before[name] ?? null) !== pretty(after[name] ?? null));
  const text = value => (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? at(value) : typeof value === 'string' ? value : JSON.stringify(value ?? null));
  const linesUp = item.before && item.after;
  return html`${(linesUp || after.batch) && html`<p class="change">${linesUp && differ.length === 0 && html`<span class="soft">as before</span>`}
    ${linesUp && differ.map(name => html`<span key=${name}><b>${name}</b> ${name in before ? `${text(before[name])} → ` : ''}${text(after[name])}</span>`)}
    ${after.batch && html`<a class="inbatch" href=${`#/batches/${encodeURIComponent(after.batch)}`}>in a batch</a>`}</p>`}
    <${Payload} title="recorded" value=${{ before: item.before, after: item.after }} />`;
}

const pages = { saga: 'sagas', definition: 'definitions', batch: 'batches' };

// The name in the address may be anything that was asked for, so it is never more than text.
function Target({ item }) {
  const page = pages[item.kind];
  return page && item.target !== '-'
    ? html`<a href=${`#/${page}/${encodeURIComponent(item.target)}`}><code>${item.target}</code></a>` : item.target;
}

// Every verb: who, what, on which, why, and what it changed.
import { get } from './api.js';
import { Wrong } from './dialog.js';
import { at, number, plural, pretty } from './format.js';
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

// How things were before and are after, by the names they are recorded under.
const facts = {
  phase: (before, after) => `phase ${before} → ${after}`,
  stuck: (_, after) => (after ? 'stuck now' : 'no longer stuck'),
  suspended: (_, after) => (after ? 'suspended now' : 'no longer suspended'),
  expiresAt: (before, after) => `deadline ${at(before)} → ${at(after)}`,
  version: (before, after) => `version ${before} → ${after}`,
  url: (before, after) => `address ${before ?? 'none'} → ${after ?? 'none'}`,
  app: (before, after) => `app ${before ?? 'none'} → ${after ?? 'none'}`,
  via: (before, after) => `${before ?? 'direct'} → ${after ?? 'direct'}`,
  concurrency: (before, after) => `calls at once ${number(before)} → ${number(after)}`,
  paused: (_, after) => (after ? 'paused now' : 'no longer paused'),
  retry: (before, after) => `retry ${limits(before)} → ${limits(after)}`,
  state: (before, after) => `state ${before} → ${after}`,
};

// What was asked for with a verb: there is no before.
const wishes = {
  asked: instant => `deadline asked for: ${at(instant)}`,
  step: name => `step ${name}`,
  otherData: other => (other ? 'with other data' : 'with the same data'),
  as: word => `as ${word}`,
  rerunAs: id => html`runs again as <a href=${`#/sagas/${encodeURIComponent(id)}`}><code>${id}</code></a>`,
  participant: name => `only what waits for ${name}`,
  verb: word => word,
  sagas: count => plural(count, 'saga'),
};

const plain = value => (typeof value === 'string' ? value : value === null || value === undefined ? 'none' : JSON.stringify(value));

const limits = retry => (retry ? Object.entries(retry).map(([name, value]) => `${name} ${value}`).join(', ') : 'as defined');

// What is another afterwards than before and what was asked for, in a line; all that was recorded below.
function Change({ item }) {
  const [before, after] = [item.before ?? {}, item.after ?? {}];
  const linesUp = item.before && item.after;
  const asked = Object.keys(after).filter(name => wishes[name] && !(name in before));
  const differ = linesUp ? [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(name => name !== 'batch'
    && !asked.includes(name) && pretty(before[name] ?? null) !== pretty(after[name] ?? null)) : [];
  const changed = name => (facts[name] ?? ((was, is) => `${name} ${plain(was)} → ${plain(is)}`))(before[name], after[name]);
  const said = [...asked.map(name => wishes[name](after[name])), ...differ.map(changed)];
  if (linesUp && differ.length === 0) said.push(html`<span class="soft">as before</span>`);
  if (after.batch) said.push(html`<a class="inbatch" href=${`#/batches/${encodeURIComponent(after.batch)}`}>in a batch</a>`);
  return html`${said.length > 0 && html`<p class="change">${said.map((piece, i) => html`<span key=${i}>${piece}</span>${' '}`)}</p>`}
    <${Payload} title="recorded" value=${{ before: item.before, after: item.after }} />`;
}

const pages = { saga: 'sagas', definition: 'definitions', batch: 'batches' };

// The name in the address may be anything that was asked for, so it is never more than text.
function Target({ item }) {
  const page = pages[item.kind];
  return page && item.target !== '-'
    ? html`<a href=${`#/${page}/${encodeURIComponent(item.target)}`}><code>${item.target}</code></a>` : item.target;
}

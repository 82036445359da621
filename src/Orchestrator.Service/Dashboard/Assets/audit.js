// Every verb: who, what, on which, why, and what it changed.
import { get } from './api.js';
import { Wrong } from './dialog.js';
import { at } from './format.js';
import { useReading } from './live.js';
import { Chip, Empty, Payload, Reading } from './parts.js';
import { html, useEffect, useState } from './preact.js';

export function Audit({ query }) {
  const asked = new URLSearchParams([...query].filter(([name, value]) => ['actor', 'verb', 'saga'].includes(name) && value));
  const path = `/audit?${asked}${asked.size > 0 ? '&' : ''}limit=100`;
  const reading = useReading(path);
  const [older, set] = useState({ items: [], next: undefined, problem: null });
  useEffect(() => set({ items: [], next: undefined, problem: null }), [path]);
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
    <form class="filters" role="search" onSubmit=${submit}>
      <input name="actor" aria-label="Actor" placeholder="actor" defaultValue=${query.get('actor') ?? ''} />
      <input name="verb" aria-label="Verb" placeholder="verb" defaultValue=${query.get('verb') ?? ''} />
      <input name="saga" aria-label="Saga" placeholder="saga id" defaultValue=${query.get('saga') ?? ''} />
      <button type="submit">Search</button></form>
    <${Reading} reading=${reading} what="The audit list" />
    ${reading.data && items.length === 0 && html`<${Empty}>${asked.size > 0 ? 'Nothing matches.' : 'Nobody has used a verb yet.'}<//>`}
    ${items.length > 0 && html`<div class="card scroll" tabindex="0" role="group" aria-label="Audit"><table>
      <thead><tr>${['at', 'actor', 'verb', 'on', 'result', 'reason', 'change'].map(name => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
      <tbody>${items.map(item => html`<tr key=${item.seq}><td class="when">${at(item.at)}</td><td>${item.actor}</td><th scope="row">${item.verb}</th>
        <td><${Target} item=${item} /></td><td><${Chip} word=${item.code ?? item.result} kind=${`result-${item.result}`} /></td>
        <td class="reason">${item.reason ?? ''}</td>
        <td><${Payload} title="before" value=${item.before} /><${Payload} title="after" value=${item.after} /></td></tr>`)}</tbody></table></div>`}
    <${Wrong} problem=${older.problem} />
    ${next && html`<button type="button" class="more" onClick=${more}>Show older</button>`}`;
}

const pages = { saga: 'sagas', definition: 'definitions', batch: 'batches' };

// The name in the address may be anything that was asked for, so it is never more than text.
function Target({ item }) {
  const page = pages[item.kind];
  return page && item.target !== '-'
    ? html`<a href=${`#/${page}/${encodeURIComponent(item.target)}`}><code>${item.target}</code></a>` : item.target;
}

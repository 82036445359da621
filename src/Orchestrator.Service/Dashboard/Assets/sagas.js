// The list of sagas: found by words and filters that stand in the address, live, and chosen for a verb on many.
import { BulkDialog } from './bulk.js';
import { at, number, plural } from './format.js';
import { useReading } from './live.js';
import { Chips, Deadline, Empty, Reading, Same } from './parts.js';
import { html, useEffect, useRef, useState } from './preact.js';
import { useRows } from './rows.js';
import { useWho } from './who.js';
import { hasEnded, phases } from './words.js';

const most = 1000;
const flags = ['stuck', 'inDoubt', 'overdue', 'suspended'];
const flagWords = { stuck: 'stuck', inDoubt: 'in doubt', overdue: 'overdue', suspended: 'suspended' };
const narrowing = ['definition', 'phase', 'outcome', 'key', 'from', 'to', ...flags];

// What the address asks for, as the API's query. A word is a business key, or name=value a tag.
function queryOf(query) {
  const asked = new URLSearchParams();
  for (const name of narrowing) if (query.get(name)) asked.set(name, query.get(name));
  for (const [name, value] of query) if (name.startsWith('tag.')) asked.append(name, value);
  return asked;
}

function goTo(query) { location.hash = `/sagas${query.size > 0 ? `?${query}` : ''}`; }

export function Sagas({ query: typed }) {
  const { may, own } = useWho();
  const query = new URLSearchParams(typed);
  if (own.length > 0 && !query.get('definition')) query.set('definition', own[0]);
  const asked = queryOf(query);
  const [chosen, choose] = useState(new Set());
  const { reading, items, next, more, problem } = useRows(asked, chosen.size > 0);
  const [bulk, setBulk] = useState(null);
  const mayAct = may('operator', query.get('definition'));
  useEffect(() => choose(new Set()), [`${asked}`]);

  function toggle(id) {
    // A row that was not drawn again has the function of before: what counts is what is chosen now.
    choose(before => {
      const now = new Set(before);
      if (!now.delete(id)) now.add(id);
      return now;
    });
  }

  return html`<h1>Sagas</h1>
    <${Filters} query=${query} own=${own} />
    ${mayAct && html`<${Bulk} count=${chosen.size} shown=${items.length} asked=${asked} clear=${() => choose(new Set())}
      all=${() => choose(new Set(items.map(saga => saga.id)))} act=${filter => setBulk(filter ?? { ids: [...chosen] })} />`}
    <${Reading} reading=${reading} what="The list" />
    ${reading.data && items.length === 0 && html`<${Empty}>${asked.size > 0 ? 'No saga matches.' : 'No saga was started yet. POST /sagas/{definition} starts one.'}<//>`}
    ${items.length > 0 && html`<${Table} items=${items} chosen=${chosen} toggle=${toggle} />`}
    ${problem && html`<p class="bad" role="alert">${problem.message}</p>`}
    ${next && items.length < most && html`<button type="button" class="more" onClick=${more}>Show older sagas</button>`}
    ${next && items.length >= most && html`<p class="soft">${number(most)} are shown. Narrow the search to see others.</p>`}
    ${bulk && html`<${BulkDialog} filter=${bulk} close=${() => setBulk(null)} />`}`;
}

function Filters({ query, own }) {
  const definitions = useReading(own.length > 0 ? null : '/definitions', { every: 30000, quiet: true });
  const field = useRef(null);
  useEffect(() => {
    const slash = event => {
      if (event.key !== '/' || event.target.matches('input, textarea, select')) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', slash);
    return () => window.removeEventListener('keydown', slash);
  }, []);

  function set(name, value) {
    const now = new URLSearchParams(query);
    if (value) now.set(name, value); else now.delete(name);
    goTo(now);
  }

  async function search(event) {
    event.preventDefault();
    const text = field.current.value.trim();
    const now = new URLSearchParams(query);
    for (const name of [...now.keys()]) if (name === 'key' || name.startsWith('tag.')) now.delete(name);
    const tag = /^([A-Za-z0-9._-]+)=(.+)$/.exec(text);
    // An id as it is, in capitals, or in an address somebody has sent.
    const id = /(?:^|[/#])([0-9a-f]{32})$/i.exec(text);
    if (id) { location.hash = `/sagas/${id[1].toLowerCase()}`; return; }
    if (tag) now.set(`tag.${tag[1]}`, tag[2]);
    else if (text) now.set('key', text);
    goTo(now);
  }

  // Only when another word is asked for: the list is drawn again while somebody types.
  const tag = [...query].find(([name]) => name.startsWith('tag.'));
  const word = tag ? `${tag[0].slice(4)}=${tag[1]}` : query.get('key') ?? '';
  useEffect(() => { field.current.value = word; }, [word]);
  const names = own.length > 0 ? own : definitions.data?.items.map(item => item.name) ?? [];
  return html`<form class="filters" role="search" onSubmit=${search}>
    <input ref=${field} type="search" aria-label="Search by id, business key or tag=value" placeholder="id, key or tag=value"
      onChange=${e => { if (e.target.value === '') search(e); }} />
    <${Select} label="Definition" none=${own.length > 0 ? null : 'every definition'} value=${query.get('definition')} options=${names} set=${value => set('definition', value)} />
    <${Select} label="Phase" none="every phase" value=${query.get('phase')} options=${phases} set=${value => set('phase', value)} />
    <${Instant} label="Started from" value=${query.get('from')} set=${value => set('from', value)} />
    <${Instant} label="to" value=${query.get('to')} set=${value => set('to', value)} />
    <span class="flags">${flags.map(name => html`<label key=${name}><input type="checkbox" checked=${query.get(name) === 'true'}
      onChange=${e => set(name, e.target.checked ? 'true' : '')} />${flagWords[name]}</label>`)}</span>
  </form>`;
}

function Select({ label, none, value, options, set }) {
  const all = value && !options.includes(value) ? [...options, value] : options;
  return html`<select aria-label=${label} value=${value ?? ''} onChange=${e => set(e.target.value)}>
    ${none && html`<option value="">${none}</option>`}${all.map(option => html`<option key=${option} value=${option}>${option}</option>`)}</select>`;
}

// A local time in the field, an instant in the address.
function Instant({ label, value, set }) {
  const pad = part => String(part).padStart(2, '0');
  const local = instant => {
    const date = new Date(instant);
    return Number.isNaN(date.getTime()) ? '' : `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
  };
  return html`<label class="instant">${label}<input type="datetime-local" value=${value ? local(value) : ''}
    onChange=${e => set(e.target.value ? new Date(e.target.value).toISOString() : '')} /></label>`;
}

function Bulk({ count, shown, asked, all, clear, act }) {
  if (shown === 0) return null;
  const filter = Object.fromEntries(asked);
  return html`<p class="bulk"><span role="status">${count > 0 && html`<b>${plural(count, 'saga')} chosen</b> <small>new ones wait until none is</small>`}</span>
    ${count === 0 ? html`<button type="button" class="quiet" onClick=${all}>choose the ${number(shown)} shown</button>`
      : html`<button type="button" onClick=${() => act(null)}>Act on them ...</button>
        <button type="button" class="quiet" onClick=${clear}>choose none</button>`}
    ${count === 0 && asked.size > 0 && html`<button type="button" class="quiet" onClick=${() => act(filter)}>act on all that match ...</button>`}
  </p>`;
}

function Table({ items, chosen, toggle }) {
  return html`<div class="card rows"><table role="table">
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col"><span class="hidden">Chosen</span></th>
      ${['Saga', 'Phase', 'Reason', 'Started', 'Deadline'].map(name => html`<th role="columnheader" key=${name} scope="col">${name}</th>`)}</tr></thead>
    <tbody role="rowgroup">${items.map(saga => html`<${Same} key=${saga.id} of=${[saga, chosen.has(saga.id)]}>${() =>
      html`<${Row} saga=${saga} chosen=${chosen.has(saga.id)} toggle=${toggle} />`}<//>`)}</tbody></table></div>`;
}

function Row({ saga, chosen, toggle }) {
  const name = saga.businessKey ?? saga.id;
  return html`<tr role="row" class=${hasEnded(saga) ? 'ended' : ''}>
    <td role="cell" class="choice"><input type="checkbox" aria-label=${`Choose ${name}`} checked=${chosen} onChange=${() => toggle(saga.id)} /></td>
    <td role="cell" class="name"><a href=${`#/sagas/${encodeURIComponent(saga.id)}`}>${saga.businessKey ? html`<b>${name}</b>` : html`<code>${name}</code>`}</a>
      <small>${saga.definition} v${saga.definitionVersion}${Object.entries(saga.tags).map(([tag, value]) => ` · ${tag}=${value}`)}</small></td>
    <td role="cell"><${Chips} saga=${saga} /></td>
    <td role="cell" class="reason">${saga.reason ? html`<b>${saga.reason.code}</b> <bdi>${saga.reason.text}</bdi>` : ''}</td>
    <td role="cell" class="when" title=${saga.startedAt}>${at(saga.startedAt)}</td>
    <td role="cell" class="when"><${Deadline} saga=${saga} /></td></tr>`;
}

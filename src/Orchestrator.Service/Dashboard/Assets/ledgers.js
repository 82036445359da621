// What each participant's own ledger says, asked live, beside what we believe.
import { get } from './api.js';
import { at } from './format.js';
import { Chip, Payload, Table } from './parts.js';
import { html, useState } from './preact.js';

const columns = [{ name: 'step', head: true }, { name: 'we believe' }, { name: 'its ledger says' }, { name: 'more', hidden: true }];

export function Ledgers({ saga }) {
  const [state, set] = useState({ items: null, problem: null, asking: false, at: null });
  async function ask() {
    if (state.asking) return;
    set({ ...state, asking: true });
    try {
      const answer = await get(`/sagas/${encodeURIComponent(saga.id)}/ledgers`);
      set({ items: answer.items, problem: null, asking: false, at: new Date().toISOString() });
    } catch (problem) { set({ items: null, problem, asking: false, at: null }); }
  }
  return html`<section><h2>What the participants say${' '}
      <button type="button" class="quiet" aria-disabled=${state.asking ? 'true' : null} onClick=${ask}>${state.asking ? 'asking ...' : state.items ? 'ask again' : 'ask them now'}</button></h2>
    ${state.problem && html`<p class="bad" role="alert">${state.problem.message}</p>`}
    ${state.items?.length === 0 && html`<p class="soft">No participant was called yet.</p>`}
    ${!state.items && !state.problem && html`<p class="soft flat">Each participant's own ledger, beside what we believe. Asking changes nothing.</p>`}
    ${state.items?.length > 0 && html`<${Table} label="Ledgers" columns=${columns} rows=${state.items.map(item => ({ key: item.key, kind: item.differs ? 'differs' : '', cells: [
      html`${item.key}<small> ${item.participant}</small>`, html`<${Chip} word=${item.believed} kind=${`state-${item.believed}`} />`,
      item.problem ? html`<span class="soft">${item.problem}</span>`
        : html`<${Chip} word=${item.state ?? 'no row'} kind=${`state-${item.state}`} />${item.state === 'held' && item.row?.expiresAt && html` <small>until ${at(item.row.expiresAt)}</small>`}${item.differs && html` <b class="bad">differs</b>`}`,
      item.row === null ? null : html`<${Payload} title="row" value=${item.row} />`] }))} />
      <p class="soft">Asked ${at(state.at)}. Between two commands a participant is often a step ahead of us: ask again before you act on a difference.</p>`}
  </section>`;
}

// What each participant's own ledger says, asked live, beside what we believe.
import { get } from './api.js';
import { at } from './format.js';
import { Chip, Payload } from './parts.js';
import { html, useState } from './preact.js';

export function Ledgers({ saga }) {
  const [state, set] = useState({ items: null, problem: null, asking: false, at: null });
  async function ask() {
    set({ ...state, asking: true });
    try {
      const answer = await get(`/sagas/${encodeURIComponent(saga.id)}/ledgers`);
      set({ items: answer.items, problem: null, asking: false, at: new Date().toISOString() });
    } catch (problem) { set({ items: null, problem, asking: false, at: null }); }
  }
  return html`<section><h2>What the participants say${' '}
      <button type="button" class="quiet" disabled=${state.asking} onClick=${ask}>${state.asking ? 'asking ...' : state.items ? 'ask again' : 'ask them now'}</button></h2>
    ${state.problem && html`<p class="bad" role="alert">${state.problem.message}</p>`}
    ${state.items?.length === 0 && html`<p class="soft">No participant was called yet.</p>`}
    ${state.items?.length > 0 && html`<div class="card scroll" tabindex="0" role="group" aria-label="Ledgers"><table>
      <thead><tr>${['step', 'we believe', 'its ledger says', ''].map(name => html`<th key=${name} scope="col">${name || html`<span class="hidden">More</span>`}</th>`)}</tr></thead>
      <tbody>${state.items.map(item => html`<tr key=${item.key} class=${item.differs ? 'differs' : ''}>
        <th scope="row">${item.key}<small> ${item.participant}</small></th>
        <td><${Chip} word=${item.believed} kind=${`state-${item.believed}`} /></td>
        <td>${item.problem ? html`<span class="soft">${item.problem}</span>`
          : html`<${Chip} word=${item.state ?? 'no row'} kind=${`state-${item.state}`} />${item.differs && html` <b class="bad">differs</b>`}`}</td>
        <td><${Payload} title="row" value=${item.row} /></td></tr>`)}</tbody></table></div>
      <p class="soft">Asked ${at(state.at)}. Between two commands a participant is often a step ahead of us: ask again before you act on a difference.</p>`}
  </section>`;
}

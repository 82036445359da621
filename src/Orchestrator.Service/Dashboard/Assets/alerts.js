// Where alerts go, whether they arrive, and a button to try it.
import { send } from './api.js';
import { Wrong } from './dialog.js';
import { Actor } from './fields.js';
import { plural } from './format.js';
import { useReading } from './live.js';
import { Ago, Chip, Empty, Reading } from './parts.js';
import { html, useState } from './preact.js';

export function Alerts() {
  const reading = useReading('/alerts');
  const [state, set] = useState({ busy: false, results: null, problem: null });
  const items = reading.data?.items ?? [];
  async function test(event) {
    event.preventDefault();
    set({ busy: true, results: null, problem: null });
    try { set({ busy: false, results: (await send('POST', '/alerts/test')).results, problem: null }); } catch (problem) { set({ busy: false, results: null, problem }); }
    reading.again();
  }
  return html`<h1>Alerts</h1>
    <${Reading} reading=${reading} what="The alerts" />
    ${reading.data && items.length === 0 && html`<${Empty}>Nobody is told when a saga is stuck, overdue or in doubt. Configure a target: Orchestrator:Alerts, see docs/operations.md.<//>`}
    ${items.length > 0 && html`<div class="card scroll" tabindex="0" role="group" aria-label="Targets of alerts"><table>
      <thead><tr>${['target', 'address', 'told when a saga is', 'last delivered', 'state'].map(name => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
      <tbody>${items.map(item => html`<tr key=${item.name}><th scope="row">${item.name}</th><td><code>${item.url}</code></td><td>${item.on.join(', ')}</td>
        <td><${Ago} instant=${item.lastDeliveryAt} /></td>
        <td>${item.lastError ? html`<${Chip} word="failing" kind="health-failing" /> <small>${item.lastError}; ${plural(item.waiting, 'alert')} waiting</small>` : html`<${Chip} word="good" kind="health-good" />`}</td></tr>`)}</tbody></table></div>
      <form class="card pad narrow" onSubmit=${test}><h2>Try it</h2><p class="soft">Sends a test alert to every target now.</p><${Actor} />
        <${Wrong} problem=${state.problem} />
        ${state.results && html`<ul role="status">${state.results.map(result => html`<li key=${result.name}><b>${result.name}</b>: ${result.delivered ? 'delivered' : result.text}</li>`)}</ul>`}
        <p class="buttons"><button type="submit" disabled=${state.busy}>Send a test alert</button></p></form>`}`;
}

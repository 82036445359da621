// Where alerts go, whether they arrive, and a button to try it.
import { curl, send } from './api.js';
import { Wrong } from './dialog.js';
import { Actor } from './fields.js';
import { plural } from './format.js';
import { useReading } from './live.js';
import { Ago, Chip, Empty, Line, Reading } from './parts.js';
import { html, useState } from './preact.js';

const columns = ['target', 'address', 'told when a saga is', 'last delivered', 'state'];

export function Alerts() {
  const reading = useReading('/alerts');
  const items = reading.data?.items ?? [];
  return html`<h1>Alerts</h1>
    <${Reading} reading=${reading} what="The alerts" />
    ${reading.data && items.length === 0 && html`<${Empty}>Nobody is told when a saga is stuck, overdue or in doubt. Configure a target: <code>Orchestrator:Alerts:NAME:Url</code>, see docs/operations.md.<//>`}
    ${items.length > 0 && html`<p class="soft">Each saga is told once for each reason until that is over, and then that it is. Many at once come as one message.</p>
      <div class="card scroll" tabindex="0" role="group" aria-label="Targets of alerts"><table>
      <thead><tr>${columns.map(name => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
      <tbody>${items.map(item => html`<${Target} key=${item.name} item=${item} />`)}</tbody></table></div>
      <${Trial} done=${reading.again} />`}`;
}

function Target({ item }) {
  return html`<tr><th scope="row">${item.name}</th><td><code>${item.url}</code></td><td>${item.on.map(word => word.replace('-', ' ')).join(', ')}</td>
    <td>${item.lastDeliveryAt ? html`<${Ago} instant=${item.lastDeliveryAt} />` : 'never yet'}</td>
    <td>${item.lastError ? html`<${Chip} word="failing" kind="health-failing" /> <small>since <${Ago} instant=${item.failingSince} />: ${item.lastError} ${plural(item.waiting, 'message')} waiting; nothing is lost.</small>`
      : html`<${Chip} word=${item.waiting > 0 ? 'sending' : 'good'} kind="health-good" />${item.waiting > 0 ? html` <small>${plural(item.waiting, 'message')} waiting</small>` : ''}`}</td></tr>`;
}

function Trial({ done }) {
  const [state, set] = useState({ busy: false, results: null, problem: null });
  async function test(event) {
    event.preventDefault();
    set({ busy: true, results: null, problem: null });
    try { set({ busy: false, results: (await send('POST', '/alerts/test')).targets, problem: null }); } catch (problem) { set({ busy: false, results: null, problem }); }
    done();
  }
  return html`<form class="card pad narrow" onSubmit=${test}><h2>Try it</h2><p class="soft">Sends a test to every target now. No saga is concerned.</p><${Actor} />
    <${Wrong} problem=${state.problem} />
    ${state.results && html`<ul role="status">${state.results.map(result => html`<li key=${result.name}><b>${result.name}</b>: ${result.delivered ? 'delivered' : result.text}</li>`)}</ul>`}
    <p class="buttons"><button type="submit" disabled=${state.busy}>${state.busy ? 'Sending…' : 'Send a test alert'}</button></p>
    <${Line} text=${curl('POST', '/alerts/test')} /></form>`;
}

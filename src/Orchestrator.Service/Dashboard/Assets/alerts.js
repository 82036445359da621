// Where alerts go, whether they arrive, and a button to try it.
import { Submit, useAct } from './acting.js';
import { curl, send } from './api.js';
import { Wrong } from './dialog.js';
import { Actor } from './fields.js';
import { plural } from './format.js';
import { useReading } from './live.js';
import { Ago, Chip, Empty, Line, Reading, Table } from './parts.js';
import { html, useState } from './preact.js';

const columns = [{ name: 'target', head: true }, { name: 'address' }, { name: 'told when a saga is' }, { name: 'last delivered', kind: 'when' }, { name: 'state' }];

export function Alerts() {
  const reading = useReading('/alerts');
  const items = reading.data?.items ?? [];
  return html`<h1>Alerts</h1>
    <${Reading} reading=${reading} what="The alerts" />
    ${reading.data && items.length === 0 && html`<${Empty}>Nobody is told when a saga is stuck, overdue or in doubt. Configure a target: <code>Orchestrator:Alerts:NAME:Url</code>, see docs/operations.md.<//>`}
    ${items.length > 0 && html`<p class="soft">Each saga is told once for each reason until that is over, and then that it is. Many at once come as one message.</p>
      <${Table} label="Targets of alerts" columns=${columns} rows=${items.map(item => ({ key: item.name, cells: [
        item.name, html`<code class="whole">${item.url}</code>`, item.on.map(word => word.replace('-', '\u00a0')).join(', '),
        item.lastDeliveryAt ? html`<${Ago} instant=${item.lastDeliveryAt} />` : 'never yet', html`<${State} item=${item} />`] }))} />
      <${Trial} done=${reading.again} />`}`;
}

function State({ item }) {
  if (item.lastError) {
    return html`<${Chip} word="failing" kind="health-failing" /> <small>since <${Ago} instant=${item.failingSince} />: ${item.lastError.replace(/\.$/, '')}. ${
      plural(item.waiting, 'message')} waiting; nothing is lost.</small>`;
  }
  if (!item.lastDeliveryAt && item.waiting === 0) return html`<${Chip} word="not tried yet" kind="health-idle" />`;
  return html`<${Chip} word=${item.waiting > 0 ? 'sending' : 'good'} kind=${item.waiting > 0 ? 'health-waiting' : 'health-good'} />${item.waiting > 0 ? html` <small>${plural(item.waiting, 'message')} waiting</small>` : ''}`;
}

function Trial({ done }) {
  const [results, show] = useState(null);
  const { busy, problem, submit } = useAct(async () => {
    show(null);
    try { show((await send('POST', '/alerts/test')).targets); } finally { done(); }
  });
  return html`<section><h2>Try it</h2><form class="card pad narrow" onSubmit=${submit}><p class="soft">Sends a test to every target now. No saga is concerned.</p><${Actor} />
    <${Wrong} problem=${problem} />
    ${results && html`<ul role="status">${results.map(result => html`<li key=${result.name}><b>${result.name}</b>: ${result.delivered ? 'delivered' : result.text}</li>`)}</ul>`}
    <p class="buttons"><${Submit} busy=${busy}>Send a test alert<//></p>
    <${Line} text=${curl('POST', '/alerts/test')} /></form></section>`;
}

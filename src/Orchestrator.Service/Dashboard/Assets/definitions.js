// Definitions: their versions and what differs between them, their steps, how many sagas run on each, and a trial without calls.
import { get, send } from './api.js';
import { Wrong } from './dialog.js';
import { diff, differing } from './diff.js';
import { Json } from './fields.js';
import { at, number, plural, pretty } from './format.js';
import { Graph } from './graph.js';
import { useReading } from './live.js';
import { Empty, Facts, Payload, Reading, Table } from './parts.js';
import { html, useEffect, useState } from './preact.js';

const columns = [{ name: 'name', head: true }, { name: 'newest version' }, { name: 'stored', kind: 'when' }, { name: 'by' }];
const versionColumns = [{ name: 'version', head: true }, { name: 'under way' }, { name: 'all sagas' }, { name: 'stored', kind: 'when' }, { name: 'by' }, { name: 'compare', hidden: true }];

export function Definitions() {
  const reading = useReading('/definitions');
  const items = reading.data?.items ?? [];
  return html`<h1>Definitions</h1>
    <${Reading} reading=${reading} what="The definitions" />
    ${reading.data && items.length === 0 && html`<${Empty}>No definition is stored yet. PUT /definitions/{name} stores one.<//>`}
    ${items.length > 0 && html`<${Table} label="Definitions" columns=${columns} rows=${items.map(item => ({ key: item.name, cells: [
      html`<a href=${`#/definitions/${encodeURIComponent(item.name)}`}>${item.name}</a>`, `v${item.version}`, at(item.storedAt), item.actor] }))} />`}`;
}

export function Definition({ name }) {
  const path = `/definitions/${encodeURIComponent(name)}`;
  const versions = useReading(`${path}/versions`);
  const newest = versions.data ? Math.max(...versions.data.items.map(item => item.version)) : null;
  const [chosen, choose] = useState(null);
  const version = chosen ?? newest;
  const shown = useReading(version === null ? null : `${path}/${version}`, { quiet: true, every: 600000 });
  const definition = shown.data?.definition;
  return html`<p class="back"><a href="#/definitions">← all definitions</a></p>
    <h1>${name}${version !== null ? ` v${version}` : ''}</h1>
    <${Reading} reading=${versions} what="The versions" />
    ${version !== null && html`<${Reading} reading=${shown} what="The definition" />`}
    ${definition && html`
      <${Graph} steps=${definition.steps.map(step => ({ kind: 'compensatable', ...step, ...(step.confirm === 'none' ? { kind: 'unarmed' } : {}) }))} />
      <${Facts} items=${[['deadline', definition.deadline], ['at most', definition.maxDeadline], ['guard', definition.guard],
        ['sagas', html`<a href=${`#/sagas?definition=${encodeURIComponent(name)}`}>show them</a>`]]} />`}
    ${versions.data && html`<${Versions} items=${versions.data.items} path=${path} shown=${version} choose=${choose} />`}
    ${definition && html`<${Trial} key=${version} path=${`${path}/${version}`} definition=${definition} />
      <${Payload} title="The whole definition" value=${definition} />`}`;
}

function Versions({ items, path, shown, choose }) {
  const [other, compare] = useState(null);
  return html`<section><h2>Versions</h2><${Table} label="Versions" columns=${versionColumns} rows=${items.map(item => ({
      key: item.version, kind: item.version === shown ? 'chosen' : '', cells: [
        html`<button type="button" class="quiet" aria-pressed=${item.version === shown} onClick=${() => { choose(item.version); compare(null); }}>v${item.version}</button>`,
        number(item.live), number(item.total), at(item.storedAt), item.actor,
        item.version === shown ? null : html`<button type="button" class="quiet" onClick=${() => compare(item.version)}>what differs from v${shown}</button>`] }))} />
    ${other !== null && other !== shown && html`<${Difference} path=${path} from=${Math.min(other, shown)} to=${Math.max(other, shown)} />`}</section>`;
}

function Difference({ path, from, to }) {
  const [state, set] = useState({ lines: null, problem: null });
  useEffect(() => {
    Promise.all([get(`${path}/${from}`), get(`${path}/${to}`)])
      .then(([a, b]) => set({ lines: differing(diff(pretty(a.definition), pretty(b.definition))), problem: null }), problem => set({ lines: null, problem }));
  }, [path, from, to]);
  const mark = { same: ' ', gone: '−', new: '+', left: '⋯' };
  return html`<h3>From v${from} to v${to}</h3><${Wrong} problem=${state.problem} />
    ${state.lines && html`<pre class="card diff" tabindex="0">${state.lines.map((line, i) => html`<span key=${i} class=${line.kind}>${mark[line.kind]} ${line.text}${'\n'}</span>`)}</pre>`}`;
}

// An input with every member the definition asks for, to be filled in.
export function sampleOf(definition) {
  const sample = {};
  for (const [, names] of JSON.stringify(definition).matchAll(/"\$\.input((?:\.[\w-]+)+)/g)) {
    const way = names.slice(1).split('.');
    const last = way.pop();
    let inside = sample;
    for (const name of way) inside = typeof inside[name] === 'object' ? inside[name] : (inside[name] = {});
    inside[last] ??= '';
  }
  return sample;
}

// Maps a sample input through the steps. Calls nobody.
function Trial({ path, definition }) {
  const [input, type] = useState(pretty(sampleOf(definition)));
  const [outputs, answer] = useState('');
  const [state, set] = useState({ result: null, problem: null });
  async function submit(event) {
    event.preventDefault();
    try {
      const body = `{"input":${input}${outputs.trim() ? `,"outputs":${outputs}` : ''}}`;
      set({ result: await send('POST', `${path}/try`, body), problem: null });
    } catch (problem) { set({ result: null, problem }); }
  }
  return html`<section><h2>Try it</h2><form class="card pad" onSubmit=${submit}>
    <p class="soft">What each step would be sent for an input. Nobody is called and nothing is stored.</p>
    <div class="pair"><${Json} label="Input" value=${input} set=${type} />
      <${Json} label="Answers" hint="by step, as far as later steps use them" required=${false} value=${outputs} set=${answer} /></div>
    <p class="buttons"><button type="submit">Try</button></p>
    <${Wrong} problem=${state.problem} />
    ${state.result && html`<ol class="steps trial">${state.result.steps.map(step => html`<li key=${step.name}>
      <div class="step"><b>${step.name}</b><small>${step.participant} · ${step.kind}</small>${step.missing && html`<span class="bad">needs ${step.missing}, which is not there</span>`}</div>
      ${!step.missing && html`<pre tabindex="0">${pretty(step.input)}</pre>`}</li>`)}</ol>
      ${state.result.warnings.length > 0 && html`<p class="soft">${plural(state.result.warnings.length, 'warning')}: ${state.result.warnings.join(' ')}</p>`}
      <${Payload} title="output" value=${state.result.output} open=${true} />`}
  </form></section>`;
}

// Participants: how they are, where they are, what holds them, and everything that waits for them.
import { Submit, useAct } from './acting.js';
import { curl, send } from './api.js';
import { Dialog, Said, Wrong } from './dialog.js';
import { Actor, Reason, Text } from './fields.js';
import { number, plural, span } from './format.js';
import { useReading } from './live.js';
import { failing, worstFirst } from './overview.js';
import { Ago, Chip, Empty, Line, Reading } from './parts.js';
import { html, useEffect, useRef, useState } from './preact.js';
import { useWho } from './who.js';

const retryOf = [['first', 'First wait'], ['factor', 'Growth of the wait'], ['longest', 'Longest wait'], ['attempts', 'Attempts until stuck'], ['timeout', 'Timeout of a call']];

export function Participants() {
  const { may } = useWho();
  const health = useReading('/overview', { every: 2000 });
  const registry = useReading('/participants');
  const [open, set] = useState(null);
  const [released, release] = useState(null);
  const items = registry.data?.items ?? [];
  const sorted = useWorstFirst(items, health.data?.participants);
  const healthOf = name => health.data?.participants.find(participant => participant.name === name);
  return html`<h1>Participants</h1>
    <${Reading} reading=${registry} what="The participants" />
    <${Reading} reading=${health} what="Their health" />
    ${registry.data && items.length === 0 && html`<${Empty}>No participant is registered. A definition names them.<//>`}
    ${items.length > 0 && html`${may('operator') && html`<p class="buttons"><button type="button" onClick=${() => release({ name: null })}>Retry everything that waits</button></p>`}
      <div class="cards wide">${sorted.map(entry => html`<${Card} key=${entry.name} entry=${entry} health=${healthOf(entry.name)} open=${() => set(entry)} release=${() => release(entry)} />`)}</div>`}
    ${open && html`<${Change} entry=${open} close=${() => { set(null); registry.again(); }} />`}
    ${released && html`<${Release} name=${released.name} paused=${released.paused} close=${() => { release(null); health.again(); }} />`}`;
}

const lately = 60000;

// The worst first, as it was when the page was opened: nothing moves away under a finger.
function useWorstFirst(items, health) {
  const order = useRef(null);
  if (order.current === null && health) order.current = [...health].sort(worstFirst).map(participant => participant.name);
  const placeOf = name => ((order.current ?? []).includes(name) ? order.current.indexOf(name) : items.length);
  return [...items].sort((a, b) => placeOf(a.name) - placeOf(b.name));
}

// In how many sagas a call waits for its next try; asked where something is wrong.
function useWaiting(name, on) {
  const [count, set] = useState(null);
  useEffect(() => {
    if (!on) { set(null); return undefined; }
    const ask = () => send('POST', `/participants/${encodeURIComponent(name)}/retry`, { dryRun: true }).then(answer => set(answer.sagas), () => set(null));
    ask();
    const often = setInterval(ask, 5000);
    return () => clearInterval(often);
  }, [name, on]);
  return count;
}

function Card({ entry, health, open, release }) {
  const { may } = useWho();
  const state = health ? failing(health) : 'unknown';
  const waiting = useWaiting(entry.name, may('operator') && !['good', 'idle', 'unknown'].includes(state));
  return html`<section class="card health ${state}"><h2>${entry.name} <${Chip} word=${state} kind=${`health-${state}`} /></h2>
    <p><code>${entry.url ?? `app ${entry.app}`}</code>${entry.via ? ` via ${entry.via}` : ''}</p>
    <p class="soft">at most ${plural(entry.concurrency, 'call')} at once · ${entry.hasToken ? 'asks for a token' : 'called without a token'}</p>
    ${entry.retry && html`<p>Retries: ${retryOf.filter(([key]) => entry.retry[key] !== undefined).map(([key, label]) => `${label.toLowerCase()} ${entry.retry[key]}`).join(', ')}, whatever definitions say</p>`}
    ${health && html`<p class="soft">last minute: ${plural(health.recent.calls, 'call')}, ${number(health.recent.failures)} failed${
      health.recent.calls > 0 ? `, ${span(health.recent.p50Ms ?? 0)} typical, ${span(health.recent.p99Ms ?? 0)} slowest of 100` : ''}</p>
      <p class="soft">${number(health.underWay)} under way, ${number(health.waiting)} waiting for a place · answered <${Ago} instant=${health.lastAnswerAt} /></p>
      ${waiting > 0 && html`<p><b>${plural(waiting, 'saga')}</b> ${waiting === 1 ? 'waits' : 'wait'} for the next try</p>`}
      ${health.lastFailure && html`<p class=${Date.now() - Date.parse(health.lastFailureAt) < lately ? 'error' : 'soft'}>failed <${Ago} instant=${health.lastFailureAt} />: ${health.lastFailure}</p>`}`}
    <p class="buttons">${may('admin') && html`<button type="button" onClick=${open}>Change</button>`}
      ${may('operator') && html`<button type="button" class="quiet" onClick=${release}>Retry what waits</button>`}</p></section>`;
}

function Change({ entry, close }) {
  const [typed, type] = useState({
    address: entry.url ?? entry.app ?? '', concurrency: String(entry.concurrency), paused: entry.paused,
    ...Object.fromEntries(retryOf.map(([key]) => [key, String(entry.retry?.[key] ?? '')])),
  });
  const on = key => value => type(now => ({ ...now, [key]: value }));
  const body = bodyOf(entry, typed);
  const path = `/participants/${encodeURIComponent(entry.name)}`;
  const { busy, problem, submit } = useAct(async () => { await send('PUT', path, body); close(); });
  return html`<${Dialog} title=${`Change ${entry.name}`} close=${close}>
    <p>Counts from the next call on, for running sagas too.</p>
    <form onSubmit=${submit}>
      <${Text} label=${entry.url ? 'Address' : 'App'} value=${typed.address} set=${on('address')} />
      <${Text} label="Calls at once" type="number" min="1" max="4096" value=${typed.concurrency} set=${on('concurrency')} />
      <label class="check"><input type="checkbox" checked=${typed.paused} onChange=${e => on('paused')(e.target.checked)} /> Paused: calls wait and none is lost; the deadlines still count</label>
      <details open=${entry.retry !== null}><summary>Retries, instead of what definitions say</summary>
        <p class="soft">Left empty, the definition's counts. What waits already goes on waiting; “Retry what waits” ends that.</p>
        ${retryOf.map(([key, label]) => html`<${Text} key=${key} label=${label} hint=${key === 'attempts' || key === 'factor' ? 'a number' : 'such as 30s'} required=${false} value=${typed[key]} set=${on(key)} />`)}</details>
      <${Actor} /><${Wrong} problem=${problem} />
      <p class="buttons"><${Submit} busy=${busy} idle=${Object.keys(body).length === 0}>Change<//><button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('PUT', path, body)} /></form><//>`;
}

// Only what was changed: what is left out stays as it is.
function bodyOf(entry, typed) {
  const body = {};
  const address = entry.url ?? entry.app;
  if (typed.address !== address) Object.assign(body, entry.url ? { url: typed.address } : { app: typed.address, ...(entry.via ? { via: entry.via } : {}) });
  if (Number(typed.concurrency) !== entry.concurrency) body.concurrency = Number(typed.concurrency);
  if (typed.paused !== entry.paused) body.paused = typed.paused;
  if (retryOf.some(([key]) => typed[key] !== String(entry.retry?.[key] ?? ''))) body.retry = limitsOf(typed);
  return body;
}

function limitsOf(typed) {
  const given = retryOf.map(([key]) => [key, typed[key].trim()]).filter(([, text]) => text);
  if (given.length === 0) return null;
  return Object.fromEntries(given.map(([key, text]) => [key, (key === 'attempts' || key === 'factor') && Number.isFinite(Number(text)) ? Number(text) : text]));
}

// Counts first; what the count says is what will happen, give or take what happens meanwhile.
function Release({ name, paused, close }) {
  const path = name === null ? '/participants/retry' : `/participants/${encodeURIComponent(name)}/retry`;
  const [count, counted] = useState(null);
  const [done, end] = useState(null);
  const [reason, because] = useState('');
  const [unread, say] = useState(null);
  const body = reason ? { reason } : {};
  useEffect(() => { send('POST', path, { dryRun: true }).then(counted, say); }, [path]);
  const { busy, problem, submit } = useAct(async () => end(await send('POST', path, body)));
  const title = name === null ? 'Retry everything that waits' : `Retry what waits for ${name}`;
  if (done) return html`<${Said} title=${title} words=${`${done.sagas === 0 ? 'Nothing waited any more.' : `${plural(done.sagas, 'saga')} ${done.sagas === 1 ? 'goes' : 'go'} on now.`}${unreached(done)}`} close=${close} />`;
  return html`<${Dialog} title=${title} close=${close}>
    <p role="status">${count === null ? 'Counting ...' : count.sagas === 0 ? 'Nothing waits now.' : `A call of ${plural(count.sagas, 'saga')} waits for its next try; ${count.sagas === 1 ? 'it goes' : 'all of them go'} now.`}${count && unreached(count)}</p>
    ${paused && html`<p>${name} is paused: nothing goes out to it before that is changed.</p>`}
    <p class="soft">The same calls go out again with the same ids, so nothing is done twice. How many go at once is the participant's limit.</p>
    <form onSubmit=${submit}><${Reason} required=${false} value=${reason} set=${because} /><${Actor} /><${Wrong} problem=${problem ?? unread} />
      <p class="buttons"><${Submit} busy=${busy} idle=${!count?.sagas}>Retry now<//><button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('POST', path, body)} /></form><//>`;
}

function unreached(answer) {
  return answer.unreachable > 0 ? ` ${plural(answer.unreachable, 'orchestrator')} could not be asked; try again for theirs.` : '';
}

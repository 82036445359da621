// The page of one saga: what it is, why, what each participant says, and what can safely be done.
import { follow } from './api.js';
import { at, number, plural, precise, span } from './format.js';
import { Graph } from './graph.js';
import { Ledgers } from './ledgers.js';
import { useReading, useSeconds } from './live.js';
import { Chip, Chips, Facts, Fuse, Obstacle, Payload, Reading } from './parts.js';
import { html, useEffect, useState } from './preact.js';
import { Timeline } from './timeline.js';
import { Verbs } from './verbs.js';
import { useWho } from './who.js';
import { consequence, deadline, eventWords, extension, hasEnded, isForwardOnly, isOverdue, obstacles, situation, waitingFor } from './words.js';

export function Saga({ id }) {
  const path = `/sagas/${encodeURIComponent(id)}`;
  const saga = useReading(path, { quiet: true });
  const history = useReading(`${path}/history`, { quiet: true });
  const readAgain = () => { saga.again(); history.again(); };
  useEffect(() => follow(`${path}/events`, { opened: readAgain, heard: readAgain, cut: () => {} }), [path]);

  const shown = saga.data;
  const gone = saga.problem?.status === 404;
  const paused = usePaused(shown);
  return html`<p class="back"><a href="#/sagas">← all sagas</a></p>
    ${!shown && html`<h1>${id}</h1>`}
    <${Reading} reading=${saga} what="The saga" />
    ${shown && html`
      <${Head} saga=${shown} events=${history.data?.items ?? []} paused=${paused} />
      ${!gone && html`<${Verbs} saga=${shown} paused=${paused} events=${history.data?.items ?? []} done=${readAgain} />`}
      <${About} saga=${shown} />
      <${Graph} steps=${shown.steps} />
      ${history.data && html`<${Timeline} saga=${shown} events=${history.data.items} />`}
      <${Steps} saga=${shown} />
      <${Ledgers} saga=${shown} />
      <section class="pair"><${Payload} title="Input" value=${shown.input} /><${Payload} title="Output" value=${shown.output} /></section>
      <${History} saga=${shown} reading=${history} />`}`;
}

// Participants it waits for whose calls somebody holds back.
function usePaused(saga) {
  const { may } = useWho();
  const waits = saga && !hasEnded(saga) && may('viewer');
  const { data } = useReading(waits ? '/participants' : null, { quiet: true, every: 5000 });
  if (!waits || !data) return [];
  const names = new Set(waitingFor(saga).map(step => step.participant));
  return data.items.filter(entry => entry.paused && names.has(entry.name)).map(entry => entry.name);
}

function tone(saga) {
  if (saga.stuck || saga.inDoubt) return 'alarm';
  if (saga.suspended || saga.unverified?.length > 0 || isOverdue(saga)) return 'warn';
  return saga.phase;
}

function Head({ saga, events, paused }) {
  useSeconds(!hasEnded(saga));
  const stuckOn = obstacles(saga);
  const held = saga.suspended && !hasEnded(saga) ? events.findLast(event => event.type === 'suspend-requested') : null;
  return html`<h1 class="with-chips">${saga.businessKey ?? saga.id} <${Chips} saga=${saga} /></h1>
    <div class="card situation ${tone(saga)}">
      <p class="lead" role="status">${situation(saga)}</p>
      ${held && html`<p>Suspended ${at(held.at)} by <b>${held.actor}</b>${held.text ? `: “${held.text}”` : ''}</p>`}
      ${stuckOn.map(each => html`<p key=${each.step} class="obstacle"><${Obstacle} of=${each} />${each.attempts > 1 ? html` <small>${plural(each.attempts, 'attempt')}</small>` : ''}</p>`)}
      ${paused.length > 0 && html`<p class="obstacle"><a href="#/participants">${paused.join(', ')}</a> ${paused.length === 1 ? 'is' : 'are'} paused: the calls wait until somebody lets them go on.</p>`}
      ${extension(saga) && html`<p role="status">${extension(saga)}</p>`}
      <p>${consequence(saga)}</p>
      ${saga.reason && !stuckOn.some(each => saga.reason.text.includes(each.said)) && html`<p class="soft">How it came to this: <b>${saga.reason.code}</b>, <bdi>${saga.reason.text}</bdi> <small>(${saga.reason.actor})</small></p>`}
      ${!isForwardOnly(saga) && html`<p class="countdown">${deadline(saga)}<${Fuse} saga=${saga} /></p>`}
    </div>`;
}

function About({ saga }) {
  const link = (id, text) => id && html`<a href=${`#/sagas/${encodeURIComponent(id)}`}>${text ?? id}</a>`;
  const reruns = [saga.rerunAs].flat().filter(Boolean);
  return html`<${Facts} items=${[
      ['saga', html`<code>${saga.id}</code>`],
      ['definition', html`<a href=${`#/definitions/${encodeURIComponent(saga.definition)}`}>${saga.definition} v${saga.definitionVersion}</a>`],
      ['started', at(saga.startedAt)], ['expires', at(saga.expiresAt)], ['ended', saga.endedAt && at(saga.endedAt)],
      ...Object.entries(saga.tags),
      ['rerun of', link(saga.rerunOf)],
      ['run again as', reruns.length > 0 ? reruns.map(id => html`<span key=${id}>${link(id)} </span>`) : null],
      ['unverified', saga.unverified?.length > 0 ? saga.unverified.join(', ') : null],
      ['trace', saga.traceId && html`<code>${saga.traceId}</code>`], ['runs on', saga.owner],
    ]} />`;
}

function Steps({ saga }) {
  return html`<section><h2>Steps</h2><ol class="card steps">${saga.steps.map(step => html`<li key=${step.name}>
    <div class="step"><b>${step.name}</b><${Chip} word=${step.state} kind=${`state-${step.state}`} />
      <small>${step.participant} · ${step.kind}${step.attempts > 1 ? ` · ${plural(step.attempts, 'attempt')}` : ''}${
        step.startedAt && step.endedAt ? ` · ${span(Date.parse(step.endedAt) - Date.parse(step.startedAt))}` : ''}</small></div>
    ${step.lastError && html`<p class="error">${step.lastError}</p>`}
    <${Payload} title="output" value=${step.output} /></li>`)}</ol></section>`;
}

const shownFirst = 200;

function History({ saga, reading }) {
  const [all, showAll] = useState(false);
  const items = reading.data?.items ?? [];
  const start = Date.parse(saga.startedAt);
  const shown = all ? items : items.slice(-shownFirst);
  return html`<section><h2>History · ${plural(items.length, 'event')}</h2>
    <${Reading} reading=${reading} what="The history" />
    ${shown.length < items.length && html`<button type="button" class="more" onClick=${() => showAll(true)}>Show the ${number(items.length - shown.length)} before</button>`}
    <ol class="card history">${shown.map(item => html`<li key=${item.seq} class="event ${item.type}">
      <span class="seq">${item.seq}</span>
      <span class="when" title=${item.at}>${precise(item.at)} <small>+${span(Date.parse(item.at) - start)}</small></span>
      <div class="what"><b>${item.type}</b> ${eventWords(item)}
        ${item.text && html`<span class="said"> “<bdi>${item.text}</bdi>”</span>`}
        <${Payload} title="data" value=${item.data} /></div></li>`)}</ol></section>`;
}

// Is anything wrong, which sagas, why, and where to look: in ten seconds.
import { number, plural, span } from './format.js';
import { useLive, useReading, useSeconds } from './live.js';
import { Ago, Chip, Chips, Empty, Obstacle, Reading, Same, Table } from './parts.js';
import { html, useEffect, useRef, useState } from './preact.js';
import { advice, adviceTitle, consequence, obstacles, phases } from './words.js';

const stale = 15000;
const shownFirst = 5;

export function Overview() {
  const reading = useReading('/overview', { every: 2000 });
  const first = useFirst(reading.data);
  return html`<h1>Overview</h1>
    <${Verdict} reading=${reading} />
    ${reading.data && html`
      <${Tiles} now=${reading.data} />
      ${first.length > 0 && html`<${First} items=${first} now=${reading.data} />`}
      <${Rates} minutes=${reading.data.minutes} asOf=${reading.data.asOf} />
      <${Health} participants=${reading.data.participants} />
      <${Counts} counts=${reading.data.counts} />`}`;
}

// The sagas to look at first: those stuck, then those in doubt, then those overdue.
function useFirst(now) {
  const read = (count, flag) => useReading(count > 0 ? `/sagas?${flag}=true&limit=${shownFirst}` : null).data?.items ?? [];
  const all = [...read(now?.stuck, 'stuck'), ...read(now?.inDoubt, 'inDoubt'), ...read(now?.overdue, 'overdue')];
  return [...new Map(all.map(saga => [saga.id, saga])).values()].slice(0, shownFirst);
}

// Everything that is wrong, the worst first: what it is, what it means, where to go.
export function troubles(now) {
  const found = [];
  const add = (bad, level, text, meaning, href) => { if (bad) found.push({ level, text, meaning, href }); };
  add(!now.ready, 'alarm', now.notReady ?? 'The service is not ready.', 'No saga can be started. Running ones go on where they can, and every participant keeps its own deadline.', null);
  add(now.inDoubt > 0, 'alarm', `${plural(now.inDoubt, 'saga')} in doubt${now.oldestInDoubtSeconds ? `, the oldest for ${span(now.oldestInDoubtSeconds * 1000)}` : ''}`,
    'One that had confirmed must undo and cannot be reached: it holds money or goods until it can.', '#/sagas?inDoubt=true');
  add(now.stuck > 0, 'alarm', `${plural(now.stuck, 'saga')} stuck${now.oldestStuckSeconds ? `, the oldest for ${span(now.oldestStuckSeconds * 1000)}` : ''}`,
    'It goes on being tried, but a person should look: what is safe stands below and on the page of each.', '#/sagas?stuck=true');
  add(now.overdue > 0, 'warn', `${plural(now.overdue, 'saga')} overdue${now.oldestOverdueSeconds ? `, the oldest by ${span(now.oldestOverdueSeconds * 1000)}` : ''}`,
    'Participants have begun to undo by themselves; the orchestrator waits for their answers.', '#/sagas?overdue=true');
  for (const participant of now.participants) {
    const { calls, failures } = participant.recent;
    const bad = calls >= 3 && failures / calls > 0.2;
    add(bad, failures / calls > 0.9 ? 'alarm' : 'warn', `${participant.name} fails: ${number(failures)} of ${number(calls)} calls in the last minute`,
      participant.lastFailure ?? 'Its calls are repeated with growing pauses.', '#/participants');
    add(participant.paused, 'warn', `${participant.name} is paused`, `${plural(participant.waiting, 'call')} ${participant.waiting === 1 ? 'waits' : 'wait'} until somebody lets it go on.`, '#/participants');
  }
  add(now.suspended > 0, 'warn', `${plural(now.suspended, 'saga')} suspended`, 'Held still by an operator; the deadline of each still counts.', '#/sagas?suspended=true');
  add(now.alerts?.failing > 0, 'warn', `${plural(now.alerts.failing, 'alert target')} ${now.alerts.failing === 1 ? 'takes' : 'take'} no alerts`, 'They wait and are sent again.', '#/alerts');
  add(now.warning, 'warn', now.warning, '', null);
  return [...found.filter(item => item.level === 'alarm'), ...found.filter(item => item.level !== 'alarm')];
}

// Said aloud when it changes, and not with every figure that does.
function Verdict({ reading }) {
  const [word, say] = useState('');
  const verdict = useRef(null);
  useEffect(() => { say(verdict.current?.querySelector('h2')?.textContent ?? ''); });
  return html`<p class="hidden" role="status">${word}</p><div class="judged" ref=${verdict}><${Judged} reading=${reading} /></div>`;
}

function Judged({ reading }) {
  useSeconds();
  const live = useLive();
  if (!reading.data) return html`<${Reading} reading=${reading} what="The overview" />`;
  const age = Date.now() - reading.readAt;
  if (live.word === 'cut' || reading.problem || age > stale) {
    return html`<section class="verdict alarm"><h2>Nobody knows</h2>
      <p>What stands below is ${span(age)} old. ${reading.problem?.message ?? 'The service does not answer.'}</p></section>`;
  }
  const found = troubles(reading.data);
  if (found.length === 0) {
    const called = reading.data.participants.filter(participant => participant.recent.calls > 0).length;
    return html`<section class="verdict good"><h2>All is well</h2>
      <p>Nothing is stuck, in doubt or overdue. ${called > 0 ? `${plural(called, 'participant')} called in the last minute, and ${called === 1 ? 'it answers' : 'they answer'}.`
    : 'No participant was called in the last minute, so nobody knows how they are.'} ${plural(reading.data.live, 'saga')} under way.</p></section>`;
  }
  const level = found.some(item => item.level === 'alarm') ? 'alarm' : 'warn';
  return html`<section class="verdict ${level}"><h2>${level === 'alarm' ? 'A person should look' : 'Worth a look'}</h2>
    <ul>${found.map(item => html`<li key=${item.text} class=${item.level}>
      <b>${item.href ? html`<a href=${item.href}>${item.text}</a>` : item.text}</b> <span>${item.meaning}</span></li>`)}</ul></section>`;
}

function Tiles({ now }) {
  const tiles = [
    ['under way', now.live, '#/sagas', ''],
    ['stuck', now.stuck, '#/sagas?stuck=true', 'alarm'],
    ['in doubt', now.inDoubt, '#/sagas?inDoubt=true', 'alarm'],
    ['overdue', now.overdue, '#/sagas?overdue=true', 'warn'],
    ['suspended', now.suspended, '#/sagas?suspended=true', 'warn'],
  ];
  return html`<div class="tiles">${tiles.map(([name, value, href, kind]) => html`
    <a key=${name} class="tile ${value > 0 ? kind : 'zero'}" href=${href}><b>${number(value)}</b><span>${name}</span></a>`)}</div>`;
}

const firstFlags = [['stuck', 'stuck'], ['inDoubt', 'in doubt'], ['overdue', 'overdue']];

function First({ items, now }) {
  const more = firstFlags.filter(([flag]) => now[flag] > shownFirst);
  return html`<section><h2>Look at these first${more.map(([flag, word]) => html` · <a key=${flag} href=${`#/sagas?${flag}=true`}>all ${number(now[flag])} ${word}</a>`)}</h2>
    <ul class="card plain">${items.map(saga => html`<${Waiting} key=${saga.id} line=${saga} />`)}</ul></section>`;
}

// One of them: who holds it up and with which words, what it means for the customer, what is safe to do.
function Waiting({ line }) {
  const { data: saga } = useReading(`/sagas/${encodeURIComponent(line.id)}`, { quiet: true, every: 10000 });
  useSeconds();
  return html`<li><a href=${`#/sagas/${encodeURIComponent(line.id)}`}><b>${line.businessKey ?? line.id}</b></a>
    ${' '}<${Chips} saga=${line} /> <small>${line.definition} · started ${span(Date.now() - Date.parse(line.startedAt))} ago</small>
    ${saga ? html`${obstacles(saga).map(each => html`<p key=${each.step} class="obstacle"><${Obstacle} of=${each} /></p>`)}
      <p class="soft">${consequence(saga)}</p><${Advice} advice=${advice(saga)} />` : html`<p class="soft">${line.reason?.text ?? ''}</p>`}</li>`;
}

function Advice({ advice: safe }) {
  return html`<p class="soft">${safe ? `${adviceTitle(safe)} ${safe.text}` : 'Nothing has to be done any more.'}</p>`;
}

const hour = 60;

// The last sixty minutes; those the service does not tell of have no figures and are shown so.
export function hourOf(minutes, now) {
  const known = new Map(minutes.map(minute => [Date.parse(minute.at), minute]));
  const last = Math.floor(now / 60000) * 60000;
  return Array.from({ length: hour }, (_, i) => {
    const at = last - (hour - 1 - i) * 60000;
    return known.get(at) ?? { at: new Date(at).toISOString(), started: 0, completed: 0, compensated: 0, unknown: true };
  });
}

// Bars of an hour, drawn once per new data.
function Rates({ minutes: known, asOf }) {
  const minutes = hourOf(known ?? [], Date.parse(asOf));
  const most = Math.max(1, ...minutes.map(minute => Math.max(minute.started, minute.completed + minute.compensated)));
  const sum = name => minutes.reduce((total, minute) => total + minute[name], 0);
  const unknown = minutes.filter(minute => minute.unknown).length;
  return html`<section><h2>The last hour, per minute</h2>
    <div class="card chart">
      <${Same} of=${[JSON.stringify(minutes[hour - 1]), minutes[0].at, most]}>${() => html`<${Bars} minutes=${minutes} most=${most} unknown=${unknown} sum=${sum} />`}<//>
      <p class="legend"><span class="started">${number(sum('started'))} started</span>
        <span class="completed">${number(sum('completed'))} completed</span>
        <span class="compensated">${number(sum('compensated'))} compensated</span>
        <small>highest: ${number(most)} a minute${unknown > 0 ? `; of ${plural(unknown, 'minute')} nobody knows` : ''}</small></p>
    </div></section>`;
}

function Bars({ minutes, most, unknown, sum }) {
  const [width, height] = [600, 120];
  const gap = width / minutes.length;
  const y = value => (value / most) * (height - 4);
  const clock = instant => new Date(instant).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  return html`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"
      aria-label=${`In the last hour ${plural(sum('started'), 'saga')} started, ${number(sum('completed'))} completed, ${number(sum('compensated'))} compensated; at most ${number(most)} a minute.`}>
      ${unknown > 0 && html`<rect class="unknown" x="0" y="0" width=${unknown * gap - 1} height=${height} />`}
      <line class="most" x1="0" x2=${width} y1="4" y2="4" />
      ${minutes.map((minute, i) => !minute.unknown && html`<g key=${minute.at}>
        <title>${`${clock(minute.at)}: ${minute.started} started, ${minute.completed} completed, ${minute.compensated} compensated`}</title>
        <rect class="hit" x=${i * gap} y="0" width=${gap} height=${height} />
        <rect class="completed" x=${i * gap + 1} y=${height - y(minute.completed)} width=${gap - 2} height=${y(minute.completed)} />
        <rect class="compensated" x=${i * gap + 1} y=${height - y(minute.completed + minute.compensated)} width=${gap - 2} height=${y(minute.compensated)} />
        ${minute.started > 0 && html`<rect class="started" x=${i * gap} y=${height - y(minute.started) - 1.5} width=${gap} height="1.5" />`}
      </g>`)}
    </svg>
    <p class="axis" aria-hidden="true"><span>${clock(minutes[0].at)}</span><span>${clock(minutes[30].at)}</span><span>now</span></p>`;
}

export function failing(participant) {
  const { calls, failures } = participant.recent;
  if (participant.paused) return 'paused';
  if (calls === 0) return participant.waiting > 0 || participant.underWay > 0 ? 'waiting' : 'idle';
  if (failures / calls > 0.9) return 'failing';
  return failures / calls > 0.2 ? 'shaky' : 'good';
}

const severity = ['failing', 'shaky', 'paused', 'waiting', 'good', 'idle'];

export function worstFirst(a, b) {
  return severity.indexOf(failing(a)) - severity.indexOf(failing(b)) || a.name.localeCompare(b.name);
}

function Health({ participants }) {
  if (participants.length === 0) return html`<section><h2>Participants</h2><${Empty}>No participant is registered. A definition names them.<//></section>`;
  return html`<section><h2><a href="#/participants">Participants</a></h2>
    <div class="cards">${[...participants].sort(worstFirst).map(participant => html`<${Participant} key=${participant.name} of=${participant} />`)}</div></section>`;
}

function Participant({ of: participant }) {
  const { calls, failures, p50Ms, p99Ms } = participant.recent;
  const state = failing(participant);
  return html`<div class="card health ${state}">
    <b>${participant.name}</b> <${Chip} word=${state} kind=${`health-${state}`} />
    <p class="soft">${calls === 0 ? 'No call in the last minute.'
      : html`${plural(calls, 'call')}, ${number(failures)} failed · ${span(p50Ms ?? 0)} typical, ${span(p99Ms ?? 0)} slowest of 100`}</p>
    <p class="soft">${number(participant.underWay)} under way, ${number(participant.waiting)} waiting for a place · answered <${Ago} instant=${participant.lastAnswerAt} /></p>
  </div>`;
}

function Counts({ counts }) {
  const names = [...new Set(counts.map(line => line.definition))].sort();
  if (names.length === 0) return html`<section><h2>Definitions</h2><${Empty}>No saga was started yet. POST /sagas/{definition} starts one.<//></section>`;
  const count = (name, phase) => {
    const found = counts.find(line => line.definition === name && line.phase === phase)?.count ?? 0;
    return found === 0 ? html`<span class="zero">0</span>` : html`<a href=${`#/sagas?definition=${encodeURIComponent(name)}&phase=${phase}`}>${number(found)}</a>`;
  };
  return html`<section><h2>By definition and phase</h2><${Table} label="Sagas by definition and phase"
    columns=${[{ name: 'definition', head: true }, ...phases.map(phase => ({ name: phase, kind: 'count' }))]}
    rows=${names.map(name => ({ key: name, cells: [html`<a href=${`#/definitions/${encodeURIComponent(name)}`}>${name}</a>`, ...phases.map(phase => count(name, phase))] }))} /></section>`;
}

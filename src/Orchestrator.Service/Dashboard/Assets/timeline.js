// Calls and waits over time, a row per step, with the deadline as a line.
import { precise, span } from './format.js';
import { useSeconds } from './live.js';
import { html } from './preact.js';
import { hasEnded, isForwardOnly } from './words.js';

// The calls of the history: sent, answered, and what came of it.
export function callsOf(events) {
  const rows = new Map();
  const open = new Map();
  for (const event of events) {
    if (event.type === 'call-sent') {
      const call = { step: event.step, command: event.command, attempt: event.attempt ?? 1, from: Date.parse(event.at), to: null, fate: 'open', text: '' };
      open.set(`${event.step}/${event.command}`, call);
      const calls = rows.get(event.step) ?? [];
      calls.push(call);
      rows.set(event.step, calls);
    } else if (event.type === 'call-answered') {
      const call = open.get(`${event.step}/${event.command}`);
      if (!call || call.to !== null) continue;
      call.to = Date.parse(event.at);
      call.fate = event.silence || !event.status ? 'silent' : event.status < 300 && event.status !== 202 ? 'good' : 'bad';
      call.text = [event.status || event.silence, event.code, event.text].filter(Boolean).join(' ');
    }
  }
  return rows;
}

const [keptFirst, keptLast] = [3, 4];

// Of a command that was tried again and again only the first and the last attempts are drawn; the one before the gap knows how many
// are left out.
export function shorten(calls) {
  const runs = [];
  for (const call of calls) {
    const run = runs[runs.length - 1];
    if (run?.[0].command === call.command) run.push(call); else runs.push([call]);
  }
  return runs.flatMap(run => {
    const left = run.length - keptFirst - keptLast;
    if (left <= 1) return run;
    return [...run.slice(0, keptFirst - 1), { ...run[keptFirst - 1], more: left }, ...run.slice(-keptLast)];
  });
}

const marks = ['cancel-requested', 'retry-requested', 'suspend-requested', 'resume-requested', 'terminate-requested', 'extend-requested', 'resend-requested', 'resolve-requested'];

// From an instant to a place between 0 and 100. Where nothing was under way for long, time is pressed together, so that what
// happened stays visible; `breaks` are the places of those gaps and `ticks` the starts of what lies between.
export function axis(spans, start, end) {
  const busy = [];
  for (const { from, to } of [{ from: start, to: start }, ...spans, { from: end, to: end }].sort((a, b) => a.from - b.from)) {
    const last = busy[busy.length - 1];
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else busy.push({ from, to });
  }
  const work = busy.reduce((sum, part) => sum + part.to - part.from, 0);
  const long = Math.max(work * 0.25, 50);
  const parts = [];
  for (const [i, part] of busy.entries()) {
    parts.push({ from: part.from, to: part.to, width: part.to - part.from, pressed: false });
    const gap = i + 1 < busy.length ? busy[i + 1].from - part.to : 0;
    if (gap > 0) parts.push({ from: part.to, to: part.to + gap, width: Math.min(gap, long), pressed: gap > long });
  }
  const whole = Math.max(1, parts.reduce((sum, part) => sum + part.width, 0));
  let at = 0;
  for (const part of parts) { part.at = (at / whole) * 100; at += part.width; }
  const x = instant => {
    const part = parts.findLast(each => each.from <= instant) ?? parts[0];
    const share = part.to > part.from ? Math.min(1, Math.max(0, (instant - part.from) / (part.to - part.from))) : 0;
    return part.at + ((share * part.width) / whole) * 100;
  };
  const ticks = [];
  for (const part of parts) if (!part.pressed && (ticks.length === 0 || part.at - ticks[ticks.length - 1].at > 14)) ticks.push(part);
  const breaks = parts.filter(part => part.pressed).map(part => ({ at: part.at + (part.width / whole) * 50, took: part.to - part.from }));
  let told = -100;
  for (const gap of breaks) {
    gap.named = gap.at - told > 8;
    if (gap.named) told = gap.at;
  }
  return { x, breaks, ticks: ticks.filter(part => part.at < 92 && breaks.every(gap => !gap.named || Math.abs(gap.at - part.at) > 12)) };
}

function Lanes({ rows, events, x, now, start }) {
  const verbs = events.filter(event => marks.includes(event.type));
  return html`${[...rows].map(([step, calls]) => html`<div key=${step} class="lane-row"><span class="lane-name" title=${step}>${step}</span>
      <div class="lane">${calls.map((call, i) => html`<${Bar} key=${i} call=${call} next=${calls[i + 1]} x=${x} now=${now} start=${start} />`)}</div></div>`)}
    ${verbs.length > 0 && html`<div class="lane-row"><span class="lane-name soft">verbs</span><div class="lane">${verbs.map(event => html`
      <span key=${event.seq} class="mark-at" style=${{ left: `${x(Date.parse(event.at))}%` }} title=${`${event.type} by ${event.actor} at ${precise(event.at)}`}>
        <span class="hidden">${event.type} by ${event.actor}</span></span>`)}</div></div>`}`;
}

export function Timeline({ saga, events }) {
  useSeconds(!hasEnded(saga));
  const rows = new Map([...callsOf(events)].map(([step, calls]) => [step, shorten(calls)]));
  if (rows.size === 0) return null;
  const start = Date.parse(saga.startedAt);
  const last = events.length > 0 ? Date.parse(events[events.length - 1].at) : start;
  const now = hasEnded(saga) ? Math.max(last, Date.parse(saga.endedAt)) : Math.max(last, Date.now());
  const expiry = Date.parse(saga.expiresAt);
  const calls = [...rows.values()].flat().map(call => ({ from: call.from, to: call.to ?? now }));
  const { x, breaks, ticks } = axis([...calls, { from: now, to: now }], start, Math.max(now, expiry));
  const left = expiry - now;
  const words = isForwardOnly(saga) ? 'deadline, no longer counts' : left > 0 && !hasEnded(saga) ? `deadline in ${span(left)}` : 'deadline';
  return html`<section><h2>Timeline</h2><div class="card timeline">
    <div class="scale" aria-hidden="true"><span></span><div class="lane">${ticks.map(part => html`
      <span key=${part.from} style=${{ left: `${part.at}%` }}>+${span(part.from - start)}</span>`)}</div></div>
    <div class="lanes"><${Lanes} rows=${rows} events=${events} x=${x} now=${now} start=${start} />
    <div class="overlay" aria-hidden="true"><span></span><div class="lane">
      ${breaks.map(gap => html`<span key=${gap.at} class="break-at" style=${{ left: `${gap.at}%` }}>${gap.named && html`<em>${span(gap.took)}</em>`}</span>`)}
      <span class="deadline-line ${isForwardOnly(saga) ? 'past' : ''}" style=${{ left: `${x(expiry)}%` }}><em class=${x(expiry) > 50 ? '' : 'right'}>${words}</em></span>
      ${!hasEnded(saga) && html`<span class="now-line" style=${{ left: `${x(now)}%` }}>${x(expiry) - x(now) > 25 && html`<em>now</em>`}</span>`}</div></div></div>
    <p class="legend"><span class="do">do</span><span class="confirm">confirm</span><span class="undo">undo</span>
      ${[...rows.values()].flat().some(call => call.command === 'extend') && html`<span class="extend">extend</span>`}
      <span class="silent">no answer</span><span class="bad">refused or failed</span><small>Deadline ${precise(saga.expiresAt)}${breaks.length > 0 ? '. Where nothing was under way, time is pressed together.' : ''}</small></p>
  </div></section>`;
}

function Bar({ call, next, x, now, start }) {
  const to = call.to ?? now;
  const title = `${call.command}, attempt ${call.attempt}: +${span(call.from - start)}, ${call.to ? `took ${span(to - call.from)}` : `for ${span(to - call.from)} so far`}. ${call.text}`;
  const waits = call.to !== null && next && next.command === call.command && next.from > call.to;
  return html`<span class="bar-at ${call.command} ${call.fate}" style=${{ left: `${x(call.from)}%`, width: `${Math.max(0, x(to) - x(call.from))}%` }}
      title=${title} role="img" aria-label=${title}></span>
    ${waits && html`<span class="wait-at ${call.more ? 'more' : ''}" style=${{ left: `${x(call.to)}%`, width: `${x(next.from) - x(call.to)}%` }}
      title=${call.more ? `${call.more} more attempts in ${span(next.from - call.to)}` : `waits ${span(next.from - call.to)}`}>${call.more && html`<em>${call.more} more</em>`}</span>`}`;
}

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

const marks = ['cancel-requested', 'retry-requested', 'suspend-requested', 'resume-requested', 'terminate-requested', 'extend-requested', 'resend-requested', 'resolve-requested'];

export function Timeline({ saga, events }) {
  useSeconds(!hasEnded(saga));
  const rows = callsOf(events);
  if (rows.size === 0) return null;
  const start = Date.parse(saga.startedAt);
  const last = events.length > 0 ? Date.parse(events[events.length - 1].at) : start;
  const now = hasEnded(saga) ? Math.max(last, Date.parse(saga.endedAt)) : Math.max(last, Date.now());
  const expiry = Date.parse(saga.expiresAt);
  // A deadline far away would press everything into a dot: it stands at the edge then, behind a break.
  const worked = Math.max(now - start, 1);
  const isFar = expiry > now + worked * 0.5;
  const end = isFar ? start + worked * 1.12 : Math.max(now, expiry) + worked * 0.04;
  const x = instant => Math.max(0, Math.min(100, ((instant - start) / (end - start)) * 100));
  const line = isFar ? 98.5 : x(expiry);
  const left = expiry - now;
  const words = isForwardOnly(saga) ? 'deadline, no longer asked' : left > 0 ? `deadline${hasEnded(saga) ? '' : ` in ${span(left)}`}` : 'deadline';
  return html`<section><h2>Timeline</h2><div class="card timeline">
    <div class="scale" aria-hidden="true"><span></span><div class="lane">${[0, 0.25, 0.5, 0.75].map(part => html`
      <span key=${part} style=${{ left: `${part * 100}%` }}>+${span((end - start) * part)}</span>`)}</div></div>
    ${[...rows].map(([step, calls]) => html`<div key=${step} class="lane-row"><span class="lane-name">${step}</span>
      <div class="lane">${calls.map((call, i) => html`<${Bar} key=${i} call=${call} next=${calls[i + 1]} x=${x} now=${now} start=${start} />`)}</div></div>`)}
    <div class="lane-row marks"><span class="lane-name soft">verbs</span><div class="lane">${events.filter(event => marks.includes(event.type)).map(event => html`
      <span key=${event.seq} class="mark-at" style=${{ left: `${x(Date.parse(event.at))}%` }} title=${`${event.type} by ${event.actor} at ${precise(event.at)}`}>
        <span class="hidden">${event.type} by ${event.actor}</span></span>`)}</div></div>
    <div class="overlay" aria-hidden="true"><span></span><div class="lane">
      <span class="deadline-line ${isFar ? 'far' : ''}" style=${{ left: `${line}%` }}><em>${words}</em></span>
      ${!hasEnded(saga) && html`<span class="now-line" style=${{ left: `${x(now)}%` }}></span>`}</div></div>
    <p class="legend"><span class="do">do</span><span class="confirm">confirm</span><span class="undo">undo</span>
      <span class="silent">no answer</span><span class="bad">refused or failed</span><small>The deadline: ${precise(saga.expiresAt)}</small></p>
  </div></section>`;
}

function Bar({ call, next, x, now, start }) {
  const to = call.to ?? now;
  const title = `${call.command}, attempt ${call.attempt}: +${span(call.from - start)}, ${call.to ? `took ${span(to - call.from)}` : `for ${span(to - call.from)} so far`}. ${call.text}`;
  const waits = call.to !== null && next && next.command === call.command && next.from > call.to;
  return html`<span class="bar-at ${call.command} ${call.fate}" style=${{ left: `${x(call.from)}%`, width: `${Math.max(0, x(to) - x(call.from))}%` }}
      title=${title} role="img" aria-label=${title}></span>
    ${waits && html`<span class="wait-at" style=${{ left: `${x(call.to)}%`, width: `${x(next.from) - x(call.to)}%` }} title=${`waits ${span(next.from - call.to)}`}></span>`}`;
}

// Writes instants, spans, figures and payloads for people.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hour12: false });

export function at(instant) {
  const date = new Date(instant);
  return new Date().toDateString() === date.toDateString() ? clock.format(date) : full.format(date);
}

export function precise(instant) {
  return `${at(instant)}.${String(new Date(instant).getMilliseconds()).padStart(3, '0')}`;
}

export function span(milliseconds) {
  const ms = Math.abs(milliseconds);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${(ms / 1000).toFixed(s < 10 ? 1 : 0)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

// A sentence of the service with its instants as the clock here shows them.
export function localTimes(text) { return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, at); }

export function number(value) { return Number(value).toLocaleString(); }

export function plural(count, one, many = `${one}s`) { return `${number(count)} ${count === 1 ? one : many}`; }

// Numbers that a double cannot hold are shown with the digits that were sent.
const exact = (_, value, context) =>
  typeof value === 'number' && JSON.rawJSON && context?.source && String(value) !== context.source
    ? JSON.rawJSON(context.source) : value;

export function parse(text) { return JSON.parse(text, exact); }

export function pretty(value) { return JSON.stringify(value, null, 2); }

// Small things both pages show.
import { el } from './dom.js';
import { hasEnded, isOverdue, pretty } from './format.js';

export function chip(word, kind = word) { return el('span', { className: `chip ${kind}` }, word); }

export function chips(saga) {
  return el('span', { className: 'chips' },
    chip(saga.phase),
    saga.stuck && chip('stuck', 'alarm'),
    saga.inDoubt && chip('in doubt', 'alarm'),
    saga.suspended && chip('suspended', 'warn'),
    isOverdue(saga) && chip('overdue', 'warn'));
}

export function payload(title, value) {
  if (value === null || value === undefined) return null;
  return el('details', { className: 'payload' }, el('summary', {}, title), el('pre', {}, pretty(value)));
}

// How much of the time between start and expiry is used up, as a thin bar. Widths are set through the style object, which a
// strict content security policy allows.
export function fuse(saga) {
  const [start, expiry] = [Date.parse(saga.startedAt), Date.parse(saga.expiresAt)];
  const until = hasEnded(saga) ? Date.parse(saga.endedAt) : Date.now();
  const used = Math.max(0, Math.min(1, (until - start) / Math.max(1, expiry - start)));
  const bar = el('span', { className: `fuse ${saga.phase}` }, el('span'));
  bar.firstChild.style.width = `${(used * 100).toFixed(1)}%`;
  return bar;
}

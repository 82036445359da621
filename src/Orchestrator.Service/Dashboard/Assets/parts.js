// Small things many pages show.
import { at, pretty, span } from './format.js';
import { useSeconds } from './live.js';
import { Component, html, useState } from './preact.js';
import { deadline, hasEnded, isForwardOnly, isOverdue } from './words.js';

export function Chip({ word, kind }) { return html`<span class="chip ${kind ?? word}">${word}</span>`; }

export function Chips({ saga }) {
  return html`<span class="chips">
    <${Chip} word=${saga.phase} />
    ${saga.stuck && html`<${Chip} word="stuck" kind="alarm" />`}
    ${saga.inDoubt && html`<${Chip} word="in doubt" kind="alarm" />`}
    ${saga.unverified?.length > 0 && html`<${Chip} word="unverified" kind="warn" />`}
    ${saga.suspended && html`<${Chip} word="suspended" kind="warn" />`}
    ${isOverdue(saga) && html`<${Chip} word="overdue" kind="warn" />`}
  </span>`;
}

// How much of the time between start and expiry is used up.
export function Fuse({ saga }) {
  const [start, expiry] = [Date.parse(saga.startedAt), Date.parse(saga.expiresAt)];
  const until = hasEnded(saga) ? Date.parse(saga.endedAt) : Date.now();
  const used = Math.max(0, Math.min(1, (until - start) / Math.max(1, expiry - start)));
  return html`<span class="fuse ${saga.phase}" aria-hidden="true"><span style=${{ width: `${(used * 100).toFixed(1)}%` }}></span></span>`;
}

// The deadline, counting while the saga runs.
export function Deadline({ saga }) {
  useSeconds(!hasEnded(saga));
  return html`<span class="deadline">${deadline(saga)}${!isForwardOnly(saga) && html`<${Fuse} saga=${saga} />`}</span>`;
}

export function Ago({ instant, none = 'never' }) {
  useSeconds(instant !== null);
  return instant ? html`<span title=${instant}>${span(Date.now() - Date.parse(instant))} ago</span>` : none;
}

export function Payload({ title, value, open = false }) {
  if (value === null || value === undefined) return null;
  return html`<details class="payload" open=${open}><summary>${title}</summary><pre tabindex="0">${pretty(value)}</pre></details>`;
}

// A participant with what it said, or with what became of asking it.
export function Obstacle({ of: { participant, said } }) {
  return html`<b>${participant}</b>${said.startsWith('answered') ? ' ' : ': '}<bdi>${said}</bdi>`;
}

export function Empty({ children }) { return html`<p class="empty">${children}</p>`; }

// What stands in place of data that are not there, or above data that could not be read again.
export function Reading({ reading, what }) {
  if (reading.problem && !reading.data) return html`<p class="empty bad" role="alert">${what} could not be read: ${reading.problem.message}</p>`;
  if (reading.problem) return html`<p class="aside bad" role="alert">Not read again since ${at(reading.readAt)}: ${reading.problem.message}</p>`;
  return reading.data ? null : html`<${Empty}>Reading ...<//>`;
}

// A page that came over plain http from another machine is given no clipboard by its browser: there a field is marked and copied.
async function toClipboard(text, button) {
  if (navigator.clipboard) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed: the way below may be */ }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hidden';
  // Inside a dialog nothing outside of it can be marked.
  button.parentElement.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  button.focus();
  return done;
}

// A line for the terminal, with a button that copies it, or all of it where only a part is shown.
export function Line({ text, whole = text }) {
  const [copied, set] = useState(null);
  async function copy(event) {
    set(await toClipboard(whole, event.target) ? 'copied' : 'copying is not allowed here');
    setTimeout(() => set(null), 1500);
  }
  return html`<div class="line"><code tabindex="0">${text}</code>
    <button type="button" class="quiet" onClick=${copy}>${copied ?? 'copy'}</button></div>`;
}

// Draws its children again only when one of the given values is another.
export class Same extends Component {
  shouldComponentUpdate(next) { return next.of.some((value, i) => value !== this.props.of[i]); }

  render({ children }) { return typeof children === 'function' ? children() : children; }
}

// A table that scrolls when it is too wide; on a phone each row is a card of named values. columns: {name, head, hidden};
// rows: {key, kind, cells}, a cell that says nothing is null.
export function Table({ label, columns, rows }) {
  const cell = ({ name, head, kind = '' }, value) => (head
    ? html`<th key=${name} role="rowheader" scope="row" class=${kind}>${value}</th>`
    : html`<td key=${name} role="cell" data-name=${name} class="${kind} ${(value ?? '') === '' ? 'none' : ''}">${value}</td>`);
  return html`<div class="card scroll" tabindex="0" role="group" aria-label=${label}><table role="table" class="stack">
    <thead role="rowgroup"><tr role="row">${columns.map(({ name, hidden }) => html`<th key=${name} role="columnheader" scope="col">${
      hidden ? html`<span class="hidden">${name}</span>` : name}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map(({ key, kind, cells }) => html`<tr key=${key} role="row" class=${kind ?? ''}>${
      columns.map((column, i) => cell(column, cells[i]))}</tr>`)}</tbody></table></div>`;
}

export function Facts({ items }) {
  return html`<dl class="facts">${items.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

// Fields of the forms that change something.
import { session } from './api.js';
import { html, useState } from './preact.js';

// Who acts, where nobody has signed in. Kept for the next time.
export function Actor() {
  if (session.token) return null;
  return html`<label><span>Your name <small>is recorded</small></span>
    <input name="actor" required maxlength="128" autocomplete="username" value=${session.actor} onInput=${e => { session.actor = e.target.value.trim(); }} /></label>`;
}

export function Reason({ required, value, set }) {
  return html`<label><span>Reason ${required ? '' : html`<small>if you like</small>`}</span>
    <input name="reason" required=${required} maxlength="1000" value=${value} onInput=${e => set(e.target.value)} /></label>`;
}

export function Text({ label, hint, value, set, required = true, ...rest }) {
  return html`<label><span>${label} ${hint && html`<small>${hint}</small>`}</span><input value=${value} required=${required} ...${rest} onInput=${e => set(e.target.value)} /></label>`;
}

// JSON that is checked while it is typed; the digits of large numbers stay as they are.
export function Json({ label, hint, value, set, required = true }) {
  const [wrong, say] = useState(null);
  function check(event) {
    const text = event.target.value;
    let told = null;
    if (text.trim() || required) try { JSON.parse(text); } catch (error) { told = error.message; }
    event.target.setCustomValidity(told ? 'This is not JSON.' : '');
    say(told);
    set(text);
  }
  return html`<label><span>${label} ${hint && html`<small>${hint}</small>`}</span>
    <textarea rows="8" spellcheck="false" required=${required} value=${value} onInput=${check}></textarea>
    ${wrong && html`<span class="bad" role="status">${wrong}</span>`}</label>`;
}

// Fields of the forms that change something.
import { sendable, session } from './api.js';
import { html, useState } from './preact.js';

const plainName = 'A name is recorded as it is sent: letters from A to Z without accents, figures and signs, such as olga or olga@example.org.';

// Who acts, where nobody has signed in. Kept for the next time.
export function Actor() {
  const [wrong, say] = useState(!sendable.test(session.actor));
  if (session.token) return null;
  function typed(event) {
    session.actor = event.target.value.trim();
    const bad = !sendable.test(session.actor);
    event.target.setCustomValidity(bad ? plainName : '');
    say(bad);
  }
  return html`<label><span>Your name <small>is recorded</small></span>
    <input name="actor" required maxlength="128" pattern=".*[^ ].*" title="A name" autocomplete="username" value=${session.actor} onInput=${typed}
      ref=${field => field?.setCustomValidity(sendable.test(session.actor) ? '' : plainName)} />
    ${wrong && html`<span class="bad" role="status">${plainName}</span>`}</label>`;
}

// Blanks are no reason.
export function Reason({ required, value, set }) {
  return html`<label><span>Reason ${required ? '' : html`<small>if you like</small>`}</span>
    <input name="reason" required=${required} pattern=".*[^ ].*" title="Some words" maxlength="1000" value=${value} onInput=${e => set(e.target.value)} /></label>`;
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

// Asks for a token where the service requires one.
import { sendable, session } from './api.js';
import { html, useState } from './preact.js';

export function SignIn({ again }) {
  const [said, say] = useState(session.token ? 'This token is not accepted, or not any more.' : null);
  async function submit(event) {
    event.preventDefault();
    const typed = new FormData(event.target).get('token').trim();
    if (!sendable.test(typed)) { say('No token has such characters. Was something else copied?'); return; }
    session.token = typed;
    say(null);
    const problem = await again();
    if (problem) say(problem.status === 401 ? 'This token is not accepted.' : problem.message);
  }
  return html`<section class="card narrow sign-in"><h1>Sign in</h1>
    <p>This service asks for a token: an API key, or a token of your identity provider. It is kept in this tab only.</p>
    <form onSubmit=${submit}>
      <label>Token<input name="token" type="password" required autocomplete="off" spellcheck="false" /></label>
      ${said && html`<p class="bad" role="alert">${said}</p>`}
      <p class="buttons"><button type="submit">Sign in</button></p>
    </form></section>`;
}

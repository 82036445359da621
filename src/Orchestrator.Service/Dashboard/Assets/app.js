// The frame around the pages, and which page the address names.
import { get, session, whenUnauthenticated } from './api.js';
import { Alerts } from './alerts.js';
import { Audit } from './audit.js';
import { Batch, Batches } from './batches.js';
import { Definition, Definitions } from './definitions.js';
import { keepFocus } from './focus.js';
import { start, useLive } from './live.js';
import { SignIn } from './sign-in.js';
import { Overview } from './overview.js';
import { Participants } from './participants.js';
import { html, render, useEffect, useState } from './preact.js';
import { Saga } from './saga.js';
import { Sagas } from './sagas.js';
import { precise } from './format.js';
import { know, useWho } from './who.js';

const routes = [
  [/^\/$/, 'Overview', () => html`<${Overview} />`],
  [/^\/sagas$/, 'Sagas', (_, query) => html`<${Sagas} query=${query} />`],
  [/^\/sagas\/([^/]+)$/, 'Sagas', ([id]) => html`<${Saga} key=${id} id=${id} />`],
  [/^\/definitions$/, 'Definitions', () => html`<${Definitions} />`],
  [/^\/definitions\/([^/]+)$/, 'Definitions', ([name]) => html`<${Definition} key=${name} name=${name} />`],
  [/^\/participants$/, 'Participants', () => html`<${Participants} />`],
  [/^\/batches$/, 'Batches', () => html`<${Batches} />`],
  [/^\/batches\/([^/]+)$/, 'Batches', ([id]) => html`<${Batch} key=${id} id=${id} />`],
  [/^\/audit$/, 'Audit', (_, query) => html`<${Audit} query=${query} />`],
  [/^\/alerts$/, 'Alerts', () => html`<${Alerts} />`],
];

const menu = [
  ['/', 'Overview'], ['/sagas', 'Sagas'], ['/participants', 'Participants'], ['/definitions', 'Definitions'],
  ['/batches', 'Batches'], ['/alerts', 'Alerts'], ['/audit', 'Audit'],
];

// Null for what no link of ours says: half of a percent-encoded character.
function decoded(parts) {
  try { return parts.map(decodeURIComponent); } catch { return null; }
}

function place() {
  const [path, search = ''] = (location.hash.slice(1) || '/').split('?');
  const query = new URLSearchParams(search);
  for (const [pattern, name, page] of routes) {
    const found = pattern.exec(path);
    const values = found && decoded(found.slice(1));
    if (values) {
      return { name, title: values[0] ?? name, path, page: () => page(values, query) };
    }
  }
  return { name: '', title: 'Nothing here', path, page: () => html`<h1>Nothing here</h1><p class="empty">There is no page of this address. <a href="#/">Go to the overview.</a></p>` };
}

// What pages are about everything, and who may see them.
const forAll = ['Overview', 'Participants', 'Definitions', 'Alerts'];

function Own({ name, own }) {
  return html`<h1>${name}</h1><p class="empty">Your token is for the sagas of ${own.map((each, i) => html`${i > 0 ? ', ' : ''}<a key=${each} href=${`#/sagas?definition=${encodeURIComponent(each)}`}>${each}</a>`)} alone;
    this page is about all. An admin may give you more.</p>`;
}

const liveWords = { live: 'live', slow: 'every 5 s', 'not-ready': 'not ready', cut: 'cut off', connecting: 'connecting' };

function Live({ live }) {
  const kind = { live: 'good', slow: 'unknown', connecting: 'unknown' }[live.word] ?? 'bad';
  return html`<p class="live ${kind}" role="status">${liveWords[live.word]}</p>`;
}

function Trouble({ live }) {
  if (live.word === 'live' || live.word === 'slow' || (live.word === 'connecting' && !live.trouble)) return null;
  const text = live.word === 'not-ready' ? live.trouble
    : `Not live. ${live.heardAt ? `What you see is from ${precise(live.heardAt)}.` : 'Nothing was received yet.'} ${live.trouble ?? 'Trying again.'}`;
  return html`<p class="trouble" role="alert">${text}</p>`;
}

function Who({ signOut }) {
  const { whoami } = useWho();
  if (!whoami?.required) return null;
  return html`<p class="who"><span title=${`roles: ${whoami.roles.join(', ')}`}>${whoami.actor}</span>
    <button type="button" class="quiet" onClick=${signOut}>sign out</button></p>`;
}

function App() {
  const [here, go] = useState(place());
  const [denied, deny] = useState(false);
  const live = useLive();
  const { own } = useWho();

  async function ask() {
    try {
      const answer = await get('/whoami');
      know(answer);
      if (answer.actor) session.actor = answer.actor;
      deny(false);
      return null;
    } catch (problem) {
      if (problem.status === 401) deny(true);
      else setTimeout(ask, 3000);
      return problem;
    }
  }

  useEffect(() => {
    whenUnauthenticated(() => deny(true));
    ask();
    const moved = () => {
      go(place());
      window.scrollTo(0, 0);
      document.getElementById('page').focus({ preventScroll: true });
    };
    window.addEventListener('hashchange', moved);
    return () => window.removeEventListener('hashchange', moved);
  }, []);
  useEffect(() => { document.title = `${here.title} · Orchestrator`; }, [here]);
  useEffect(() => { document.body.classList.toggle('stale', live.word === 'cut' && !denied); }, [live.word, denied]);

  return html`
    <a class="skip" href=${`#${here.path}`} onClick=${e => { e.preventDefault(); document.getElementById('page').focus(); }}>Skip to the page</a>
    <header class="bar">
      <a class="brand" href="#/"><span class="mark" aria-hidden="true"></span>Orchestrator</a>
      <nav aria-label="Pages">${menu.map(([path, name]) =>
        html`<a key=${path} href=${`#${path}`} aria-current=${here.name === name ? 'page' : null}>${name}</a>`)}</nav>
      <${Live} live=${live} />
      <${Who} signOut=${() => { session.token = null; location.reload(); }} />
    </header>
    ${!denied && html`<${Trouble} live=${live} />`}
    <main id="page" tabindex="-1">${denied ? html`<${SignIn} again=${ask} />`
      : own.length > 0 && forAll.includes(here.name) && here.path.lastIndexOf('/') === 0 ? html`<${Own} name=${here.name} own=${own} />` : here.page()}</main>`;
}

render(html`<${App} />`, document.getElementById('app'));
start();
keepFocus();

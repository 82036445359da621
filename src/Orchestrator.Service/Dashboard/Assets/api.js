// The public API, nothing else: whatever the pages show or do, any client can.
import { parse } from './format.js';

const patience = 15000;
// An extension waits for participants.
const longPatience = 120000;
const largestPage = 500;

export class Problem extends Error {
  constructor(status, body, text) {
    super(text);
    this.status = status;
    this.code = body?.code ?? null;
    this.allowed = body?.allowed ?? null;
    this.problems = body?.problems ?? [];
  }
}

// The token lives in this tab only; it goes into a header, never into an address, and there is no cookie to forge with.
export const session = {
  get token() { return sessionStorage.getItem('token'); },
  set token(value) { if (value) sessionStorage.setItem('token', value); else sessionStorage.removeItem('token'); },
  get actor() { return localStorage.getItem('actor') ?? ''; },
  set actor(value) { localStorage.setItem('actor', value); },
};

// What a header can carry. A browser sends no others, and the service takes no others.
export const sendable = /^[ -~]*$/;

let onUnauthenticated = () => {};
export function whenUnauthenticated(handler) { onUnauthenticated = handler; }

function headers(more) {
  const all = { accept: 'application/json', ...more };
  if (session.token) all.authorization = `Bearer ${session.token}`;
  return all;
}

async function read(answer) {
  const text = await answer.text();
  if (answer.ok) return text ? parse(text) : null;
  let body = null;
  try { body = JSON.parse(text); } catch { /* the answer of something in between */ }
  if (answer.status === 401) onUnauthenticated();
  throw new Problem(answer.status, body, body?.detail ?? `${answer.status} ${answer.statusText}`);
}

// What a browser says of a broken line is meant for programmers.
async function ask(path, request, milliseconds) {
  try {
    return await fetch(path, { ...request, signal: AbortSignal.timeout(milliseconds) });
  } catch (problem) {
    throw new Problem(0, null, problem.name === 'TimeoutError'
      ? `The service did not answer within ${milliseconds / 1000} s.` : 'The service cannot be reached.');
  }
}

export async function get(path) {
  return read(await ask(path, { headers: headers() }, patience));
}

// So many items of a list, page by page: {items, next}. The path ends in "?" or "&".
export async function getMany(path, cursor, count) {
  const items = [];
  let next = cursor;
  do {
    const from = next ? `&cursor=${encodeURIComponent(next)}` : '';
    const answer = await get(`${path}limit=${Math.min(largestPage, count - items.length)}${from}`);
    items.push(...answer.items);
    next = answer.next;
  } while (next && items.length < count);
  return { items, next };
}

// Sends a change. Everything that changes something says who asks.
export async function send(method, path, body, key) {
  const more = sendable.test(session.actor) ? { 'x-actor': session.actor } : {};
  if (key) more['idempotency-key'] = key;
  if (body !== undefined) more['content-type'] = 'application/json';
  return read(await ask(path, {
    method,
    headers: headers(more),
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  }, longPatience));
}

// Follows a stream of server-sent events, by fetch so that the token can be sent as a header. Resumes by Last-Event-ID. Calls
// `opened` each time the stream stands, so that the caller can read what it may have missed.
export function follow(path, { opened, heard, cut }) {
  const end = new AbortController();
  let last = null;
  let wait = 1000;

  async function once() {
    const more = { accept: 'text/event-stream' };
    if (last !== null) more['last-event-id'] = last;
    const answer = await fetch(path, { headers: headers(more), signal: end.signal });
    if (!answer.ok) return void await read(answer);
    opened();
    wait = 1000;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) take(block);
    }
  }

  function take(block) {
    let data = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) last = line.slice(4);
      else if (line.startsWith('data: ')) data += line.slice(6);
    }
    heard(data ? parse(data) : null);
  }

  async function forever() {
    while (!end.signal.aborted) {
      let problem = null;
      try { await once(); } catch (thrown) { problem = thrown; }
      if (end.signal.aborted) return;
      cut(problem);
      // Another token is another page.
      if (problem?.status === 403) return;
      await new Promise(resolve => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, 8000);
    }
  }

  forever();
  return () => end.abort();
}

// The same request as a line for a terminal.
export function curl(method, path, body, key) {
  const quote = text => `'${text.replaceAll("'", `'\\''`)}'`;
  const parts = ['curl', '-X', method, quote(location.origin + path), '-H', quote(`X-Actor: ${session.actor || 'you'}`)];
  if (key) parts.push('-H', quote(`Idempotency-Key: ${key}`));
  if (session.token) parts.push('-H', '"Authorization: Bearer $TOKEN"');
  if (body !== undefined) parts.push('-H', quote('Content-Type: application/json'), '-d', quote(typeof body === 'string' ? body : JSON.stringify(body)));
  return parts.join(' ');
}

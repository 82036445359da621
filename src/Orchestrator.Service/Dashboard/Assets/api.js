// The public API, nothing else: whatever the pages show, any client can read.
import { parse } from './format.js';

export class Problem extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export async function get(path) {
  const answer = await fetch(path, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(10000) });
  const text = await answer.text();
  if (answer.ok) return parse(text);
  let detail = `${answer.status} ${answer.statusText}`;
  try { detail = JSON.parse(text).detail ?? detail; } catch { /* an answer of something in between */ }
  throw new Problem(answer.status, detail);
}

// Follows an event stream. The browser resumes by Last-Event-ID; `opened` is called each time the stream stands, so that the
// caller can read what it may have missed.
export function follow(path, { opened, changed, cut }) {
  let source;
  let again;
  let closed = false;
  const open = () => {
    source = new EventSource(path);
    source.addEventListener('open', opened);
    source.addEventListener('saga', event => changed(JSON.parse(event.data)));
    source.addEventListener('error', () => {
      cut();
      if (source.readyState === EventSource.CLOSED && !closed) again = setTimeout(open, 3000);
    });
  };
  open();
  return () => {
    closed = true;
    clearTimeout(again);
    source.close();
  };
}

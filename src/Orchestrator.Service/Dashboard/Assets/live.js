// Whether what the pages show is live, and the pulse that says when to read again. Old or missing data never looks healthy.
import { follow, get } from './api.js';
import { useEffect, useRef, useState } from './preact.js';

// What is known of the service: the stream stands, the last word of it, and what it says is wrong.
const state = { stream: false, forbidden: false, reached: true, heardAt: null, trouble: null, change: 0 };
const watchers = new Set();
const readers = new Set();

function tell() { for (const watcher of watchers) watcher(); }

function pulse() { for (const reader of readers) reader(); }

async function ask() {
  try {
    await get('/readyz');
    Object.assign(state, { reached: true, trouble: null });
    if (state.stream || state.forbidden) state.heardAt = Date.now();
  } catch (problem) {
    // A stream may seem to stand long after the line is cut.
    Object.assign(state, { reached: problem.status > 0, trouble: problem.message });
  }
  tell();
}

export function start() {
  follow('/events/pulse', {
    opened: () => { Object.assign(state, { stream: true, heardAt: Date.now() }); tell(); pulse(); ask(); },
    heard: event => { Object.assign(state, { heardAt: Date.now(), change: event?.change ?? 0 }); pulse(); },
    cut: problem => { Object.assign(state, { stream: false, forbidden: problem?.status === 403 }); tell(); ask(); },
  });
  setInterval(ask, 5000);
}

// "live", "slow" (no stream may be read), "cut" (with the instant of what is shown), "not-ready" or "connecting".
export function useLive() {
  const [, again] = useState(0);
  useEffect(() => {
    const watcher = () => again(n => n + 1);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, []);
  // Whose token is for single definitions is not told what changes; the pages read again every few seconds all the same.
  const word = state.forbidden && state.reached ? (state.trouble ? 'not-ready' : 'slow') : !state.stream || !state.reached ? (state.heardAt ? 'cut' : 'connecting') : state.trouble ? 'not-ready' : 'live';
  return { word, heardAt: state.heardAt, trouble: state.trouble };
}

// Reads a path now, whenever the pulse says something changed (at most three times a second, one reading at a time), and now and then.
// Gives {data, problem, readAt, again}; the data of before stay until new ones are there. `read` reads otherwise than by one get.
export function useReading(path, { every = 5000, quiet = false, read: how = get } = {}) {
  const [read, set] = useState({ path: null, data: null, problem: null, readAt: null });
  const now = useRef(null);
  const reader = useRef(how);
  reader.current = how;
  useEffect(() => {
    if (path === null) return undefined;
    let [closed, reading, wanted, timer, behind] = [false, false, false, null, 0];
    async function go() {
      if (reading) { wanted = true; return; }
      [reading, wanted] = [true, false];
      let next;
      try {
        const data = await reader.current(path);
        next = { path, data, problem: null, readAt: Date.now() };
        // What was answered may have been read before the last pulse; with several orchestrators the numbers say nothing.
        behind = data?.change < state.change ? behind + 1 : 0;
        if (behind > 0 && behind < 4) wanted = true;
      } catch (problem) {
        next = before => ({ ...before, path, data: before.path === path ? before.data : null, problem });
      }
      if (closed) return;
      set(next);
      timer = setTimeout(() => { reading = false; if (wanted) go(); }, 330);
    }
    now.current = go;
    go();
    if (!quiet) readers.add(go);
    const often = setInterval(go, every);
    return () => {
      closed = true;
      clearInterval(often);
      clearTimeout(timer);
      readers.delete(go);
    };
  }, [path, quiet, every]);
  const mine = read.path === path ? read : { data: null, problem: null, readAt: null };
  return { ...mine, again: () => now.current?.() };
}

// Draws again every second, for what counts time.
export function useSeconds(on = true) {
  const [, again] = useState(0);
  useEffect(() => {
    if (!on) return undefined;
    const ticking = setInterval(() => again(n => n + 1), 1000);
    return () => clearInterval(ticking);
  }, [on]);
}

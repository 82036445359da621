// The rows of the list: the newest are read again whenever something changes, the older ones that were asked for every few seconds.
import { getMany } from './api.js';
import { useReading } from './live.js';
import { useEffect, useRef, useState } from './preact.js';

const page = 100;
const olderEvery = 3000;
const remembered = 5000;

const none = { about: null, count: 0, items: [], next: undefined, problem: null };

// A saga that is as it was stays the same object, so that its row is not drawn again.
function useUnchanged() {
  const known = useRef(new Map());
  return saga => {
    const text = JSON.stringify(saga);
    const before = known.current.get(saga.id);
    if (before?.text === text) return before.saga;
    if (known.current.size >= remembered) known.current.clear();
    known.current.set(saga.id, { text, saga });
    return saga;
  };
}

// What the newest page has pushed out since the older ones were read comes between the two.
function join(first, passed, older) {
  const end = first.length > 0 ? first[first.length - 1].startedAt : '';
  const had = new Set([...first, ...older].map(saga => saga.id));
  const between = [...passed.values()].filter(saga => !had.has(saga.id) && saga.startedAt <= end);
  between.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const inFirst = new Set(first.map(saga => saga.id));
  return [...first, ...between, ...older.filter(saga => !inFirst.has(saga.id))];
}

// The latest start that is shown while some are chosen: that of the newest then.
function useLatest(first, holding) {
  const latest = useRef(null);
  if (!holding) latest.current = null;
  else latest.current ??= first.length > 0 ? new Date(Date.parse(first[0].startedAt) + 1).toISOString() : null;
  return latest.current;
}

// While some are chosen nothing comes between them, so that nothing moves away under a finger.
function useHeld(items, holding) {
  const held = useRef(null);
  if (!holding) held.current = null;
  else held.current ??= { ids: new Set(items.map(saga => saga.id)), oldest: items[items.length - 1]?.startedAt ?? '' };
  return holding ? items.filter(saga => held.current.ids.has(saga.id) || saga.startedAt < held.current.oldest) : items;
}

function pathOf(asked, latest) {
  const query = new URLSearchParams(asked);
  if (latest && !(query.has('to') && query.get('to') < latest)) query.set('to', latest);
  return `/sagas?${query}${query.size > 0 ? '&' : ''}`;
}

// The rows of what is asked for: {reading, items, next, more, problem}.
export function useRows(asked, holding) {
  const about = `${asked}`;
  const fresh = useRef({ about: null, data: null, items: [] });
  if (fresh.current.about !== about) fresh.current = { about, data: null, items: [] };
  const path = pathOf(asked, useLatest(fresh.current.items, holding));
  const reading = useReading(`${path}limit=${page}`);
  const [kept, keep] = useState(none);
  const older = kept.about === about ? kept : none;
  const same = useUnchanged();
  const passed = useRef(new Map());
  const now = useRef(null);
  if (reading.data && fresh.current.data !== reading.data) fresh.current = { about, data: reading.data, items: reading.data.items.map(same) };
  const { data, items: first } = fresh.current;
  for (const saga of older.count > 0 ? first : []) passed.current.set(saga.id, saga);

  now.current = async count => {
    if (!data) return;
    const newest = new Map(first.map(saga => [saga.id, saga]));
    try {
      const { items, next } = data.next ? await getMany(path, data.next, count) : { items: [], next: null };
      passed.current = newest;
      keep({ about, count, items: items.map(same), next, problem: null });
    } catch (problem) { keep(before => ({ ...(before.about === about ? before : { ...none, about }), problem })); }
  };
  useEffect(() => {
    if (older.count === 0) return undefined;
    const often = setInterval(() => now.current(older.count), olderEvery);
    return () => clearInterval(often);
  }, [about, older.count]);

  return {
    reading: { ...reading, data },
    items: useHeld(join(first, older.count > 0 ? passed.current : new Map(), older.items), holding),
    problem: older.problem,
    next: older.next === undefined ? data?.next ?? null : older.next,
    more: () => now.current(older.count + page),
  };
}

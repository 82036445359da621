/*
 * P2: "every held participant whose process is alive starts its undo by its armed expiry + one sweep, everything else
 * dead". Time is counted in ticks. Two replicas of one participant share a database and one clock; each takes dos, dies
 * and comes back. There is no orchestrator: it is dead.
 *
 * "The watcher runs at start before traffic, then sleeps until the earliest expiry or one sweep (another replica may
 * have written), whichever is sooner." A process that is awake acts before time goes on: that is what alive means.
 */
#ifndef SWEEP
#define SWEEP 2
#endif
#ifndef HORIZON
#define HORIZON 9
#endif
#define ROWS 2
#define NEVER 100

byte now;
mtype:row = { none, open, held, undone };
mtype:row row[ROWS];              /* open: the action runs, its transaction is not committed */
byte expiry[ROWS];            /* "armed expiry = min(expirytime, receipt + sagaremaining)": any later instant */
byte since[ROWS];             /* when the row was committed */
bool alive[2];
byte wakes[2];                /* when the watcher of a replica wakes */
byte watched;                 /* since when a replica has been alive without a break */

hidden byte r, soonest;

/* Undo what is due; sleep until the earliest expiry or one sweep. */
inline watch(p) {
  soonest = NEVER;
  for (r : 0 .. ROWS - 1) {
    if
    :: row[r] == held && expiry[r] <= now -> row[r] = undone
    :: row[r] == held && expiry[r] > now && expiry[r] < soonest -> soonest = expiry[r]
    :: else
    fi
  }
#if MUTANT_NO_SWEEP
  wakes[p] = soonest
#elif MUTANT_SWEEPS_TOO_SELDOM
  wakes[p] = now + SWEEP + 1
#else
  wakes[p] = (soonest < now + SWEEP -> soonest : now + SWEEP)
#endif
}

#define is_kept(r) (row[r] != held || !(alive[0] || alive[1]) || now <= bound(r))
#define bound(r) (max3(expiry[r], since[r], watched) + SWEEP)
#define max2(a, b) ((a) > (b) -> (a) : (b))
#define max3(a, b, c) max2(max2(a, b), c)

proctype Replica(byte p) {
end:
  do
  /* start: the watcher first, then traffic */
  :: d_step { !alive[p] && now < HORIZON ->
       if
       :: !alive[1 - p] -> watched = now
       :: else
       fi;
       alive[p] = true; watch(p) }
  :: d_step { alive[p] -> alive[p] = false; wakes[p] = NEVER }
  :: d_step { alive[p] && wakes[p] <= now -> watch(p) }
  /* A do: its transaction begins before the expiry and may commit late; until then nobody sees it. */
  :: d_step { alive[p] && now < HORIZON && row[0] == none -> row[0] = open; expiry[0] = now + 1 }
  :: d_step { alive[p] && now < HORIZON && row[0] == none -> row[0] = open; expiry[0] = now + 4 }
  :: d_step { alive[p] && now < HORIZON && row[1] == none -> row[1] = open; expiry[1] = now + 2 }
  :: d_step { alive[p] && now < HORIZON && row[1] == none -> row[1] = open; expiry[1] = now + 5 }
  od
}

/* The commit of an action. */
proctype Commit(byte k) {
end:
  do
  :: d_step { row[k] == open -> row[k] = held; since[k] = now }
  od
}

/* Time goes on once nobody who is awake has anything to do. */
#define is_idle(p) (!alive[p] || wakes[p] > now)
proctype Time() {
end:
  do
  :: d_step { now < HORIZON && is_idle(0) && is_idle(1) -> now++;
       assert(is_kept(0) && is_kept(1)) }
  od
}

init {
  atomic {
    row[0] = none; row[1] = none;
    wakes[0] = NEVER; wakes[1] = NEVER;
    run Replica(0); run Replica(1);
    run Commit(0); run Commit(1);
    run Time()
  }
}

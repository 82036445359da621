/*
 * A turn taken apart, as on Dapr: events wait in an inbox that is durable and keeps their order; a turn folds some of
 * them and decides after each; **calls go out before the turn is saved**; then it is saved, or lost, and decided again
 * with more events behind. An engine that saves before it sends is the case that what a lost turn sent never arrives.
 *
 * The variables of the orchestrator are the fold of the turn under way; what is stored has a name of its own. An answer
 * to a call of a lost turn may come, too.
 */
#define LOST_TURNS 1
#ifndef INBOX
#define INBOX 3
#endif
byte arrived;                 /* events in the inbox */
byte folded;                  /* of these, folded by the turn under way */

#include "state.pml"
#include "ledger.pml"
#include "orchestrator.pml"
#include "verbs.pml"

/* An event: its kind and its key. */
byte inbox[INBOX];
hidden byte m;                /* scratch, only within a d_step */
#define event(kind, k) ((kind) * KEYS + (k) + 1)
#define E_DONE       0
#define E_REFUSED    1
#define E_GONE       2
#define E_CONFIRMED  3
#define E_CONFIRM_NO 4
#define E_UNDONE     5
#define E_UNDO_NO    6
#define E_DEADLINE   7
#define E_RESEND     8
#define E_START      9
#define kind_of(e) (((e) - 1) / KEYS)
#define key_of(e) (((e) - 1) % KEYS)
/* There is room, and it is not in the inbox yet. */
#define is_new(e) (arrived < INBOX && inbox[0] != (e) && inbox[1] != (e) && inbox[INBOX - 2] != (e))

byte stored_newest[STEPS];
int stored_rec[KEYS];
#define is_stored(k, m) ((stored_rec[k] & (m)) != 0)
#define runs (stored_phase != completed && stored_phase != compensated)

inline arrive(kind, k) {
  inbox[arrived] = event(kind, k);
  arrived++
}

inline save() {
  stored_phase = phase;
  for (i : 0 .. KEYS - 1) { stored_rec[i] = rec[i] }
  for (i : 0 .. STEPS - 1) { stored_newest[i] = newest[i] }
  for (i : 0 .. INBOX - 1) {
    if
    :: i + folded < INBOX -> inbox[i] = inbox[i + folded]
    :: else -> inbox[i] = 0
    fi
  }
  arrived = arrived - folded;
  folded = 0
}

inline lose() {
  phase = stored_phase;
  for (i : 0 .. KEYS - 1) { rec[i] = stored_rec[i] }
  for (i : 0 .. STEPS - 1) { newest[i] = stored_newest[i] }
  folded = 0
}

/* What Answers, Deadline and Resend do, from the inbox; an event that does not count changes nothing. */
inline fold(e) {
  m = key_of(e);
  if
  :: kind_of(e) == E_DONE && counts(m) -> record(m, R_DONE)
  :: kind_of(e) == E_REFUSED && counts(m) && is_forward -> record(m, R_REFUSED); go_back()
  :: kind_of(e) == E_GONE && counts(m) && is_armed(m) && phase == doing -> record(m, R_FAILED); go_back()
  :: kind_of(e) == E_CONFIRMED && awaits_confirm(m) -> record(m, R_CONFIRMED)
  :: kind_of(e) == E_CONFIRM_NO && awaits_confirm(m) -> go_back()
  :: kind_of(e) == E_UNDONE && phase == compensating && owes_undo(m) -> record(m, R_UNDONE)
  :: kind_of(e) == E_DEADLINE && (phase == doing || phase == confirming) -> go_back()
#if RESENDS
  :: kind_of(e) == E_UNDONE && is_barring(m) -> record(m, R_UNDONE)
  :: kind_of(e) == E_UNDO_NO && is_barring(m) -> record(m, R_DONE); newest[step_of(m)] = m
  :: kind_of(e) == E_RESEND && is_in_turn(m) && newest[m] == m && knows(m, R_DO) && !is_answered(m) ->
     newest[m] = m + STEPS; bar(m)
#endif
  :: else
  fi;
  decide()
}

/* Events arrive: each kind once in the inbox, and not after it has been stored. */
proctype Arrivals(byte k) {
end:
  do
  :: d_step { runs && has(k, DONE) && !is_stored(k, R_DONE | R_REFUSED | R_FAILED) && is_new(event(E_DONE, k)) ->
       arrive(E_DONE, k) }
  :: d_step { runs && has(k, REFUSED) && !is_stored(k, R_DONE | R_REFUSED | R_FAILED) && is_new(event(E_REFUSED, k)) ->
       arrive(E_REFUSED, k) }
  :: d_step { runs && has(k, GONE) && stored_phase == doing && is_new(event(E_GONE, k)) -> arrive(E_GONE, k) }
  :: d_step { runs && has(k, CONFIRMED) && !is_stored(k, R_CONFIRMED) && stored_phase != compensating &&
         is_new(event(E_CONFIRMED, k)) -> arrive(E_CONFIRMED, k) }
  :: d_step { runs && has(k, CONFIRM_NO) && stored_phase != compensating && is_new(event(E_CONFIRM_NO, k)) ->
       arrive(E_CONFIRM_NO, k) }
  :: d_step { runs && has(k, UNDONE | NOT_KNOWN) && !is_stored(k, R_UNDONE) && is_new(event(E_UNDONE, k)) ->
       arrive(E_UNDONE, k) }
  :: d_step { runs && has(k, UNDO_NO) && !is_stored(k, R_DONE) && is_new(event(E_UNDO_NO, k)) -> arrive(E_UNDO_NO, k) }
  od
}

proctype Operator() {
end:
  do
  :: !quiet -> quiet = true
  :: d_step { (stored_phase == doing || stored_phase == confirming) && is_new(event(E_DEADLINE, 0)) ->
       arrive(E_DEADLINE, 0) }
#if RESENDS
  /* of the pivot */
  :: d_step { !quiet && runs && stored_newest[ARMED] == ARMED && !is_stored(ARMED, R_UNDO) &&
         is_new(event(E_RESEND, ARMED)) -> arrive(E_RESEND, ARMED) }
#endif
  od
}


proctype Turns() {
end:
  do
  :: d_step { folded < arrived -> fold(inbox[folded]); folded++ }
#if MUTANT_DECIDE_ONCE_PER_TURN
  :: d_step { folded > 0 && folded == arrived -> save() }
#else
  :: d_step { folded > 0 -> save() }
#endif
  :: d_step { folded > 0 -> lose() }
  od
}

#ifdef GOAL
proctype Goal() {
end:
  d_step { GOAL -> assert(false) }
}
#endif

init {
  byte j;
  d_step {
    for (i : 0 .. KEYS - 1) { row[i] = none }
    for (i : 0 .. STEPS - 1) { newest[i] = i }
    phase = doing;
    forget_word();
    save();
    /* The start is an event as well: its turn may be lost with a cancel behind it. */
    arrive(E_START, 0)
  };
  atomic {
    for (j : 0 .. KEYS - 1) { run Ledger(j); run Arrivals(j) }
    run Turns();
    run Operator();
#ifdef GOAL
    run Goal();
#endif
    run Watch()
  }
}

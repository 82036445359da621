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
#define E_SUSPEND    10
#define E_RESUME     11
#define E_RESOLVE    12
#define E_EXTEND     13
#define E_EXTENDED   14
#define E_EXTEND_NO  15
#define kind_of(e) (((e) - 1) / KEYS)
#define key_of(e) (((e) - 1) % KEYS)
/* There is room, and it is not in the inbox yet. */
#define is_new(e) (arrived < INBOX && inbox[0] != (e) && inbox[1] != (e) && inbox[INBOX - 2] != (e))

byte stored_newest[STEPS];
int stored_rec[KEYS];
bool stored_suspended;
#if RESENDS || RESOLVES
mtype:word stored_word;
#endif
#if EXTENDS
byte stored_deadline, stored_extends, stored_holds_until[KEYS];
bool stored_is_extending;
#endif
byte asked;                   /* verbs that were asked for: at most VERBS */
#ifndef VERBS
#define VERBS 1
#endif
#define may_ask(kind, k) (!quiet && runs && asked < VERBS && is_new(event(kind, k)))
#define is_stored(k, m) ((stored_rec[k] & (m)) != 0)
#define runs (stored_phase != completed && stored_phase != compensated)

inline arrive(kind, k) {
  inbox[arrived] = event(kind, k);
  arrived++
}

inline store_verbs() {
  stored_suspended = suspended;
#if RESENDS || RESOLVES
  stored_word = word;
#endif
#if EXTENDS
  stored_deadline = deadline; stored_extends = extends; stored_is_extending = is_extending;
  for (i : 0 .. KEYS - 1) { stored_holds_until[i] = holds_until[i] }
#endif
}

inline restore_verbs() {
  suspended = stored_suspended;
#if RESENDS || RESOLVES
  word = stored_word;
#endif
#if EXTENDS
  deadline = stored_deadline; extends = stored_extends; is_extending = stored_is_extending;
  for (i : 0 .. KEYS - 1) { holds_until[i] = stored_holds_until[i] }
#endif
}

inline save() {
  stored_phase = phase;
  store_verbs();
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
  restore_verbs();
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
#if RESENDS || RESOLVES
  :: kind_of(e) == E_UNDONE && is_barring(m) -> record(m, R_UNDONE)
  :: kind_of(e) == E_UNDO_NO && is_barring(m) -> record(m, R_DONE); newest[step_of(m)] = m; word = nothing
#endif
#if SUSPENDS
  :: kind_of(e) == E_SUSPEND && is_forward -> suspended = true
  :: kind_of(e) == E_RESUME -> suspended = false
#endif
#if RESOLVES
  :: kind_of(e) == E_RESOLVE && phase == pivoting && word == nothing -> word = as_undone; bar(newest[ARMED])
#endif
#if EXTENDS
  :: kind_of(e) == E_EXTEND && phase == doing && !is_extending ->
     extends++; wish[extends] = 1; is_extending = true
  :: kind_of(e) == E_EXTENDED && is_extending && !knows(m, R_EXTENDED) -> record(m, R_EXTENDED); holds_until[m] = 1
  :: kind_of(e) == E_EXTEND_NO && is_extending -> end_extend()
#endif
#if RESENDS
  :: kind_of(e) == E_RESEND && is_in_turn(m) && newest[m] == m && knows(m, R_DO) && !is_answered(m) ->
     newest[m] = m + STEPS; word = nothing; bar(m)
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
#if EXTENDS
  :: d_step { stored_phase == doing && has(k, EXTENDED) && is_new(event(E_EXTENDED, k)) && !is_stored(k, R_EXTENDED) &&
         stored_deadline == 0 -> arrive(E_EXTENDED, k) }
  :: d_step { stored_phase == doing && has(k, EXTEND_NO) && is_new(event(E_EXTEND_NO, k)) && stored_is_extending ->
       arrive(E_EXTEND_NO, k) }
#endif
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
  :: d_step { may_ask(E_RESEND, ARMED) && stored_newest[ARMED] == ARMED && !is_stored(ARMED, R_UNDO) ->
       arrive(E_RESEND, ARMED); asked++ }
#endif
#if SUSPENDS
  :: d_step { may_ask(E_SUSPEND, 0) -> arrive(E_SUSPEND, 0); asked++ }
  :: d_step { (stored_suspended || suspended) && is_new(event(E_RESUME, 0)) -> arrive(E_RESUME, 0) }
#endif
#if RESOLVES
  :: d_step { may_ask(E_RESOLVE, ARMED) -> arrive(E_RESOLVE, ARMED); asked++ }
#endif
#if EXTENDS
  :: d_step { may_ask(E_EXTEND, 0) && stored_phase == doing && stored_extends == 0 && extends == 0 ->
       arrive(E_EXTEND, 0); asked++ }
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
#if EXTENDS
    for (j : 0 .. ARMED - 1) { run ExtendAtLedger(j, 1) }
#endif
    run Turns();
    run Operator();
#ifdef GOAL
    run Goal();
#endif
    run Watch()
  }
}

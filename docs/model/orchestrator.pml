/*
 * The orchestrator: section 4 of ../protocol.md. Its state is the fold of its stored history; nothing else survives a
 * crash. Each transition is one turn: fold one event, decide, commit. (lost-turns.pml takes the turn apart.)
 *
 * Its clock is free: the deadline may come at any time before the point of no return, as may a cancel, a terminate or
 * the guard; all of them turn the saga back.
 */

/* The first of some steps that is not done. */
inline find_next(from, to) {
  i = from;
  do
  :: i < to && knows(newest[i], R_DONE) -> i++
  :: else -> break
  od
}

/* The do of a step's newest key, unless it is out or held back. */
inline send_do(s) {
  n = newest[s];
  if
  :: suspended || knows(n, R_DO) || waits_for_bar(n)
  :: else -> record(n, R_DO); send(n, DO); stamp(n)
  fi
}

inline send_confirms() {
  for (i : 0 .. ARMED - 1) {
    n = newest[i];
    if
    :: !suspended && !knows(n, R_CONFIRM) -> record(n, R_CONFIRM); send(n, CONFIRM)
    :: else
    fi
  }
}

inline count_unconfirmed() {
  n = 0;
  for (i : 0 .. ARMED - 1) {
    if
    :: !knows(newest[i], R_CONFIRMED) -> n++
    :: else
    fi
  }
#if MUTANT_COMPLETE_WITHOUT_CONFIRMS
  n = 0
#elif MUTANT_PIVOT_BEFORE_ALL_CONFIRMS
  if
  :: PIVOTS && n < ARMED -> n = 0
  :: else
  fi
#endif
}

inline count_owed() {
  n = 0;
  for (i : 0 .. KEYS - 1) {
    if
    :: owes_undo(i) -> n++
    :: else
    fi
  }
}

/* The undos go out at any time from now on, in any order: Answers does it. With lost turns they go out at once. */
inline send_undos() {
#if LOST_TURNS
  for (i : 0 .. KEYS - 1) {
    if
    :: owes_undo(i) && !knows(i, R_UNDO) -> record(i, R_UNDO); send(i, UNDO)
    :: else
    fi
  }
#else
  skip
#endif
}

inline complete() {
  phase = completed;
  for (i : 0 .. KEYS - 1) {
    /* P3: every armed participant is confirmed, and what a resend replaced is not in effect. */
    assert(!is_current(i) || !is_armed(i) || newest[step_of(i)] != i || row[i] == confirmed);
    assert(!is_current(i) || newest[step_of(i)] == i || !in_effect(i))
  }
}

inline compensate() {
  phase = compensated;
  for (i : 0 .. KEYS - 1) {
    /* P3: whoever was ever called has answered and let go, or a person vouches. */
    assert(!is_current(i) || !has(i, DO) || knows(i, R_UNVERIFIED) || (!in_effect(i) && !is_live(i)))
  }
}

/* Decide: after each event, in the same commit. */
inline decide() {
  if
  :: decides_now -> decide_by_phase()
  :: else
  fi
}

inline decide_by_phase() {
  if
  :: phase == doing -> go_on_extending()
  :: phase == pivoting || phase == finishing -> settle_word()
  :: else
  fi;
  if
  :: phase == doing && !is_extending ->
     find_next(0, ARMED);
     if
     :: i < ARMED -> send_do(i)
     :: else -> phase = confirming
     fi
  :: else
  fi;
  if
  :: phase == confirming ->
     send_confirms();
     count_unconfirmed();
     if
     :: n == 0 && !PIVOTS -> phase = finishing
     /* "The phase becomes Pivot in the commit that records its first call." */
     :: n == 0 && PIVOTS && !suspended -> phase = pivoting
     :: else
     fi
  :: else
  fi;
  if
  :: phase == pivoting ->
     if
     :: knows(newest[ARMED], R_DONE) -> phase = finishing
     :: else -> send_do(ARMED)
     fi
  :: else
  fi;
  if
  :: phase == finishing ->
     find_next(ARMED, STEPS);
     if
     :: i < STEPS -> send_do(i)
     :: else -> complete()
     fi
  :: else
  fi;
  if
  :: phase == compensating ->
     send_undos();
     count_owed();
     if
     :: n == 0 -> compensate()
     :: else
     fi
  :: else
  fi
}

inline go_back() {
  for (i : 0 .. KEYS - 1) {
    assert(!is_current(i) || !is_pivot(i) || !in_effect(i))      /* P5: after the pivot only forward */
  }
  phase = compensating;
  suspended = false;
  forget_word();
  forget_extend()
}

inline turn_back() {
  go_back();
  decide()
}

/* "First answer wins." An answer to a do counts for the key in use, as long as no undo of it is recorded. */
#define counts(k) (newest[step_of(k)] == (k) && knows(k, R_DO) && !is_answered(k) && !knows(k, R_UNDO) && !has_ended)
#define awaits_confirm(k) (phase == confirming && is_current(k) && knows(k, R_CONFIRM) && !knows(k, R_CONFIRMED))

/* The answers of one key; a process for each key, so that any answer may be the next event. */
proctype Answers(byte k) {
end:
  do
  /* do: 200 */
  :: d_step { has(k, DONE) && counts(k) -> record(k, R_DONE); decide() }
  /* do: 409 `refused`. On the way forward it turns the saga back; on the way back nothing is held there. */
  :: d_step { has(k, REFUSED) && counts(k) && is_forward -> record(k, R_REFUSED); turn_back() }
  :: d_step { has(k, REFUSED) && counts(k) && phase == compensating -> record(k, R_REFUSED); decide() }
  /* do: 410 of an armed step: failed; "compensate, this step too". Of a pivot or retriable it says nothing. */
  :: d_step { has(k, GONE) && counts(k) && is_armed(k) && phase == doing -> record(k, R_FAILED); turn_back() }

  /* confirm: 200; 410: "compensate all, the confirmed ones included" */
  :: d_step { has(k, CONFIRMED) && awaits_confirm(k) -> record(k, R_CONFIRMED); decide() }
  :: d_step { has(k, CONFIRM_NO) && awaits_confirm(k) -> turn_back() }

  :: d_step { phase == compensating && owes_undo(k) && !knows(k, R_UNDO) -> record(k, R_UNDO); send(k, UNDO) }
  :: d_step { phase == compensating && owes_undo(k) && knows(k, R_UNDO) && is_acknowledged(k) ->
       record(k, R_UNDONE); decide() }
  od
}

/* The deadline, a cancel, a terminate, the guard. "Deadline and cancel no longer apply" once the pivot is sent. */
proctype Deadline() {
end:
  do
  :: d_step { phase == doing || phase == confirming -> turn_back() }
  od
}

/*
 * Liveness. Nothing is left that could happen, so everything that was sent has been delivered: the saga has ended, and
 * nobody is owed anything. Together with "there is no cycle" (the runs that expect `ends`) that is: with fair delivery
 * every saga ends.
 */
proctype Watch() {
  d_step {
    timeout -> assert(has_ended);
    for (i : 0 .. KEYS - 1) { assert(!knows(i, R_UNVERIFIED)) }
  }
}

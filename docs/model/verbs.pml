/*
 * The verbs of ../protocol.md section 4, and the end of a saga with the purge of section 2. Each is compiled in by a
 * flag of its own. retry, and a resend with the same data, send a command again: the network's sets hold that already.
 */

proctype Quiet() {
end:
  do
  :: !quiet -> quiet = true
  od
}

/* suspend, resume: "holds back do, confirm, pivot, retriable, never an undo; the deadline still rules". */
#if SUSPENDS
byte suspensions;

proctype Suspend() {
end:
  do
  :: d_step { !quiet && is_forward && !suspended && suspensions < SUSPENDS -> suspended = true; suspensions++ }
  :: d_step { suspended -> suspended = false; decide() }
  od
}
#endif

/*
 * extend: "Armed steps answered 200 are asked first, new calls wait meanwhile, the orchestrator's own deadline moves
 * last; a step whose do was under way is extended right after its answer, before the next command." An expiry is a
 * number, later ones greater; whether it has passed is free. A new extend has a new id.
 */
#if EXTENDS
inline begin_extend(until) {
  extends++;
  wish[extends] = until;
  is_extending = true;
#if MUTANT_EXTEND_MOVES_THE_DEADLINE_FIRST
  deadline = until;
#endif
  decide()
}

proctype ExtendAtLedger(byte k; byte j) {
end:
  do
  /* held, "later than now and than the old one -> update, 200" */
  :: d_step { has(k, number(EXTEND, j)) && row[k] == held && wish[j] > armed_until[k] && extended_by[k] != j ->
       armed_until[k] = wish[j]; extended_by[k] = j; send(k, number(EXTENDED, j)) }
  /* "else 409": not later than the old one, or already passed; but a repeated extend is answered alike */
  :: d_step { has(k, number(EXTEND, j)) && row[k] == held && extended_by[k] != j && !has(k, number(EXTEND_NO, j)) ->
       send(k, number(EXTEND_NO, j)) }
  /* no row: 404; final: 410 */
  :: d_step { has(k, number(EXTEND, j)) && row[k] != held && row[k] != confirmed && !has(k, number(EXTEND_NO, j)) ->
       send(k, number(EXTEND_NO, j)) }
  :: d_step { has(k, number(EXTEND, j)) && row[k] == confirmed && !has(k, number(EXTENDED, j)) ->
       send(k, number(EXTENDED, j)) }
  od
}

/* The answers; each counts only for the extend it names. */
proctype ExtendAnswers(byte k; byte j) {
end:
  do
  :: d_step { is_extending && extends == j && has(k, number(EXTENDED, j)) && !knows(k, R_EXTENDED) ->
       record(k, R_EXTENDED); holds_until[k] = wish[j]; decide() }
  :: d_step { is_extending && extends == j && has(k, number(EXTEND_NO, j)) -> end_extend(); decide() }
  od
}

byte repeats;
proctype Extend() {
end:
  do
  :: d_step { !quiet && phase == doing && !is_extending && extends < EXTENDS && deadline < 1 -> begin_extend(1) }
  :: d_step { !quiet && phase == doing && !is_extending && extends < EXTENDS && deadline < 2 -> begin_extend(2) }
  /* The same again, with the same number. */
  :: d_step { !quiet && phase == doing && !is_extending && extends > 0 && wish[extends] > deadline && repeats < 1 ->
       repeats++; is_extending = true; decide() }
  /* Given up: 409 `not-extended`. Whoever was extended holds longer than we believe. */
  :: d_step { is_extending -> end_extend(); decide() }
  od
}
#endif

/*
 * resend with other data: a new key. "The old key is undone (barred) and acknowledged first, then the do goes out; if
 * that undo answers 409 `done` its output is taken and nothing is sent."
 * resolve: a person's word. Of a pivot or retriable it bars the key first, as a resend does: the ledger's answer comes
 * before the word. Of an undo that nobody answers it lets the saga end, unverified; the undo goes on.
 */
#if RESENDS || RESOLVES
proctype Bars(byte k) {
end:
  do
  :: d_step { is_barring(k) && is_acknowledged(k) -> record(k, R_UNDONE); decide() }
  /* 409 `done`: it had run, whatever was asked for meanwhile. */
  :: d_step { is_barring(k) && has(k, UNDO_NO) ->
       record(k, R_DONE); newest[step_of(k)] = k; word = nothing; decide() }
  od
}
#endif

#if RESENDS
/* "a do not answered", "pivot or retriable not done" */
proctype Resend(byte s) {
end:
  do
  :: d_step { !quiet && is_in_turn(s) && newest[s] == s && knows(s, R_DO) && !is_answered(s) ->
       newest[s] = s + STEPS; word = nothing; bar(s); decide() }
  od
}
#endif

#if RESOLVES
proctype Resolve(byte s) {
end:
  do
  /* `as: undone`, of the pivot */
  :: d_step { !quiet && is_in_turn(s) && is_pivot(s) && word == nothing ->
       word = as_undone; bar(newest[s]); decide() }
  /* `as: done`, of the retriable whose turn it is */
#if MUTANT_RESOLVE_WITHOUT_BAR
  :: d_step { !quiet && is_in_turn(s) && is_retriable(s) && is_next(s) -> record(newest[s], R_DONE); decide() }
#else
  :: d_step { !quiet && is_in_turn(s) && is_retriable(s) && is_next(s) && word == nothing ->
       word = as_done; bar(newest[s]); decide() }
#endif
  od
}

/* An undo that nobody answers. */
proctype Vouch(byte k) {
end:
  do
  :: d_step { !quiet && phase == compensating && owes_undo(k) && knows(k, R_UNDO) ->
       record(k, R_UNVERIFIED); decide() }
  :: d_step { knows(k, R_UNVERIFIED) && is_acknowledged(k) ->
       record(k, R_UNDONE); rec[k] = rec[k] & ~R_UNVERIFIED; decide() }
  od
}
#endif

/*
 * rerun: a new saga with keys of its own, linked. "Refused while unverified; of a completed one only with force."
 */
#if RERUNS
inline begin_rerun() {
  first_completed = (phase == completed);
  for (i : 0 .. STEPS - 1) {
    assert(phase == completed || !in_effect(i));
    newest[i] = i + STEPS
  }
  second = true;
  phase = doing;
  decide()
}

proctype Rerun() {
end:
  do
  :: d_step { !quiet && !second && has_ended && !is_anyone_unverified -> begin_rerun() }
  od
}
#endif

/*
 * The end: "every called participant is told". Purge, and commands that are stale because they were sent before the
 * row last changed, more than a retention ago.
 */
#if PURGES
/* Once for each key. What was sent before the row last changed is answered `stale` from now on: it does nothing. */
inline purge(k) {
  row[k] = none;
  purged[k] = true;
#if !MUTANT_STALE_IS_TAKEN
  if
  :: told[k] -> net[k] = net[k] & ~(DO | CONFIRM | UNDO)
  :: !told[k] && !again[k] -> net[k] = net[k] & ~DO
  :: else
  fi
#endif
}

proctype Ending(byte k) {
end:
  do
#if MUTANT_END_TO_UNVERIFIED
  :: d_step { has_ended && knows(k, R_DO) && !has(k, END) -> send(k, END) }
#else
  :: d_step { has_ended && knows(k, R_DO) && !knows(k, R_UNVERIFIED) && !has(k, END) -> send(k, END) }
#endif
  :: d_step { has(k, END) && row[k] != none && !told[k] -> told[k] = true; again[k] = false }
  :: d_step { has(k, DO) && !quiet && counts(k) && is_forward && is_final(k) && !again[k] -> again[k] = true }
#if MUTANT_PURGE_CONFIRMED
  :: d_step { !quiet && !purged[k] && row[k] == confirmed -> purge(k) }
#elif MUTANT_PURGE_FINAL_PIVOT
  :: d_step { !quiet && !purged[k] && is_final(k) && is_pivot(k) -> purge(k) }
#elif MUTANT_PURGE_FINAL_ARMED
  :: d_step { !quiet && !purged[k] && is_final(k) && is_armed(k) -> purge(k) }
#else
  :: d_step { !quiet && !purged[k] && told[k] && (is_final(k) || row[k] == confirmed) -> purge(k) }
#endif
  od
}
#endif

inline start_verbs(j) {
#if SUSPENDS
  run Suspend();
#endif
#if EXTENDS
  run Extend();
  for (j : 0 .. ARMED - 1) { 
    run ExtendAtLedger(j, 1); run ExtendAtLedger(j, 2); run ExtendAnswers(j, 1); run ExtendAnswers(j, 2)
  }
#endif
#if RESENDS
  for (j : 0 .. STEPS - 1) { run Resend(j) }
#endif
#if RESENDS || RESOLVES
  for (j : 0 .. KEYS - 1) { run Bars(j) }
#endif
#if RESOLVES
  for (j : ARMED .. STEPS - 1) { run Resolve(j) }
  for (j : 0 .. KEYS - 1) { run Vouch(j) }
#endif
#if RERUNS
  run Rerun();
#endif
#if PURGES
  for (j : 0 .. KEYS - 1) { run Ending(j) }
#endif
#if SUSPENDS || EXTENDS || RESENDS || RESOLVES || RERUNS || PURGES
  run Quiet()
#else
  skip
#endif
}

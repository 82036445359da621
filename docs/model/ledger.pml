/*
 * The network and the participants: sections 2 and 5 of ../protocol.md.
 *
 * The network is, for each ledger key, the set of commands and answers that were ever sent. A member of the set may be
 * received any number of times, at any later time, in any order, or never: that is loss, repetition, reordering, delay
 * without bound, and every retry. A participant that crashes is one that does nothing for a while, because each of its
 * transitions is one transaction. Every clock is free: wherever a participant looks at its clock, both answers are
 * possible, each time anew.
 */

/* The business change of a do, and what must hold when it happens. */
inline act(k) {
  assert(!saw(k, RAN));                                  /* P6: never twice */
  assert(!is_pivot(k) || all_armed_confirmed);           /* P5 */
  assert(!is_over(k) || knows(k, R_UNVERIFIED));         /* P6: nothing runs after the end */
#if RESENDS
  assert(!in_effect((k + STEPS) % KEYS));                /* P6: one key of a step at a time */
#endif
  seen[k] = seen[k] | RAN
}

/* The business change of an undo. */
inline take_back(k) {
  assert(!has_completed(k));                             /* P3 */
  assert(!saw(k, TAKEN_BACK));                           /* P6 */
  seen[k] = seen[k] | TAKEN_BACK;
  row[k] = undone
}

inline undo_by_clock(k) {
  assert(!saw(k, ASSURED));                              /* P1 */
  take_back(k)
}

proctype Ledger(byte k) {
end:
  do
  /* do, no row, before expiry: run the action -> held, 200 */
  :: d_step { has(k, DO) && row[k] == none && is_armed(k) -> act(k); row[k] = held; arm(k); send(k, DONE) }
  /* do of a pivot or retriable, no row: run; -> confirmed at once, 200 */
  :: d_step { has(k, DO) && row[k] == none && !is_armed(k) -> act(k); row[k] = confirmed; send(k, DONE) }
  /* do, no row, the business says no: -> refused, 409. (A retriable's no leaves no row: nothing changes.) */
  :: d_step { has(k, DO) && row[k] == none && !is_retriable(k) -> row[k] = refused; send(k, REFUSED) }
  /* do, no row, at or after expiry: -> barred, 410 */
  :: d_step { has(k, DO) && row[k] == none && is_armed(k) -> row[k] = barred; send(k, GONE) }
  /* do, a row: the stored answer; 200 and `refused` were sent when the action ran */
  :: d_step { has(k, DO) && (row[k] == undone || row[k] == barred) && !has(k, GONE) -> send(k, GONE) }

  /* confirm, no row: -> barred, 410 */
  :: d_step { has(k, CONFIRM) && row[k] == none -> row[k] = barred; send(k, CONFIRM_NO) }
  /* confirm, held, before expiry: -> confirmed, 200 */
  :: d_step { has(k, CONFIRM) && row[k] == held ->
       row[k] = confirmed; seen[k] = seen[k] | ASSURED; send(k, CONFIRMED) }
  /* confirm, held, at or after expiry: undo now -> undone, 410 */
  :: d_step { has(k, CONFIRM) && row[k] == held -> undo_by_clock(k); send(k, CONFIRM_NO) }
  :: d_step { has(k, CONFIRM) && is_final(k) && !has(k, CONFIRM_NO) -> send(k, CONFIRM_NO) }

  /* undo, no row: -> barred, 200; a late do is barred from now on */
#if MUTANT_UNDO_DOES_NOT_BAR
  :: d_step { has(k, UNDO) && row[k] == none && !has(k, NOT_KNOWN) -> send(k, NOT_KNOWN) }
#else
  :: d_step { has(k, UNDO) && row[k] == none -> row[k] = barred; send(k, NOT_KNOWN) }
#endif
  /* undo, held or confirmed: run the undo -> undone, 200 */
  :: d_step { has(k, UNDO) && is_live(k) && is_armed(k) -> take_back(k); send(k, UNDONE) }
  /* undo of a pivot or retriable, confirmed: 409 `done`, nothing changes */
  :: d_step { has(k, UNDO) && row[k] == confirmed && !is_armed(k) && !has(k, UNDO_NO) -> send(k, UNDO_NO) }
  :: d_step { has(k, UNDO) && is_final(k) && !has(k, UNDONE | NOT_KNOWN) -> send(k, UNDONE) }

  /* own clock passes the expiry, held: run the undo -> undone */
  :: d_step { row[k] == held -> undo_by_clock(k) }
  od
}

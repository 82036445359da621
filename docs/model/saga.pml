/*
 * One saga: its orchestrator, its participants, the network between them, a person who uses verbs. `check` compiles it
 * with flags: how many steps of each kind (ARMED, PIVOTS, RETRIABLES), which verbs, which planted mistake. What each
 * run covers and what is left out: README.md.
 */
#include "state.pml"
#include "ledger.pml"
#include "orchestrator.pml"
#include "verbs.pml"

/* A run with a goal must reach it: a promise about what never happens would hold for nothing. */
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
    decide()
  };
  atomic {
    for (j : 0 .. KEYS - 1) { run Ledger(j); run Answers(j) }
    run Deadline();
    run Watch();
#ifdef GOAL
    run Goal();
#endif
    start_verbs(j)
  }
}

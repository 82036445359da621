/*
 * What is there: keys, the network, the ledgers' rows, the orchestrator's history, and what the verbs add.
 */
#ifndef PIVOTS
#define PIVOTS 0
#endif
#ifndef RETRIABLES
#define RETRIABLES 0
#endif
#define STEPS (ARMED + PIVOTS + RETRIABLES)
/* Keys k and k + STEPS belong to one step: `<step>` and its resend `<step>~2`, or the saga's and its rerun's. */
#if RESENDS || RERUNS
#define KEYS (2 * STEPS)
#else
#define KEYS STEPS
#endif
#define step_of(k) ((k) % STEPS)
#define is_armed(k) (step_of(k) < ARMED)
#define is_pivot(k) (step_of(k) >= ARMED && step_of(k) < ARMED + PIVOTS)
#define is_retriable(k) (step_of(k) >= ARMED + PIVOTS)

/* ---- the network and the ledgers ---- */

/* Commands and answers. */
#define DO          1
#define CONFIRM     2
#define UNDO        4
#define DONE        8       /* 200 to a do */
#define REFUSED     16      /* 409 `refused` to a do */
#define GONE        32      /* 410 to a do */
#define CONFIRMED   64      /* 200 to a confirm */
#define CONFIRM_NO  128     /* 410 to a confirm */
#define UNDONE      256     /* 200 to an undo */
#define UNDO_NO     512     /* 409 `done` to the undo of a pivot or retriable */
#define NOT_KNOWN   1024    /* 200 to an undo, with Saga-State `barred` */
#define END         2048    /* the batch saga.ended */
#define EXTEND      4096    /* extend number 1; number 2 is the next bit */
#define EXTENDED    16384   /* 200 to an extend */
#define EXTEND_NO   65536   /* 404, 409 or 410 to an extend */
int net[KEYS];
#define has(k, m) ((net[k] & (m)) != 0)
#define send(k, m) net[k] = net[k] | (m)

mtype:row = { none, held, confirmed, undone, refused, barred };
mtype:row row[KEYS];
#define is_final(k) (row[k] == undone || row[k] == refused || row[k] == barred)
#define is_live(k) (row[k] == held || row[k] == confirmed)

/* What only the checks look at. */
#define RAN        1        /* the action ran */
#define TAKEN_BACK 2        /* its undo ran */
#define ASSURED    4        /* a confirm was answered 200 */
byte seen[KEYS];
#define saw(k, m) ((seen[k] & (m)) != 0)
#define in_effect(k) (saw(k, RAN) && !saw(k, TAKEN_BACK))

/* ---- the orchestrator ---- */

mtype:phase = { doing, confirming, pivoting, finishing, completed, compensating, compensated };
mtype:phase phase;
bool suspended;
byte newest[STEPS];           /* the key that a step uses now */
#define is_forward (phase == doing || phase == confirming || phase == pivoting || phase == finishing)
#define has_ended (phase == completed || phase == compensated)

/* What the history says of a key. */
#define R_DO         1
#define R_DONE       2
#define R_REFUSED    4
#define R_FAILED     8
#define R_CONFIRM    16
#define R_CONFIRMED  32
#define R_UNDO       64
#define R_UNDONE     128
#define R_UNVERIFIED 256      /* a person vouches for the undo */
#define R_EXTENDED   512      /* the present extend was answered 200 */
int rec[KEYS];
#define knows(k, m) ((rec[k] & (m)) != 0)
#define record(k, m) rec[k] = rec[k] | (m)
#define is_answered(k) knows(k, R_DONE | R_REFUSED | R_FAILED)
/* "Undo for every ledger key whose do was ever sent and whose undo is not yet acknowledged, except those refused." */
#define owes_undo(k) (is_current(k) && knows(k, R_DO) && !knows(k, R_REFUSED | R_UNDONE | R_UNVERIFIED))
/* An undo is acknowledged by 2xx, unless the ledger has never seen what it did: then it was lost. */
#define is_acknowledged(k) (has(k, UNDONE) || (has(k, NOT_KNOWN) && !knows(k, R_DONE)))

/* For the checks. What is known outside is what is stored. */
#if LOST_TURNS
mtype:phase stored_phase;
#else
#define stored_phase phase
#endif
#define is_over(k) (!is_current(k) || stored_phase == completed || stored_phase == compensated)
#define has_completed(k) (is_current(k) -> stored_phase == completed && newest[step_of(k)] == (k) : first_completed)
#if ARMED == 1
#define all_armed_confirmed (row[newest[0]] == confirmed)
#elif ARMED == 2
#define all_armed_confirmed (row[newest[0]] == confirmed && row[newest[1]] == confirmed)
#else
#define all_armed_confirmed (row[newest[0]] == confirmed && row[newest[1]] == confirmed && row[newest[2]] == confirmed)
#endif

hidden byte i, n;             /* scratch, only within a d_step */

/* "Decide runs after each event, never once after a batch." */
#if MUTANT_DECIDE_ONCE_PER_TURN
#define decides_now (folded + 1 >= arrived)
#else
#define decides_now true
#endif

/* ---- the verbs ---- */

/* From now on nobody uses a verb: the saga must end without one. (A resume does not count: who suspends resumes.) */
bool quiet;

/* extend. An expiry is a number, later ones greater; whether it has passed is free. */
#if EXTENDS
byte deadline;                /* the orchestrator's own */
byte extends;                 /* how many extends were asked for */
bool is_extending;            /* the last one is under way */
byte wish[3];                 /* the expiry each of them asks for */
byte do_expiry[KEYS];         /* the expiry a do carries: "the same stored bytes" */
byte armed_until[KEYS];       /* the expiry in the row */
byte extended_by[KEYS];       /* the id of the last accepted extend, in the row */
byte holds_until[KEYS];       /* the latest expiry a key has acknowledged, in the history */
#define number(m, j) ((m) << ((j) - 1))
#define stamp(k) do_expiry[k] = deadline
#define arm(k) armed_until[k] = do_expiry[k]

/* P7, and why the deadline moves last: a participant that answered 200 holds at least as long as we believe. */
inline check_expiries() {
  for (i : 0 .. KEYS - 1) {
    assert(!is_armed(i) || newest[step_of(i)] != i || !knows(i, R_DONE) || row[i] != held || armed_until[i] >= deadline)
  }
}

/* Whoever is done is asked, unless an earlier extend took it that far already. */
inline ask_all() {
  for (i : 0 .. ARMED - 1) {
    n = newest[i];
    if
    :: knows(n, R_DONE) && holds_until[n] >= wish[extends] -> record(n, R_EXTENDED)
    :: knows(n, R_DONE) && holds_until[n] < wish[extends] -> send(n, number(EXTEND, extends))
    :: else
    fi
  }
}

inline end_extend() {
  is_extending = false;
  for (i : 0 .. KEYS - 1) { rec[i] = rec[i] & ~R_EXTENDED }
}

/*
 * Within decide. Whoever is done is asked; once every step that was called is done and has answered 200, the
 * orchestrator's own deadline moves. A do under way is waited for, and asked right after its answer.
 */
inline go_on_extending() {
  if
  :: is_extending ->
     ask_all();
     n = 0;
     for (i : 0 .. ARMED - 1) {
       if
       :: knows(newest[i], R_DO) && !knows(newest[i], R_EXTENDED) -> n++
       :: else
       fi
     }
     if
     :: n == 0 -> deadline = wish[extends]; end_extend()
     :: else
     fi
  :: else
  fi;
  check_expiries()
}

#define forget_extend() end_extend()
#else
#define is_extending false
#define stamp(k) skip
#define arm(k) skip
#define go_on_extending() skip
#define forget_extend() skip
#endif

/* resend with other data, resolve */
#if RESENDS || RESOLVES
mtype:word = { nothing, as_undone, as_done };
mtype:word word;              /* what the answer to the bar is good for, beside a resend */

#define is_in_turn(s) ((phase == doing && is_armed(s)) || (phase == pivoting && is_pivot(s)) \
  || (phase == finishing && is_retriable(s)))
#define is_barring(k) (is_forward && knows(k, R_UNDO) && !knows(k, R_DONE | R_UNDONE))
#if RESENDS && !MUTANT_RESEND_WITHOUT_BAR
#define waits_for_bar(k) (word != nothing || ((k) >= STEPS && !knows((k) - STEPS, R_UNDONE)))
#else
#define waits_for_bar(k) (word != nothing)
#endif
#define forget_word() word = nothing

/* Within decide. A person's word counts once nothing that was sent for the step can run any more. */
inline settle_word() {
  if
  :: word != nothing ->
     n = 0;
     for (i : 0 .. KEYS - 1) {
       if
       :: is_barring(i) -> n++
       :: else
       fi
     }
     if
     :: n == 0 && word == as_undone -> go_back()
     :: n == 0 && word == as_done -> word = nothing; find_next(ARMED, STEPS); record(newest[i], R_DONE)
     :: else
     fi
  :: else
  fi
}

inline bar(k) {
  if
  :: knows(k, R_DO) && !knows(k, R_UNDO) -> record(k, R_UNDO); send(k, UNDO)
  :: else
  fi
}
/* Step s is the one whose turn it is among the retriables. */
#if RETRIABLES > 1
#define is_next(s) (!knows(newest[s], R_DONE) && ((s) == ARMED + PIVOTS || knows(newest[(s) - 1], R_DONE)))
#else
#define is_next(s) (!knows(newest[s], R_DONE))
#endif
#else
#define waits_for_bar(k) false
#define forget_word() skip
#define settle_word() skip
#endif

/* rerun */
#if RERUNS
bool second;                  /* the rerun is under way: it is the saga the variables tell of */
bool first_completed;
#define is_current(k) (!second || (k) >= STEPS)
#if MUTANT_RERUN_WHILE_UNVERIFIED
#define is_anyone_unverified false
#elif STEPS == 2
#define is_anyone_unverified (knows(0, R_UNVERIFIED) || knows(1, R_UNVERIFIED))
#else
#define is_anyone_unverified (knows(0, R_UNVERIFIED) || knows(1, R_UNVERIFIED) || knows(2, R_UNVERIFIED))
#endif
#else
#define is_current(k) true
#define first_completed false
#endif

/* end and purge */
#if PURGES
bool told[KEYS];              /* `endedAt` in the row */
bool again[KEYS];             /* a do was sent again after the row's last change, so it may not be stale */
bool purged[KEYS];
#endif

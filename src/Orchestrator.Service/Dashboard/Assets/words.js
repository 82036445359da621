// What the state of a saga means, in sentences: for the operator, and for the customer behind it.
import { at, span } from './format.js';

export const phases = ['doing', 'confirming', 'pivot', 'finishing', 'compensating', 'completed', 'compensated'];

const ended = ['completed', 'compensated'];
const forwardOnly = ['pivot', 'finishing'];

export function hasEnded(saga) { return ended.includes(saga.phase); }

export function isForwardOnly(saga) { return forwardOnly.includes(saga.phase); }

export function isOverdue(saga) {
  return !hasEnded(saga) && !isForwardOnly(saga) && Date.now() >= Date.parse(saga.expiresAt);
}

export function deadline(saga) {
  if (hasEnded(saga)) return `took ${span(Date.parse(saga.endedAt) - Date.parse(saga.startedAt))}`;
  if (isForwardOnly(saga)) return 'none any more';
  const left = Date.parse(saga.expiresAt) - Date.now();
  return left > 0 ? `${span(left)} left` : `overdue by ${span(left)}`;
}

// The steps whose participant owes an answer. One that is done is asked to confirm, unless it cannot be.
export function waitingFor(saga) {
  const states = saga.phase === 'confirming' ? ['calling', 'undoing', 'unknown', 'done'] : ['calling', 'undoing', 'unknown'];
  return saga.steps.filter(step => states.includes(step.state) && !(step.state === 'done' && step.kind !== 'compensatable'));
}

function isSilent(step) { return /^(no answer|the connection failed)/.test(step.lastError ?? ''); }

function names(steps) { return [...new Set(steps.map(step => `${step.name} at ${step.participant}`))].join(', '); }

const onWord = 'resolved as done';

// The steps that are done because a person said so.
function onWordOf(saga) { return saga.steps.filter(step => step.lastError?.startsWith(onWord)).map(step => step.name); }

// What is going on, as one would tell a colleague.
export function situation(saga) {
  const waiting = waitingFor(saga);
  const whom = waiting.length > 0 ? names(waiting) : 'nobody';
  if (saga.phase === 'completed') {
    const told = onWordOf(saga);
    return told.length > 0
      ? `Completed, but that ${told.join(', ')} ${told.length === 1 ? 'is' : 'are'} done a person declared; ${told.length === 1 ? 'the participant has' : 'the participants have'} not said so.`
      : 'Every participant has done its part and acknowledged that it is final.';
  }
  if (saga.phase === 'compensated') {
    return saga.unverified?.length > 0
      ? `Undone, except that nobody has seen ${saga.unverified.join(', ')} say so: a person declared it.`
      : 'Everything that had been done was undone, and every participant said so.';
  }
  if (saga.stuck && saga.phase === 'compensating')
    return `The undo of ${whom} keeps failing. It goes on being tried; a person should look why.`;
  if (saga.stuck) {
    const silent = waiting.every(isSilent);
    const [one, many] = silent ? ['does not answer', 'do not answer'] : ['keeps refusing or failing', 'keep refusing or failing'];
    return `${whom} ${waiting.length > 1 ? many : one}, and there is no way back any more.`;
  }
  if (saga.suspended) return 'Held still by an operator: nothing but undos is sent. The deadline still counts.';
  switch (saga.phase) {
    case 'doing': return `Steps are being done; waiting for ${whom}.`;
    case 'confirming': return `Every step is done; the participants are being told that it is final. Waiting for ${whom}.`;
    case 'pivot': return `The step that cannot be undone is under way (${whom}). From here the saga goes forward, unless it is refused.`;
    case 'finishing': return `Past the point of no return; what is left is repeated until it succeeds. Waiting for ${whom}.`;
    default: return `Everything is being undone; waiting for ${whom}.`;
  }
}

// How an extension stands that was asked for and has not moved the deadline; null when there is none.
export function extension(saga) {
  const asked = saga.extension;
  if (saga.phase !== 'doing' || !asked || asked.state === 'extended') return null;
  const agreed = step => step.heldUntil && Date.parse(step.heldUntil) >= Date.parse(asked.expiresAt);
  const called = saga.steps.filter(step => ['done', 'calling', 'unknown'].includes(step.state));
  const [yes, no] = [called.filter(agreed), called.filter(step => !agreed(step))];
  const list = steps => (steps.length > 0 ? steps.map(step => step.name).join(', ') : 'nobody');
  return asked.state === 'asking'
    ? `A later deadline, ${at(asked.expiresAt)}, is being asked for. Agreed: ${list(yes)}. Not yet: ${list(no)}. Until all have, the deadline is ${at(saga.expiresAt)}.`
    : `A later deadline, ${at(asked.expiresAt)}, was asked for and not agreed on by ${list(no)}; it is still ${at(saga.expiresAt)}.`;
}

// What it means to whoever ordered.
export function consequence(saga) {
  if (saga.phase === 'completed') {
    const told = onWordOf(saga);
    return told.length > 0
      ? `For the customer: done, as far as the word for ${told.join(', ')} is right.`
      : 'For the customer: done, and it stays done.';
  }
  if (saga.phase === 'compensated') {
    return saga.unverified?.length > 0
      ? `For the customer: nothing happened, as far as the word for ${saga.unverified.join(', ')} is right.`
      : 'For the customer: nothing happened.';
  }
  if (saga.phase === 'compensating') {
    return saga.inDoubt
      ? 'For the customer: cancelled, but a participant that had confirmed still keeps its part until it can be reached.'
      : 'For the customer: it will be as if nothing had happened.';
  }
  if (isForwardOnly(saga)) return 'For the customer: it counts as ordered; some parts are still to come.';
  return isOverdue(saga)
    ? 'For the customer: participants undo their parts by themselves now.'
    : 'For the customer: nothing is final; without a confirm everything is undone at the deadline.';
}

// Other data help only where those that were sent were refused, not where nobody answers or something is broken.
function refusedData(step) { return /^answered (400|409|422)\b/.test(step.lastError ?? ''); }

// Which act is safe now, and why: {verb, step, text, calm}. Without a verb, or when it is calm, nothing has to be done, or a person has
// to look first.
export function advice(saga) {
  const may = name => saga.allowed?.includes(name);
  const open = saga.steps.filter(step => step.allowed?.length > 0);
  const failing = open.find(step => step.lastError) ?? open[0];
  if (hasEnded(saga)) return null;
  if (saga.reason?.code === 'ledger-lost')
    return { text: 'A ledger was emptied or exchanged. Ask the participants below before anything else; only somebody who has looked there can resolve the step.' };
  if (saga.stuck && failing?.allowed.includes('resend-data') && refusedData(failing))
    return { verb: 'resend-data', step: failing.name, text: `Correct what ${failing.participant} was sent and send it again. The old command is barred first, so it cannot happen twice.` };
  if (saga.stuck && may('retry'))
    return { verb: 'retry', text: `Once ${failing?.participant ?? 'the participant'} works again, retry. A command counts once, however often it is sent. Resolve only what you have checked there yourself.` };
  if (saga.suspended && may('resume')) return { verb: 'resume', text: 'Resume when whoever suspended it agrees: it goes on where it stood.' };
  if (saga.phase === 'compensating') {
    const silent = waitingFor(saga).filter(isSilent).map(step => step.participant);
    return { text: silent.length > 0
      ? `Undos are repeated until everybody has answered. Get ${[...new Set(silent)].join(', ')} to answer; nothing else has to be done.`
      : 'Nothing has to be done: undos are repeated until everybody has answered.' };
  }
  if (failing?.lastError && may('retry'))
    return { verb: 'retry', calm: true, text: `Nothing has to be done: it is tried again until ${isForwardOnly(saga) ? 'it succeeds' : 'the deadline, and then everything is undone'}. A retry is safe at any time.` };
  return { text: 'Nothing has to be done.' };
}

export function adviceTitle(advice) { return advice.verb && !advice.calm ? 'Safe to do:' : 'What to do:'; }

// What the participants that hold it up said last, each with its name.
export function obstacles(saga) {
  return waitingFor(saga).filter(step => step.lastError).map(step => ({
    step: step.name, participant: step.participant, said: step.lastError, attempts: step.state === 'done' ? 1 : step.attempts }));
}

const commandWords = { do: 'do', confirm: 'confirm', undo: 'undo', extend: 'extend' };

export function eventWords(item) {
  const parts = [];
  if (item.step) parts.push(`${item.step}${item.command ? ` ${commandWords[item.command] ?? item.command}` : ''}${item.attempt > 1 ? ` #${item.attempt}` : ''}`);
  if (item.status) parts.push(String(item.status));
  for (const name of ['silence', 'code', 'timer', 'ledgerState', 'as', 'outcome']) if (item[name]) parts.push(item[name]);
  if (item.dueAt) parts.push(`due ${at(item.dueAt)}`);
  if (item.actor && item.actor !== 'orchestrator') parts.push(`by ${item.actor}`);
  if (item.batch) parts.push('in a batch');
  return parts.join(' · ');
}

// What can be done to a saga now: only that, each saying what it will do, with the same act as a line for the terminal.
import { Submit, useAct } from './acting.js';
import { curl, send } from './api.js';
import { Dialog, Said, Wrong } from './dialog.js';
import { Actor, Json, Reason, Text } from './fields.js';
import { at, pretty } from './format.js';
import { Line } from './parts.js';
import { html, useState } from './preact.js';
import { useWho } from './who.js';
import { advice, adviceTitle, isForwardOnly, waitingFor } from './words.js';

const called = saga => saga.steps.filter(step => !['pending', 'refused', 'undone'].includes(step.state));
const list = items => items.map(step => step.name).join(', ');

// The command of a step that is under way or waits for its next try.
function commandOf(saga, step) {
  if (step.state === 'undoing' || saga.phase === 'compensating') return 'undo';
  return saga.phase === 'confirming' ? 'confirm' : 'do';
}

const commands = saga => waitingFor(saga).map(step => `${commandOf(saga, step)} of ${step.name} to ${step.participant}`).join(', ');
const heldBack = saga => (saga.suspended && saga.phase !== 'compensating' ? ' It is suspended: nothing but undos goes out before it is resumed.' : '');

const cancelWords = saga => (called(saga).length > 0
  ? `Undoes ${list(called(saga).reverse())}, the newest first. The saga ends as compensated once every participant has said so. For the customer: it will be as if nothing had happened.`
  : 'Nothing was done yet. The saga ends as compensated. For the customer: it will be as if nothing had happened.');

const suspendWords = saga => `Holds back ${commands(saga) || 'every further call'} and all that would follow; only undos go out. ${
  isForwardOnly(saga) ? 'It is past the point of no return: no deadline ends this, only a resume.' : `The deadline stays: at ${at(saga.expiresAt)} the participants undo by themselves.`}`;

// While a do has no answer an extension does not move the deadline (docs/decisions/0060): that is said before it is asked for.
const extendWords = saga => {
  const [held, open] = [saga.steps.filter(step => step.state === 'done'), waitingFor(saga)];
  const asks = held.length > 0 ? `Asks ${list(held)} to hold on longer than ${at(saga.expiresAt)}. ` : '';
  if (open.length === 0) return `${asks || `Nothing is held yet, so nobody has to be asked. `}The deadline moves as soon as all have agreed; when one cannot, it stays and you are told who agreed.`;
  const answered = `the do of ${list(open)} at ${open[0].participant} has been answered`;
  return `${asks}The deadline moves only once ${answered} too; until then it stays, and no further step is begun. ${
    saga.suspended ? 'It is suspended, so that do is not repeated: resume first.' : `Get ${open[0].participant} to answer before ${at(saga.expiresAt)}, or everything is undone then.`}`;
};

const rerunWords = saga => `Starts a new saga of the newest version of ${saga.definition} from its first step, linked with this one. This one does not change.${
  saga.phase === 'completed' ? ' This one was completed: everything it did is done a second time.' : ''}`;

// label: what it is called; sure: the words on the button that does it; does: what it does to this very saga or step; reason: whether
// one must be given; fields: those of its body.
export const sagaVerbs = {
  cancel: { label: 'Cancel', sure: 'Cancel the saga', kind: 'danger', reason: true, does: cancelWords },
  retry: { label: 'Retry now', does: saga => `Sends at once what waits for its next attempt: ${commands(saga) || 'nothing waits now'}. Commands keep their ids, so nothing happens twice.${heldBack(saga)}` },
  suspend: { label: 'Suspend', reason: true, does: suspendWords },
  resume: { label: 'Resume', does: saga => `Sends what was held back${commands(saga) ? `: ${commands(saga)}` : ''}, and what follows.` },
  extend: { label: 'Extend', fields: ['deadline'], does: extendWords },
  rerun: { label: 'Run again', fields: ['input', 'newDeadline', 'force'], does: rerunWords },
  delete: { label: 'Delete', sure: 'Delete for good', kind: 'danger', does: saga => `Deletes ${saga.businessKey ?? saga.id}, which has ${saga.phase === 'completed' ? 'completed' : 'been compensated'}, and its history from the orchestrator for good. Nothing is undone, and the ledgers of the participants keep their rows for their own time.` },
};

export const stepVerbs = {
  resend: { label: 'Resend', does: (step, saga) => `Sends the waiting ${commandOf(saga, step)} of ${step.name} to ${step.participant} again, now, unchanged and with its id, so it counts once.${heldBack(saga)}` },
  'resend-data': { label: 'Correct and resend', reason: true, fields: ['data'], does: (step, saga) => `First bars the old command of ${step.name} at ${step.participant}; once that is acknowledged, sends the data below under a new key. If the old one turns out to be done after all, its answer is taken and nothing is sent.${heldBack(saga)}` },
  'resolve-done': { label: 'Resolve as done', kind: 'danger', reason: true, fields: ['output'], does: (step, saga) => `Declares that ${step.name} is done at ${step.participant}, on your word.${
    ['pivot', 'retriable'].includes(step.kind) ? ' Its old command is barred there first, so that it cannot run later.' : ''} The saga goes on as if it were. Look at ${step.participant} before.` },
  'resolve-undone': { label: 'Resolve as undone', kind: 'danger', reason: true, does: step => `Declares that ${step.name} is undone at ${step.participant}, on your word. The saga may end and names ${step.participant} as unverified until it answers; the undo goes on being sent. Look at ${step.participant} before.` },
};

// The safe one first and filled, what cannot be taken back last and apart. Of a step that is undone an unanswered do may be left; sending it
// again would do nothing.
export function Verbs({ saga, events, paused, done }) {
  const [open, set] = useState(null);
  const { may } = useWho();
  const safe = paused.length > 0
    ? { text: `Let ${paused.join(', ')} go on, when whoever paused it agrees: nothing is sent there before.${['doing', 'confirming'].includes(saga.phase) ? ' The deadline still counts.' : ''}` } : advice(saga);
  const all = [
    ...(saga.allowed ?? []).filter(name => sagaVerbs[name] && !(name === 'cancel' && saga.phase === 'compensating')).map(name => ({ name, rule: sagaVerbs[name] })),
    ...saga.steps.flatMap(step => (step.allowed ?? []).filter(name => stepVerbs[name] && !(name === 'resend' && step.state === 'undone')).map(name => ({ name, step, rule: stepVerbs[name] }))),
  ].filter(({ name }) => may(name === 'delete' ? 'admin' : 'operator', saga.definition));
  const isSafe = ({ name, step }) => name === safe?.verb && step?.name === safe.step;
  const button = verb => html`<button key=${`${verb.name} ${verb.step?.name}`} type="button" class=${isSafe(verb) ? 'primary' : verb.rule.kind ?? ''}
    onClick=${() => set(verb)}>${verb.rule.label}${verb.step ? html` <small>${verb.step.name}</small>` : ''}</button>`;
  const dangerous = all.filter(verb => verb.rule.kind === 'danger' && !isSafe(verb));
  return html`<section tabindex="-1" aria-label="What can be done now">
    ${safe && html`<p class="advice"><b>${adviceTitle(safe)}</b> ${safe.text}</p>`}
    ${all.length > 0 && html`<div class="verbs">${all.filter(isSafe).map(button)}
      ${all.filter(verb => verb.rule.kind !== 'danger' && !isSafe(verb)).map(button)}
      ${dangerous.length > 0 && html`<span class="group">${dangerous.map(button)}</span>`}</div>`}
    ${open && html`<${VerbDialog} saga=${saga} events=${events} verb=${open} close=${() => set(null)} done=${done} />`}
  </section>`;
}

// Method, path and body of a verb with what was typed.
export function requestOf(saga, { name, step }, typed) {
  const base = `/sagas/${encodeURIComponent(saga.id)}`;
  const members = [];
  const add = (key, json) => members.push(`${JSON.stringify(key)}:${json}`);
  const text = key => { if (typed[key]) add(key, JSON.stringify(typed[key])); };
  const json = key => { if (typed[key]?.trim()) add(key, typed[key].trim()); };
  if (name === 'delete') return ['DELETE', base, undefined];
  if (name.startsWith('resolve-')) add('as', JSON.stringify(name.slice(8)));
  text('deadline');
  for (const key of ['data', 'output', 'input']) json(key);
  if (typed.force) add('force', 'true');
  text('reason');
  const path = step ? `${base}/steps/${encodeURIComponent(step.name)}/${name.split('-')[0]}` : `${base}/${name}`;
  return ['POST', path, members.length > 0 ? `{${members.join(',')}}` : undefined];
}

// The data the step was sent last, to be corrected.
function sentTo(step, events) {
  const sent = events.findLast(event => event.type === 'call-sent' && event.command === 'do' && event.data !== null
    && (event.step === step?.name || event.step?.startsWith(`${step?.name}~`)));
  return sent ? pretty(sent.data) : '';
}

function VerbDialog({ saga, events, verb, close, done }) {
  const { name, step } = verb;
  const rule = step ? stepVerbs[name] : sagaVerbs[name];
  const [typed, type] = useState({ reason: '', deadline: '', data: name === 'resend-data' ? sentTo(step, events) : '', output: '', input: '', force: false });
  const [answer, keep] = useState(null);
  const on = key => value => type(now => ({ ...now, [key]: value }));
  const request = requestOf(saga, verb, typed);
  const { busy, problem, submit } = useAct(async () => {
    try {
      const made = await send(...request);
      // Where it is no more there is nothing to read again.
      if (name === 'delete') location.hash = '/sagas';
      else if (name === 'extend' || (name === 'rerun' && made?.id)) keep(made);
      else close();
    } finally { if (name !== 'delete') done(); }
  });

  if (answer) return html`<${Said} ...${told(name, answer)} close=${close} />`;
  return html`<${Dialog} title=${step ? `${step.name}: ${rule.label}` : rule.sure ?? rule.label} close=${close}>
    <p>${step ? rule.does(step, saga) : rule.does(saga)}</p>
    <form onSubmit=${submit}>
      <${Fields} rule=${rule} typed=${typed} on=${on} saga=${saga} />
      ${name !== 'delete' && html`<${Reason} required=${rule.reason} value=${typed.reason} set=${on('reason')} />`}
      <${Actor} />
      <${Wrong} problem=${problem} />
      ${busy && name === 'extend' && html`<p class="soft" role="status">The participants are asked; that may take a minute. It goes on when you close this.</p>`}
      <p class="buttons"><${Submit} busy=${busy} kind=${rule.kind}>${rule.sure ?? rule.label}<//>
        <button type="button" class="quiet" autofocus=${name === 'delete'} onClick=${close}>Not now</button></p>
      <${Line} text=${curl(...request)} />
    </form><//>`;
}

// What came of a verb, where closing the dialog would not show it: its title and words.
function told(name, made) {
  if (name === 'rerun') return { title: 'Started', words: html`The new saga is <a href=${`#/sagas/${encodeURIComponent(made.id)}`}>${made.id}</a>.` };
  if (made.extension?.state === 'asking')
    return { title: 'Still asking', words: `Not everybody has answered yet. They go on being asked; the deadline of ${at(made.expiresAt)} moves once all have agreed. The page shows it.` };
  const held = made.steps.filter(step => step.heldUntil === made.expiresAt);
  const on = held.length > 0 ? `, and ${list(held)} ${held.length === 1 ? 'holds' : 'hold'} on until then` : '';
  return { title: 'Extended', words: `The deadline is ${at(made.expiresAt)} now${on}.${made.phase === 'doing' ? '' : ` It has gone on meanwhile: ${made.phase}.`}` };
}

function Fields({ rule, typed, on, saga }) {
  const has = name => rule.fields?.includes(name);
  return html`
    ${has('deadline') && html`<${Text} label="New deadline" hint=${`from now, such as 30m or 2h, or an instant; it is ${at(saga.expiresAt)} now`} value=${typed.deadline} set=${on('deadline')} />`}
    ${has('data') && html`<${Json} label="Data" hint="what the participant is sent" value=${typed.data} set=${on('data')} />`}
    ${has('output') && html`<${Json} label="Output" hint="what the step answered; null when left empty" required=${false} value=${typed.output} set=${on('output')} />`}
    ${has('input') && html`<${Json} label="Input" hint="that of this saga when left empty" required=${false} value=${typed.input} set=${on('input')} />
      <button type="button" class="quiet" onClick=${() => on('input')(pretty(saga.input))}>take this saga's input</button>`}
    ${has('newDeadline') && html`<${Text} label="Deadline" hint="the definition's when left empty" required=${false} value=${typed.deadline} set=${on('deadline')} />`}
    ${has('force') && saga.phase === 'completed' && html`<label class="check"><input type="checkbox" checked=${typed.force} required onChange=${e => on('force')(e.target.checked)} />
      It was completed. Do it all a second time.</label>`}`;
}

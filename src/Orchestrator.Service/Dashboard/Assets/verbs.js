// What can be done to a saga now: only that, each saying what it will do, with the same act as a line for the terminal.
import { curl, send } from './api.js';
import { Dialog, Wrong } from './dialog.js';
import { Actor, Json, Reason, Text } from './fields.js';
import { pretty } from './format.js';
import { Line } from './parts.js';
import { html, useState } from './preact.js';
import { useWho } from './who.js';
import { advice } from './words.js';

const called = saga => saga.steps.filter(step => !['pending', 'refused', 'undone'].includes(step.state)).map(step => step.name);
const list = items => (items.length > 0 ? items.join(', ') : 'nothing');

// name: what it is called, what it does in words, whether a reason must be given, the fields of its body.
export const sagaVerbs = {
  cancel: { label: 'Cancel', kind: 'danger', reason: true, does: saga => `Undoes ${list(called(saga).reverse())}, the newest first. The saga ends as compensated once every participant has said so.` },
  retry: { label: 'Retry now', does: () => 'Sends at once what waits for its next attempt. Commands keep their ids, so nothing happens twice.' },
  suspend: { label: 'Suspend', reason: true, does: saga => `Holds back every call but undos. The deadline stays: at ${new Date(saga.expiresAt).toLocaleTimeString()} the participants undo by themselves.` },
  resume: { label: 'Resume', does: () => 'Sends what was held back.' },
  extend: { label: 'Extend', fields: ['deadline'], does: () => 'Asks every participant that holds something to hold it longer; our own deadline moves last, once all have agreed. When one cannot, the saga keeps its deadline and you are told who agreed.' },
  rerun: { label: 'Run again', fields: ['input', 'newDeadline', 'force'], does: saga => `Starts a new saga of ${saga.definition}, linked with this one. This one does not change.` },
  delete: { label: 'Delete', kind: 'danger', does: () => 'Deletes the saga and its history from the orchestrator for good. The ledgers of the participants keep their rows for their own time.' },
};

export const stepVerbs = {
  resend: { label: 'Resend', does: step => `Sends the waiting command of ${step.name} again, now, unchanged and with its id.` },
  'resend-data': { label: 'Correct and resend', reason: true, fields: ['data'], does: step => `First bars the old command of ${step.name} at ${step.participant}; once that is acknowledged, sends the data below under a new key. If the old one turns out to be done after all, its answer is taken and nothing is sent.` },
  'resolve-done': { label: 'Resolve as done', kind: 'danger', reason: true, fields: ['output'], does: step => `Declares that ${step.name} is done at ${step.participant}, on your word. Nothing is sent to it.` },
  'resolve-undone': { label: 'Resolve as undone', kind: 'danger', reason: true, does: step => `Declares that ${step.name} is undone at ${step.participant}, on your word. The saga may end and names ${step.participant} as unverified until it answers; the undo goes on being sent.` },
};

// The safe one first and filled, what cannot be taken back last and apart.
export function Verbs({ saga, events, done }) {
  const [open, set] = useState(null);
  const { may } = useWho();
  const safe = advice(saga);
  const all = [
    ...(saga.allowed ?? []).filter(name => sagaVerbs[name] && !(name === 'cancel' && saga.phase === 'compensating')).map(name => ({ name, rule: sagaVerbs[name] })),
    ...saga.steps.flatMap(step => (step.allowed ?? []).filter(name => stepVerbs[name]).map(name => ({ name, step, rule: stepVerbs[name] }))),
  ].filter(({ name }) => may(name === 'delete' ? 'admin' : 'operator', saga.definition));
  const isSafe = ({ name, step }) => name === safe?.verb && step?.name === safe.step;
  const button = verb => html`<button key=${`${verb.name} ${verb.step?.name}`} type="button" class=${isSafe(verb) ? 'primary' : verb.rule.kind ?? ''}
    onClick=${() => set(verb)}>${verb.rule.label}${verb.step ? html` <small>${verb.step.name}</small>` : ''}</button>`;
  const dangerous = all.filter(verb => verb.rule.kind === 'danger' && !isSafe(verb));
  return html`<section aria-label="What can be done now">
    ${safe && html`<p class="advice"><b>${safe.verb ? 'Safe to do:' : 'What to do:'}</b> ${safe.text}</p>`}
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
  const [state, set] = useState({ busy: false, problem: null, made: null });
  const on = key => value => type(now => ({ ...now, [key]: value }));
  const request = requestOf(saga, verb, typed);

  async function submit(event) {
    event.preventDefault();
    set({ busy: true, problem: null, made: null });
    try {
      const made = await send(...request);
      done();
      if (name === 'rerun' && made?.id) set({ busy: false, problem: null, made: made.id });
      else if (name === 'delete') { close(); location.hash = '/sagas'; } else close();
    } catch (problem) {
      set({ busy: false, problem, made: null });
      done();
    }
  }

  if (state.made) {
    return html`<${Dialog} title="Started" close=${close}><p>The new saga is <a href=${`#/sagas/${encodeURIComponent(state.made)}`}>${state.made}</a>.</p>
      <p class="buttons"><button type="button" onClick=${close}>Close</button></p><//>`;
  }
  return html`<${Dialog} title=${step ? `${step.name}: ${rule.label}` : rule.label} close=${close}>
    <p>${rule.does(step ?? saga)}</p>
    <form onSubmit=${submit}>
      <${Fields} rule=${rule} typed=${typed} on=${on} saga=${saga} />
      ${name !== 'delete' && html`<${Reason} required=${rule.reason} value=${typed.reason} set=${on('reason')} />`}
      <${Actor} />
      <${Wrong} problem=${state.problem} />
      <p class="buttons"><button type="submit" class=${rule.kind ?? ''} disabled=${state.busy}>${state.busy ? 'asking ...' : rule.label}</button>
        <button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl(...request)} />
    </form><//>`;
}

function Fields({ rule, typed, on, saga }) {
  const has = name => rule.fields?.includes(name);
  return html`
    ${has('deadline') && html`<${Text} label="New deadline" hint="from now, such as 10m, or an instant" value=${typed.deadline} set=${on('deadline')} />`}
    ${has('data') && html`<${Json} label="Data" hint="what the participant is sent" value=${typed.data} set=${on('data')} />`}
    ${has('output') && html`<${Json} label="Output" hint="what the step answered; null when left empty" required=${false} value=${typed.output} set=${on('output')} />`}
    ${has('input') && html`<${Json} label="Input" hint="that of this saga when left empty" required=${false} value=${typed.input} set=${on('input')} />
      <button type="button" class="quiet" onClick=${() => on('input')(pretty(saga.input))}>take this saga's input</button>`}
    ${has('newDeadline') && html`<${Text} label="Deadline" hint="the definition's when left empty" required=${false} value=${typed.deadline} set=${on('deadline')} />`}
    ${has('force') && saga.phase === 'completed' && html`<label class="check"><input type="checkbox" checked=${typed.force} required onChange=${e => on('force')(e.target.checked)} />
      It was completed. Do it all a second time.</label>`}`;
}

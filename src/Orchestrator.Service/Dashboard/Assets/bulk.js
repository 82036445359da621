// One verb on many sagas: what it would do first, then a stored batch.
import { Submit, useAct } from './acting.js';
import { curl, send } from './api.js';
import { Dialog, Wrong } from './dialog.js';
import { Actor, Reason, Text } from './fields.js';
import { localTimes, number, plural } from './format.js';
import { Line } from './parts.js';
import { html, useEffect, useRef, useState } from './preact.js';
import { sagaVerbs } from './verbs.js';
import { useWho } from './who.js';

const verbs = ['retry', 'cancel', 'suspend', 'resume', 'extend', 'rerun', 'delete'];
const words = { ...Object.fromEntries(verbs.map(name => [name, sagaVerbs[name].label])), retry: 'Retry' };
const untilTyped = 400;

// What the verb needs besides a reason, of what was typed.
function argsOf(verb, typed) {
  const args = {};
  if (verb === 'extend') args.deadline = typed.deadline;
  if (verb === 'rerun' && typed.force) args.force = true;
  return args;
}

export function BulkDialog({ filter, close }) {
  const [verb, choose] = useState('retry');
  const [typed, type] = useState({ reason: '', deadline: '10m', force: false });
  const on = key => value => type(now => ({ ...now, [key]: value }));
  const args = argsOf(verb, typed);
  const preview = usePreview({ filter, verb, args });
  const body = { filter, verb, args: typed.reason ? { ...args, reason: typed.reason } : args };

  // One key for each wish: a second try after a lost answer makes no second batch, here or in a terminal.
  const wish = useRef({});
  const text = JSON.stringify(body);
  if (wish.current.text !== text) wish.current = { text, key: crypto.getRandomValues(new Uint32Array(4)).join('-') };
  const { key } = wish.current;
  const { busy, problem, submit } = useAct(async () => {
    const batch = await send('POST', '/batches', text, key);
    location.hash = `/batches/${encodeURIComponent(batch.id)}`;
  });

  const { may } = useWho();
  const mine = verbs.filter(name => name !== 'delete' || may('admin', filter.definition));
  const rule = sagaVerbs[verb];
  const count = preview.data?.wouldDo.reduce((sum, line) => sum + line.count, 0) ?? 0;
  return html`<${Dialog} title="Act on many sagas" close=${close}>
    <form onSubmit=${submit}>
      <fieldset class="choices"><legend>What to do</legend>${mine.map(name => html`<label key=${name}>
        <input type="radio" name="verb" value=${name} checked=${verb === name} onChange=${() => choose(name)} />${words[name]}</label>`)}</fieldset>
      ${verb === 'extend' && html`<${Text} label="New deadline" hint="from now, such as 10m, or an instant" value=${typed.deadline} set=${on('deadline')} />
        <p class="soft">The deadline of a saga that waits for the answer to a do moves only once it has one; until then it stays.</p>`}
      ${verb === 'rerun' && html`<label class="check"><input type="checkbox" checked=${typed.force} onChange=${e => on('force')(e.target.checked)} />
        Completed ones too: their work is done a second time</label>`}
      <${Preview} preview=${preview} />
      <${Reason} required=${rule.reason} value=${typed.reason} set=${on('reason')} />
      <${Actor} />
      <${Wrong} problem=${problem} />
      <p class="buttons"><${Submit} busy=${busy} kind=${rule.kind} idle=${count === 0}>${words[verb]}${count > 0 ? ` ${plural(count, 'saga')}` : ''}<//>
        <button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('POST', '/batches', shown(body), key)} whole=${curl('POST', '/batches', body, key)} />
    </form><//>`;
}

// A line with hundreds of ids helps nobody who reads it; the whole one is copied.
function shown(body) {
  const ids = body.filter.ids;
  return ids && ids.length > 5 ? { ...body, filter: { ids: [...ids.slice(0, 3), `... ${ids.length - 3} more`] } } : body;
}

// What it would do, asked again when something else is chosen or typed; an answer to an older question is not shown.
function usePreview(question) {
  const asked = JSON.stringify(question);
  const [answer, show] = useState({ asked: null, data: null, problem: null });
  useEffect(() => {
    let closed = false;
    const timer = setTimeout(() => {
      send('POST', '/batches', { ...question, dryRun: true })
        .then(data => { if (!closed) show({ asked, data, problem: null }); }, problem => { if (!closed) show({ asked, data: null, problem }); });
    }, answer.asked === null ? 0 : untilTyped);
    return () => { closed = true; clearTimeout(timer); };
  }, [asked]);
  return answer.asked === asked ? answer : { data: null, problem: null };
}

function Preview({ preview }) {
  if (preview.problem) return html`<${Wrong} problem=${preview.problem} />`;
  if (!preview.data) return html`<p class="preview soft" role="status">Looking what it would do ...</p>`;
  const { matching, wouldDo, refused } = preview.data;
  return html`<div class="preview" role="status"><p><b>Of ${plural(matching, 'saga')}:</b></p><ul>
    ${wouldDo.map(line => html`<li key=${line.effect}><b>${number(line.count)}</b> ${localTimes(line.effect)}</li>`)}
    ${refused.map(line => html`<li key=${line.code} class="soft"><b>${number(line.count)}</b> refused: ${line.text}</li>`)}
    ${wouldDo.length === 0 && html`<li>Nothing would happen.</li>`}</ul></div>`;
}

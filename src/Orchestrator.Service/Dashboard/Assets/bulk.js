// One verb on many sagas: what it would do first, then a stored batch.
import { curl, send } from './api.js';
import { Dialog, Wrong } from './dialog.js';
import { Actor, Reason, Text } from './fields.js';
import { number, plural } from './format.js';
import { Line } from './parts.js';
import { html, useEffect, useState } from './preact.js';
import { sagaVerbs } from './verbs.js';

const verbs = ['cancel', 'retry', 'suspend', 'resume', 'extend', 'rerun', 'purge'];

export function BulkDialog({ filter, close }) {
  const [verb, choose] = useState('retry');
  const [typed, type] = useState({ reason: '', deadline: '' });
  const [preview, show] = useState({ of: null, data: null, problem: null });
  const [state, set] = useState({ busy: false, problem: null });
  const on = key => value => type(now => ({ ...now, [key]: value }));
  const args = {};
  if (typed.reason) args.reason = typed.reason;
  if (verb === 'extend' && typed.deadline) args.deadline = typed.deadline;
  const body = { filter, verb, args };

  useEffect(() => {
    let closed = false;
    // The preview does not need what is not typed yet.
    send('POST', '/batches', { filter, verb, args: verb === 'extend' ? { deadline: typed.deadline || '10m' } : { reason: 'preview' }, dryRun: true })
      .then(data => { if (!closed) show({ of: verb, data, problem: null }); }, problem => { if (!closed) show({ of: verb, data: null, problem }); });
    return () => { closed = true; };
  }, [verb]);

  async function submit(event) {
    event.preventDefault();
    set({ busy: true, problem: null });
    try {
      const batch = await send('POST', '/batches', body);
      location.hash = `/batches/${encodeURIComponent(batch.id)}`;
    } catch (problem) { set({ busy: false, problem }); }
  }

  const current = preview.of === verb ? preview : { data: null, problem: null };
  const nothing = current.data !== null && current.data.wouldDo.length === 0;
  return html`<${Dialog} title="Act on many sagas" close=${close}>
    <form onSubmit=${submit}>
      <fieldset class="choices"><legend>What to do</legend>${verbs.map(name => html`<label key=${name}>
        <input type="radio" name="verb" value=${name} checked=${verb === name} onChange=${() => choose(name)} />${sagaVerbs[name].label}</label>`)}</fieldset>
      <${Preview} preview=${current} />
      ${verb === 'extend' && html`<${Text} label="New deadline" hint="from now, such as 10m" value=${typed.deadline} set=${on('deadline')} />`}
      <${Reason} required=${sagaVerbs[verb].reason} value=${typed.reason} set=${on('reason')} />
      <${Actor} />
      <${Wrong} problem=${state.problem} />
      <p class="buttons"><button type="submit" class=${sagaVerbs[verb].kind ?? ''} disabled=${state.busy || current.data === null || nothing}>
        ${sagaVerbs[verb].label}${current.data ? ` ${plural(current.data.wouldDo.reduce((sum, line) => sum + line.count, 0), 'saga')}` : ''}</button>
        <button type="button" class="quiet" onClick=${close}>Not now</button></p>
      <${Line} text=${curl('POST', '/batches', body)} />
    </form><//>`;
}

function Preview({ preview }) {
  if (preview.problem) return html`<${Wrong} problem=${preview.problem} />`;
  if (!preview.data) return html`<p class="soft">Looking what it would do ...</p>`;
  const { matching, wouldDo, refused } = preview.data;
  return html`<div class="preview" role="status"><p><b>Of ${plural(matching, 'saga')}:</b></p><ul>
    ${wouldDo.map(line => html`<li key=${line.effect}><b>${number(line.count)}</b> ${line.effect}</li>`)}
    ${refused.map(line => html`<li key=${line.code} class="soft"><b>${number(line.count)}</b> refused: ${line.text ?? line.code}</li>`)}
    ${wouldDo.length === 0 && html`<li>Nothing would happen.</li>`}</ul></div>`;
}

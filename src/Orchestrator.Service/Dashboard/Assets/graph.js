// The steps as a chain, coloured by what is known of them, with the point of no return.
import { Chip } from './parts.js';
import { html } from './preact.js';

const kinds = { compensatable: 'can be undone', unarmed: 'no deadline of its own', pivot: 'cannot be undone', retriable: 'repeated until done' };

export function Graph({ steps }) {
  const turn = steps.findIndex(step => step.kind === 'pivot' || step.kind === 'retriable');
  return html`<ol class="graph" aria-label="The steps in order">${steps.map((step, i) => html`
    <li key=${step.name} class="node ${step.kind} state-${step.state ?? 'pending'} ${i === turn && i > 0 ? 'turn' : ''}">
      <div class="box"><b>${step.name}</b><small>${step.participant}</small>
        <span class="kind">${kinds[step.kind] ?? step.kind}</span>
        ${step.state && html`<${Chip} word=${step.state} kind=${`state-${step.state}`} />`}</div></li>`)}</ol>`;
}

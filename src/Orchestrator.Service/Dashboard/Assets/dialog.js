// A dialog of the browser's own: focus stays inside, Escape closes.
import { focusOn, placeOf } from './focus.js';
import { localTimes } from './format.js';
import { html, useEffect, useRef } from './preact.js';

// Where the first of dialogs that follow each other was opened.
let opened = null;

export function Dialog({ title, close, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const place = document.activeElement === document.body && opened ? opened : placeOf(document.activeElement);
    opened = place;
    dialog.current.showModal();
    // Back to where it was opened, or to what stood around it when that is not there any more, or cannot be used now.
    return () => {
      setTimeout(() => {
        if (!document.querySelector('dialog[open]')) focusOn(place);
      });
    };
  }, []);
  // Marking a text with the mouse may end outside; only a press that began there closes.
  const pressed = useRef(null);
  return html`<dialog ref=${dialog} aria-labelledby="dialog-title" onCancel=${e => { e.preventDefault(); close(); }}
      onMouseDown=${e => { pressed.current = e.target; }}
      onClick=${e => { if (e.target === dialog.current && pressed.current === dialog.current) close(); }}>
    <div class="inside"><h2 id="dialog-title">${title}</h2>${children}</div></dialog>`;
}

// What came of it, to be read and closed.
export function Said({ title, words, close }) {
  return html`<${Dialog} key="said" title=${title} close=${close}><p role="status">${words}</p>
    <p class="buttons"><button type="button" onClick=${close}>Close</button></p><//>`;
}

// What went wrong, with all problems of a body. A refused verb's sentence names the verbs that would be taken.
export function Wrong({ problem }) {
  if (!problem) return null;
  return html`<div class="bad" role="alert"><p>${localTimes(problem.message)}</p>
    ${problem.problems.length > 0 && html`<ul>${problem.problems.map(item => html`<li key=${item.path}>${item.path ? `${item.path}: ` : ''}${localTimes(item.message)}</li>`)}</ul>`}</div>`;
}

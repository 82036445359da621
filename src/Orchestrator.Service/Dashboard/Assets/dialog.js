// A dialog of the browser's own: focus stays inside, Escape closes.
import { html, useEffect, useRef } from './preact.js';

// Where the first of dialogs that follow each other was opened.
let opened = null;

export function Dialog({ title, close, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const opener = document.activeElement === document.body ? opened : document.activeElement;
    opened = opener;
    dialog.current.showModal();
    // Back to where it was opened, or to the page when that is not there any more.
    return () => {
      setTimeout(() => {
        if (document.querySelector('dialog[open]')) return;
        (opener?.isConnected ? opener : document.getElementById('page'))?.focus({ preventScroll: true });
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

// What went wrong, with all problems of a body. A refused verb's sentence names the verbs that would be taken.
export function Wrong({ problem }) {
  if (!problem) return null;
  return html`<div class="bad" role="alert"><p>${problem.message}</p>
    ${problem.problems.length > 0 && html`<ul>${problem.problems.map(item => html`<li key=${item.path}>${item.path ? `${item.path}: ` : ''}${item.message}</li>`)}</ul>`}</div>`;
}

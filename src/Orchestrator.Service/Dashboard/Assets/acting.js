// What a form does when it is sent: once at a time, and whatever goes wrong is said in it.
import { html, useRef, useState } from './preact.js';

// {busy, problem, submit}. The function is not called again before it has ended, however quickly somebody presses.
export function useAct(act) {
  const [state, set] = useState({ busy: false, problem: null });
  const under = useRef(false);
  async function submit(event) {
    event.preventDefault();
    if (under.current) return;
    under.current = true;
    set({ busy: true, problem: null });
    try {
      await act();
      set({ busy: false, problem: null });
    } catch (problem) { set({ busy: false, problem }); }
    under.current = false;
  }
  return { ...state, submit };
}

// The button that sends a form. While it is under way it cannot be pressed, but keeps the focus: a button that is disabled loses it.
export function Submit({ busy, kind = '', idle = false, children }) {
  return html`<button type="submit" class=${kind} disabled=${idle} aria-disabled=${busy ? 'true' : null}>${busy ? 'asking ...' : children}</button>`;
}

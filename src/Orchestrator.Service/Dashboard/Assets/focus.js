// Where the focus goes when what had it is taken away: a verb takes its own button, "show more" goes with the last page.

// An element and what stands around it that can take the focus in its place, the nearest first.
export function placeOf(element) {
  const around = [];
  for (let each = element.parentElement; each; each = each.parentElement) if (each.matches('[tabindex="-1"]')) around.push(each);
  return { element, around };
}

// Gives the focus to what is left of a place, so that nobody is thrown back to the start of the page.
export function focusOn({ element, around }) {
  for (const each of [element, ...around, document.getElementById('page')]) {
    if (!each?.isConnected || each === document.body) continue;
    each.focus({ preventScroll: true });
    if (document.activeElement === each) return;
  }
}

export function keepFocus() {
  let last = null;
  document.addEventListener('focusin', event => { last = placeOf(event.target); });
  // Whoever presses beside everything has let go by themselves.
  document.addEventListener('pointerdown', () => { last = null; });
  const look = () => {
    if (!last || document.activeElement !== document.body || (last.element.isConnected && !last.element.disabled)) return;
    // A dialog gives back what it took.
    if (!last.element.closest('dialog')) focusOn(last);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
}

// The lines two texts have in common, and those that only one of them has (longest common subsequence).
import { plural } from './format.js';

export function diff(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  // length[i][j]: how many lines the rests from i and j have in common at most.
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { lines.push({ kind: 'same', text: a[i++] }); j++; }
    else if (j >= b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) lines.push({ kind: 'gone', text: a[i++] });
    else lines.push({ kind: 'new', text: b[j++] });
  }
  return lines;
}

const around = 4;

// Only what differs, with a few lines around it; how many lines are left out stands in their place.
export function differing(lines) {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - around), i + around + 1).some(line => line.kind !== 'same'));
  const shown = [];
  for (let i = 0; i < lines.length; i++) {
    if (near[i]) { shown.push(lines[i]); continue; }
    const from = i;
    while (i + 1 < lines.length && !near[i + 1]) i++;
    shown.push({ kind: 'left', text: plural(i - from + 1, 'equal line') });
  }
  return shown;
}

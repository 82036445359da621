// Who asks and what they may do. A button that would be refused is not shown; whether it is refused the service decides.
import { useEffect, useState } from './preact.js';

const roles = ['viewer', 'starter', 'operator', 'admin'];
const watchers = new Set();
let known = null;

export function know(whoami) {
  known = whoami;
  for (const watcher of watchers) watcher();
}

// Grants are written "operator" or "operator@definition".
function covers(grant, role, definition) {
  const [granted, only] = grant.split('@');
  return roles.indexOf(granted) >= roles.indexOf(role) && (only === undefined || only === definition);
}

// Gives a function: may they do what the role may, everywhere or with sagas of a definition?
export function useWho() {
  const [, again] = useState(0);
  useEffect(() => {
    const watcher = () => again(n => n + 1);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, []);
  const grants = known?.required ? known.roles : [''];
  return {
    whoami: known,
    // The definitions a token is for, where it is for single ones alone; else none.
    own: grants.every(grant => grant.includes('@')) ? [...new Set(grants.map(grant => grant.split('@')[1]))].sort() : [],
    may: (role, definition) => known !== null && (!known.required || known.roles.some(grant => covers(grant, role, definition))),
  };
}

// Shows the page the address names.
import { listPage } from './list.js';
import { sagaPage } from './saga.js';

const page = document.getElementById('page');
let leave = () => {};

function go() {
  leave();
  const saga = /^#\/sagas\/(.+)$/.exec(location.hash);
  const id = saga && decodeURIComponent(saga[1]);
  document.title = `${id ?? 'Sagas'} · Orchestrator`;
  leave = id ? sagaPage(page, id) : listPage(page);
  window.scrollTo(0, 0);
}

window.addEventListener('hashchange', go);
go();

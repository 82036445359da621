// Says whether what the page shows is live. Old or missing data never looks healthy.
import { get } from './api.js';
import { precise } from './format.js';

const live = document.getElementById('live');
const trouble = document.getElementById('trouble');
let lastHeardAt = null;
let stream = false;
let service = null;

function show() {
  const healthy = stream && service === null;
  live.className = `live ${stream ? (service === null ? 'good' : 'bad') : (lastHeardAt ? 'bad' : 'unknown')}`;
  live.textContent = stream ? (service === null ? 'live' : 'not ready') : (lastHeardAt ? 'cut off' : 'connecting');
  document.body.classList.toggle('stale', !stream);
  trouble.hidden = healthy || (!stream && !lastHeardAt && service === null);
  trouble.textContent = !stream
    ? `Not live. ${lastHeardAt ? `What you see is from ${precise(lastHeardAt)}.` : 'Nothing was received yet.'} ${service ?? 'Trying again.'}`
    : service ?? '';
}

export function heard() { stream = true; lastHeardAt = Date.now(); show(); }

export function lost() { stream = false; show(); }

async function ask() {
  try {
    await get('/readyz');
    service = null;
    if (stream) lastHeardAt = Date.now();
  } catch (problem) {
    service = problem.status ? problem.message : 'The service cannot be reached.';
  }
  show();
}

ask();
setInterval(ask, 5000);

// The frame's end of the postMessage line to the page that embeds it: {ns: 'trilens', v: 1, type, ...}. Only the parent window is
// heard, only the page API is called, and files are taken from parents that have an origin.

import { calls, events, marked } from './calls.js';

const namespace = { ns: 'trilens', v: 1 };
const callable = new Set(marked(calls, 'parent')), takes_files = new Set(marked(calls, 'file'));

export function answer_parent() {
  let api = null, origin = null;
  const waiting = [];
  // Before the parent has spoken its origin is unknown: greetings hold nothing private and may go to anyone.
  const send = (message, to = origin ?? '*') => window.parent.postMessage({ ...namespace, ...message }, to);

  async function answer({ id, method, args }, from) {
    try {
      if (!callable.has(method)) throw new RangeError(`the page API has no ${method}`);
      if (takes_files.has(method) && from === 'null') throw new Error(`${method} needs a page with an origin of its own`);
      send({ type: 'answer', id, value: await api[method](...args ?? []) });
    } catch (error) {
      send({ type: 'answer', id, error: { name: error.name, message: error.message } });
    }
  }

  addEventListener('message', event => {
    if (event.source !== window.parent || event.data?.ns !== 'trilens' || event.data.v !== 1 || event.data.type !== 'call') return;
    origin = event.origin === 'null' ? '*' : event.origin;
    if (api) answer(event.data, event.origin);
    else waiting.push([event.data, event.origin]);
  });

  return {
    ready(trilens) {
      api = trilens;
      send({ type: 'ready' });
      for (const [call, from] of waiting) answer(call, from);
      for (const name of marked(events, 'parent')) {
        api.on(name, detail => { if (origin) send({ type: 'event', event: name, detail }); });
      }
    },
    // Esc: the keyboard goes back to the page.
    leave() {
      send({ type: 'leave' });
      try { window.parent.focus(); } catch { /* the element that listens to 'leave' does it */ }
    },
  };
}

// Patience: every room trains, is stepped, drawn into, switched and undone, round after round in one page. Prints the curve of the
// renderer's memory and of the time a frame takes; fails where, after a warm-up, either is not flat, or where anything was said to be wrong.
// TRILENS_SOAK_MINUTES: how long, 10 if it is not set.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium } from './browsers.mjs';
import { open, site, watch } from './site.mjs';

const minutes = Number(process.env.TRILENS_SOAK_MINUTES ?? 10);
const warm_up = 1 / 3;   // of the rounds: caches fill, code is optimised, histories reach their bounds

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

let server, browser;
before(async () => {
  server = await site();
  browser = await chromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

// Megabytes that the renderers of the browser hold.
async function megabytes(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const resident_pages = id => Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1]);
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...renderers.map(({ id }) => resident_pages(id))) * 4096 / 2 ** 20;
}

// What a learner does in each room, once. Ends where it began: in the CNN room, nothing running.
const round = async () => {
  const api = window.trilens;
  const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  const look_at = async (room, views) => {
    for (const view of views) {
      api.set(`${room}.view`, view);
      await wait(150);
    }
  };
  api.open('rnn');
  api.set('rnn.task', 'sum');
  api.set('rnn.view', 'train');
  api.train({ epochs: 100_000 }).catch(() => {});   // as long as there is time, which was once deadly
  await wait(6000);
  await api.train(false);
  api.set('rnn.view', 'unrolled');
  for (const steps of [-3, 2, 1]) api.step(steps);
  api.set('rnn.task', 'sentiment');
  api.text('a film that is never dull');
  api.undo();
  await look_at('rnn', ['gradients', 'units', 'unrolled']);
  api.set('rnn.task', 'sum');

  api.open('transformer');
  api.set('transformer.task', 'sequences');
  api.set('transformer.view', 'train');
  api.train({ epochs: 100_000 }).catch(() => {});
  await wait(4000);
  await api.train(false);
  await look_at('transformer', ['heads', 'layer', 'positions']);
  api.set('transformer.task', 'translate');
  api.text('I love you.');
  await wait(300);
  api.undo();

  api.open('cnn');
  api.stroke(Array.from({ length: 300 }, (_, i) => [0.5 + 0.3 * Math.cos(i / 40), 0.5 + 0.3 * Math.sin(i / 30)]));
  api.set('cnn.view', 'train');
  await api.train({ steps: 60 });
  await look_at('cnn', ['layer', 'sandbox', 'move', 'why', 'network']);
  for (let i = 0; i < 3; ++i) api.undo();
  api.clear();
  await wait(300);
  const drawn = api.info().frames, start = performance.now();
  while (api.info().frames < drawn + 30) {
    api.set('cnn.shared_scale', !api.get('cnn.shared_scale'));
    await new Promise(requestAnimationFrame);
  }
  return { frame: (performance.now() - start) / 30, stopped: api.info().stopped };
};

test(`${minutes} minutes of use leave memory and frame time as they were`, { timeout: (minutes + 5) * 60_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const faults = watch(page, server.url);
  await open(page, server.url);
  await page.evaluate(() => {
    window.told = [];
    window.trilens.on('error', ({ message }) => window.told.push(message));
  });
  const session = await browser.newBrowserCDPSession(), collector = await page.context().newCDPSession(page);
  const curve = [], end = Date.now() + minutes * 60_000;
  while (Date.now() < end) {
    const { frame, stopped } = await page.evaluate(round);
    assert.equal(stopped, null);
    await collector.send('HeapProfiler.collectGarbage');
    curve.push({ frame, memory: await megabytes(session) });
    console.log(`round ${curve.length}: ${curve.at(-1).memory.toFixed(0)} MB, ${frame.toFixed(1)} ms a frame`);
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(await page.evaluate(() => window.told), []);
  const warm = curve.slice(Math.ceil(curve.length * warm_up)), half = Math.floor(warm.length / 2);
  assert.ok(half >= 3, 'too few rounds to tell: give it more minutes');
  const change = what => median(warm.slice(-half).map(each => each[what])) / median(warm.slice(0, half).map(each => each[what]));
  console.log(`later half against earlier half: memory x ${change('memory').toFixed(3)}, a frame x ${change('frame').toFixed(3)}`);
  assert.ok(change('memory') < 1.05, 'memory grows');
  assert.ok(change('frame') < 1.25, 'frames become slower');
});

// The end of a Trilens, meant or not: close() lets everything go, a trap is told in words and the work can be gone on with.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { guard } from '../../web/page/program.js';
import { chromium } from './browsers.mjs';
import { call, open, ready, site, until } from './site.mjs';

let server, browser;
before(async () => {
  server = await site();
  browser = await chromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

// A page that knows which memories WebAssembly made, which of them are still there, and the functions that pointers lead to.
async function page_with_memories() {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const Memory = WebAssembly.Memory;
    window.memories = [];
    WebAssembly.Memory = class extends Memory {
      constructor(plan) {
        super(plan);
        if (plan.initial > 1) window.memories.push(new WeakRef(this));
      }
    };
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await instantiate(...given);
      window.table = Object.values(made.instance.exports).find(each => each instanceof WebAssembly.Table);
      return made;
    };
  });
  return page;
}

// (module (func (export "halt") unreachable) (func (export "answer") (result i32) i32.const 42))
const halting = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 2, 96, 0, 0, 96, 0, 1, 127, 3, 3, 2, 0, 1, 7, 17, 2, 4, 104, 97, 108, 116, 0, 0,
  6, 97, 110, 115, 119, 101, 114, 0, 1, 10, 10, 2, 3, 0, 0, 11, 4, 0, 65, 42, 11]);

test('after a trap every call throws one sentence, and who listens hears of it once', () => {
  const heard = [];
  const { program, stopped } = guard(new WebAssembly.Instance(new WebAssembly.Module(halting)).exports, error => heard.push(error.message));
  assert.equal(program.answer(), 42);
  assert.equal(stopped(), null);
  for (const name of ['halt', 'answer', 'halt']) assert.throws(() => program[name](), { name: 'StoppedError', message: /came to a halt/ });
  assert.deepEqual(heard, [stopped().message]);
});

test('an error that is no trap passes, and the program goes on', () => {
  const { program, stopped } = guard({ refuse() { throw new RangeError('no'); }, answer: () => 1 }, assert.fail);
  assert.throws(() => program.refuse(), RangeError);
  assert.equal(program.answer(), 1);
  assert.equal(stopped(), null);
});

test('fifty times mounted and closed, no thread and no memory stays, and calls afterwards throw', { timeout: 240_000 }, async () => {
  const page = await page_with_memories();
  // An empty page with the headers of the site.
  await page.route('**/empty.html', async route => {
    const response = await route.fetch({ url: `${server.url}index.html` });
    await route.fulfill({ response, body: '<!doctype html><title>empty</title><div id="place" style="width:640px;height:400px"></div>' });
  });
  await page.goto(`${server.url}empty.html`);
  const rounds = 50;
  const round = () => page.evaluate(async () => {
    const { mount } = await import('/trilens.js');
    const api = await mount(document.getElementById('place'));
    const waits = api.train({ epochs: 1000 }).catch(error => error.message);
    const { threads, isolated } = api.info();
    api.close();
    api.close();
    let after = '';
    try { api.info(); } catch (error) { after = `${error.name}: ${error.message}`; }
    return { threads, isolated, after, waits: await waits, elements: document.getElementById('place').childElementCount };
  });
  for (let i = 0; i < rounds; ++i) {
    const { threads, isolated, ...rest } = await round();
    assert.ok(isolated && threads >= 1);
    assert.deepEqual(rest, { after: 'StoppedError: this Trilens was closed', waits: 'this Trilens was closed', elements: 0 });
  }
  await until('all threads to end', () => page.workers().length === 0);
  const cdp = await page.context().newCDPSession(page);
  const alive = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return page.evaluate(() => window.memories.filter(memory => memory.deref()).length);
  };
  assert.equal(await page.evaluate(() => window.memories.length), rounds);
  await until('the memories to be collected', async () => await alive() <= 2, 30_000);
  await page.close();
});

test('a program that traps says so in words, and starts again with the work', { timeout: 90_000 }, async () => {
  const page = await page_with_memories();
  await open(page, server.url);
  await call(page, 'set', 'cnn.colormap', 'magma');
  await until('the address to hold it', () => page.evaluate(() => location.hash.includes('magma')));
  // What a bug would do: pointers to functions lead nowhere.
  await page.evaluate(() => {
    window.trilens.on('stopped', detail => { window.heard = detail.message; });
    for (let at = 0; at < window.table.length; ++at) window.table.set(at, null);
    try { window.trilens.set('cnn.brush', 0.05); } catch { /* here, or in the next frame */ }
  });
  await page.getByRole('button', { name: 'Start again with my work' }).waitFor();
  assert.match(await page.locator('#message').textContent(), /came to a halt/);
  const { heard, stopped, refused } = await page.evaluate(() => {
    let refused = '';
    try { window.trilens.fields(); } catch (error) { refused = error.message; }
    return { heard: window.heard, stopped: window.trilens.info().stopped, refused };
  });
  assert.match(heard, /came to a halt/);
  assert.equal(stopped, heard);
  assert.equal(refused, heard);
  await page.getByRole('button', { name: 'Start again with my work' }).click();
  await page.waitForFunction(() => !document.getElementById('curtain') || document.getElementById('remedies').hidden);
  await ready(page);
  assert.equal(await call(page, 'get', 'cnn.colormap'), 'magma');
  await page.close();
});

test('what no page can hold is refused with the limit at once, and the page goes on', async () => {
  const page = await browser.newPage();
  await open(page, server.url);
  const before = await call(page, 'state');
  const refusals = await page.evaluate(async () => {
    const api = window.trilens, out = [];
    const points = Array.from({ length: 30_000 }, (_, i) => [i % 100 / 100, i / 30_000]);
    const deep = JSON.parse('['.repeat(1000) + ']'.repeat(1000));
    const tries = [() => api.signal({ length: 1e9 }), () => api.load(3e9), () => api.example('x'.repeat(1e6)), () => api.stroke(points),
      () => api.set('cnn.colormap', deep), () => api.restore({ trilens: 1, state: deep }), () => api.text('x'.repeat(2 ** 21))];
    for (const attempt of tries) {
      const start = performance.now();
      try { await attempt(); out.push('taken'); } catch (error) { out.push(`${error.name}: ${error.message}`); }
      if (performance.now() - start > 1000) out.push('slow');
    }
    return out;
  });
  assert.deepEqual(refusals, ['RangeError: samples of a recording: 1000000000, at most 10000000',
    'TypeError: a file is an ArrayBuffer or a typed array, not 3000000000', "RangeError: bytes of a class's name: 1000000, at most 200",
    'RangeError: points of a stroke: 30000, at most 10000', 'FormatError: JSON nested deeper than 32', 'FormatError: JSON nested deeper than 32',
    'RangeError: characters of a text: 2097152, at most 1048576']);
  assert.deepEqual(await call(page, 'state'), before);
  await page.evaluate(() => {
    const circles = Array.from({ length: 9000 }, (_, i) => [0.5 + 0.3 * Math.cos(i / 300), 0.5 + 0.3 * Math.sin(i / 300)]);
    window.trilens.stroke(circles);
  });
  const strokes = (await call(page, 'state')).state.strokes;
  assert.ok(strokes.flat().length <= 2 * 1200, 'a long stroke is simplified');
  await page.close();
});

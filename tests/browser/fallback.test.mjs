// Where something is missing the page says so and stays useful; it is never blank.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from './browsers.mjs';
import { colours_on_screen } from './pixels.mjs';
import { call, open, rect, site, tensor, until } from './site.mjs';
import { draw } from './digits.mjs';

let server;
before(async () => { server = await site(); });
after(() => server?.close());

async function with_page(options, body) {
  const browser = await chromium(options);
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  try { await body(page); } finally { await browser.close(); }
}

const not_blank = async page => assert.ok(colours_on_screen(await page.screenshot()) > 100, 'the page is blank');

test('without WebGL2 the software renderer draws and drawing works', () => with_page({}, async page => {
  await page.addInitScript(() => {
    for (const prototype of [HTMLCanvasElement.prototype, globalThis.OffscreenCanvas?.prototype]) {
      const get = prototype?.getContext;
      if (get) prototype.getContext = function (kind, ...rest) { return /webgl/.test(kind) ? null : get.call(this, kind, ...rest); };
    }
  });
  await open(page, server.url);
  assert.match((await call(page, 'info')).renderer, /software/i);
  await not_blank(page);
  await call(page, 'clear');
  await draw(page, await rect(page, 'cnn.pad'), 7);
  await until('the drawing arrives', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
}));

test('a lost WebGL context is restored with everything on screen', () => with_page({}, async page => {
  await open(page, server.url);
  const before = await tensor(page, 'cnn.probabilities');
  await page.evaluate(() => {
    const gl = document.querySelector('canvas').getContext('webgl2');
    window.lost = gl.getExtension('WEBGL_lose_context');
    window.lost.loseContext();
  });
  await page.waitForTimeout(300);
  await page.evaluate(() => window.lost.restoreContext());
  await until('drawn again', async () => colours_on_screen(await page.screenshot()) > 100);
  assert.deepEqual(await tensor(page, 'cnn.probabilities'), before);
  await call(page, 'clear');
  await draw(page, await rect(page, 'cnn.pad'), 1);
  await until('the drawing arrives', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
}));

test('without wasm SIMD a clear page says what is needed', () => with_page({}, async page => {
  await page.addInitScript(() => { WebAssembly.validate = () => false; });
  await page.goto(server.url);
  await until('a sentence about SIMD', () => page.evaluate(() => /SIMD/.test(document.body.innerText)));
  await not_blank(page);
}));

test('a failed download says so and offers to try again', () => with_page({}, async page => {
  await page.route('**/*.wasm', route => route.abort());
  await page.goto(server.url);
  await until('a sentence and a button', () => page.evaluate(() =>
    document.body.innerText.length > 20 && [...document.querySelectorAll('button')].some(button => button.offsetParent)), 45_000);
  await not_blank(page);
}));

test('where workers are refused the program runs with one thread', () => with_page({}, async page => {
  await page.addInitScript(() => { globalThis.Worker = class { constructor() { throw new DOMException('refused', 'SecurityError'); } }; });
  await open(page, server.url);
  const info = await call(page, 'info');
  assert.equal(info.build, 'single');
  assert.equal(info.threads, 1);
  await not_blank(page);
  await call(page, 'clear');
  await call(page, 'stroke', [[0.5, 0.2], [0.5, 0.8]]);
  assert.ok((await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
}));

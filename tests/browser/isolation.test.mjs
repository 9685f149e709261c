// Threads where the page is isolated, one thread where it is not: every way a page can be served and embedded
// (ECOSYSTEM: the matrix of headers, parents and browsers). In each case the digit must be recognised.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, firefox, plain_chromium } from './browsers.mjs';
import { call, open, ready, site, tensor } from './site.mjs';

let with_headers, bare, parent;
before(async () => {
  with_headers = await site();
  bare = await site({ headers: false });
  parent = await site({ headers: false });
});
after(() => Promise.all([with_headers, bare, parent].map(server => server?.close())));

async function probabilities_are_live(frame) {
  const { shape, data } = await tensor(frame, 'cnn.probabilities');
  assert.deepEqual(shape, [1, 10]);
  assert.ok(Math.abs(data.reduce((sum, value) => sum + value) - 1) < 1e-5, `probabilities sum to 1: ${data}`);
}

// A course page on another site (localhost is another site than 127.0.0.1) that holds the widget in a plain iframe.
async function embedded(page, url) {
  await page.goto(`http://localhost:${parent.port}/a-page-of-the-course`);   // not found: an empty page without any policy
  await page.setContent(`<iframe src="${url}" title="Trilens" style="width:1000px;height:640px" allow="fullscreen"></iframe>`);
  const element = await page.waitForSelector('iframe');
  const frame = await element.contentFrame();
  await ready(frame);
  return frame;
}

test('top level with headers: isolated, threads', async () => {
  const browser = await chromium();
  const page = await browser.newPage();
  await open(page, with_headers.url);
  const info = await call(page, 'info');
  assert.equal(info.isolated, true);
  assert.ok(info.threads >= 2, `threads: ${info.threads}`);
  await probabilities_are_live(page);
  await browser.close();
});

test('top level without headers: the service worker isolates the page after one reload', async () => {
  const context = await plain_chromium();
  const page = await context.newPage();
  await open(page, bare.url);
  const info = await call(page, 'info');
  assert.equal(info.isolated, true);
  assert.ok(info.threads >= 2, `threads: ${info.threads}`);
  await probabilities_are_live(page);
  await context.close();
});

test('in a cross-site iframe with headers: isolated, threads', async () => {
  const browser = await chromium();
  const page = await browser.newPage();
  const frame = await embedded(page, with_headers.url);
  assert.equal((await call(frame, 'info')).isolated, true);
  await probabilities_are_live(frame);
  await browser.close();
});

test('in a cross-site iframe without headers: the service worker isolates it', async () => {
  const context = await plain_chromium();
  const page = await context.newPage();
  const frame = await embedded(page, bare.url);
  assert.equal((await call(frame, 'info')).isolated, true);
  await probabilities_are_live(frame);
  await context.close();
});

test('service worker refused: one thread, said so, still right', async () => {
  const browser = await chromium();
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await open(page, bare.url);
  const info = await call(page, 'info');
  assert.equal(info.isolated, false);
  assert.equal(info.threads, 1);
  await probabilities_are_live(page);
  await browser.close();
});

test('Firefox at top level with headers: isolated, threads', async () => {
  const browser = await firefox();
  const page = await browser.newPage();
  await open(page, with_headers.url);
  const info = await call(page, 'info');
  assert.equal(info.isolated, true);
  assert.ok(info.threads >= 2, `threads: ${info.threads}`);
  await probabilities_are_live(page);
  await browser.close();
});

test('in a frame of an isolated page: isolated, without asking the page to allow it', async () => {
  const isolated_parent = await site();
  const browser = await chromium();
  const page = await browser.newPage();
  await page.goto(`http://localhost:${isolated_parent.port}/a-page-of-the-course`);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await page.setContent(`<iframe src="${with_headers.url}" title="Trilens" style="width:1000px;height:640px"></iframe>`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await ready(frame);
  assert.equal((await call(frame, 'info')).isolated, true);
  await probabilities_are_live(frame);
  await browser.close();
  await isolated_parent.close();
});

test('Firefox at top level without headers: the service worker isolates the page', async () => {
  const browser = await firefox();
  const page = await browser.newPage();
  await open(page, bare.url);
  assert.equal((await call(page, 'info')).isolated, true);
  await probabilities_are_live(page);
  await browser.close();
});

test('Firefox in a cross-site iframe: one thread where it cannot be isolated, still right', async () => {
  const browser = await firefox();
  const page = await browser.newPage();
  await page.goto(`http://localhost:${parent.port}/a-page-of-the-course`);
  await page.setContent(`<iframe src="${with_headers.url}" title="Trilens" style="width:1000px;height:640px"></iframe>`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await ready(frame);
  const info = await call(frame, 'info');
  assert.ok(info.isolated || info.threads === 1);
  await probabilities_are_live(frame);
  await browser.close();
});

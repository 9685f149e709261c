// Serves the built site for a test, opens it in a page, and watches what a shipped page must never do:
// ask another origin for anything, break its content security policy, or throw an error nobody caught.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../web/serve.mjs';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const site_folder = process.env.TRILENS_SITE ?? join(repository, 'build', 'site');

// {url, port, close()}: the site at http://127.0.0.1:port/, with the four isolation headers unless headers is false.
export async function site({ headers = true, mounts = {} } = {}) {
  const server = await serve({ root: site_folder, port: 0, headers, mounts });
  return { ...server, url: `http://127.0.0.1:${server.port}/` };
}

// Notes everything on `page` that a shipped page must not do; returns the growing list.
export function watch(page, origin) {
  const faults = [];
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob|about):/.test(url)) faults.push(`asked for ${url}`);
  });
  page.on('console', message => { if (message.type() === 'error') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', error => faults.push(`uncaught: ${error.message}`));
  return faults;
}

// Opens the page and waits until `window.trilens` answers. Puppeteer and playwright pages both do.
export async function open(page, url, { timeout = 60_000 } = {}) {
  await page.goto(url, { waitUntil: 'load' });
  await ready(page, timeout);
}

export async function ready(page_or_frame, timeout = 60_000) {
  const end = Date.now() + timeout;
  for (;;) {
    // A reload by the isolation worker destroys the context in the middle of an evaluation: ask again.
    const is_ready = await page_or_frame.evaluate(() => Boolean(window.trilens)).catch(() => false);
    if (is_ready) return;
    if (Date.now() > end) throw new Error('window.trilens did not appear');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

// Calls the page API: await call(page, 'set', 'cnn.brush', 2).
export function call(page, method, ...parameters) {
  return page.evaluate(([name, values]) => window.trilens[name](...values), [method, parameters]);
}

// A tensor as {shape, data: number[]}: typed arrays do not survive the way out of every browser.
export function tensor(page, name) {
  return page.evaluate(wanted => {
    const { shape, data } = window.trilens.tensor(wanted);
    return { shape: Array.from(shape), data: Array.from(data) };
  }, name);
}

// Where a named thing is drawn, in CSS pixels of the page.
export async function rect(page, name) {
  const found = await page.evaluate(wanted => {
    const canvas = document.querySelector('canvas').getBoundingClientRect();
    const thing = window.trilens.rects().find(each => each.name === wanted);
    return thing && { x: canvas.x + thing.x, y: canvas.y + thing.y, width: thing.width, height: thing.height };
  }, name);
  if (!found) throw new Error(`nothing named ${name} is drawn`);
  return found;
}

// Until `condition` (async) is truthy; its value. Throws with `what` when it never is.
export async function until(what, condition, timeout = 15_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

// Fails naming the first element that differs: the lists are thousands long.
export function assert_same(actual, expected, what) {
  const at = actual.length === expected.length ? actual.findIndex((value, i) => !Object.is(value, expected[i])) : -2;
  if (at !== -1) throw new Error(`${what}: ${at === -2 ? `${actual.length} values, not ${expected.length}` : `[${at}] is ${actual[at]}, not ${expected[at]}`}`);
}

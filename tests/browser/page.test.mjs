// The page itself: idle costs nothing, every size and language is legible, uploads of every kind, and what must be small is small.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { chromium, firefox } from './browsers.mjs';
import { colours_on_screen } from './pixels.mjs';
import { call, open, repository, site, site_folder, tensor, until } from './site.mjs';

let server, browser;
before(async () => {
  server = await site();
  browser = await chromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function fresh_page(address = '', viewport = { width: 1280, height: 720 }) {
  const page = await browser.newPage({ viewport });
  await open(page, server.url + address);
  return page;
}

test('idle for five seconds draws no frame', async () => {
  const page = await fresh_page();
  await page.mouse.move(5, 5);
  await page.waitForTimeout(1500);
  const before = (await call(page, 'info')).frames;
  await page.waitForTimeout(5000);
  assert.equal((await call(page, 'info')).frames, before);
  await page.close();
});

test('the signature of fifty training steps is the same in Chromium, in Firefox and natively', async () => {
  const expected = readFileSync(join(repository, 'tests', 'golden', 'signature.txt'), 'utf8').trim();
  assert.match(expected, /^[0-9a-f]{16}$/);
  const page = await fresh_page();
  assert.ok((await call(page, 'info')).threads >= 2);
  assert.equal(await page.evaluate(() => window.trilens.signature()), expected);
  await page.close();
  const fox = await firefox();
  const fox_page = await fox.newPage();
  await open(fox_page, server.url);
  assert.equal(await fox_page.evaluate(() => window.trilens.signature()), expected);
  await fox.close();
});

for (const [width, height] of [[1280, 720], [390, 844], [320, 568], [3840, 2160]])
  for (const lang of ['en', 'zh'])
    test(`at ${width}x${height} in ${lang} everything drawn is inside the canvas`, async () => {
      const page = await fresh_page(`?lang=${lang}`, { width, height });
      await page.waitForTimeout(500);
      const picture = await page.screenshot();
      mkdirSync(join(repository, 'build', 'screenshots'), { recursive: true });
      writeFileSync(join(repository, 'build', 'screenshots', `cnn-${width}x${height}-${lang}.png`), picture);
      assert.ok(colours_on_screen(picture) > 100);
      assert.equal((await call(page, 'info')).lang, lang);
      const outside = await page.evaluate(() => {
        const { width } = document.querySelector('canvas').getBoundingClientRect();
        return window.trilens.rects().filter(rect => rect.x < -1 || rect.x + rect.width > width + 1).map(rect => rect.name);
      });
      assert.deepEqual(outside, []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'the page scrolls sideways');
      await page.close();
    });

// Makes a picture file in the page (a white 1 on black) and drops it on the page as a person would.
async function drop(page, type, make = null) {
  await page.evaluate(async ([type, bytes]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 400 });
    const context = canvas.getContext('2d');
    context.fillRect(0, 0, 300, 400);
    context.fillStyle = '#fff';
    context.fillRect(135, 60, 30, 280);
    const blob = bytes ? new Blob([Uint8Array.from(bytes)], { type }) : await new Promise(done => canvas.toBlob(done, type, 0.9));
    const files = new DataTransfer();
    files.items.add(new File([blob], `picture.${type.split('/')[1]}`, { type }));
    document.querySelector('canvas').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
  }, [type, make]);
}

for (const type of ['image/png', 'image/jpeg', 'image/webp'])
  test(`a dropped ${type} picture of a 1 goes through the network`, async () => {
    const page = await fresh_page();
    await call(page, 'clear');
    await drop(page, type);
    await until('the picture arrives', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
    const { data } = await tensor(page, 'cnn.probabilities');
    assert.equal(data.indexOf(Math.max(...data)), 1);
    await page.close();
  });

test('a broken picture gets a sentence and changes nothing', async () => {
  const page = await fresh_page();
  const before = await tensor(page, 'cnn.input');
  await drop(page, 'image/png', [137, 80, 78, 71, 1, 2, 3]);
  await until('a sentence', () => page.evaluate(() => [...document.querySelectorAll('[role=alert], [aria-live]')].some(node => /picture|image|file/i.test(node.textContent))));
  assert.deepEqual(await tensor(page, 'cnn.input'), before);
  await page.close();
});

test('the page API is the one that trilens.d.ts promises', async () => {
  const types = readFileSync(join(site_folder, 'trilens.d.ts'), 'utf8');
  const promised = [...types.match(/export interface Trilens \{([^]*?)\n\}/)[1].matchAll(/^ {2}(\w+)\(/gm)].map(match => match[1]);
  const page = await fresh_page();
  const there = await page.evaluate(() => Object.getOwnPropertyNames(Object.getPrototypeOf(window.trilens)).filter(name => name !== 'constructor'));
  assert.deepEqual(there.sort(), promised.sort());
  const info = await call(page, 'info');
  const told = types.match(/export interface Info \{([^]*?)\n\}/)[1];
  for (const name of Object.keys(info)) assert.ok(new RegExp(`^ {2}${name}:`, 'm').test(told), `info().${name} is told`);
  await page.close();
});

test('a pasted picture goes through the network', async () => {
  const page = await fresh_page();
  await call(page, 'clear');
  await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 200, height: 200 });
    const context = canvas.getContext('2d');
    context.fillRect(0, 0, 200, 200);
    context.fillStyle = '#fff';
    context.fillRect(95, 20, 16, 160);
    const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([blob], 'pasted.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await until('the picture arrives', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
  await page.close();
});

test('a photo that EXIF says lies on its side is turned upright', async () => {
  const page = await fresh_page();
  await call(page, 'clear');
  // A lying bar, in a JPEG whose EXIF orientation is 6: turn a quarter clockwise to see it. Upright it is taller than wide.
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 200 });
    const context = canvas.getContext('2d');
    context.fillRect(0, 0, 300, 200);
    context.fillStyle = '#fff';
    context.fillRect(40, 90, 220, 24);
    const jpeg = new Uint8Array(await (await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.95))).arrayBuffer());
    const exif = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    return [...jpeg.slice(0, 2), ...exif, ...jpeg.slice(2)];
  });
  await drop(page, 'image/jpeg', bytes);
  const { data } = await until('the picture arrives', async () => {
    const seen = await tensor(page, 'cnn.input');
    return seen.data.some(value => value > 0.5) && seen;
  });
  const rows = new Set(), columns = new Set();
  data.forEach((value, at) => { if (value > 0.5) { rows.add(Math.floor(at / 28)); columns.add(at % 28); } });
  assert.ok(rows.size > 2 * columns.size, `${rows.size} rows, ${columns.size} columns`);
  await page.close();
});

test('a picture of more than 24 million pixels is refused before it is decoded, and changes nothing', async () => {
  const page = await fresh_page();
  const before = await tensor(page, 'cnn.input');
  const header = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0];
  await drop(page, 'image/png', header);   // a PNG that says it is 30,000 x 30,000
  await until('a sentence', () => page.evaluate(() => [...document.querySelectorAll('[role=alert], [aria-live]')].some(node => /24/.test(node.textContent))));
  assert.deepEqual(await tensor(page, 'cnn.input'), before);
  await page.close();
});

test('a link restores what was drawn and set', async () => {
  const page = await fresh_page();
  const url = await page.evaluate(() => { window.trilens.clear(); window.trilens.stroke([[0.5, 0.2], [0.5, 0.8]]); return window.trilens.url(); });
  const drawn = await tensor(page, 'cnn.input');
  const other = await browser.newPage();
  await open(other, url);
  assert.deepEqual(await tensor(other, 'cnn.input'), drawn);
  await page.close();
  await other.close();
});

test('program and glue are at most 1.2 MB as brotli', () => {
  const files = readdirSync(site_folder, { recursive: true }).filter(file => /\.(wasm|m?js)$/.test(file) && !/single/.test(file));
  const sizes = files.map(file => [file, brotliCompressSync(readFileSync(join(site_folder, file))).length]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(sizes.map(([file, size]) => `${file} ${(size / 1024).toFixed(0)} KB`).join(', '));
  assert.ok(files.some(file => statSync(join(site_folder, file)).size > 100_000), 'the program is among them');
  assert.ok(total <= 1.2e6, `${total} bytes`);
});

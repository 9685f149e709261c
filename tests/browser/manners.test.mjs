// How the page behaves under hands: hover, keyboard, input methods, fingers, the accessible twin, and every glyph of the Chinese interface.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from './browsers.mjs';
import { call, open, rect, repository, site, tensor, until, watch } from './site.mjs';

let server, browser;
before(async () => {
  server = await site();
  browser = await chromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function fresh_page(address = '', options = { viewport: { width: 1280, height: 720 } }) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.faults = watch(page, server.url);
  await open(page, server.url + address);
  return page;
}

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
const frames = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));

test('hovering a cell of a map shows its value and what it was made of', async () => {
  const page = await fresh_page();
  const map = await rect(page, 'cnn.relu1');
  await page.mouse.move(map.x + map.width * 0.05, map.y + map.height * 0.45);
  const shown = await until('the inspector shows the cell', () => call(page, 'inspected'));
  const { shape, data } = await tensor(page, shown.name);
  const flat = shown.index.reduce((sum, at, axis) => sum * shape[axis] + at, 0);
  assert.match(shown.name, /^cnn\.relu1$/);
  assert.equal(shown.value, data[flat]);
  assert.ok(shown.terms.length >= 1);
  assert.ok((await call(page, 'rects')).some(each => each.name === 'inspector.value'), 'the value is on screen');
  await page.context().close();
});

test('a drag that ends outside the canvas is over', async () => {
  const page = await fresh_page();
  await call(page, 'clear');
  const pad = await rect(page, 'cnn.pad');
  await page.mouse.move(...middle(pad));
  await page.mouse.down();
  await page.mouse.move(pad.x + 10, pad.y + 10, { steps: 4 });
  await page.mouse.move(-50, 2000, { steps: 4 });
  await page.mouse.up();
  await frames(page);
  const drawn = await tensor(page, 'cnn.input');
  await page.mouse.move(...middle(pad), { steps: 6 });
  await frames(page);
  assert.deepEqual(await tensor(page, 'cnn.input'), drawn);
  await page.context().close();
});

test('every point of a fast stroke arrives, not one a frame', async () => {
  const page = await fresh_page();
  await call(page, 'clear');
  const pad = await rect(page, 'cnn.pad');
  // A half circle of 60 points within one task: one frame at most sees its end.
  await page.evaluate(({ x, y, width, height }) => {
    const canvas = document.querySelector('canvas');
    const send = (type, angle, extra) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, pointerType: 'pen',
      isPrimary: true, clientX: x + width * (0.5 + 0.3 * Math.cos(angle)), clientY: y + height * (0.5 + 0.3 * Math.sin(angle)), ...extra }));
    send('pointerdown', 0, { button: 0, buttons: 1 });
    for (let i = 1; i <= 60; ++i) send('pointermove', Math.PI * i / 60, { button: -1, buttons: 1 });
    send('pointerup', Math.PI, { button: 0, buttons: 0 });
  }, pad);
  await until('the stroke is there', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
  await frames(page);
  const { data } = await tensor(page, 'cnn.input');
  const columns = Array.from({ length: 28 }, (_, x) => data.some((value, at) => at % 28 === x && value > 0.3));
  assert.ok(columns.filter(Boolean).length >= 16, 'an arc is wide and without holes: ' + columns.map(Number).join(''));
  const first = columns.indexOf(true), last = columns.lastIndexOf(true);
  assert.ok(columns.slice(first, last + 1).every(Boolean));
  const heights = columns.map((_, x) => data.reduce((lowest, value, at) => at % 28 === x && value > 0.3 ? Math.floor(at / 28) : lowest, -1));
  assert.ok(Math.max(...heights) - heights[first] >= 4, 'it is an arc, not the straight line between its ends');
  await page.context().close();
});

test('Ctrl+Z takes the last stroke back and Ctrl+Shift+Z draws it again', async () => {
  const page = await fresh_page();
  await call(page, 'clear');
  const empty = await tensor(page, 'cnn.input');
  const pad = await rect(page, 'cnn.pad');
  await page.mouse.move(pad.x + pad.width * 0.3, pad.y + pad.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(pad.x + pad.width * 0.7, pad.y + pad.height * 0.7, { steps: 8 });
  await page.mouse.up();
  await until('drawn', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
  const drawn = await tensor(page, 'cnn.input');
  await page.keyboard.press('Control+z');
  await until('undone', async () => JSON.stringify(await tensor(page, 'cnn.input')) === JSON.stringify(empty));
  await page.keyboard.press('Control+Shift+z');
  await until('drawn again', async () => JSON.stringify(await tensor(page, 'cnn.input')) === JSON.stringify(drawn));
  await page.context().close();
});

test('a finger draws, and a finger can press the language button', async () => {
  const page = await fresh_page('?lang=en', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 });
  await page.touchscreen.tap(...middle(await rect(page, 'app.language')));
  await until('Chinese', async () => (await call(page, 'info')).lang === 'zh');
  await until('the page speaks it too', () => page.evaluate(() => document.documentElement.lang === 'zh-CN'));
  await call(page, 'clear');
  await page.touchscreen.tap(...middle(await rect(page, 'cnn.pad')));
  await until('a dot is drawn', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.3));
  await page.context().close();
});

test('the canvas is as sharp as the screen', async () => {
  for (const deviceScaleFactor of [1, 1.5, 2, 3]) {
    const page = await fresh_page('', { viewport: { width: 801, height: 601 }, deviceScaleFactor });
    const { css, pixels } = await page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      return { css: [canvas.clientWidth, canvas.clientHeight], pixels: [canvas.width, canvas.height] };
    });
    css.forEach((side, at) => assert.ok(Math.abs(pixels[at] - side * deviceScaleFactor) <= 2, `${pixels} for ${css} at ${deviceScaleFactor}`));
    await page.context().close();
  }
});

test('the controls panel and the canvas hold the same settings', async () => {
  const page = await fresh_page();
  await page.click('#twin-button');
  const fields = await call(page, 'fields');
  for (const { name, label } of fields.filter(field => field.shown)) assert.ok(await page.getByLabel(label, { exact: true }).first().isVisible(), `${name} has a control`);
  const choice = fields.find(field => field.type === 'choice');
  await page.selectOption(`[id="field-${choice.name}"]`, choice.choices.at(-1));
  assert.equal(await call(page, 'get', choice.name), choice.choices.at(-1));
  await call(page, 'set', choice.name, choice.choices[0]);
  await until('the control follows', async () => await page.inputValue(`[id="field-${choice.name}"]`) === choice.choices[0]);
  const rows = await page.locator('#twin tbody tr').allTextContents();
  assert.equal(rows.length, 5);
  await page.focus('#twin select');
  await page.keyboard.press('Escape');
  await until('closed', () => page.evaluate(() => document.querySelector('#twin').hidden));
  await page.context().close();
});

test('what the network says is read out once the drawing rests', async () => {
  const page = await fresh_page('?lang=en');
  await call(page, 'clear');
  await call(page, 'stroke', [[0.5, 0.2], [0.5, 0.8]]);
  await until('a sentence in the live region', () => page.evaluate(() => /The network says \d, with \d+ %/.test(document.querySelector('#live').textContent)));
  await page.context().close();
});

test('every character of the Chinese interface has a glyph', async () => {
  const page = await fresh_page('?lang=zh');
  const text = readFileSync(join(repository, 'demos/text/chinese.inc'), 'utf8') + readFileSync(join(repository, 'web/page/words.js'), 'utf8');
  const letters = [...new Set(text.match(/[\u3000-\u9fff\uff00-\uffef]/gu))].join('');
  const missing = await page.evaluate(letters => {
    const context = Object.assign(document.createElement('canvas'), { width: 32, height: 32 }).getContext('2d', { willReadFrequently: true });
    context.font = '24px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif';
    const picture = letter => {
      context.clearRect(0, 0, 32, 32);
      context.fillText(letter, 2, 26);
      return context.getImageData(0, 0, 32, 32).data.join();
    };
    const tofu = [picture('\u{e123}'), picture('\u0378')];
    return [...letters].filter(letter => letter !== '\u3000' && tofu.includes(picture(letter)));
  }, letters);
  assert.ok(letters.length > 100);
  assert.deepEqual(missing, []);
  await page.context().close();
});

test('going back in the history goes back in the work', async () => {
  const page = await fresh_page();
  const first = await call(page, 'fields').then(fields => fields.find(field => field.type === 'choice'));
  await call(page, 'set', first.name, first.choices[1]);
  await until('the address follows', () => page.evaluate(name => location.hash.includes(name), first.name));
  const link = await page.evaluate(() => location.hash);
  await call(page, 'set', first.name, first.choices[0]);
  await until('the address follows again', () => page.evaluate(hash => location.hash !== hash, link));
  await page.evaluate(hash => { location.hash = hash; }, link);
  await until('the setting follows', async () => await call(page, 'get', first.name) === first.choices[1]);
  await page.reload();
  await until('reloaded with it', async () => (await call(page, 'get', first.name).catch(() => null)) === first.choices[1]);
  await page.context().close();
});

// The learner's first minute in Firefox: digits drawn by its own mouse events, recognised, with the bits that the native build computes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { firefox } from './browsers.mjs';
import { draw } from './digits.mjs';
import { native_forward } from './native.mjs';
import { call, open, rect, site, tensor, until } from './site.mjs';

let server, browser, page;
before(async () => {
  server = await site();
  browser = await firefox();
  page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 720 });
  await open(page, server.url);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test('digits drawn by mouse strokes are recognised in Firefox, at least nine of ten', async () => {
  const answers = [];
  for (let digit = 0; digit < 10; ++digit) {
    await call(page, 'clear');
    await draw(page, await rect(page, 'cnn.pad'), digit);
    await until('the network sees the drawing', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
    await page.evaluate(() => new Promise(done => setTimeout(done, 100)));
    const { data } = await tensor(page, 'cnn.probabilities');
    answers.push(data.indexOf(Math.max(...data)));
  }
  const right = answers.filter((answer, digit) => answer === digit).length;
  assert.ok(right >= 9, `${right} of 10 right: ${answers}`);
});

test('the maps in Firefox have the bits of a native run on the same input', async () => {
  const weights = await page.evaluate(async () => Array.from(await window.trilens.save()));
  const native = native_forward(weights, (await tensor(page, 'cnn.input')).data);
  for (const name of ['cnn.conv1', 'cnn.pool2', 'cnn.dense1', 'cnn.probabilities'])
    assert.deepEqual((await tensor(page, name)).data, native[name].data, name);
});

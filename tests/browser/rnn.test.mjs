// The RNN room at the page: R1 to R4 (time, sums, shared weights, any length), RA, clamping, text in two languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arg_max, click, drag, frames, learner, point_in } from './learner.mjs';
import { call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(async opened => {
  ({ page, faults } = opened);
  await page.evaluate(() => window.trilens.open('rnn'));
  await frames(page);
});

const settings = values => page.evaluate(all => { for (const [name, value] of Object.entries(all)) window.trilens.set(name, value); }, values);
const row = ({ shape, data }, t) => data.slice(t * shape[1], (t + 1) * shape[1]);
const close = (a, b, tolerance = 1e-5) => assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test('R1, R2: every state follows from the one before, h = f(W_xh x + W_hh h + b)', async () => {
  await settings({ 'rnn.task': 'sum', 'rnn.view': 'unrolled' });
  const [x, h, w_x, w_h, b] = await Promise.all(['input', 'hidden', 'W_xh', 'W_hh', 'b_h'].map(name => tensor(page, `rnn.${name}`)));
  assert.deepEqual(h.shape, [10, 32]);
  for (let t = 0; t < 10; ++t) {
    for (let unit = 0; unit < 32; ++unit) {
      let sum = row(x, t)[0] * w_x.data[unit] + b.data[unit];
      for (let k = 0; t > 0 && k < 32; ++k) sum += row(h, t - 1)[k] * row(w_h, unit)[k];
      close(row(h, t)[unit], Math.max(0, sum));
    }
  }
  const explained = await page.evaluate(() => window.trilens.explain('rnn.sum', [4, 7]));
  const total = explained.terms.reduce((sum, term) => Math.fround(sum + Math.fround(term.value * term.factor)), 0);
  assert.equal(Math.fround(total), Math.fround(explained.value), 'the terms add up bit for bit');
  assert.equal(explained.terms.filter(term => term.name === 'rnn.hidden').length, 32, 'walkable back in time');
});

test('R1: time is stepped forward and back, played, and shown on screen', async () => {
  await settings({ 'rnn.step': 4 });
  await call(page, 'step', 2);
  assert.equal(await page.evaluate(() => window.trilens.get('rnn.step')), 6);
  await call(page, 'step', -3);
  assert.equal(await page.evaluate(() => window.trilens.get('rnn.step')), 3);
  await click(page, 'rnn.forward');
  assert.equal(await page.evaluate(() => window.trilens.get('rnn.step')), 4);
  await settings({ 'rnn.speed': 20 });
  await click(page, 'rnn.play');
  await until('time ran to the end', async () => await page.evaluate(() => window.trilens.get('rnn.step')) === 0);
});

test('R3, R4: a longer sequence has more steps and the same weights', async () => {
  const before = await page.evaluate(() => window.trilens.checksum());
  await settings({ 'rnn.length': 25 });
  assert.deepEqual((await tensor(page, 'rnn.hidden')).shape, [25, 32]);
  assert.equal(await page.evaluate(() => window.trilens.checksum()), before);
  await settings({ 'rnn.length': 10 });
});

test('clamping a unit by hand changes what comes after it and nothing before', async () => {
  const before = await tensor(page, 'rnn.hidden');
  const cell = await rect(page, 'rnn.hidden');
  const from = [4.5 / 10, 8.5 / 32];
  await drag(page, 'rnn.hidden', 0, -0.8 * Math.min(cell.height, 60), from);
  const after = await tensor(page, 'rnn.hidden');
  assert.deepEqual(row(after, 3), row(before, 3));
  assert.notEqual(row(after, 4)[8], row(before, 4)[8]);
  assert.notDeepEqual(row(after, 9), row(before, 9));
  await click(page, 'rnn.let_go');
  assert.deepEqual(await tensor(page, 'rnn.hidden'), before);
});

test('dragging a bar changes the number, the state and the answer', async () => {
  const before = await tensor(page, 'rnn.probabilities');
  const at = await rect(page, 'rnn.numbers:3');
  await drag(page, 'rnn.numbers:3', 0, -at.height * 0.4, [0.5, 0.9]);
  const x = await tensor(page, 'rnn.input'), after = await tensor(page, 'rnn.probabilities');
  assert.ok(x.data[3] > 0.3, `${x.data[3]}`);
  assert.deepEqual(row(after, 2), row(before, 2));
  assert.notDeepEqual(row(after, 3), row(before, 3));
  await page.evaluate(() => window.trilens.undo());
  assert.deepEqual(await tensor(page, 'rnn.probabilities'), before);
});

test('RA: ten epochs on 700 sequences learn whether the sum is above 5', async () => {
  await settings({ 'rnn.view': 'train', 'rnn.task': 'sum' });
  await click(page, 'rnn.anew');
  const { epochs, seconds } = await page.evaluate(async () => {
    const epochs = [], off = window.trilens.on('epoch', detail => epochs.push(detail)), start = performance.now();
    await window.trilens.train({ epochs: 10 });
    off();
    return { epochs, seconds: (performance.now() - start) / 1000 };
  });
  assert.equal(epochs.length, 10);
  assert.ok(epochs[9].loss < 0.75 * epochs[0].loss, `${epochs[0].loss} to ${epochs[9].loss}`);
  assert.ok(epochs[9].validation_accuracy > 0.8, `${epochs[9].validation_accuracy}`);
  console.log(`RA with the whole page around it: ${(seconds * 1000).toFixed(0)} ms, validation accuracy ${epochs[9].validation_accuracy.toFixed(3)}`);
  for (let i = 0; i < 5; ++i) assert.ok(await rect(page, `rnn.first:${i}`), 'the first five test sequences');
});

test('R8: sentiment in English and Chinese, on a sentence of the learner\'s own, counterfactual by hand', async () => {
  await settings({ 'rnn.view': 'unrolled', 'rnn.task': 'sentiment', 'rnn.language': 'en' });
  const positive = async sentence => {
    await call(page, 'text', sentence);
    const { shape, data } = await tensor(page, 'rnn.probabilities');
    return data[shape[0] * 2 - 1];
  };
  assert.ok(await positive('a wonderful, moving and funny film') > 0.7);
  assert.ok(await positive('a dull, tedious and pointless mess') < 0.3);
  await settings({ 'rnn.language': 'zh' });
  assert.ok(await positive('房间很干净，服务也非常好，下次还会来') > 0.7);
  assert.ok(await positive('房间又脏又吵，服务太差了，再也不来了') < 0.3);
  const steps = (await tensor(page, 'rnn.hidden')).shape[0];
  assert.equal(steps, [...'房间又脏又吵，服务太差了，再也不来了'].length, 'one step for each character');
  const before = await tensor(page, 'rnn.probabilities');
  await page.mouse.move(...await point_in(page, 'rnn.tokens:3'));
  await frames(page, 5);
  assert.notDeepEqual(await tensor(page, 'rnn.probabilities'), before, 'computed without the hovered token');
  await page.mouse.move(2, 2);
  await frames(page, 5);
  assert.deepEqual(await tensor(page, 'rnn.probabilities'), before);
});

test('any text is read: empty, emoji, ten thousand characters, unknown words', async () => {
  await settings({ 'rnn.language': 'en' });
  await call(page, 'text', '');
  assert.ok(!(await page.evaluate(() => window.trilens.tensors().some(({ name }) => name === 'rnn.hidden'))));
  await call(page, 'text', 'good 👩‍👩‍👧 🙂 zzzqqq');
  assert.equal((await tensor(page, 'rnn.hidden')).shape[0], 4);
  await settings({ 'rnn.language': 'zh' });
  await call(page, 'text', '好'.repeat(10000));
  assert.equal((await tensor(page, 'rnn.hidden')).shape[0], 10000);
  await frames(page, 3);
  await call(page, 'text', '好');
  assert.equal((await tensor(page, 'rnn.hidden')).shape[0], 1);
});

test('nothing on the page complained', () => assert.deepEqual(faults, []));

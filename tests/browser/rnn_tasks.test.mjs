// The RNN room's other views at the page: R5 and R6 (gradients through time), R7 (measured cost), R8 (text and curves that go on), units that fire on a phrase.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { click, drag, frames, learner } from './learner.mjs';
import { call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(async opened => {
  ({ page, faults } = opened);
  await page.evaluate(() => window.trilens.open('rnn'));
  await frames(page);
});

const settings = values => page.evaluate(all => { for (const [name, value] of Object.entries(all)) window.trilens.set(name, value); }, values);
const norms = ({ shape, data }) => Array.from({ length: shape[0] }, (_, t) => Math.hypot(...data.slice(t * shape[1], (t + 1) * shape[1])));

test('R5: with a small spectral radius the gradient vanishes on the way back, with a large one it explodes', async () => {
  await settings({ 'rnn.task': 'sum', 'rnn.length': 30, 'rnn.cell': 'rnn', 'rnn.activation': 'tanh', 'rnn.view': 'gradients' });
  const ratio = async radius => {
    await settings({ 'rnn.spectral_radius': radius });
    const all = norms(await tensor(page, 'grad:rnn.hidden'));
    return all[0] / all[29];
  };
  const small = await ratio(0.5), large = await ratio(2);
  assert.ok(small < 1e-6, `${small}`);
  assert.ok(large > 10, `${large}`);
  await rect(page, 'rnn.gradient_norms');
});

test('R6: at a distance of 40 LSTM and GRU learn to remember what the plain RNN forgets, trained side by side in the page', async () => {
  await click(page, 'rnn.needle');
  assert.equal(await call(page, 'get', 'rnn.task'), 'needle');
  const start = Date.now();
  const last = await page.evaluate(async () => {
    let detail;
    const off = window.trilens.on('epoch', each => { detail = each; });
    await window.trilens.train({ epochs: 24 });
    off();
    return detail;
  });
  const seconds = (Date.now() - start) / 1000;
  const accuracy = last.contenders.map(each => each.validation_accuracy);
  console.log(`needle at 40: RNN ${accuracy[0].toFixed(3)}, GRU ${accuracy[1].toFixed(3)}, LSTM ${accuracy[2].toFixed(3)} after ${seconds.toFixed(1)} s`);
  assert.ok(accuracy[0] < 0.7, `RNN ${accuracy[0]}`);
  assert.ok(accuracy[1] > 0.95, `GRU ${accuracy[1]}`);
  assert.ok(accuracy[2] > 0.95, `LSTM ${accuracy[2]}`);
  await settings({ 'rnn.cell': 'lstm' });
  const gate = await tensor(page, 'rnn.gate.f');
  assert.ok(gate.data.every(share => share > 0 && share < 1));
});

test('R7: time is measured here against the length and the threads, beside a convolution and attention', async () => {
  await settings({ 'rnn.view': 'cost' });
  await click(page, 'cost.measure');
  await until('everything is measured', async () => {
    const text = await page.evaluate(() => window.trilens.rects().map(({ name }) => name));
    return text.includes('cost.one') && text.includes('cost.all');
  }, 60_000);
});

test('R8: the page learns a text and writes on, the same for the same seed', async () => {
  await settings({ 'rnn.task': 'generate', 'rnn.source': 'own', 'rnn.cell': 'gru', 'rnn.view': 'predict', 'rnn.compare': false });
  await call(page, 'text', 'the ');
  const before = (await tensor(page, 'rnn.hidden')).shape[0];
  assert.equal(before, 4);
  const state = await call(page, 'state');
  await call(page, 'step', 12);
  await frames(page);
  const written = JSON.stringify(await call(page, 'state'));
  assert.notEqual(written, JSON.stringify(state));
  await call(page, 'step', -12);
  await call(page, 'step', 12);
  await frames(page);
  assert.equal(JSON.stringify(await call(page, 'state')), written);
});

test('R8: a curve is learned and forecast', async () => {
  await settings({ 'rnn.task': 'forecast', 'rnn.cell': 'gru', 'rnn.rate': 0.01 });
  await call(page, 'signal', Array.from({ length: 128 }, (_, i) => 0.8 * Math.sin(i / 4)));
  const first = (await page.evaluate(() => window.trilens.train({ epochs: 1 }))).loss;
  const last = (await page.evaluate(() => window.trilens.train({ epochs: 30 }))).loss;
  assert.ok(last < 0.1 * first, `${first} to ${last}`);
  const curve = await tensor(page, 'rnn.input'), next = await tensor(page, 'rnn.logits');
  let error = 0, lazy = 0;
  for (let t = 40; t < 127; ++t) {
    error += (next.data[t] - curve.data[t + 1]) ** 2;
    lazy += (curve.data[t] - curve.data[t + 1]) ** 2;
  }
  assert.ok(error < 0.5 * lazy, `${error} against ${lazy} for saying the last value again`);
});

test('a brushed phrase names the units that fire on it', async () => {
  await settings({ 'rnn.task': 'sentiment', 'rnn.language': 'en', 'rnn.view': 'units' });
  await call(page, 'text', 'the acting is truly wonderful but the plot is thin');
  await frames(page);
  const from = await rect(page, 'rnn.phrase:3'), to = await rect(page, 'rnn.phrase:4');
  await drag(page, 'rnn.phrase:3', to.x + to.width / 2 - from.x - from.width / 2, 0);
  const { shape, data } = await tensor(page, 'rnn.hidden');
  const score = unit => {
    const values = Array.from({ length: shape[0] }, (_, t) => data[t * shape[1] + unit]);
    const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
    const all = mean(values), deviation = Math.sqrt(mean(values.map(v => (v - all) ** 2)));
    return Math.abs(mean(values.slice(3, 5)) - mean([...values.slice(0, 3), ...values.slice(5)])) / deviation;
  };
  const best = Array.from({ length: shape[1] }, (_, unit) => unit).sort((a, b) => score(b) - score(a))[0];
  await rect(page, `rnn.unit:${best}`);
});

test('nothing on the page complained', () => assert.deepEqual(faults, []));

// The Transformer room at the page: TA, T1 to T5 (attention, heads, layers, positions), translation, masks and kept keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arg_max, click, frames, learner } from './learner.mjs';
import { call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(async opened => {
  ({ page, faults } = opened);
  await page.evaluate(() => window.trilens.open('transformer'));
  await frames(page);
});

const settings = values => page.evaluate(all => { for (const [name, value] of Object.entries(all)) window.trilens.set(name, value); }, values);
const read = name => tensor(page, `transformer.${name}`);
const text = words => page.evaluate(all => window.trilens.text(all), words);
const close = (a, b, tolerance = 1e-5) => assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);
const all_close = (a, b, tolerance) => a.forEach((value, i) => close(value, b[i], tolerance));
// The last two axes at an index of those before: rows of numbers.
function matrix({ shape, data }, ...at) {
  const rows = shape.at(-2), columns = shape.at(-1);
  const first = at.reduce((sum, index, axis) => sum * shape[axis] + index, 0) * rows * columns;
  return Array.from({ length: rows }, (_, row) => data.slice(first + row * columns, first + (row + 1) * columns));
}
const product = (a, b) => a.map(row => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)));
const transposed = a => a[0].map((_, column) => a.map(row => row[column]));
const softmax = row => {
  const top = Math.max(...row), shares = row.map(value => Math.exp(value - top)), sum = shares.reduce((a, b) => a + b);
  return shares.map(value => value / sum);
};
const affine = (rows, weight, bias) => product(rows, transposed(matrix(weight))).map(row => row.map((value, i) => value + bias.data[i]));
const norm = (row, epsilon) => {
  const mean = row.reduce((a, b) => a + b) / row.length, variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map(value => (value - mean) / Math.sqrt(variance + epsilon));
};

test('TA: one encoder layer on a random sequence has the shapes and the heat map of the curriculum', async () => {
  await settings({ 'transformer.task': 'layer', 'transformer.view': 'heads' });
  const input = await read('encoder.input'), weights = await read('encoder.0.weights'), out = await read('encoder.0.norm2');
  assert.deepEqual(input.shape, [10, 16]);
  assert.ok(input.data.every(value => value >= 0 && value < 1));
  assert.deepEqual(weights.shape, [2, 10, 10]);
  assert.deepEqual((await read('encoder.0.q')).shape, [2, 10, 16]);
  assert.deepEqual((await read('encoder.0.ff.hidden')).shape, [10, 64]);
  assert.deepEqual(out.shape, [10, 16]);
  for (const head of [0, 1]) for (const row of matrix(weights, head)) close(row.reduce((a, b) => a + b), 1);
  await rect(page, 'transformer.heads.map');
  await rect(page, 'transformer.heads.shapes');
  const same = (await read('encoder.0.norm2')).data;
  await settings({ 'transformer.seed': 2 });
  assert.notDeepEqual((await read('encoder.0.norm2')).data, same);
  await settings({ 'transformer.seed': 1 });
  assert.deepEqual((await read('encoder.0.norm2')).data, same);
});

test('T1: every weight is softmax(q k / sqrt(d_k)), and the output of a head its weights times v', async () => {
  const [q, k, v, scores, scaled, weights, heads] =
    await Promise.all(['q', 'k', 'v', 'scores', 'scaled', 'weights', 'heads'].map(name => read(`encoder.0.${name}`)));
  for (const head of [0, 1]) {
    const products = product(matrix(q, head), transposed(matrix(k, head)));
    products.forEach((row, i) => {
      all_close(matrix(scores, head)[i], row);
      all_close(matrix(scaled, head)[i], row.map(value => value / 4));
      all_close(matrix(weights, head)[i], softmax(row.map(value => value / 4)));
    });
    product(matrix(weights, head), matrix(v, head)).forEach((row, i) => all_close(matrix(heads, head)[i], row));
  }
  const explained = await page.evaluate(() => window.trilens.explain('transformer.encoder.0.scores', [1, 3, 7]));
  close(explained.terms.reduce((sum, term) => sum + term.value * term.factor, 0), matrix(scores, 1)[3][7]);
  await settings({ 'transformer.scaled': false });
  const unscaled = await read('encoder.0.weights');
  matrix(scores, 0).forEach((row, i) => all_close(matrix(unscaled, 0)[i], softmax(row)));
  await settings({ 'transformer.scaled': true });
});

test('T2: a head that is off gives nothing, one that is uniform looks everywhere alike, and the output is W_O times all heads', async () => {
  const weight = await read('encoder.0.out.weight'), bias = await read('encoder.0.out.bias'), before = await read('encoder.0.out');
  const expected = async () => {
    const heads = await read('encoder.0.heads');
    const side_by_side = matrix(heads, 0).map((row, i) => [...row, ...matrix(heads, 1)[i]]);
    return affine(side_by_side, weight, bias).flat();
  };
  all_close(before.data, await expected());
  await settings({ 'transformer.head.0.1': 'off' });
  const off = await read('encoder.0.out');
  assert.ok(matrix(await read('encoder.0.heads'), 1).flat().every(value => value === 0));
  assert.notDeepEqual(off.data, before.data);
  all_close(off.data, await expected());
  await settings({ 'transformer.head.0.1': 'uniform' });
  assert.ok(matrix(await read('encoder.0.weights'), 1).flat().every(value => Math.abs(value - 0.1) < 1e-6));
  await settings({ 'transformer.head.0.1': 'on' });
  assert.deepEqual(await read('encoder.0.out'), before);
});

test('T3, T4: sums, norms and feed-forward follow from one another', async () => {
  await settings({ 'transformer.view': 'layer' });
  const names = ['encoder.input', ...['out', 'add1', 'norm1', 'ff.sum', 'ff.hidden', 'ff.out', 'add2', 'norm2'].map(name => `encoder.0.${name}`)];
  const [input, out, add1, norm1, sum, hidden, ff, add2, norm2] = (await Promise.all(names.map(read))).map(value => matrix(value));
  const w1 = await read('encoder.0.ff.hidden.weight'), b1 = await read('encoder.0.ff.hidden.bias');
  const w2 = await read('encoder.0.ff.out.weight'), b2 = await read('encoder.0.ff.out.bias');
  input.forEach((row, t) => {
    all_close(add1[t], row.map((value, i) => value + out[t][i]));
    all_close(norm1[t], norm(add1[t], 1e-6), 1e-4);
    all_close(sum[t], affine([norm1[t]], w1, b1)[0]);
    all_close(hidden[t], sum[t].map(value => Math.max(0, value)));
    all_close(ff[t], affine([hidden[t]], w2, b2)[0]);
    all_close(add2[t], norm1[t].map((value, i) => value + ff[t][i]));
    all_close(norm2[t], norm(add2[t], 1e-6), 1e-4);
  });
});

test('T5: without positions the output shuffles with the tokens, with positions it does not', async () => {
  await settings({ 'transformer.view': 'positions', 'transformer.encoding': 'none' });
  const apart = async () => {
    await settings({ 'transformer.shuffled': false });
    const inputs = matrix(await read('encoder.vectors')), rows = matrix(await read('encoder.0.norm2'));
    await settings({ 'transformer.shuffled': true });
    const shuffled_inputs = matrix(await read('encoder.vectors')), shuffled = matrix(await read('encoder.0.norm2'));
    const order = shuffled_inputs.map(row => inputs.findIndex(each => each.every((value, i) => value === row[i])));
    assert.deepEqual([...order].sort((a, b) => a - b), inputs.map((_, i) => i));
    assert.notDeepEqual(order, inputs.map((_, i) => i));
    await settings({ 'transformer.shuffled': false });
    return Math.max(...shuffled.map((row, i) => Math.max(...row.map((value, j) => Math.abs(value - rows[order[i]][j])))));
  };
  assert.ok(await apart() < 1e-5);
  await settings({ 'transformer.encoding': 'sinusoidal' });
  const positions = await read('encoder.positions');
  close(positions.data[0], 0);
  close(matrix(positions)[3][5], Math.cos(3 / 10000 ** (4 / 16)));
  assert.ok(await apart() > 0.1);
  await settings({ 'transformer.positions': false });
  assert.ok(await apart() < 1e-5);
  await settings({ 'transformer.positions': true, 'transformer.encoding': 'auto' });
});

// The tokens that were written: the rows of the decoder's table that it read after the beginning's.
async function written() {
  const table = matrix(await read('decoder.embedding.weight')), rows = matrix(await read('decoder.embedding'));
  const factor = Math.sqrt(rows[0].length), same = (a, b) => a.every((value, i) => Math.abs(value * factor - b[i]) < 1e-4);
  return rows.slice(1).map(row => table.findIndex(each => same(each, row)));
}
// The log probability of a text and of its end, divided by the length penalty that beam search ranks by.
const ranked_by = (rows, tokens) =>
  rows.reduce((sum, row, i) => sum + Math.log(softmax(row)[i < tokens.length ? tokens[i] : arg_max(row)]), 0) / ((5 + rows.length) / 6) ** 0.6;

test('T4, T9: a sentence is translated one token at a time, by kept keys or without, greedily or by beams, with attention to every word of it', async () => {
  await settings({ 'transformer.task': 'translate', 'transformer.view': 'predict', 'transformer.step': 1 });
  await text('I love you.');
  const logits = await read('logits');
  assert.equal(logits.shape[0], 2);
  await call(page, 'step', 1);
  assert.equal((await read('logits')).shape[0], 3);
  await settings({ 'transformer.step': 0 });
  const cross = await read('decoder.0.cross.weights'), [heads, queries, keys] = cross.shape;
  assert.equal(keys, 4);
  for (let head = 0; head < heads; ++head) for (const row of matrix(cross, head)) close(row.reduce((a, b) => a + b), 1);
  assert.ok(queries > 2);
  // What was written greedily, with kept keys, is at every place the greatest of the scores that the whole pass gives without them.
  await settings({ 'transformer.decoding': 'greedy' });
  const whole = matrix(await read('logits')), { classes } = await call(page, 'info');
  assert.equal(classes.length, whole[0].length);
  const greedy = await written();
  assert.deepEqual(greedy, whole.slice(0, greedy.length).map(arg_max));
  // Step by step the same scores: a token more changes none before it.
  for (let step = 1; step < greedy.length; ++step) {
    await settings({ 'transformer.step': step });
    const part = matrix(await read('logits'));
    part.forEach((row, place) => all_close(row, whole[place], 1e-4));
  }
  await settings({ 'transformer.step': 0, 'transformer.decoding': 'beam', 'transformer.beams': 1 });
  assert.deepEqual(await written(), greedy, 'a beam of one is greedy');
  await settings({ 'transformer.beams': 4 });
  const beams = matrix(await read('logits'));
  assert.ok(ranked_by(beams, await written()) >= ranked_by(whole, greedy) - 1e-4, 'four beams find a text that ranks no lower');
  await settings({ 'transformer.decoding': 'auto' });
});

test('the causal mask lets nothing through: another token at the end changes no bit before it', async () => {
  await settings({ 'transformer.task': 'generate', 'transformer.language': 'en', 'transformer.step': 1 });
  await text('Twinkle, twinkle');
  const one = matrix(await read('logits')), weights = await read('decoder.0.weights');
  await text('Twinkle, twinklh');
  const other = matrix(await read('logits'));
  assert.deepEqual(other.slice(0, 15), one.slice(0, 15));
  assert.notDeepEqual(other[15], one[15]);
  for (let head = 0; head < weights.shape[0]; ++head)
    matrix(weights, head).forEach((row, query) => row.forEach((value, key) => assert.ok(key <= query || value === 0)));
  await settings({ 'transformer.step': 0 });
});

test('T6, T7, T8: time, memory, distance and examples are measured in the page', async () => {
  await settings({ 'transformer.view': 'cost', 'transformer.compare_steps': 50, 'transformer.cost_longest': '256' });
  for (const [button, shown] of [['compare.distance.train', 'compare.distance.words'], ['compare.samples.train', 'compare.samples.words'], ['cost.measure', 'cost.words']]) {
    await click(page, button);
    await until(`${shown} is there`, () => page.evaluate(name => window.trilens.rects().some(each => each.name === name), shown), 90_000);
  }
});

test('any text is read: empty, emoji, ten thousand characters, unknown words', async () => {
  await settings({ 'transformer.task': 'translate', 'transformer.view': 'heads' });
  for (const words of ['', '   ', '😀 👩‍👩‍👧 qwzx', 'where is the cat '.repeat(600)]) {
    await text(words);
    await frames(page);
  }
  await rect(page, 'transformer.problem');
  await text('Where is the cat?');
  assert.equal((await read('encoder.0.weights')).shape[1], 5);
  await click(page, 'transformer.view:layer');
});

test('nothing on the page complained', () => assert.deepEqual(faults, []));

// One layer from close up, C1 to C6 of the course: every number that the layer view shows is one of the computation's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw } from './digits.mjs';
import { frames, learner } from './learner.mjs';
import { call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(opened => { ({ page, faults } = opened); });

const inspected = () => call(page, 'inspected');
const flat = (shape, index) => index.reduce((sum, at, axis) => sum * shape[axis] + at, 0);
const unflat = (shape, position) => shape.map((_, axis) => Math.floor(position / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % shape[axis]);

// The layer from close up, the pointer off every cell, the player paused.
async function layer(name, map = 0) {
  await page.mouse.move(640, 5);
  await call(page, 'inspect', '', '');
  await call(page, 'set', 'cnn.view', 'layer');
  await call(page, 'set', 'cnn.layer', name);
  await call(page, 'set', 'cnn.map', map);
  await call(page, 'step', 0);
  await until(`the inspector at ${name}`, async () => (await inspected())?.name === `cnn.${name}`);
}

// Moves the pointer onto a cell of a map that is drawn.
async function point(named, shape, y, x) {
  const map = await rect(page, named);
  await page.mouse.move(map.x + map.width * (x + 0.5) / shape[3], map.y + map.height * (y + 0.5) / shape[2]);
  await frames(page, 4);
}

function summed(terms) {
  return terms.reduce((sum, term) => Math.fround(sum + Math.fround(term.value * term.factor)), 0);
}

test('C1: a hovered cell depends on its patch in the layer below and on its receptive field in the picture', async () => {
  await layer('conv2', 5);
  const { shape } = await tensor(page, 'cnn.conv2');
  const [y, x] = [6, 9];
  await point('cnn.conv2:5', shape, y, x);
  const found = await inspected();
  assert.deepEqual([found.name, found.index], ['cnn.conv2', [0, 5, y, x]]);
  const below = found.terms.filter(term => term.name === 'cnn.pool1');
  assert.equal(below.length, 8 * 9);
  for (const term of below) {
    assert.ok(Math.abs(term.index[2] - y) <= 1 && Math.abs(term.index[3] - x) <= 1, `${term.index}`);
  }
  // Nothing outside the receptive field counts: rows 2 y - 3 to 2 y + 4 of the picture for 3 x 3, pooling by 2, 3 x 3.
  const pooled = [...new Set(below.map(term => `${term.index[2]},${term.index[3]}`))].map(text => text.split(',').map(Number));
  const seen = new Set();
  for (const [py, px] of pooled) {
    const through = await call(page, 'explain', 'cnn.pool1', [0, 0, py, px]);
    for (const relu of through.terms) {
      const conv = await call(page, 'explain', 'cnn.conv1', relu.index);
      for (const term of conv.terms) if (term.name === 'cnn.input') seen.add(`${term.index[2]},${term.index[3]}`);
    }
  }
  const rows = [...seen].map(text => Number(text.split(',')[0])), columns = [...seen].map(text => Number(text.split(',')[1]));
  assert.deepEqual([Math.min(...rows), Math.max(...rows)], [2 * y - 3, 2 * y + 4]);
  assert.deepEqual([Math.min(...columns), Math.max(...columns)], [2 * x - 3, 2 * x + 4]);
  assert.equal(seen.size, 64);
});

test('C2: the player moves over the map, and everywhere the same kernel multiplies', async () => {
  await layer('conv2', 3);
  const weights = async () => {
    const found = await inspected();
    const kernel = new Map();
    for (const term of found.terms) if (term.factor_name) kernel.set(`${term.factor_index}`, term.factor);
    return { kernel, index: found.index };
  };
  const start = flat([1, 16, 14, 14], [0, 3, 5, 5]);
  await call(page, 'step', start - flat([1, 16, 14, 14], (await inspected()).index));
  await until('an inner cell', async () => flat([1, 16, 14, 14], (await inspected()).index) === start);
  const first = await weights();
  await call(page, 'step', 31);
  await until('another cell', async () => `${(await inspected()).index}` !== `${first.index}`);
  const second = await weights();
  assert.equal(first.kernel.size, 72);
  assert.deepEqual(second.kernel, first.kernel);
  assert.equal(flat([1, 16, 14, 14], second.index) - flat([1, 16, 14, 14], first.index), 31);
  // By itself, a quarter of a second a cell; space starts and stops it.
  await page.locator('canvas').focus().catch(() => {});
  const play = await rect(page, 'cnn.layer.play');
  await page.mouse.click(play.x + play.width / 2, play.y + play.height / 2);
  await page.mouse.move(640, 5);
  const before = flat([1, 16, 14, 14], (await inspected()).index);
  await until('the player to walk on', async () => flat([1, 16, 14, 14], (await inspected()).index) >= before + 2);
  await call(page, 'step', 0);
});

test('C3: what is shown of random cells of every layer is the value that the network computed', async () => {
  const architecture = await call(page, 'get', 'cnn.architecture');
  await call(page, 'set', 'cnn.architecture', 'conv 6 3, norm, relu, max 2, conv 4 3, leaky, average 2, dense 12, tanh');
  for (const name of ['conv1', 'norm1', 'relu1', 'pool1', 'conv2', 'leaky1', 'pool2', 'dense1', 'tanh1', 'logits']) {
    const { shape, data } = await tensor(page, `cnn.${name}`);
    const vector = shape.length === 2;
    for (const seed of [3, 11, 17]) {
      const cell = (seed * 7919) % data.length, index = unflat(shape, cell);
      await layer(name, vector ? cell : index[1]);
      if (!vector) {
        const area = shape[2] * shape[3], now = flat(shape, (await inspected()).index) % area;
        await call(page, 'step', cell % area - now);
      }
      await until('the cell', async () => flat(shape, (await inspected()).index) === cell);
      const found = await inspected();
      assert.equal(found.value, data[cell], `${name} [${index}]`);
      if (found.kind === 'sum') assert.equal(summed(found.terms), found.value, `${name} [${index}]`);
      if (name === 'relu1') assert.equal(found.value, Math.max(0, found.terms[0].value));
      if (name === 'norm1') {
        const [x, gamma, beta] = found.terms;
        const [, mean, variance] = found.formula.match(/mean (\S+), variance (\S+)/).map(Number);
        const expected = (x.value - mean) / Math.sqrt(variance + 1e-5) * gamma.value + beta.value;
        assert.ok(Math.abs(expected - found.value) < 1e-4, `${expected} ${found.value}`);
      }
      if (name === 'pool2') {
        const mean = found.terms.reduce((sum, term) => sum + term.value, 0) / found.terms.length;
        assert.ok(Math.abs(mean - found.value) < 1e-5);
      }
    }
  }
  await call(page, 'set', 'cnn.architecture', architecture);
  // Map by map: the partial sums on screen and the bias give the output map but for the last bits.
  await layer('conv2', 7);
  await frames(page, 4);
  const output = await tensor(page, 'cnn.conv2'), bias = (await tensor(page, 'cnn.conv2.bias')).data[7];
  const partial = [];
  for (let c = 0; c < 8; ++c) partial.push((await tensor(page, `cnn.partial.${c}`)).data);
  for (let cell = 0; cell < 196; ++cell) {
    const sum = partial.reduce((total, each) => total + each[cell], bias);
    assert.ok(Math.abs(sum - output.data[7 * 196 + cell]) < 1e-4, `cell ${cell}`);
  }
  const one = await call(page, 'explain', 'cnn.partial.2', [0, 0, 5, 5]);
  assert.equal(one.value, partial[2][75]);
  assert.equal(summed(one.terms), one.value);
  assert.ok(one.terms.every(term => term.name === 'cnn.pool1' && term.index[1] === 2));
});

test('C4: before and after ReLU stand side by side, and after is before without its negatives', async () => {
  await layer('relu1', 2);
  const left = await rect(page, 'cnn.conv1:2'), right = await rect(page, 'cnn.relu1:2');
  assert.ok(left.x + left.width < right.x && Math.abs(left.y - right.y) < 2 && Math.abs(left.width - right.width) < 2);
  const before = (await tensor(page, 'cnn.conv1')).data, after_relu = (await tensor(page, 'cnn.relu1')).data;
  assert.ok(before.some(value => value < 0));
  assert.ok(after_relu.every((value, i) => value === Math.max(0, before[i])));
  const curve = await rect(page, 'cnn.layer.curve');
  assert.ok(curve.width > 80 && curve.height > 80);
});

test('C5: the winner of a pooling window is its greatest value, and it alone goes on', async () => {
  await layer('pool1', 1);
  const { shape, data } = await tensor(page, 'cnn.pool1'), below = await tensor(page, 'cnn.relu1');
  assert.deepEqual([below.shape.slice(2), shape.slice(2)], [[28, 28], [14, 14]]);
  for (const [y, x] of [[4, 6], [7, 7], [10, 5]]) {
    await point('cnn.pool1:1', shape, y, x);
    const found = await inspected();
    assert.deepEqual(found.index, [0, 1, y, x]);
    const window = [0, 1].flatMap(m => [0, 1].map(n => below.data[flat(below.shape, [0, 1, 2 * y + m, 2 * x + n])]));
    assert.deepEqual(found.terms.map(term => term.value), window);
    assert.equal(found.value, Math.max(...window));
    assert.equal(data[flat(shape, found.index)], Math.max(...window));
    const winners = found.terms.filter(term => term.factor === 1);
    assert.equal(winners.length, 1);
    assert.equal(winners[0].value, found.value);
  }
});

test('C6: the bars are the softmax of the scores, and follow the drawing as it is drawn', async () => {
  await layer('logits', 3);
  const answers = [];
  for (const digit of [1, 0]) {
    await call(page, 'clear');
    await draw(page, await rect(page, 'cnn.pad'), digit);
    await until('the drawing', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
    await frames(page, 3);
    const scores = (await tensor(page, 'cnn.logits')).data, shown = (await tensor(page, 'cnn.probabilities')).data;
    const most = Math.max(...scores), exps = scores.map(score => Math.exp(score - most));
    const total = exps.reduce((a, b) => a + b, 0);
    for (let i = 0; i < 10; ++i) assert.ok(Math.abs(exps[i] / total - shown[i]) < 1e-5, `class ${i}`);
    const bars = await rect(page, 'cnn.probabilities');
    await page.mouse.move(bars.x + bars.width / 2, bars.y + bars.height * (digit + 0.5) / 10);
    await until('the bar in the inspector', async () => (await inspected())?.name === 'cnn.probabilities');
    const found = await inspected();
    assert.deepEqual([found.index.at(-1), found.value], [digit, shown[digit]]);
    answers.push(shown.indexOf(Math.max(...shown)));
    await page.mouse.move(640, 5);
  }
  assert.deepEqual(answers, [1, 0]);
});

test('from the class back to the pixel by the buttons alone, without an error', async () => {
  await layer('logits', 3);
  for (let steps = 0; steps < 12 && await call(page, 'get', 'cnn.layer') !== 'input'; ++steps) {
    const button = await rect(page, 'cnn.layer.previous');
    await page.mouse.click(button.x + button.width / 2, button.y + button.height / 2);
    await page.mouse.move(640, 5);
    await frames(page, 4);
  }
  assert.equal(await call(page, 'get', 'cnn.layer'), 'input');
  await until('a pixel', async () => (await inspected())?.name === 'cnn.input');
  assert.deepEqual(faults, []);
});

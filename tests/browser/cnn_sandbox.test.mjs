// The Sandbox as a learner uses it: a kernel chosen, changed by hand and stepped over the picture, checked against sums made here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { click, drag, frames, learner } from './learner.mjs';
import { call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(async opened => {
  ({ page, faults } = opened);
  await call(page, 'open', 'cnn');
});

const get = name => call(page, 'get', `cnn.sandbox.${name}`);
const set = (name, value) => call(page, 'set', `cnn.sandbox.${name}`, value);
const kernel = async () => (await tensor(page, 'cnn.sandbox.kernel')).data;

// sum over the window of x times w, and the bias; zeros outside the picture.
function convolution(x, [, , height, width], w, size, { stride, padding, dilation, bias }) {
  const out = at => Math.floor((at + 2 * padding - dilation * (size - 1) - 1) / stride) + 1;
  const shape = [1, 1, out(height), out(width)], data = [];
  for (let i = 0; i < shape[2]; ++i)
    for (let j = 0; j < shape[3]; ++j) {
      let sum = bias;
      for (let m = 0; m < size; ++m)
        for (let n = 0; n < size; ++n) {
          const row = i * stride - padding + m * dilation, column = j * stride - padding + n * dilation;
          if (row >= 0 && row < height && column >= 0 && column < width) sum += x[row * width + column] * w[m * size + n];
        }
      data.push(sum);
    }
  return { shape, data };
}
function pooled({ shape: [, , height, width], data }, size, reduce) {
  const rows = Math.floor((height - size) / size) + 1, columns = Math.floor((width - size) / size) + 1, out = [];
  for (let i = 0; i < rows; ++i)
    for (let j = 0; j < columns; ++j) {
      const window = [];
      for (let m = 0; m < size; ++m) for (let n = 0; n < size; ++n) window.push(data[(i * size + m) * width + j * size + n]);
      out.push(reduce(window));
    }
  return { shape: [1, 1, rows, columns], data: out };
}
function assert_close(actual, expected, what) {
  assert.deepEqual(actual.shape, expected.shape, what);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  actual.data.forEach((value, i) => assert.ok(Math.abs(value - expected.data[i]) <= 1e-5 * scale, `${what} [${i}]: ${value} for ${expected.data[i]}`));
}
async function check_all({ activation, pool }) {
  const input = await tensor(page, 'cnn.input'), own = await tensor(page, 'cnn.sandbox.kernel');
  const settings = Object.fromEntries(await Promise.all(['stride', 'padding', 'dilation', 'bias'].map(async name => [name, await get(name)])));
  const sum = convolution(input.data, input.shape, own.data, own.shape[3], settings);
  assert_close(await tensor(page, 'cnn.sandbox.conv'), sum, 'convolution');
  const active = { shape: sum.shape, data: sum.data.map(activation) };
  assert_close(await tensor(page, 'cnn.sandbox.activation'), active, 'activation');
  if (pool) assert_close(await tensor(page, 'cnn.sandbox.pool'), pooled(active, await get('pool_size'), pool), 'pooling');
  return sum.shape;
}
const relu = value => Math.max(value, 0), max = window => Math.max(...window), mean = window => window.reduce((a, b) => a + b) / window.length;

test('the tab opens the sandbox, and Sobel answers as computed by hand, before and after activation and pooling', async () => {
  await click(page, 'cnn.view:sandbox');
  await until('the sandbox is drawn', () => rect(page, 'cnn.sandbox.kernel').then(() => true, () => false));
  await click(page, 'cnn.sandbox.kernel:sobel_y');
  assert.deepEqual(await kernel(), [-1, -2, -1, 0, 0, 0, 1, 2, 1]);
  assert.deepEqual(await check_all({ activation: relu, pool: max }), [1, 1, 28, 28]);
  const before = await rect(page, 'cnn.sandbox.conv'), after_it = await rect(page, 'cnn.sandbox.activation');
  assert.ok(before.x + before.width < after_it.x && Math.abs(before.y - after_it.y) < 1, 'both maps stand side by side');
});

test('the stepper strides by 2, and the shapes and sums follow', async () => {
  await click(page, 'cnn.sandbox.stride.more');
  assert.equal(await get('stride'), 2);
  assert.deepEqual(await check_all({ activation: relu, pool: max }), [1, 1, 14, 14]);
  await set('padding', 4);
  await set('dilation', 3);
  await set('size', 5);
  await set('bias', -0.25);
  await set('pool', 'average');
  await set('pool_size', 3);
  await set('activation', 'tanh');
  assert.deepEqual(await check_all({ activation: Math.tanh, pool: mean }), [1, 1, 12, 12]);
  await set('activation', 'leaky');
  await check_all({ activation: value => value > 0 ? value : 0.01 * value, pool: mean });
  await set('activation', 'none');
  await check_all({ activation: value => value, pool: mean });
  for (const [name, value] of Object.entries({ stride: 1, padding: 1, dilation: 1, size: 3, bias: 0, pool: 'max', pool_size: 2, activation: 'relu' })) await set(name, value);
});

test('a number of the kernel is dragged, the map follows, and one undo takes it back', async () => {
  const before = await kernel();
  await drag(page, 'cnn.sandbox.kernel.4', 0, -40);
  const dragged = await kernel();
  assert.ok(dragged[4] > 0.3, `${dragged[4]}`);
  assert.deepEqual(dragged.filter((_, i) => i !== 4), before.filter((_, i) => i !== 4));
  assert.equal(await get('kernel'), 'typed');
  await check_all({ activation: relu, pool: max });
  await page.keyboard.press('Control+z');
  await until('undone', async () => await get('kernel') === 'sobel_y');
  assert.deepEqual(await kernel(), before);
});

test('a number is clicked and typed, and Tab goes on to the next', async () => {
  await click(page, 'cnn.sandbox.kernel.0');
  await page.keyboard.type('0.5', { delay: 30 });
  await frames(page);
  await page.keyboard.press('Tab');
  await frames(page);
  await page.keyboard.type('-4', { delay: 30 });
  await frames(page);
  await page.keyboard.press('Enter');
  await frames(page);
  assert.deepEqual(await kernel(), [0.5, -4, -1, 0, 0, 0, 1, 2, 1]);
  await check_all({ activation: relu, pool: max });
});

test('a hovered cell shows its own sum over its patch and the kernel', async () => {
  const area = await rect(page, 'cnn.sandbox.conv');
  await page.mouse.move(area.x + area.width * 12.5 / 28, area.y + area.height * 9.5 / 28);
  await frames(page);
  const { value, formula, terms } = await call(page, 'explain', 'cnn.sandbox.conv', [0, 0, 9, 12]);
  assert.ok(formula.length > 0);
  assert.equal(terms.length, 10);
  assert.deepEqual(terms[0].index, [0, 0, 8, 11]);
  let sum = 0;
  for (const term of terms) sum = Math.fround(sum + Math.fround(term.value * term.factor));
  assert.equal(sum, value);
  assert.equal((await tensor(page, 'cnn.sandbox.conv')).data[9 * 28 + 12], value);
});

test('learned kernels are the network\'s, and everything follows while the learner draws', async () => {
  await click(page, 'cnn.sandbox.kernel:learned');
  await click(page, 'cnn.sandbox.learned.more');
  const weights = await tensor(page, 'cnn.conv1.weight');
  assert.deepEqual(await kernel(), weights.data.slice(9, 18));
  const before = (await tensor(page, 'cnn.sandbox.conv')).data, pad = await rect(page, 'cnn.pad');
  await page.mouse.move(pad.x + pad.width * 0.2, pad.y + pad.height * 0.85);
  await page.mouse.down();
  await page.mouse.move(pad.x + pad.width * 0.8, pad.y + pad.height * 0.85, { steps: 6 });
  await until('the map follows before the pen is lifted', async () => (await tensor(page, 'cnn.sandbox.conv')).data.some((value, i) => value !== before[i]));
  await page.mouse.up();
  await frames(page);
  await check_all({ activation: relu, pool: max });
});

test('what makes no sense is refused in a sentence that names it, and nothing changes', async () => {
  const state = JSON.stringify(await call(page, 'state'));
  for (const [name, value, said] of [['weights', '1 2; 3', 'Row 2'], ['weights', 'one', 'one'], ['size', 8, '8'], ['stride', 0, '0'], ['padding', 7, '7'], ['kernel', 'laplace', 'sobel_x']]) {
    const refused = await page.evaluate(([field, wanted]) => {
      try { window.trilens.set(field, wanted); return null; } catch (error) { return { kind: error.name, message: error.message }; }
    }, [`cnn.sandbox.${name}`, value]);
    assert.equal(refused?.kind, 'RangeError', name);
    assert.ok(refused.message.includes(`cnn.sandbox.${name}`) && refused.message.includes(said), refused.message);
  }
  assert.equal(JSON.stringify(await call(page, 'state')), state);
});

test('a pooling window larger than the map is no error: the map stays, the pooling comes back as soon as it fits', async () => {
  await click(page, 'cnn.sandbox.kernel:blur');
  for (const [name, value] of Object.entries({ size: 7, dilation: 3, padding: 0, stride: 4, pool_size: 4 })) await set(name, value);
  await frames(page);
  assert.deepEqual((await tensor(page, 'cnn.sandbox.conv')).shape, [1, 1, 3, 3]);
  assert.ok(!(await call(page, 'tensors')).some(each => each.name === 'cnn.sandbox.pool'));
  await set('dilation', 1);
  await check_all({ activation: relu, pool: max });
});

test('a curve gets a kernel of one row', async () => {
  await call(page, 'set', 'cnn.data', 'waves');
  for (const [name, value] of Object.entries({ kernel: 'sobel_x', size: 3, dilation: 1, padding: 1, stride: 2, pool_size: 2 })) await set(name, value);
  await frames(page);
  const curve = (await tensor(page, 'cnn.input')).data, map = await tensor(page, 'cnn.sandbox.conv');
  assert.deepEqual(await kernel(), [-1, 0, 1]);
  assert.deepEqual(map.shape, [1, 1, 1, 64]);
  map.data.forEach((value, i) => assert.ok(Math.abs(value - ((curve[2 * i + 1] ?? 0) - (curve[2 * i - 1] ?? 0))) < 1e-5, `${i}`));
  assert.deepEqual((await tensor(page, 'cnn.sandbox.pool')).shape, [1, 1, 1, 32]);
});

test('nothing was asked of another origin, no policy was broken, no error went uncaught', () => {
  assert.deepEqual(faults, []);
});

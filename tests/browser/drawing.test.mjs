// What a learner does first: draw digits with the mouse, see the right class win, hover numbers back to the pixels.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, strokes } from './digits.mjs';
import { arg_max, learner } from './learner.mjs';
import { native_forward } from './native.mjs';
import { assert_same, call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(opened => { ({ page, faults } = opened); });

const layers = ['cnn.conv1', 'cnn.relu1', 'cnn.pool1', 'cnn.conv2', 'cnn.relu2', 'cnn.pool2', 'cnn.dense1', 'cnn.relu3', 'cnn.logits', 'cnn.probabilities'];

async function clear_and_draw(digit) {
  await call(page, 'clear');
  const empty = await tensor(page, 'cnn.input');
  assert.ok(empty.data.every(value => value === empty.data[0]), 'cleared');
  await draw(page, await rect(page, 'cnn.pad'), digit);
  await until('the network sees the drawing', async () => (await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
}

test('the first frame already shows a drawn example going through the network', async () => {
  assert.ok((await tensor(page, 'cnn.input')).data.some(value => value > 0.5));
  assert.ok(Math.max(...(await tensor(page, 'cnn.probabilities')).data) > 0.8);
});

test('digits drawn by mouse strokes are recognised, at least nine of ten', async () => {
  const answers = [];
  for (let digit = 0; digit < 10; ++digit) {
    await clear_and_draw(digit);
    answers.push(arg_max((await tensor(page, 'cnn.probabilities')).data));
  }
  const right = answers.filter((answer, digit) => answer === digit).length;
  assert.ok(right >= 9, `${right} of 10 right: ${answers}`);
});

test('every map of the page has the bits of a native run on the same input', async () => {
  const weights = await page.evaluate(async () => Array.from(await window.trilens.save()));
  for (const digit of [3, 8]) {
    await clear_and_draw(digit);
    const native = native_forward(weights, (await tensor(page, 'cnn.input')).data);
    for (const name of layers) {
      const { shape, data } = await tensor(page, name);
      assert_same(data, native[name].data, name);
      assert.deepEqual(shape, native[name].shape, name);
    }
  }
});

test('the explanation of random cells of every layer adds up to the tensor, bit for bit', async () => {
  await clear_and_draw(5);
  for (const name of layers) {
    const { shape, data } = await tensor(page, name);
    for (const seed of [1, 7, 13]) {
      const flat = (seed * 7919) % data.length;
      const index = shape.map((_, axis) => Math.floor(flat / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % shape[axis]);
      const { value, kind, formula, terms } = await call(page, 'explain', name, index);
      assert.equal(value, data[flat], `${name} [${index}]`);
      assert.ok(formula.length > 0);
      assert.ok(terms.length > 0);
      if (kind === 'sum') {
        let sum = 0;
        for (const term of terms) sum = Math.fround(sum + Math.fround(term.value * term.factor));
        assert.equal(sum, value, `${name} [${index}]: ${formula}`);
      }
      if (kind === 'maximum') assert.equal(Math.max(...terms.map(term => term.value)), value);
      for (const term of terms.slice(0, 5)) {
        const source = await tensor(page, term.name);
        const position = term.index.reduce((sum, at, axis) => sum * source.shape[axis] + at, 0);
        assert.equal(source.data[position], term.value, `${name} -> ${term.name} [${term.index}]`);
      }
    }
  }
});

test('a stroke by the page API is a stroke by the mouse', async () => {
  await call(page, 'clear');
  for (const stroke of strokes[7]) await call(page, 'stroke', stroke);
  assert.equal(arg_max((await tensor(page, 'cnn.probabilities')).data), 7);
});

test('clear, undo and state keep the learner\'s work', async () => {
  await clear_and_draw(4);
  const drawn = await tensor(page, 'cnn.input');
  const state = await call(page, 'state');
  await call(page, 'clear');
  assert.notDeepEqual((await tensor(page, 'cnn.input')).data, drawn.data);
  await call(page, 'restore', state);
  assert_same((await tensor(page, 'cnn.input')).data, drawn.data, 'the restored input');
});

test('fields refuse what is not allowed, naming the field, the value and what is allowed', async () => {
  const fields = await call(page, 'fields');
  const choice = fields.find(field => field.choices?.length > 1);
  const refused = await page.evaluate(([name]) => {
    try { window.trilens.set(name, 'no such choice'); return null; } catch (error) { return { kind: error.name, message: error.message }; }
  }, [choice.name]);
  assert.equal(refused?.kind, 'RangeError');
  for (const part of [choice.name, 'no such choice', choice.choices[0]]) assert.ok(refused.message.includes(part), refused.message);
  await call(page, 'set', choice.name, choice.choices[1]);
  assert.equal(await call(page, 'get', choice.name), choice.choices[1]);
});

test('a broken weights file is refused in a sentence and changes nothing', async () => {
  const before = await call(page, 'checksum');
  const message = await page.evaluate(async () => {
    try { await window.trilens.load(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]), 'broken.safetensors'); return null; } catch (error) { return error.message; }
  });
  assert.ok(message?.length > 10, message);
  assert.equal(await call(page, 'checksum'), before);
});

test('weights saved and loaded again are the same weights', async () => {
  const before = await call(page, 'checksum');
  assert.match(before, /^[0-9a-f]{16}$/);
  const after_loading = await page.evaluate(async () => {
    const bytes = await window.trilens.save();
    await window.trilens.load(bytes, 'mine.safetensors');
    return window.trilens.checksum();
  });
  assert.equal(after_loading, before);
});

test('nothing was asked of another origin, no policy was broken, no error went uncaught', () => {
  assert.deepEqual(faults, []);
});

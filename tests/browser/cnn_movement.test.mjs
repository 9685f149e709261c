// The drawing dragged about by the mouse: the maps move with it, the answer stays for small shifts, and far away it does not have to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arg_max, drag, frames, learner } from './learner.mjs';
import { assert_same, call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(async opened => {
  ({ page, faults } = opened);
  await call(page, 'open', 'cnn');
  await call(page, 'set', 'cnn.view', 'move');
  await until('the view is drawn', () => rect(page, 'cnn.moved.input').then(() => true, () => false));
});

// The largest |moved[y][x] - plain[y - down][x - right]| over cells that are `border` away from every edge, in both.
function largest_difference(plain, moved, right, down, border) {
  const [, channels, height, width] = plain.shape;
  let largest = 0, cells = 0;
  for (let channel = 0; channel < channels; ++channel)
    for (let y = border; y < height - border; ++y)
      for (let x = border; x < width - border; ++x) {
        const from_y = y - down, from_x = x - right;
        if (from_y < border || from_y >= height - border || from_x < border || from_x >= width - border) continue;
        const at = (row, column) => (channel * height + row) * width + column;
        largest = Math.max(largest, Math.abs(moved.data[at(y, x)] - plain.data[at(from_y, from_x)]));
        ++cells;
      }
  assert.ok(cells > 0, 'there are cells to compare');
  return largest;
}

test('dragged by the mouse, the drawing is shifted, its maps move with it exactly, and the answer stays', async () => {
  const answer = arg_max((await tensor(page, 'cnn.probabilities')).data);
  const picture = await rect(page, 'cnn.moved.input');
  await drag(page, 'cnn.moved.input', 2 * picture.width / 28, -2 * picture.height / 28);
  assert.equal(await call(page, 'get', 'cnn.move.dx'), 2);
  assert.equal(await call(page, 'get', 'cnn.move.dy'), -2);
  const plain = await tensor(page, 'cnn.conv1'), moved = await tensor(page, 'cnn.moved.conv1');
  assert.notDeepEqual(moved.data, plain.data);
  assert.equal(largest_difference(plain, moved, 2, -2, 1), 0);
  assert.equal(largest_difference(await tensor(page, 'cnn.pool1'), await tensor(page, 'cnn.moved.pool1'), 1, -1, 1), 0);
  assert.equal(arg_max((await tensor(page, 'cnn.moved.probabilities')).data), answer);
});

test('by an odd number of pixels, pooled maps do not line up, whichever way they are laid', async () => {
  await call(page, 'set', 'cnn.move.dx', 3);
  await call(page, 'set', 'cnn.move.dy', 0);
  const plain = await tensor(page, 'cnn.pool1'), moved = await tensor(page, 'cnn.moved.pool1');
  for (const cells of [1, 2]) assert.ok(largest_difference(plain, moved, cells, 0, 1) > 0.05);
  assert.equal(largest_difference(await tensor(page, 'cnn.conv1'), await tensor(page, 'cnn.moved.conv1'), 3, 0, 1), 0);
});

test('what the page calls the difference is the difference', async () => {
  const moved = await tensor(page, 'cnn.moved.conv1'), expected = await tensor(page, 'cnn.moved.expected'), shown = await tensor(page, 'cnn.moved.difference');
  assert_same(shown.data, moved.data.map((value, i) => Math.fround(value - expected.data[i])), 'the difference');
});

test('the round handle turns, the square one scales, a double click moves back', async () => {
  await drag(page, 'cnn.move.turn', 0, 60);
  const angle = await call(page, 'get', 'cnn.move.angle');
  assert.ok(angle > 5 && angle < 90, `${angle} degrees`);
  await drag(page, 'cnn.move.size', -25, -25);
  const scale = await call(page, 'get', 'cnn.move.scale');
  assert.ok(scale >= 0.5 && scale < 1, `scale ${scale}`);
  const picture = await rect(page, 'cnn.moved.input');
  await page.mouse.dblclick(picture.x + picture.width / 2, picture.y + picture.height / 2, { delay: 60 });
  await until('all is moved back', async () => await call(page, 'get', 'cnn.move.angle') === 0 && await call(page, 'get', 'cnn.move.scale') === 1
    && await call(page, 'get', 'cnn.move.dx') === 0);
});

test('turned by a quarter, the 3 is no 3 to a network that never saw one turned', async () => {
  const before = (await tensor(page, 'cnn.probabilities')).data, answer = arg_max(before);
  await call(page, 'set', 'cnn.move.angle', 90);
  await frames(page);
  assert.ok((await tensor(page, 'cnn.moved.probabilities')).data[answer] < before[answer] / 2);
  await call(page, 'set', 'cnn.move.angle', 0);
});

test('dragged along the curve, the shift follows the hand, and one undo takes it back', async () => {
  await drag(page, 'cnn.move.curve', 60, 0, [0.55, 0.6]);
  const shift = await call(page, 'get', 'cnn.move.dx');
  assert.ok(shift > 2 && shift <= 10, `shifted by ${shift}`);
  await page.keyboard.press('Control+z');
  await until('undone', async () => await call(page, 'get', 'cnn.move.dx') === 0);
});

test('nothing was asked of another origin, no policy was broken, no error went uncaught', () => {
  assert.deepEqual(faults, []);
});

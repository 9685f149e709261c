// C8, a hierarchy of features: for any unit the training patches that excite it most and the picture it would like best; for any class the
// occlusion map, gradient x input and Grad-CAM of the learner's own drawing. All numbers come out of the page and are checked in here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strokes } from './digits.mjs';
import { learner } from './learner.mjs';
import { native_forward } from './native.mjs';
import { call, rect, tensor, until } from './site.mjs';

let page, faults;
learner(opened => { ({ page, faults } = opened); });

const close = (a, b, by = 1e-4) => Math.abs(a - b) <= by * Math.max(1, Math.abs(a), Math.abs(b));
const sum = values => values.reduce((total, value) => total + value, 0);
// Nothing grows any more. Right after another layer was chosen nothing of it is known yet.
const settled = async what => {
  let last = null;
  await until(`${what}: begins`, () => page.evaluate(() => window.trilens.tensors().some(each => each.name === 'cnn.why.ascent')));
  await until(what, async () => {
    const now = JSON.stringify(await tensor(page, 'cnn.why.occlusion')) + JSON.stringify(await tensor(page, 'cnn.why.ascent'));
    const same = now === last;
    last = now;
    if (same) return true;
    await new Promise(resolve => setTimeout(resolve, 400));
    return false;
  }, 60_000);
};
async function draw_digit(digit) {
  await call(page, 'clear');
  for (const stroke of strokes[digit]) await call(page, 'stroke', stroke);
}

test('the view is a tab away, and a picture that a unit would like best grows in it', async () => {
  const { x, y, width, height } = await rect(page, 'cnn.view:why');
  await page.mouse.click(x + width / 2, y + height / 2);
  await until('the view is on', async () => await call(page, 'get', 'cnn.view') === 'why');
  await until('a first picture', async () => page.evaluate(() => window.trilens.tensors().some(each => each.name === 'cnn.why.ascent')));
  await settled('the work ends');
  const liked = await tensor(page, 'cnn.why.ascent');
  assert.deepEqual(liked.shape, [1, 1, 28, 28]);
  assert.ok(liked.data.every(value => value >= 0 && value <= 1));
  const weights = await page.evaluate(async () => Array.from(await window.trilens.save()));
  const unit = await call(page, 'get', 'cnn.why.unit');
  const mean = picture => sum(Array.from(native_forward(weights, picture)['cnn.conv2'].data).slice(unit * 196, (unit + 1) * 196)) / 196;
  assert.ok(mean(liked.data) > mean(liked.data.map(() => 0.5)) + 0.5, 'the unit likes it better than grey');
});

test('the occlusion map is what the network says to a covered drawing', async () => {
  await draw_digit(7);
  await call(page, 'set', 'cnn.why.class', '7');
  await settled('the map is full');
  const map = await tensor(page, 'cnn.why.occlusion');
  const input = (await tensor(page, 'cnn.input')).data;
  const weights = await page.evaluate(async () => Array.from(await window.trilens.save()));
  const score = picture => native_forward(weights, picture)['cnn.logits'].data[7];
  for (const [y, x] of [[14, 14], [6, 12], [0, 27], [20, 13]]) {
    const covered = input.map((value, i) => (Math.abs(Math.floor(i / 28) - y) <= 2 && Math.abs(i % 28 - x) <= 2 ? 0 : value));
    assert.equal(map.data[y * 28 + x], Math.fround(score(input) - score(covered)), `covered around ${y}, ${x}`);
  }
});

test('every cell of Grad-CAM and of gradient x input adds up from what it explains itself by', async () => {
  const cam = await tensor(page, 'cnn.why.grad_cam');
  assert.deepEqual(cam.shape, [14, 14]);
  assert.ok(Math.max(...cam.data) > 0);
  const best = cam.data.indexOf(Math.max(...cam.data));
  const { terms } = await call(page, 'explain', 'cnn.why.grad_cam', [Math.floor(best / 14), best % 14]);
  assert.equal(terms.length, 16);
  assert.ok(close(sum(terms.map(term => term.value * term.factor)), cam.data[best]));
  const maps = await tensor(page, 'cnn.relu2');
  for (const [k, term] of terms.entries()) assert.equal(term.value, maps.data[k * 196 + best]);

  const product = await tensor(page, 'cnn.why.gradient_times_input');
  const input = await tensor(page, 'cnn.input');
  const at = product.data.indexOf(Math.max(...product.data));
  const pixel = await call(page, 'explain', 'cnn.why.gradient_times_input', [0, 0, Math.floor(at / 28), at % 28]);
  assert.equal(pixel.terms[0].value, input.data[at]);
  assert.equal(product.data[at], Math.fround(pixel.terms[0].value * pixel.terms[0].factor));
});

test('Grad-CAM follows a drawing at once, another class has other evidence', async () => {
  const before = await tensor(page, 'cnn.why.grad_cam');
  await call(page, 'set', 'cnn.why.class', '2');
  const other = await tensor(page, 'cnn.why.grad_cam');
  assert.notDeepEqual(other.data, before.data);
  await draw_digit(2);
  assert.notDeepEqual((await tensor(page, 'cnn.why.grad_cam')).data, other.data);
});

test('up the layers units see more and more of the picture: three pixels, eight, all', async () => {
  const shares = [];
  for (const layer of ['conv1', 'conv2', 'logits']) {
    await call(page, 'set', 'cnn.why.layer', layer);
    await settled(layer);
    shares.push((await rect(page, 'cnn.why.field')).width / (await rect(page, 'cnn.why.whole')).width * 28);
    for (let i = 0; i < 9; ++i) assert.ok((await rect(page, `cnn.why.patch:${i}`)).width > 0);
  }
  assert.ok(shares[0] <= 3.01 && shares[1] > 4 && shares[1] <= 8.01 && shares[2] > 27.9, `${shares}`);
});

test('nothing was asked of another origin, no policy was broken, no error went uncaught', () => {
  assert.deepEqual(faults, []);
});

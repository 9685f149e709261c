// What the page knows of files it has from the program: the endings of weights, the size of a picture. Needs no browser: a stand-in answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { take_files } from '../../web/page/files.js';
import { limit_pictures, PictureError, read_picture } from '../../web/page/picture.js';
import { say, speak } from '../../web/page/words.js';

function stand_in(weight_files) {
  const loaded = [];
  return { loaded, info: () => ({ weight_files }), load: async (bytes, name) => { loaded.push(name); } };
}
const handed = (name, bytes = [1, 2, 3, 4, 5]) => [{ file: new File([Uint8Array.from(bytes)], name), folder: '' }];

test('a file of weights is known by the endings that the program states, data by its first bytes', async () => {
  const api = stand_in(['safetensors', 'npz']);
  for (const name of ['a.safetensors', 'B.SafeTensors', 'c.npz']) await take_files(api, handed(name));
  await take_files(api, handed('labels', [0, 0, 8, 1, 0]));
  assert.deepEqual(api.loaded, ['a.safetensors', 'B.SafeTensors', 'c.npz', 'labels']);
});

test('another file is refused with the endings in the sentence', async () => {
  const api = stand_in(['safetensors']);
  const refusal = await take_files(api, handed('a.npz')).catch(error => error);
  assert.ok(refusal instanceof PictureError);
  assert.equal(say(refusal.code, ...refusal.parts), 'This file is neither a picture (PNG, JPEG, WebP), nor weights (.safetensors), nor data (idx).');
  assert.deepEqual(api.loaded, []);
});

test('a picture over the limit that the program states is refused before it is decoded, with the limit in the sentence', async () => {
  const png = new Uint8Array(32);
  png.set([0x89, 0x50, 0x4e, 0x47]);
  new DataView(png.buffer).setUint32(16, 6000);
  new DataView(png.buffer).setUint32(20, 4001);
  limit_pictures(24_000_000);
  const refusal = await read_picture(new Blob([png])).catch(error => error);
  assert.equal(refusal.code, 'too-large');
  assert.equal(say(refusal.code, ...refusal.parts), 'This picture is too large: up to 24 megapixels are read.');
  speak('zh');
  assert.equal(say(refusal.code, ...refusal.parts), '图片太大：最多可读取 2400 万像素。');
});

// Short trainings in the rooms end in the bits of the native build (tests/golden/room_training.json): on two threads, on one, and in Firefox.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { chromium, firefox } from './browsers.mjs';
import { call, open, repository, site } from './site.mjs';

const runs = JSON.parse(readFileSync(join(repository, 'tests', 'golden', 'room_training.json'), 'utf8'));

async function trains_to_the_same_bits(page) {
  for (const { room, fields, train, checksum } of runs) {
    const sum = await page.evaluate(async wanted => {
      window.trilens.open(wanted.room);
      for (const [name, value] of Object.entries(wanted.fields)) window.trilens.set(name, value);
      await window.trilens.train(wanted.train);
      return window.trilens.checksum();
    }, { room, fields, train });
    assert.equal(sum, checksum, JSON.stringify({ room, fields, train }));
  }
}

async function opened(browser, options, headers) {
  const server = await site({ headers });
  after(() => Promise.all([browser.close(), server.close()]));
  const page = await (options ? await browser.newContext(options) : browser).newPage();
  await open(page, server.url);
  return page;
}

test('trained on threads in Chromium', async () => {
  const page = await opened(await chromium(), null, true);
  assert.ok((await call(page, 'info')).threads >= 2);
  await trains_to_the_same_bits(page);
});

test('trained on one thread in a page that is not isolated', async () => {
  const page = await opened(await chromium(), { serviceWorkers: 'block' }, false);
  assert.equal((await call(page, 'info')).threads, 1);
  await trains_to_the_same_bits(page);
});

test('trained in Firefox', async () => trains_to_the_same_bits(await opened(await firefox(), null, true)));

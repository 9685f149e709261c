// A learner at the page: a browser with the site opened and watched for as long as a test file runs, and a hand for named things.
import { after, before } from 'node:test';
import { chromium } from './browsers.mjs';
import { open, rect, site, watch } from './site.mjs';

// Opens before the file's tests and closes after them; `take` gets {page, faults} and may prepare the page.
export function learner(take) {
  let server, browser;
  before(async () => {
    server = await site();
    browser = await chromium();
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const faults = watch(page, server.url);
    await open(page, server.url);
    await take({ page, faults });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
}

// So many frames of the browser have passed: what was asked for is drawn.
export const frames = (page, count = 3) => page.evaluate(n => new Promise(done => {
  const next = left => left ? requestAnimationFrame(() => next(left - 1)) : done();
  next(n);
}), count);

// A point of a named thing, as shares of its size; its middle unless said. What stands below the fold is scrolled to, as a learner does.
export async function point_in(page, name, [x, y] = [0.5, 0.5]) {
  const place = async () => {
    const area = await rect(page, name);
    return [area.x + area.width * x, area.y + area.height * y];
  };
  // Where it comes to rest: a card is as high as its content only in the frame after the one that measured it.
  let point = await place();
  for (let before; String(before) !== String(point); await frames(page, 2)) [before, point] = [point, await place()];
  const { width, height } = page.viewportSize(), status_line = 75;
  for (let tries = 0; tries < 5 && point[0] < width * 0.74 && (point[1] < 50 || point[1] > height - status_line); ++tries) {
    await page.mouse.move(4, height / 2);
    await page.mouse.wheel(0, point[1] - height / 2);
    await frames(page, 8);
    point = await place();
  }
  return point;
}

export async function click(page, name) {
  await page.mouse.click(...await point_in(page, name), { delay: 60 });
  await frames(page);
}

// Drags from a point of a named thing by so many CSS pixels.
export async function drag(page, name, x, y, from) {
  const start = await point_in(page, name, from);
  await page.mouse.move(...start);
  await page.mouse.down();
  await frames(page);
  for (const share of [0.25, 0.5, 0.75, 1]) {
    await page.mouse.move(start[0] + x * share, start[1] + y * share);
    await frames(page);
  }
  await page.mouse.up();
  await frames(page);
}

export const arg_max = values => values.indexOf(Math.max(...values));

// Trilens inside a course page of another origin: the page keeps its scroll and keyboard until the learner is inside.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from './browsers.mjs';
import { call, ready, site, tensor, until } from './site.mjs';

let server, course, browser, page, frames;
before(async () => {
  server = await site();
  course = await site({ headers: false });
  browser = await chromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  // The example course page, opened from another site than the one that serves the widget.
  await page.goto(`http://localhost:${course.port}/course.html?from=${encodeURIComponent(server.url)}`);
  await until('two demos', async () => (await page.$$('iframe')).length >= 2);
  frames = [];
  for (const element of await page.$$('iframe')) {
    await element.scrollIntoViewIfNeeded();
    const frame = await element.contentFrame();
    await ready(frame);
    frames.push({ element, frame });
  }
  await page.evaluate(() => window.scrollTo(0, 0));
});
after(async () => {
  await browser?.close();
  await course?.close();
  await server?.close();
});

const scroll = () => page.evaluate(() => window.scrollY);

// Where the frame stands once the page has come to rest: a wheel's scroll goes on for a while.
async function resting_box(element) {
  await element.scrollIntoViewIfNeeded();
  for (let last = NaN, now = await scroll(); last !== now; now = await scroll()) {
    last = now;
    await page.waitForTimeout(250);
  }
  return element.boundingBox();
}

test('both demos compute, each with its own state', async () => {
  await call(frames[0].frame, 'clear');
  const [first, second] = [await tensor(frames[0].frame, 'cnn.input'), await tensor(frames[1].frame, 'cnn.input')];
  assert.notDeepEqual(first.data, second.data);
});

test('the wheel over a demo scrolls the course page until the learner is inside', async () => {
  const box = await resting_box(frames[0].element);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await scroll();
  await page.mouse.wheel(0, 200);
  await until('the page scrolled', async () => await scroll() !== before);
});

test('inside, keys go to the demo; Esc gives the keyboard back to the page', async () => {
  const box = await resting_box(frames[0].element);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height - 50);
  await until('the demo has the focus', () => page.evaluate(() => /IFRAME|TRILENS-DEMO/.test(document.activeElement?.tagName ?? '')));
  await until('its canvas has the keyboard', () => frames[0].frame.evaluate(() => document.hasFocus() && document.activeElement.tagName === 'CANVAS'));
  await page.keyboard.press('Escape');
  await until('the page has the focus', () => page.evaluate(() => !/IFRAME|TRILENS-DEMO/.test(document.activeElement?.tagName ?? '')));
  const before = await scroll();
  await page.keyboard.press('PageDown');
  await until('the page scrolled by key', async () => await scroll() !== before);
});

test('off screen, a demo draws nothing', async () => {
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForTimeout(500);
  const before = (await call(frames[0].frame, 'info')).frames;
  assert.equal(typeof before, 'number');
  await frames[0].frame.evaluate(() => window.trilens.clear());
  await page.waitForTimeout(1000);
  assert.equal((await call(frames[0].frame, 'info')).frames, before);
});

test('the custom element answers the page API over postMessage', async () => {
  const info = await page.evaluate(async () => {
    const demo = document.querySelector('trilens-demo');
    const api = await demo.ready;
    return api.info();
  });
  assert.ok(info.version);
});

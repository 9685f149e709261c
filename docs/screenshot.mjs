// Makes the README's pictures, docs/screenshot.png and docs/transformer.png, from the built site: `node docs/screenshot.mjs` after `web/play --build-only`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '../tests/browser/browsers.mjs';
import { draw } from '../tests/browser/digits.mjs';
import { call, open, rect, site } from '../tests/browser/site.mjs';

const server = await site();
const browser = await chromium();
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
await open(page, `${server.url}?lang=en&theme=light`);
await call(page, 'clear');
await draw(page, await rect(page, 'cnn.pad'), 5);
const maps = await rect(page, 'cnn.conv1');
await page.mouse.move(maps.x + maps.width * 0.74, maps.y + maps.height * 0.12);
await page.waitForTimeout(500);
const docs = dirname(fileURLToPath(import.meta.url));
await page.screenshot({ path: join(docs, 'screenshot.png') });

await open(page, `${server.url}?lang=en&theme=light&room=transformer&transformer.stack=cross&transformer.layer=2&transformer.head=3`);
await call(page, 'text', 'The cat is on the table.');
await page.waitForTimeout(500);
const map = await rect(page, 'transformer.heads.map');
await page.mouse.move(map.x + map.width * 0.3, map.y + map.height * 0.35);
await page.waitForTimeout(500);
await page.screenshot({ path: join(docs, 'transformer.png') });
await browser.close();
await server.close();

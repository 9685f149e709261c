// The benchmark in Chromium: node bench/chromium.mjs build/web-threads/bench/page [gemm|conv|math|digits|pool]...
import { chromium } from '../tests/browser/browsers.mjs';
import { serve } from '../web/serve.mjs';

const [root, ...parts] = process.argv.slice(2);
if (!root) throw new Error('usage: node bench/chromium.mjs FOLDER_OF_BENCH_HTML [part]...');
const server = await serve({ root });
const browser = await chromium();
try {
  const page = await browser.newPage();
  page.on('console', message => console.log(message.text()));
  page.on('pageerror', error => console.error(String(error)));
  await page.goto(`http://127.0.0.1:${server.port}/bench.html?${parts.join('&')}`);
  await page.waitForFunction(() => document.title === 'done', null, { timeout: 600_000 });
} finally {
  await browser.close();
  server.close();
}

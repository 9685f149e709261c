// Starts the browsers on the machine: Chromium by playwright-core, Firefox by puppeteer-core (WebDriver BiDi).
// Chromium draws WebGL2 in software; Firefox has WebGL2 only with a display, so it runs under xvfb-run.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';

const quiet = ['--no-sandbox', '--no-first-run', '--disable-quic', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const software_gl = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

function program(variable, ...names) {
  if (process.env[variable]) return process.env[variable];
  for (const name of names) {
    try { return execFileSync('which', [name], { encoding: 'utf8' }).trim(); } catch { /* the next name */ }
  }
  throw new Error(`none of ${names.join(', ')} is on PATH; install one or set ${variable}`);
}

// A browser with playwright's usual arguments. `args` are added.
export async function chromium({ args = [] } = {}) {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: program('TRILENS_CHROMIUM', 'chromium', 'google-chrome'),
    args: [...quiet, ...software_gl, ...args] });
}

// A browser as a person has it: playwright's own arguments make Chromium refuse service workers in third-party frames.
export async function plain_chromium({ args = [] } = {}) {
  const { chromium } = await import('playwright-core');
  const profile = mkdtempSync(join(tmpdir(), 'trilens-chromium-'));
  return chromium.launchPersistentContext(profile, { executablePath: program('TRILENS_CHROMIUM', 'chromium', 'google-chrome'),
    ignoreDefaultArgs: true, viewport: null,
    args: ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--window-size=1280,720',
      ...quiet, ...software_gl, ...args, 'about:blank'] });
}

export async function firefox({ preferences = {} } = {}) {
  const { default: puppeteer } = await import('puppeteer-core');
  return puppeteer.launch({ browser: 'firefox', executablePath: program('TRILENS_FIREFOX', 'firefox-esr', 'firefox'),
    headless: !process.env.DISPLAY, extraPrefsFirefox: { 'webgl.force-enabled': true, ...preferences } });
}

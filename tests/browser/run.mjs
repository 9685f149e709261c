// Runs the browser tests: `node tests/browser/run.mjs [name...]`, where a name is the beginning of a test file's name.
// One file after the other: two software-rendered browsers at once on two cores would only measure each other.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter(file => file.endsWith('.test.mjs'))
  .filter(file => wanted.length === 0 || wanted.some(name => file.startsWith(name))).sort();
if (files.length === 0) {
  console.error(`no browser test begins with ${wanted.join(' or ')}`);
  process.exit(2);
}

run({ files: files.map(file => join(folder, file)), concurrency: 1, timeout: 600_000 })
  .on('test:fail', () => { process.exitCode = 1; })
  .compose(new spec())
  .pipe(process.stdout);

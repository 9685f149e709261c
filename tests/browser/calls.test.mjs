// The page API is one table (web/page/calls.js): every list of its calls and events that stands elsewhere is held against it. Needs no browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { calls, events, marked } from '../../web/page/calls.js';
import { repository } from './site.mjs';

const source = path => readFileSync(join(repository, path), 'utf8');
const names = (text, pattern) => [...text.matchAll(pattern)].map(match => match[1]);
const between = (text, start, end) => text.slice(text.indexOf(start), text.indexOf(end, text.indexOf(start)));
const sorted = list => [...new Set(list)].sort();

test('the table lists the calls that trilens.d.ts declares', () => {
  const declared = names(between(source('web/page/trilens.d.ts'), 'export interface Trilens {', '\n}'), /^ {2}(\w+)\(/gm);
  assert.deepEqual(sorted(Object.keys(calls)), sorted(declared));
});

test('the object on the page has exactly the functions of the table', () => {
  const body = between(source('web/page/trilens.js'), 'export class Trilens {', '\n}');
  const functions = names(body, /^ {2}(?:async )?([a-z_]\w*)\([^\n]*\) \{/gm).filter(name => name !== 'constructor');
  assert.deepEqual(sorted(Object.keys(calls)), sorted(functions));
});

test('each call has the function in C++ that the table names', () => {
  const bound = new Set(names(between(source('web/bindings.d.ts'), 'interface EmbindModule {', '\n}'), /^ {2}(\w+)\(/gm));
  for (const [name, { binding = name }] of Object.entries(calls)) assert.ok(binding === null || bound.has(binding), `${name}: no ${binding}`);
});

test('<trilens-demo> relays what a parent may call', () => {
  const list = names(between(source('web/page/embed.js'), 'const methods = [', '];'), /'(\w+)'/g);
  assert.deepEqual(sorted(list), sorted(marked(calls, 'parent')));
  assert.equal(list.length, new Set(list).size);
});

test('the events are those that trilens.d.ts names', () => {
  const declared = names(between(source('web/page/trilens.d.ts'), 'export type EventName =', ';'), /'(\w+)'/g);
  assert.deepEqual(sorted(Object.keys(events)), sorted(declared));
});

// The page API in one table: what a call may do from outside, and what C++ calls it. A call is a row here, a function in trilens.js, a line in
// trilens.d.ts, one in bindings.cpp, and, for parents, its name in embed.js, a classic script that cannot import: tests/browser/calls.test.mjs
// holds all of them against this table.

// parent: the page around an embedded Trilens may call it, `file` only if that page has an origin.
// binding: the name of C++'s function where it is another one; null where the page does it alone.
export const calls = {
  info: { parent: true },
  open: { parent: true },
  fields: { parent: true },
  get: { parent: true },
  set: { parent: true },
  state: { parent: true },
  restore: { parent: true },
  url: { parent: true, binding: 'link' },
  follow: {},
  picture: { parent: true, file: true },
  example: { parent: true, file: true },
  signal: { parent: true, file: true },
  stroke: { parent: true },
  clear: { parent: true },
  text: { parent: true },
  step: { parent: true },
  train: { parent: true },
  tensors: { parent: true },
  tensor: { parent: true },
  explain: { parent: true },
  inspect: { parent: true },
  inspected: { parent: true },
  load: { parent: true, file: true },
  save: { parent: true },
  checksum: { parent: true },
  signature: {},
  on: { binding: null },
  screenshot: { parent: true, binding: null },
  rects: { parent: true },
  undo: { parent: true },
  redo: { parent: true },
  set_language: { parent: true, binding: 'setLanguage' },
  set_theme: { parent: true, binding: 'setTheme' },
  report: {},
  focus: { binding: null },
  close: { binding: null },
};

// What on() listens to; a parent hears of those that tell of the learner's work, not of buttons that ask the page for a file.
export const events = {
  ready: {},
  change: { parent: true },
  step: { parent: true },
  epoch: { parent: true },
  done: { parent: true },
  error: { parent: true },
  stopped: { parent: true },
  save: {},
  load: {},
  record: {},
};

// The names of those rows of a table that have `mark`.
export const marked = (table, mark) => Object.keys(table).filter(name => table[name][mark]);

// Joined to the front of the threaded build: a page that is not isolated has no SharedArrayBuffer by name, yet the
// shared memory that the module is compiled for can be made, and one thread runs on it.
var SharedArrayBuffer = globalThis.SharedArrayBuffer ??
  new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true }).buffer.constructor;

// Threads would tell the page of their messages by Atomics.waitAsync, and the browser keeps who waits so, with all of the program's memory,
// until the page ends: a program that was closed would stay. Without it they post messages, as in browsers that have no waitAsync.
var Atomics = Object.create(globalThis.Atomics, { waitAsync: { value: undefined } });

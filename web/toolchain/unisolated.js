// Joined to the front of the threaded build: a page that is not isolated has no SharedArrayBuffer by name, yet the
// shared memory that the module is compiled for can be made, and one thread runs on it.
var SharedArrayBuffer = globalThis.SharedArrayBuffer ??
  new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true }).buffer.constructor;

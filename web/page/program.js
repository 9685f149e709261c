// The compiled program as the page calls it. A program that was closed, or in which something happened that it cannot go on after (a trap of
// WebAssembly: memory out of bounds, no memory left), does nothing any more: every call throws a sentence that says so.

export class StoppedError extends Error {
  constructor(message, cause) {
    super(message, { cause });
    this.name = 'StoppedError';
  }
}

const closed = 'this Trilens was closed';
const trapped = 'the program came to a halt and cannot go on: start it again';

// {program: the functions of `module`, guarded; close(); stopped(): why it does nothing any more, or null}. `trap(error)` hears of the
// first that traps.
export function guard(module, trap) {
  let stopped = null, running = module;
  const stop = (message, cause) => { stopped = new StoppedError(message, cause); };
  const guarded = name => (...values) => {
    if (stopped) throw stopped;
    try {
      return running[name](...values);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      stop(trapped, error);
      trap(stopped);
      throw stopped;
    }
  };
  const functions = new Map();
  const program = new Proxy({}, {
    get(_, name) {
      if (!functions.has(name)) functions.set(name, guarded(name));
      return functions.get(name);
    },
  });
  const close = () => {
    stop(closed);
    running = module = null;   // whoever still holds the API holds no memory of the program
    return stopped;
  };
  return { program, close, stopped: () => stopped };
}

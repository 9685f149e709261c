// Gets the program onto the page: what the browser can do, the download with its bytes, the threaded build first and the
// single-threaded one where that fails. Every way of failing is a LoadError whose message is a sentence for the learner.

export class LoadError extends Error {
  constructor(code, detail = '') {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'LoadError';
    this.code = code;
  }
}

// One function each, of the bytes that a browser must know: v128 (fixed-width SIMD), a tag (exceptions).
const simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
const exceptions = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 13, 3, 1, 0, 0];

export function check_browser() {
  if (typeof WebAssembly !== 'object') throw new LoadError('no-wasm');
  if (!WebAssembly.validate(Uint8Array.from(simd))) throw new LoadError('no-simd');
  if (!WebAssembly.validate(Uint8Array.from(exceptions))) throw new LoadError('no-exceptions');
}

// How long a build may stay silent after its download before the next is tried.
const patience = 30_000;

// Resolves to {module, build}. `begin(canvas)` is called for each try and returns the canvas to draw on.
export async function load_program({ base, canvas, progress = () => {} }) {
  let problem;
  for (const build of ['threads', 'single']) {
    try {
      return { build, module: await load_build({ base, build, canvas, progress }) };
    } catch (error) {
      // A site may hold the threaded build alone: that the other is not there is not why nothing starts.
      if (!problem || error.code !== 'download') problem = error;
      console.warn(`Trilens: the build '${build}' did not start: ${error.message}`);
    }
  }
  throw problem instanceof LoadError ? problem : new LoadError('no-start', problem.message);
}

// Bytes of the site's large files, by name.
const file_sizes = base => fetch(new URL('sizes.json', base)).then(response => response.ok ? response.json() : {}).catch(() => ({}));

// Shared memory of 256 MB that may grow to 2 GB, or to what the browser allows: some refuse to set aside so much (iOS).
function shared_memory() {
  const page = 2 ** 16, megabyte = 2 ** 20;
  for (const maximum of [2048, 1024, 512]) {
    try {
      return new WebAssembly.Memory({ initial: 256 * megabyte / page, maximum: maximum * megabyte / page, shared: true });
    } catch { /* less */ }
  }
  throw new LoadError('no-start', 'the browser has no memory to share');
}

async function load_build({ base, build, canvas, progress }) {
  const folder = new URL(`${build}/`, base);
  const sizes = file_sizes(base);
  const code = await import(new URL('trilens.js', folder)).catch(error => { throw new LoadError('download', error.message); });

  return new Promise((resolve, reject) => {
    let silence;
    const still_alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => reject(new LoadError('no-start', `nothing happened for ${patience / 1000} s`)), patience);
    };
    still_alive();
    const finish = action => value => { clearTimeout(silence); action(value); };
    const wasm = new URL('trilens.wasm', folder);
    code.default({
      canvas,
      ...(build === 'threads' ? { wasmMemory: shared_memory() } : {}),
      locateFile: name => new URL(name, folder).href,
      print: text => console.log(text),
      printErr: text => console.warn(text),
      onAbort: reason => finish(reject)(new LoadError('no-start', String(reason))),
      instantiateWasm(imports, done) {
        download(wasm, async loaded => progress({ loaded, total: (await sizes)[`${build}/trilens.wasm`] }), still_alive)
          .then(response => WebAssembly.instantiateStreaming(response, imports))
          .then(({ instance, module }) => done(instance, module), finish(reject));
        return {};
      },
    }).then(finish(resolve), finish(reject));
  });
}

// The response at `url` passed on while it is counted.
async function download(url, count, still_alive) {
  const response = await fetch(url).catch(error => { throw new LoadError('download', error.message); });
  if (!response.ok) throw new LoadError('download', `${url.pathname}: ${response.status}`);
  let loaded = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      still_alive();
      count(loaded);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: { 'Content-Type': 'application/wasm' } });
}

// Hosts that set no headers get them from isolation.js. Reloads the page at most once; where that cannot work (no service workers,
// a sandboxed frame, private mode) the page goes on with one thread. Resolves to false when the page is about to be reloaded.
export async function isolate(script) {
  if (globalThis.crossOriginIsolated || !globalThis.isSecureContext || !navigator.serviceWorker) return true;
  const mark = 'trilens-isolation';
  try {
    if (sessionStorage.getItem(mark)) return true;
    const registration = await navigator.serviceWorker.register(script);
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    await Promise.race([activated(worker), new Promise((_, reject) => setTimeout(reject, 4000, new Error('timeout')))]);
    sessionStorage.setItem(mark, '1');
    location.reload();
    return false;
  } catch {
    return true;
  }
}

const activated = worker => new Promise((resolve, reject) => {
  const look = () => {
    if (worker.state === 'activated') resolve();
    if (worker.state === 'redundant') reject(new Error('redundant'));
  };
  worker.addEventListener('statechange', look);
  look();
});

// The room that opens first is nothing without its network.
const needed = 'weights/digits.safetensors';

// Networks come beside the program, those that sizes.json lists: [{name, bytes}]. One that does not come is missing in its room alone, which says so.
export async function load_weights(base) {
  const files = Object.keys(await file_sizes(base)).filter(file => file.startsWith('weights/'));
  const all = await Promise.all(files.map(async file => {
    try {
      const response = await fetch(new URL(file, base));
      if (!response.ok) throw new Error(String(response.status));
      return { name: file.replace(/^weights\/|\.safetensors$/g, ''), bytes: new Uint8Array(await response.arrayBuffer()) };
    } catch (error) {
      if (file === needed) throw new LoadError('download', `${file}: ${error.message}`);
      console.warn(`Trilens: '${file}' did not come: ${error.message}`);
      return null;
    }
  }));
  return all.filter(Boolean);
}

// Serves a folder of static files on 127.0.0.1: `node web/serve.mjs [folder] [port] [--open]`, or imported by the browser tests.
import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.ico': 'image/x-icon', '.txt': 'text/plain; charset=utf-8',
  '.ts': 'text/plain; charset=utf-8',
};

// What gives a page SharedArrayBuffer wherever a browser allows it: at top level, and in a frame of any other page.
export const isolation = {
  'Document-Isolation-Policy': 'isolate-and-credentialless',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

// The file that a path of the address names, or null where there is none. `mounts` maps '/prefix/' to another folder.
function locate(root, mounts, path) {
  const prefix = Object.keys(mounts).find(each => path.startsWith(each));
  const folder = prefix ? mounts[prefix] : root;
  const file = normalize(join(folder, prefix ? path.slice(prefix.length) : path));
  if (!(file + sep).startsWith(normalize(folder + sep))) return null;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) return path.endsWith('/') ? locate(root, mounts, path + 'index.html') : { redirect: path + '/' };
  return found?.isFile() ? { file, size: found.size } : null;
}

// Resolves to {port, close()}. Port 0 takes any free one; a taken one rejects. `headers`: true for the four isolation
// headers, false for none, or an object of one's own.
export function serve({ root, port = 0, headers = true, mounts = {} }) {
  const extra = headers === true ? isolation : headers || {};
  const server = createServer((request, response) => {
    let place = null;
    try {
      place = locate(root, mounts, decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    } catch { /* an address that is none */ }
    const common = { ...extra, 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' };
    if (!['GET', 'HEAD'].includes(request.method)) {
      response.writeHead(405, common).end();
    } else if (place?.redirect) {
      response.writeHead(301, { ...common, Location: place.redirect }).end();
    } else if (!place) {
      response.writeHead(404, { ...common, 'Content-Type': 'text/plain' }).end('not found\n');
    } else {
      response.writeHead(200, { ...common, 'Content-Length': place.size,
        'Content-Type': types[extname(place.file)] ?? 'application/octet-stream' });
      if (request.method === 'HEAD') response.end();
      else createReadStream(place.file).on('error', () => response.destroy()).pipe(response);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({
      port: server.address().port,
      close: () => new Promise(done => { server.closeAllConnections(); server.close(done); }),
    }));
  });
}

// The first free port from `port` on.
async function serve_from(port, options) {
  for (let tries = 0; ; ++tries) {
    try {
      return await serve({ ...options, port: port + tries });
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || tries === 100) throw error;
    }
  }
}

// Where there is a desktop.
function open_page(address) {
  const desktop = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!desktop) return;
  spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [address], { stdio: 'ignore', detached: true })
    .on('error', () => { /* no such program: the address is printed */ }).unref();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [root = 'build/site', port = '8080', open] = process.argv.slice(2);
  const server = await serve_from(Number(port), { root });
  const address = `http://127.0.0.1:${server.port}/`;
  console.log(`Trilens is at ${address} (Ctrl-C ends it)`);
  if (open === '--open') open_page(address);
}

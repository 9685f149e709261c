// <trilens-demo room="cnn" lang="zh" state="..." controls="colormap,brush" theme="dark">: an iframe of Trilens with the page API.
// A classic script, so that any page may load it from any server: <script src=".../embed.js"></script>. `demo.ready` resolves to an
// object whose functions answer with promises; its events are DOM events 'trilens-change', 'trilens-done', ...
(() => {
  const namespace = { ns: 'trilens', v: 1 };
  const home = new URL('.', document.currentScript?.src ?? location.href);
  const methods = ['info', 'open', 'fields', 'get', 'set', 'state', 'restore', 'url', 'picture', 'example', 'signal', 'stroke', 'clear', 'text', 'step', 'train',
    'tensors', 'tensor', 'explain', 'inspect', 'inspected', 'load', 'save', 'checksum', 'screenshot', 'rects', 'undo', 'redo', 'set_language', 'set_theme'];

  class TrilensDemo extends HTMLElement {
    #frame = null; #calls = new Map(); #next = 1; #is_ready; #listen = event => this.#hear(event);

    constructor() {
      super();
      this.ready = new Promise(resolve => { this.#is_ready = resolve; });
      for (const method of methods) if (!(method in this)) this[method] = (...args) => this.ready.then(() => this.#call(method, args));
    }

    connectedCallback() {
      if (this.#frame) return;
      const address = new URL('index.html', this.getAttribute('src') ? new URL(this.getAttribute('src'), location.href) : home);
      for (const name of ['room', 'lang', 'theme', 'controls', 'state']) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }
      const frame = document.createElement('iframe');
      frame.title = this.getAttribute('title') ?? 'Trilens';
      frame.loading = 'lazy';
      frame.allow = 'fullscreen; clipboard-write; cross-origin-isolated';
      Object.assign(frame.style, { display: 'block', width: '100%', height: '100%', border: '0', borderRadius: 'inherit' });
      if (getComputedStyle(this).display === 'inline') this.style.display = 'block';
      if (!this.style.height && !this.style.aspectRatio) this.style.aspectRatio = '16 / 10';
      frame.src = address.href;
      this.#frame = frame;
      addEventListener('message', this.#listen);
      this.append(frame);
    }

    disconnectedCallback() {
      removeEventListener('message', this.#listen);
      this.#frame?.remove();
      this.#frame = null;
      for (const { reject } of this.#calls.values()) reject(new Error('the demo was taken off the page'));
      this.#calls.clear();
    }

    #call(method, args) {
      return new Promise((resolve, reject) => {
        const id = this.#next++;
        this.#calls.set(id, { resolve, reject });
        this.#frame.contentWindow.postMessage({ ...namespace, type: 'call', id, method, args }, new URL(this.#frame.src).origin);
      });
    }

    #hear({ source, data }) {
      if (source !== this.#frame?.contentWindow || data?.ns !== 'trilens' || data.v !== 1) return;
      if (data.type === 'ready') {
        this.#call('info', []).then(() => this.#is_ready(Object.fromEntries(methods.map(method => [method, (...args) => this.#call(method, args)]))));
      } else if (data.type === 'answer') {
        const { resolve, reject } = this.#calls.get(data.id) ?? {};
        this.#calls.delete(data.id);
        if (data.error) reject?.(Object.assign(new ({ RangeError }[data.error.name] ?? Error)(data.error.message), { name: data.error.name }));
        else resolve?.(data.value);
      } else if (data.type === 'event') {
        this.dispatchEvent(new CustomEvent(`trilens-${data.event}`, { detail: data.detail }));
      } else if (data.type === 'leave') {
        this.#frame.blur();
        window.focus();
      }
    }
  }

  if (!customElements.get('trilens-demo')) customElements.define('trilens-demo', TrilensDemo);
})();

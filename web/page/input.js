// The manners of the canvas. Pointers are captured, so that a drag may end outside; every coalesced point is passed on; wheel and
// touch stay the page's until the learner is inside (the canvas has the focus) unless the canvas is the page; Esc leaves; a
// hidden text field stands at the caret for input methods and phone keyboards; the clipboard is the system's.

const cursors = ['default', 'text', 'move', 'ns-resize', 'ew-resize', 'nesw-resize', 'nwse-resize', 'pointer', 'wait', 'progress', 'not-allowed'];

export class Input {
  // `program`: the Embind module; `wake(now)` asks for a frame, at once if now; `whole`: the canvas is the page; `leave()` after Esc.
  constructor({ program, canvas, agent, wake, whole, leave }) {
    Object.assign(this, { program, canvas, agent, wake, whole, leave });
    this.pointer = null;
    this.stop = new AbortController();
    this.listen_to_pointers();
    this.listen_to_keys();
    this.listen_to_text();
    this.update_touch();
  }

  close() { this.stop.abort(); }

  get inside() {
    const focused = this.canvas.getRootNode().activeElement;
    return focused === this.canvas || focused === this.agent;
  }

  on(target, names, listener, options = {}) {
    for (const name of names.split(' ')) target.addEventListener(name, listener, { signal: this.stop.signal, ...options });
  }

  // Where an event is, in CSS pixels of the canvas.
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  listen_to_pointers() {
    const { canvas, program } = this;
    this.on(canvas, 'pointerdown', event => {
      if (this.pointer !== null && this.pointer !== event.pointerId) return;   // one finger at a time
      const was_inside = this.inside;
      if (!was_inside) canvas.focus({ preventScroll: true });
      event.preventDefault();
      // A finger that comes from reading the page only enters; what it does next is the demo's.
      if (event.pointerType === 'touch' && !was_inside && !this.whole) return;
      this.pointer = event.pointerId;
      try { canvas.setPointerCapture(event.pointerId); } catch { /* a made-up event has no pointer to capture */ }
      program.pointerMoved(...this.place(event), event.pointerType);
      program.pointerButton(event.button, true);
      this.wake();
    });
    this.on(canvas, 'pointermove', event => {
      if (this.pointer !== null && this.pointer !== event.pointerId) return;
      const points = event.getCoalescedEvents?.() ?? [];
      for (const point of points.length ? points : [event]) program.pointerMoved(...this.place(point), event.pointerType);
      if (event.button >= 0) program.pointerButton(event.button, (event.buttons & [1, 4, 2][event.button]) !== 0);   // chorded buttons
      this.wake();
    });
    this.on(canvas, 'pointerup pointercancel', event => {
      if (this.pointer !== event.pointerId) return;
      this.pointer = null;
      program.pointerMoved(...this.place(event), event.pointerType);
      for (const button of event.type === 'pointercancel' ? [0, 1, 2] : [event.button]) program.pointerButton(button, false);
      if (event.pointerType === 'touch') program.pointerLeft();
      // Phones open their keyboard only while the finger's event is handled: draw now, so that the caret is known now.
      this.wake(event.pointerType === 'touch');
    });
    this.on(canvas, 'pointerleave', event => {
      if (this.pointer !== null || event.pointerType === 'touch') return;
      program.pointerLeft();
      this.wake();
    });
    this.on(canvas, 'contextmenu', event => event.preventDefault());
    this.on(canvas, 'wheel', event => {
      if (event.ctrlKey || !(this.whole || this.inside)) return;
      event.preventDefault();
      const unit = [1 / 100, 1 / 3, 1][event.deltaMode];
      program.wheelTurned(event.deltaX * unit, event.deltaY * unit);
      this.wake();
    }, { passive: false });
  }

  listen_to_keys() {
    const { canvas, agent, program } = this;
    for (const target of [canvas, agent]) {
      this.on(target, 'keydown', event => this.key_down(event));
      this.on(target, 'keyup', event => {
        if (event.isComposing) return;
        program.keyChanged(this.code(event), false, this.modifiers(event));
        this.wake();
      });
      this.on(target, 'focus blur', () => {
        program.focusChanged(this.inside);
        this.update_touch();
        this.wake();
      });
    }
  }

  key_down(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const { program } = this;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape' && !program.escapeIsWanted()) {
      event.preventDefault();
      event.target.blur();
      this.leave?.();
      return;
    }
    if (/^F\d+$/.test(event.key)) return;                                      // the browser's
    if (command && event.key.toLowerCase() === 'v') return;                    // becomes a paste event
    if (command && !/^([acxyz0]|arrow.*|home|end|backspace|delete)$/i.test(event.key) && !['Control', 'Meta'].includes(event.key)) return;
    if (event.altKey && event.key.startsWith('Arrow')) return;                 // back and forward
    program.keyChanged(this.code(event), true, this.modifiers(event));
    const types = event.key.length === 1 && !command;
    if (types && event.target === this.canvas) program.textTyped(event.key);
    if (!types || event.target === this.canvas) event.preventDefault();
    this.wake();
  }

  // Letters by what the layout types (Ctrl+Z is where its Z is), all else by place.
  code(event) {
    return /^[a-z]$/i.test(event.key) ? `Key${event.key.toUpperCase()}` : event.code;
  }

  modifiers(event) {
    return Number(event.ctrlKey) | event.shiftKey << 1 | event.altKey << 2 | event.metaKey << 3;
  }

  listen_to_text() {
    const { agent, canvas, program } = this;
    const take = () => {
      if (agent.value) program.textTyped(agent.value);
      agent.value = '';
      this.wake();
    };
    this.on(agent, 'input', event => { if (!event.isComposing) take(); });
    this.on(agent, 'compositionend', take);
    for (const target of [canvas, agent]) {
      this.on(target, 'paste', event => {
        const text = event.clipboardData?.getData('text/plain');
        if (!text) return;
        event.preventDefault();
        program.setClipboard(text);
        program.keyChanged('KeyV', true, 1);
        program.keyChanged('KeyV', false, 0);
        this.wake();
      });
    }
  }

  // What a frame said about cursor, caret and clipboard.
  follow({ cursor, caret, copied }) {
    const { agent, canvas } = this;
    const wanted = cursor < 0 ? 'none' : cursors[cursor] ?? 'default';
    if (canvas.style.cursor !== wanted) canvas.style.cursor = wanted;
    if (copied !== null) navigator.clipboard?.writeText(copied).catch(() => {});
    if (caret && this.inside) {
      agent.style.transform = `translate(${Math.max(0, caret.x)}px, ${Math.max(0, caret.y)}px)`;
      agent.style.height = `${caret.height}px`;
      if (this.canvas.getRootNode().activeElement !== agent) agent.focus({ preventScroll: true });
    } else if (!caret && this.canvas.getRootNode().activeElement === agent) {
      canvas.focus({ preventScroll: true });
    }
  }

  // Until the learner is inside, fingers scroll the page; then only two of them zoom it.
  update_touch() { this.canvas.style.touchAction = this.whole || this.inside ? 'pinch-zoom' : 'pan-x pan-y pinch-zoom'; }
}

// TypeScript bindings for emscripten-generated code.  Automatically generated at compile time.
declare namespace RuntimeExports {
    const HEAPF32: any;
    const HEAPF64: any;
    const HEAP_DATA_VIEW: any;
    const HEAP8: any;
    const HEAPU8: any;
    const HEAP16: any;
    const HEAPU16: any;
    const HEAP32: any;
    const HEAPU32: any;
    const HEAP64: any;
    const HEAPU64: any;
}
interface WasmModule {
  _main(_0: number, _1: number): number;
}

type EmbindString = ArrayBuffer|Uint8Array|Uint8ClampedArray|Int8Array|string;
interface EmbindModule {
  giveWeights(_0: EmbindString, _1: any): void;
  start(_0: EmbindString): string;
  frame(_0: number): any;
  wake(): void;
  resize(_0: number, _1: number, _2: number, _3: number): void;
  renew(): void;
  pointerMoved(_0: number, _1: number, _2: EmbindString): void;
  pointerButton(_0: number, _1: boolean): void;
  pointerLeft(): void;
  wheelTurned(_0: number, _1: number): void;
  keyChanged(_0: EmbindString, _1: boolean, _2: number): void;
  textTyped(_0: EmbindString): void;
  focusChanged(_0: boolean): void;
  setClipboard(_0: EmbindString): void;
  escapeIsWanted(): boolean;
  info(): string;
  open(_0: EmbindString): string;
  fields(): string;
  get(_0: EmbindString): string;
  set(_0: EmbindString, _1: EmbindString): string;
  state(): string;
  restore(_0: EmbindString): string;
  link(): string;
  follow(_0: EmbindString): string;
  picture(_0: any, _1: number, _2: number): string;
  example(_0: EmbindString, _1: any, _2: number, _3: number): string;
  signal(_0: any): string;
  stroke(_0: EmbindString): string;
  clear(): string;
  text(_0: EmbindString): string;
  step(_0: number): string;
  train(_0: EmbindString): string;
  tensors(): string;
  tensor(_0: EmbindString): any;
  explain(_0: EmbindString, _1: EmbindString): string;
  inspect(_0: EmbindString, _1: EmbindString): string;
  inspected(): string;
  load(_0: any, _1: EmbindString): string;
  save(): any;
  checksum(): string;
  signature(): string;
  rects(): string;
  takeEvents(): string;
  undo(): string;
  redo(): string;
  setLanguage(_0: EmbindString): string;
  setTheme(_0: EmbindString): string;
  report(_0: EmbindString): string;
}

export type MainModule = WasmModule & typeof RuntimeExports & EmbindModule;
export default function MainModuleFactory (options?: unknown): Promise<MainModule>;

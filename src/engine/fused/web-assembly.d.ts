/** What this engine uses of WebAssembly's JavaScript interface: the types of Node do not declare it. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KiB; throws a RangeError where there is no more. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
    readonly exports: Readonly<Record<string, (...operands: number[]) => number>>;
  }
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

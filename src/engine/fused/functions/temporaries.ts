import type { Code, Local, ValueType } from '../wasm/code.js';

const pools = new WeakMap<Code, Record<ValueType, Local[]>>();

/**
 * Local variables for a few instructions in a row: the same ones every time, so that a body that uses a
 * function often does not collect locals. What is in them does not outlive the next use.
 */
export function temporaries(code: Code, type: ValueType, count: number): Local[] {
  let pool = pools.get(code);
  if (pool === undefined) {
    pool = { i32: [], i64: [], f32: [], f64: [], v128: [] };
    pools.set(code, pool);
  }
  const found = pool[type];
  while (found.length < count) found.push(code.local(type, `t${found.length}`));
  return found.slice(0, count);
}

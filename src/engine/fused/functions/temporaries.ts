import type { Code, Local, ValueType } from '../wasm/code.js';

const pools = new WeakMap<Code, Record<ValueType, Local[]>>();

/**
 * The k-th local variable of a type for the few instructions of one function: the same ones at the next
 * place, so that a body that uses functions often does not collect locals.
 */
export function temporary(code: Code, type: ValueType, k: number): Local {
  let pool = pools.get(code);
  if (pool === undefined) {
    pool = { i32: [], i64: [], f32: [], f64: [], v128: [] };
    pools.set(code, pool);
  }
  const locals = pool[type];
  while (locals.length <= k) locals.push(code.local(type, `t${locals.length}`));
  return locals[k]!;
}

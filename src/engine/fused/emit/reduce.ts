import type { Operation } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import type { Frame } from './frame.js';

/** The instruction that takes one more value into a sum or a maximum. */
export function takingIn(operation: Operation): 'add' | 'max' {
  if (operation.op === 'sum') return 'add';
  if (operation.op === 'max') return 'max';
  throw new RangeError(`${operation.op} is not a reduction`);
}

/** What a sum or a maximum begins with. */
export function neutral(operation: Operation): number {
  return takingIn(operation) === 'add' ? 0 : Number.NEGATIVE_INFINITY;
}

/** Puts a vector on the stack whose lane k is what the lanes of the k-th part come to; 0 where there is none. */
export function pushAcross(frame: Frame, parts: readonly Local[], take: 'add' | 'max'): void {
  const { code, lanes } = frame;
  const part = (k: number): void => {
    const local = parts[k];
    if (local) code.get(local);
    else frame.constant(0);
  };
  if (lanes.count === 2) {
    part(0);
    part(1);
    code.shuffle64(0, 2);
    part(0);
    part(1);
    code.shuffle64(1, 3);
    frame.op(take);
    return;
  }
  const pair = (k: number): void => {
    part(k);
    part(k + 1);
    code.shuffle32(0, 4, 1, 5);
    part(k);
    part(k + 1);
    code.shuffle32(2, 6, 3, 7);
    frame.op(take);
  };
  // Twice over two pairs: lanes (k, k + 1, k, k + 1), then all four.
  const [first, second] = [code.local('v128', 'firstPair'), code.local('v128', 'secondPair')];
  pair(0);
  code.set(first);
  if (parts.length > 2) pair(2);
  else frame.constant(0);
  code.set(second);
  code.get(first);
  code.get(second);
  code.shuffle32(0, 1, 4, 5);
  code.get(first);
  code.get(second);
  code.shuffle32(2, 3, 6, 7);
  frame.op(take);
}

/** Puts what the lanes of a vector come to on the stack: f64, in double precision. */
export function pushNumberAcross(frame: Frame, vector: Local, take: 'add' | 'max'): void {
  const { code, lanes } = frame;
  for (let lane = 0; lane < lanes.count; lane++) {
    code.get(vector);
    code.lane(`${lanes.shape}.extract_lane`, lane);
    if (lanes.count === 4) code.op('f64.promote_f32');
    if (lane > 0) code.op(`f64.${take}`);
  }
}

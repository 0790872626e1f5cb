import type { GraphBuilder } from '../program/builder.js';
import type { Node } from '../program/ir.js';

/** A plain mean and the number of values in it, with one more value; it starts again where `begins` is 1. */
export function runningMean(
  b: GraphBuilder,
  begins: Node,
  value: Node,
  before: { readonly count: Node; readonly mean: Node },
): { count: Node; mean: Node } {
  const goesOn = b.subtract(b.constant(1), begins);
  const count = b.add(b.multiply(goesOn, before.count), b.constant(1));
  const kept = b.multiply(goesOn, before.mean);
  return { count, mean: b.add(kept, b.binary('divide', b.subtract(value, kept), count)) };
}

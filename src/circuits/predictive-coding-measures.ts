import type { GraphBuilder } from '../program/builder.js';
import type { CircuitNow, Measures } from '../program/circuit.js';
import type { Node, Output } from '../program/ir.js';
import { backpropagated, type Network, predict } from './predictive-coding-parts.js';

/** What a layer's synapses learn from: the change is −error · sentᵀ. */
export interface Update {
  readonly error: Node;
  readonly sent: Node;
}

/** Sums over trials, one number a layer: squared sizes of the updates and of their distance, inner products. */
export const BESIDE_STATES = [
  'squared distance from backpropagation',
  'squared backpropagation',
  'squared updates',
  'updates times backpropagation',
] as const;

/** The next sums: what stands at the end of relaxation, beside the update of backpropagation. */
export function besideBackpropagation(
  b: GraphBuilder,
  now: CircuitNow,
  network: Network,
  updates: readonly Update[],
): Output[] {
  const forward = predict(b, network, now, (_, prediction) => prediction);
  const errors = backpropagated(b, network, now, forward);
  const inner = (x: Node, y: Node): Node => b.sum(b.multiply(x, y), 'columns');
  const layers = updates.map(({ error, sent }, k) => {
    const exact = b.multiply(errors[k + 1]!, forward.slopes[k + 1]!);
    const below = forward.sent[k]!;
    // a bᵀ − c dᵀ = (a − c) bᵀ + c (b − d)ᵀ, which loses no digits where the two are nearly the same.
    const [off, shift] = [b.subtract(error, exact), b.subtract(sent, below)];
    const cross = b.multiply(inner(off, exact), inner(sent, shift));
    const distance = b.total([
      b.multiply(inner(off, off), inner(sent, sent)),
      b.multiply(b.constant(2), cross),
      b.multiply(inner(exact, exact), inner(shift, shift)),
    ])!;
    return [
      distance,
      b.multiply(inner(exact, exact), inner(below, below)),
      b.multiply(inner(error, error), inner(sent, sent)),
      b.multiply(inner(error, exact), inner(sent, below)),
    ];
  });
  const isNow = now.at('relax.end');
  return BESIDE_STATES.map((name, kind) => {
    const row = b.transpose(b.concat(layers.map((each) => each[kind]!)));
    return { name, node: b.add(now.value(name), b.multiply(isNow, row)) };
  });
}

/**
 * For each layer, `relative error`, the length of what an update differs by from that of backpropagation, in
 * lengths of the latter, and `angle` between the two, in degrees, over all trials. Null where nothing was
 * measured.
 */
export function readBeside(outputs: Readonly<Record<string, Float64Array>>): Measures {
  const [distance, exact, own, product] = BESIDE_STATES.map((name) => [...(outputs[name] ?? [])]);
  return {
    'relative error': distance!.map((sum, l) =>
      exact![l]! > 0 ? Math.sqrt(Math.max(0, sum) / exact![l]!) : null,
    ),
    angle: product!.map((sum, l) => {
      const size = Math.sqrt(own![l]! * exact![l]!);
      return size > 0 ? (180 / Math.PI) * Math.acos(Math.min(1, Math.max(-1, sum / size))) : null;
    }),
  };
}

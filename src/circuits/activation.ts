import type { GraphBuilder } from '../program/builder.js';
import type { Node } from '../program/ir.js';

/** What a neuron makes of its summed input. */
export const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'] as const;
export type Activation = (typeof ACTIVATIONS)[number];
/** Those, and what only recurrent networks take. */
type AnyActivation = Activation | 'softplus';

/** The activity of summed inputs `[streams, neurons]`. */
export function activate(b: GraphBuilder, activation: AnyActivation, input: Node): Node {
  if (activation === 'linear') return input;
  return activation === 'softmax' ? b.softmax(input) : b.unary(activation, input);
}

/**
 * Its derivative by the input. At a kink 0. The softmax goes with the cross-entropy, whose derivative by
 * the input is activity − target, so its slope counts as 1.
 */
export function slopeOf(b: GraphBuilder, activation: AnyActivation, input: Node): Node {
  const one = b.constant(1, input.shape);
  if (activation === 'linear' || activation === 'softmax') return one;
  if (activation === 'relu') return b.unary('step', input);
  if (activation === 'softplus') return b.unary('sigmoid', input);
  const y = b.unary(activation, input);
  if (activation === 'sigmoid') return b.multiply(y, b.subtract(one, y));
  return b.subtract(one, b.multiply(y, y));
}

/**
 * The cost of each row of activities against its targets, `[streams, 1]`: half the squared distance; of
 * a softmax the cross-entropy.
 */
export function costOf(
  b: GraphBuilder,
  activation: Activation,
  { input, activity, target }: { input: Node; activity: Node; target: Node },
): Node {
  if (activation === 'softmax') {
    const chosen = b.sum(b.multiply(input, target), 'columns');
    return b.subtract(b.logsumexp(input), chosen);
  }
  const distance = b.subtract(activity, target);
  return b.multiply(b.constant(0.5), b.sum(b.multiply(distance, distance), 'columns'));
}

import type { GraphBuilder } from '../program/builder.js';
import type { Node } from '../program/ir.js';

/** What the neurons of one population hold in a step, each `[streams, neurons]`. */
export interface Neurons {
  /** What they send. */
  readonly activity: Node;
  /** Their summed input. */
  readonly input: Node;
  /** Derivative of the activity by the input. */
  readonly slope: Node;
  /** What the error pathway brings, about the activity. */
  readonly feedback: Node;
  /** `feedback · slope`: about the input. */
  readonly error: Node;
}

/** The signal `pre.MEMBER` or `post.MEMBER` (`pre` and `post` alone: the activity) of two populations. */
export function neuronSignal(name: string, pre: Partial<Neurons>, post: Partial<Neurons>): Node {
  const [side, member = 'activity'] = name.split('.') as [string, keyof Neurons | undefined];
  const node = (side === 'pre' ? pre : post)[member];
  if (!node) throw new RangeError(`no signal ${name} here`);
  return node;
}

/** log(1 + exp(βu))/β */
export function softplus(b: GraphBuilder, input: Node, beta: number): Node {
  const scaled = b.multiply(b.constant(beta), input);
  return b.multiply(b.constant(1 / beta), b.unary('softplus', scaled));
}

/** The derivative of a softplus from its value y: 1 − exp(−βy). */
export function softplusSlope(b: GraphBuilder, activity: Node, beta: number): Node {
  const decayed = b.unary('exp', b.multiply(b.constant(-beta), activity));
  return b.subtract(b.constant(1), decayed);
}

/** Mean cross-entropy of rows of logits against rows of targets, `[1, 1]`. */
export function crossEntropy(b: GraphBuilder, logits: Node, targets: Node): Node {
  const chosen = b.sum(b.multiply(logits, targets), 'columns');
  const each = b.subtract(b.logsumexp(logits), chosen);
  return b.multiply(b.constant(1 / logits.shape[0]), b.sum(each, 'rows'));
}

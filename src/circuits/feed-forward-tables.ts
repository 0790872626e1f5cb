import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';

/**
 * What carries errors back: weights of their own that stay as they were drawn, layer by layer (`random`,
 * feedback alignment) or straight from the output (`direct`); weights of their own that learn by a
 * rule `for feedback` (`plastic`); or the forward weights (`symmetric`, backpropagation).
 */
export const FEEDBACKS = ['random', 'plastic', 'direct', 'symmetric'] as const;
export type FeedForwardFeedback = (typeof FEEDBACKS)[number];

/** Factors on what is drawn at the start of an episode. */
export const SCALES = {
  weightScale: 'factor on the initial weights, which are Glorot uniform',
  feedbackScale: 'factor on the feedback weights as they are drawn; none with symmetric feedback',
} as const;

export const DIFFERENTIATE =
  'false: derivatives of the loss take symmetric feedback for constant, although it is not; the network itself is the same';

const NEURON = ['w', 'pre', 'post', 'post.input', 'post.slope', 'pre.size', 'post.size'];
const BROUGHT = ['pre.feedback', 'post.feedback', 'pre.error', 'post.error'];

/** What a kind of projection of this circuit offers to a rule, by the circuit's feedback. */
export function feedForwardTable(
  feedback: FeedForwardFeedback,
  kind = 'forward',
  bias = false,
): SignalTable {
  const symmetric = { grade: 'transport' } as const;
  // What a bias has before it is no neuron: it is always 1.
  const offered =
    kind === 'bias'
      ? [...NEURON, 'post.feedback', 'post.error']
      : [...NEURON, 'pre.input', 'pre.slope', ...BROUGHT];
  const kinds = [
    'forward',
    ...(feedback === 'plastic' ? ['feedback'] : []),
    ...(bias ? ['bias'] : []),
  ];
  const overrides =
    feedback === 'symmetric' ? Object.fromEntries(BROUGHT.map((name) => [name, symmetric])) : {};
  return tableOffering('feed-forward', offered, kinds, { overrides });
}

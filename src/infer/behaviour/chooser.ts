import { PLAIN } from '../../base/dimension.js';
import type { Signal } from '../../language/signals.js';
import { tableOffering } from '../../language/vocabulary.js';
import type { GraphBuilder } from '../../program/builder.js';
import type { Circuit, CircuitNow, CircuitStep } from '../../program/circuit.js';
import type { Choices } from './choices.js';

/** The slot with what is compared with choices: a number an option, log odds up to what they share. */
export const URGES = 'urges';
/** Its weights, and what is added to the urges and does not learn. */
export const WEIGHTS = 'W';
export const BIAS = 'bias';

/** What was done: a rule may read it, the network does not decide it. */
const CHOSEN: Signal = {
  name: 'chosen',
  extent: 'post',
  grade: 'synapse',
  dimension: PLAIN,
  event: false,
  symbol: 'c',
  matrixSymbol: 'c',
  meaning: 'Whether the option of the postsynaptic neuron was chosen in this step: 1 or 0.',
};

/**
 * A network that decides: urges u = W x + b, a neuron an option. A single one accepts with probability
 * 1 / (1 + e^−u); of several one is chosen, with the softmax of their urges. `post` is that probability.
 * What was chosen and got is given, as it was recorded; after it the weights change.
 */
export function chooser({
  inputs,
  options,
  decision,
}: Pick<Choices, 'inputs' | 'options' | 'decision'>): Circuit {
  const step = (b: GraphBuilder, now: CircuitNow): CircuitStep => {
    const pre = now.value('pattern');
    const urges = b.add(b.matmul(pre, now.weight(WEIGHTS), false, true), now.value(BIAS));
    const post = decision === 'accept' ? b.unary('sigmoid', urges) : b.softmax(urges);
    const signals: Readonly<Record<string, () => ReturnType<GraphBuilder['add']>>> = {
      pre: () => pre,
      post: () => post,
      'post.input': () => urges,
    };
    return {
      states: [{ name: BIAS, node: now.value(BIAS) }],
      signal: (_, name) => signals[name]?.() ?? now.value(name),
      observed: [{ name: URGES, node: urges }],
    };
  };
  return {
    name: `chooser ${inputs}-${options} (${decision})`,
    projections: [
      { name: WEIGHTS, kind: 'forward', preSize: inputs, postSize: options, masked: false },
    ],
    tables: {
      forward: tableOffering(
        'a network that decides',
        ['w', 'pre', 'post', 'post.input', 'reward', 'dt', 'pre.size', 'post.size'],
        ['forward'],
        { own: [CHOSEN] },
      ),
    },
    states: [{ name: BIAS, shape: [1, options] }],
    constants: [],
    stepInputs: [
      { name: 'pattern', shape: [1, inputs] },
      { name: 'chosen', shape: [1, options] },
      { name: 'reward', shape: [1, 1] },
    ],
    queryInputs: [],
    stepLength: null,
    step,
    readout: (b) => [{ name: 'loss', node: b.constant(0) }],
    draw: () => ({}),
  };
}

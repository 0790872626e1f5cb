import type { Stream } from '../base/random.js';
import type { Arrays } from '../engine/engine.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import { assembleProgram, type Lookup } from '../program/assemble.js';
import type { GraphBuilder } from '../program/builder.js';
import type { Node, Output, Program, Slot } from '../program/ir.js';
import { lowerUpdate, type ProjectionSignals } from '../program/lower.js';
import type { RuleForCircuit } from './rule.js';

export interface FeedForwardOptions {
  /** Neurons a layer, input first, output last. */
  readonly sizes: readonly number[];
  /** Sharpness β of the softplus log(1 + exp(βu))/β. */
  readonly beta: number;
  /**
   * What carries errors back: weights of their own, drawn once an episode ('random', feedback
   * alignment), or the forward weights ('symmetric', backpropagation).
   */
  readonly feedback: 'random' | 'symmetric';
}

/** What this circuit offers to a rule, by its feedback. */
export function feedForwardTable(feedback: FeedForwardOptions['feedback']): SignalTable {
  const symmetric = { grade: 'transport' } as const;
  const brought = ['pre.feedback', 'post.feedback', 'pre.error', 'post.error'];
  return tableOffering(
    'feed-forward',
    [
      'w',
      'pre',
      'post',
      'pre.input',
      'post.input',
      'pre.slope',
      'post.slope',
      ...brought,
      'pre.size',
      'post.size',
    ],
    ['forward'],
    feedback === 'symmetric'
      ? { overrides: Object.fromEntries(brought.map((name) => [name, symmetric])) }
      : {},
  );
}

/**
 * The fully connected network of Shervani-Tabar & Rosenbaum 2023 (Methods), without biases, learning
 * online: softplus hidden layers, softmax output with cross-entropy, errors fed back layer by layer
 * as e_l = (B_{l+1}ᵀ e_{l+1}) ⊙ φ′(u_l) down to the input (their Eqs 3 and 24), and the same local
 * rule at every projection. All errors and updates of a step are made from the weights before it.
 */
export function feedForwardProgram(
  options: FeedForwardOptions,
  rule: RuleForCircuit,
  /** Images the read-out is shown at once. */
  queries: number,
): Program {
  const { sizes, feedback } = options;
  const weights = matrices('W', sizes);
  const backward = feedback === 'random' ? matrices('B', sizes) : [];
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  return assembleProgram({
    name: `${rule.name} on feed-forward ${sizes.join('-')} (${feedback} feedback)`,
    parameters: rule.searched,
    states: weights,
    constants: backward,
    stepInputs: [
      { name: 'image', shape: [1, first] },
      { name: 'target', shape: [1, last] },
    ],
    queryInputs: [
      { name: 'query images', shape: [queries, first] },
      { name: 'query targets', shape: [queries, last] },
    ],
    step: (builder, value) => step(builder, value, options, rule),
    readout: (builder, value) => readout(builder, value, options),
  });
}

/**
 * Initial weights and feedback weights of an episode: Glorot uniform, U(−a, a) with
 * a = √(6 / (fan in + fan out)), both drawn anew every episode.
 */
export function drawFeedForward(options: FeedForwardOptions, stream: Stream): Arrays {
  const slots = [...matrices('W', options.sizes)];
  if (options.feedback === 'random') slots.push(...matrices('B', options.sizes));
  return Object.fromEntries(
    slots.map(({ name, shape: [rows, columns] }) => {
      const bound = Math.sqrt(6 / (rows + columns));
      const draws = stream.child('weights', name);
      const values = Float64Array.from({ length: rows * columns }, () =>
        draws.uniform(-bound, bound),
      );
      return [name, values];
    }),
  );
}

/** One matrix a projection, from layer l − 1 to layer l: `[sizes[l], sizes[l − 1]]`. */
function matrices(letter: string, sizes: readonly number[]): Slot[] {
  return sizes.slice(1).map((size, l) => ({ name: `${letter}${l + 1}`, shape: [size, sizes[l]!] }));
}

/** What the neurons of one layer hold in a step. */
interface Layer {
  readonly activity: Node;
  readonly input: Node;
  readonly slope: Node;
  readonly feedback: Node;
  readonly error: Node;
}

function step(
  b: GraphBuilder,
  value: Lookup,
  options: FeedForwardOptions,
  rule: RuleForCircuit,
): Output[] {
  const layers = runLayers(b, value, options);
  const parameter = (name: string): Node =>
    rule.searched.includes(name) ? value(name) : b.constant(rule.values.get(name)!);
  return options.sizes.slice(1).map((postSize, l) => {
    const weight = value(`W${l + 1}`);
    const [pre, post] = [layers[l]!, layers[l + 1]!];
    const projection: ProjectionSignals = {
      preSize: options.sizes[l]!,
      postSize,
      weight,
      parameter,
      signal: (name) => signalOf(b, name, pre, post, projection),
    };
    return { name: `W${l + 1}`, node: b.add(weight, lowerUpdate(b, rule.update, projection)) };
  });
}

/** Forward pass, then errors from the output down to the input. Layer 0 is the image. */
function runLayers(b: GraphBuilder, value: Lookup, options: FeedForwardOptions): Layer[] {
  const { sizes, beta, feedback } = options;
  const depth = sizes.length - 1;
  const inputs = [value('image')];
  const activities = [value('image')];
  for (let l = 1; l <= depth; l++) {
    const input = b.matmul(activities[l - 1]!, value(`W${l}`), false, true);
    inputs.push(input);
    activities.push(l < depth ? softplus(b, input, beta) : b.softmax(input));
  }
  const layers: Layer[] = new Array(depth + 1);
  const outputError = b.subtract(activities[depth]!, value('target'));
  const ones = b.constant(1, outputError.shape);
  // At the output the error is about the input already (softmax with cross-entropy): slope 1.
  layers[depth] = {
    activity: activities[depth]!,
    input: inputs[depth]!,
    slope: ones,
    feedback: outputError,
    error: outputError,
  };
  for (let l = depth - 1; l >= 0; l--) {
    const back = value(`${feedback === 'random' ? 'B' : 'W'}${l + 1}`);
    const brought = b.matmul(layers[l + 1]!.error, back);
    // φ′ of a softplus from its value: 1 − exp(−βy) (the paper's Eq 24 uses it for the image too).
    const decayed = b.unary('exp', b.multiply(b.constant(-beta), activities[l]!));
    const slope = b.subtract(b.constant(1), decayed);
    layers[l] = {
      activity: activities[l]!,
      input: inputs[l]!,
      slope,
      feedback: brought,
      error: b.multiply(brought, slope),
    };
  }
  return layers;
}

function softplus(b: GraphBuilder, input: Node, beta: number): Node {
  const scaled = b.multiply(b.constant(beta), input);
  return b.multiply(b.constant(1 / beta), b.unary('softplus', scaled));
}

function signalOf(
  b: GraphBuilder,
  name: string,
  pre: Layer,
  post: Layer,
  projection: ProjectionSignals,
): Node {
  if (name === 'w') return projection.weight;
  if (name === 'pre.size') return b.constant(projection.preSize);
  if (name === 'post.size') return b.constant(projection.postSize);
  const [side, member = 'activity'] = name.split('.') as [string, keyof Layer | undefined];
  return (side === 'pre' ? pre : post)[member];
}

/** Mean cross-entropy of the query images, and their logits `[queries, classes]`. */
function readout(b: GraphBuilder, value: Lookup, options: FeedForwardOptions): Output[] {
  const depth = options.sizes.length - 1;
  let activity = value('query images');
  for (let l = 1; l < depth; l++) {
    activity = softplus(b, b.matmul(activity, value(`W${l}`), false, true), options.beta);
  }
  const logits = b.matmul(activity, value(`W${depth}`), false, true);
  const chosen = b.sum(b.multiply(logits, value('query targets')), 'columns');
  const each = b.subtract(b.logsumexp(logits), chosen);
  const mean = b.multiply(b.constant(1 / logits.shape[0]), b.sum(each, 'rows'));
  return [
    { name: 'loss', node: mean },
    { name: 'logits', node: logits },
  ];
}

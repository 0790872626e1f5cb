import type { Stream } from '../base/random.js';
import type { Arrays } from '../engine/engine.js';
import type { GraphBuilder } from '../program/builder.js';
import type {
  Circuit,
  CircuitEnd,
  CircuitNow,
  CircuitStep,
  Projection,
} from '../program/circuit.js';
import type { Node, Output, Program, Slot } from '../program/ir.js';
import type { RuleForCircuit } from '../program/rule.js';
import { weave } from '../program/weave.js';
import { type Measure, measureOutputs, readMeasures } from './feed-forward-measures.js';
import { type FeedForwardFeedback, feedForwardTable } from './feed-forward-tables.js';
import { glorot, transposed } from './glorot.js';
import { crossEntropy, type Neurons, neuronSignal, softplus, softplusSlope } from './neurons.js';

export interface FeedForwardOptions {
  /** Neurons a layer, input first, output last. */
  readonly sizes: readonly number[];
  /** Sharpness β of the softplus log(1 + exp(βu))/β. */
  readonly beta: number;
  readonly feedback: FeedForwardFeedback;
  /** Whether the neurons above the input have a bias, which starts at 0. Default: false. */
  readonly bias?: boolean;
  /** Factor on the weights as they are drawn. Default: 1. */
  readonly weightScale?: number;
  /** Factor on the feedback weights as they are drawn. Default: 1. */
  readonly feedbackScale?: number;
  /**
   * False: derivatives of the loss take symmetric feedback for constant, as the public code of Shervani-Tabar
   * & Rosenbaum 2023 does. The network itself is the same. Default: true.
   */
  readonly differentiateFeedback?: boolean;
  /** What the read-out also tells. Default: nothing. */
  readonly measures?: readonly Measure[];
}

/**
 * The fully connected network of Shervani-Tabar & Rosenbaum 2023 (Methods), learning online: softplus
 * hidden layers, softmax output with cross-entropy, errors fed back layer by layer as
 * e_l = (B_{l+1}ᵀ e_{l+1}) ⊙ φ′(u_l) down to the input (their Eqs 3 and 24). All errors of a step are
 * made from the weights before it. With `direct` feedback every layer below the output, the input
 * included, has them straight from the output: e_l = (D_{l+1}ᵀ e_L) ⊙ φ′(u_l) (Nøkland 2016).
 *
 * Weights `W1`, …, biases `bias1`, … . Feedback weights `B1`, … (from layer l to layer l − 1) or `D1`, …
 * (from the output to layer l − 1), drawn once an episode, are constants `[upper, lower]`; `plastic`
 * ones are projections of their own, `[lower, upper]`, which a rule `for feedback` may change.
 */
export function feedForward(options: FeedForwardOptions & { readonly queries: number }): Circuit {
  const { sizes, feedback, bias = false, queries } = options;
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  const projections = projectionsOf(options);
  return {
    name: `feed-forward ${sizes.join('-')} (${feedback} feedback)`,
    projections,
    tables: Object.fromEntries(
      [...new Set(projections.map(({ kind }) => kind))].map((kind) => [
        kind,
        feedForwardTable(feedback, kind, bias),
      ]),
    ),
    states: [],
    constants: fixedFeedback(options),
    stepInputs: [
      { name: 'image', shape: [1, first] },
      { name: 'target', shape: [1, last] },
    ],
    queryInputs:
      queries > 0
        ? [
            { name: 'query images', shape: [queries, first] },
            { name: 'query targets', shape: [queries, last] },
          ]
        : [],
    stepLength: null,
    step: (builder, now) => step(builder, now, options),
    readout: (builder, end) => readout(builder, end, options, queries),
    draw: (stream) => drawFeedForward(options, stream),
    ...(queries > 0 && (options.measures?.length ?? 0) > 0 && { measures: readMeasures }),
  };
}

/**
 * Initial weights and feedback weights of an episode: Glorot uniform, times their scale, drawn anew
 * every episode, the same whether feedback is fixed or plastic.
 */
export function drawFeedForward(options: FeedForwardOptions, stream: Stream): Arrays {
  const { sizes, feedback, weightScale = 1, feedbackScale = 1 } = options;
  const forward = layered('W', sizes);
  const backward = feedback === 'plastic' ? layered('B', sizes) : fixedFeedback(options);
  const drawn = Object.fromEntries(
    [...forward, ...backward].map(({ name, shape }, k) => {
      const values = glorot(stream, name, shape);
      const factor = k < forward.length ? weightScale : feedbackScale;
      if (factor !== 1) for (let i = 0; i < values.length; i++) values[i]! *= factor;
      const isTurned = feedback === 'plastic' && name.startsWith('B');
      return [name, isTurned ? transposed(values, shape) : values];
    }),
  );
  if (!hasCopies(options)) return drawn;
  const copies = forward.map(({ name }) => [COPY + name, drawn[name]!.slice()]);
  return { ...drawn, ...Object.fromEntries(copies) };
}

/**
 * What symmetric feedback goes through where derivatives shall not follow it: copies of the weights that
 * start as these do and change by the same rule with the same signals, so that they are always equal.
 */
const COPY = 'copy of ';
const hasCopies = ({ feedback, differentiateFeedback = true }: FeedForwardOptions): boolean =>
  feedback === 'symmetric' && !differentiateFeedback;

/** One matrix for each layer above the input, `[sizes[l], sizes[l − 1]]`. */
function layered(letter: string, sizes: readonly number[]): Slot[] {
  return sizes.slice(1).map((size, l) => ({ name: `${letter}${l + 1}`, shape: [size, sizes[l]!] }));
}

/** Feedback weights that nobody changes. */
function fixedFeedback({ sizes, feedback }: FeedForwardOptions): Slot[] {
  if (feedback === 'random') return layered('B', sizes);
  if (feedback !== 'direct') return [];
  return layered('D', sizes).map(({ name, shape }) => ({ name, shape: [sizes.at(-1)!, shape[1]] }));
}

function projectionsOf(options: FeedForwardOptions): Projection[] {
  const { sizes, feedback, bias } = options;
  const of = (kind: string, name: string, preSize: number, postSize: number): Projection => ({
    name,
    kind,
    preSize,
    postSize,
    masked: false,
  });
  const layers = sizes.slice(1).map((size, l) => ({ l: l + 1, below: sizes[l]!, size }));
  return [
    ...layers.map(({ l, below, size }) => of('forward', `W${l}`, below, size)),
    ...(hasCopies(options)
      ? layers.map(({ l, below, size }) => ({
          ...of('forward', `${COPY}W${l}`, below, size),
          isCopy: true,
        }))
      : []),
    ...(feedback === 'plastic'
      ? layers.map(({ l, below, size }) => of('feedback', `B${l}`, size, below))
      : []),
    ...(bias ? layers.map(({ l, size }) => of('bias', `bias${l}`, 1, size)) : []),
  ];
}

/** Which layer a projection starts from and ends in: `B2` leads from layer 2 to layer 1. */
function endsOf({ kind, name }: Projection): { pre: number | null; post: number } {
  const l = Number(/\d+$/.exec(name)![0]);
  if (kind === 'feedback') return { pre: l, post: l - 1 };
  return { pre: kind === 'bias' ? null : l - 1, post: l };
}

function step(b: GraphBuilder, now: CircuitNow, options: FeedForwardOptions): CircuitStep {
  const layers = runLayers(b, now, options);
  return {
    states: [],
    signal: (projection, name) => {
      const { pre, post } = endsOf(projection);
      const before = pre === null ? { activity: b.constant(1) } : layers[pre]!;
      return neuronSignal(name, before, layers[post]!);
    },
  };
}

/** Where layers have images, targets and weights from. */
type Shown = Pick<CircuitNow, 'value' | 'weight'>;

/** Forward pass, then errors from the output down to the input. Layer 0 is the image. */
function runLayers(b: GraphBuilder, now: Shown, options: FeedForwardOptions): Neurons[] {
  const { sizes, beta } = options;
  const depth = sizes.length - 1;
  const inputs = [now.value('image')];
  const activities = [now.value('image')];
  for (let l = 1; l <= depth; l++) {
    const input = summedInput(b, now, options, activities[l - 1]!, l);
    inputs.push(input);
    activities.push(l < depth ? softplus(b, input, beta) : b.softmax(input));
  }
  const layers: Neurons[] = new Array(depth + 1);
  const outputError = b.subtract(activities[depth]!, now.value('target'));
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
    const brought = feedbackTo(b, now, options, l, layers[l + 1]!.error, outputError);
    // The paper's Eq 24 has this slope for the image too.
    const slope = softplusSlope(b, activities[l]!, beta);
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

function summedInput(
  b: GraphBuilder,
  { weight }: Pick<Shown, 'weight'>,
  { bias }: FeedForwardOptions,
  below: Node,
  l: number,
): Node {
  const input = b.matmul(below, weight(`W${l}`), false, true);
  return bias ? b.add(input, b.transpose(weight(`bias${l}`))) : input;
}

/** What reaches layer l: from the error of the layer above, or from that of the output. */
function feedbackTo(
  b: GraphBuilder,
  now: Shown,
  options: FeedForwardOptions,
  l: number,
  above: Node,
  output: Node,
): Node {
  switch (options.feedback) {
    case 'random':
      return b.matmul(above, now.value(`B${l + 1}`));
    case 'symmetric':
      return b.matmul(above, now.weight(`${hasCopies(options) ? COPY : ''}W${l + 1}`));
    case 'direct':
      return b.matmul(output, now.value(`D${l + 1}`));
    case 'plastic':
      return b.matmul(above, now.weight(`B${l + 1}`), false, true);
  }
}

/** Mean cross-entropy of the query images, their logits `[queries, classes]`, and what is measured. */
function readout(
  b: GraphBuilder,
  end: CircuitEnd,
  options: FeedForwardOptions,
  queries: number,
): Output[] {
  if (queries === 0) return [{ name: 'loss', node: b.constant(0) }];
  const depth = options.sizes.length - 1;
  let activity = end.value('query images');
  for (let l = 1; l < depth; l++) {
    activity = softplus(b, summedInput(b, end, options, activity, l), options.beta);
  }
  const logits = summedInput(b, end, options, activity, depth);
  const answers = [
    { name: 'loss', node: crossEntropy(b, logits, end.value('query targets')) },
    { name: 'logits', node: logits },
  ];
  const { measures = [] } = options;
  return measures.length === 0 ? answers : [...answers, ...measured(b, end, options, measures)];
}

/** What is measured on the query images, all of them one step with the weights that there are. */
function measured(
  b: GraphBuilder,
  { value, weight }: CircuitEnd,
  options: FeedForwardOptions,
  measures: readonly Measure[],
): Output[] {
  const queries: Readonly<Record<string, string>> = {
    image: 'query images',
    target: 'query targets',
  };
  const shown: Shown = { weight, value: (name) => value(queries[name] ?? name) };
  return measureOutputs(b, measures, {
    own: runLayers(b, shown, options),
    exact: runLayers(b, shown, {
      ...options,
      feedback: 'symmetric',
      differentiateFeedback: true,
    }),
    weight: (l) => weight(`W${l}`),
  });
}

/** A rule on the forward weights of this circuit: the program of the few-shot experiments. */
export function feedForwardProgram(
  options: FeedForwardOptions,
  rule: RuleForCircuit,
  /** Images the read-out is shown at once. */
  queries: number,
): Program {
  return weave(feedForward({ ...options, queries }), { forward: rule });
}

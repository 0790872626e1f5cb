import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import {
  type Circuit,
  type CircuitEnd,
  type CircuitNow,
  type CircuitStep,
  maskOf,
} from '../program/circuit.js';
import type { Node, Output, Shape } from '../program/ir.js';
import { type Activation, activate, costOf, slopeOf } from './activation.js';
import { glorot } from './glorot.js';

/** What a layer can be given in every step besides its pattern. */
export const LAYER_OFFERS = [
  'target',
  'reward',
  'gain',
  'sample_weight',
  'noise',
  'weight noise',
  'plateau',
  'partner',
] as const;
export type LayerOffer = (typeof LAYER_OFFERS)[number];

export interface LayerOptions {
  readonly inputs: number;
  /** 1 is a single neuron. */
  readonly outputs: number;
  readonly activation: Activation;
  /** Each is a step input of its name, and a signal; only what a task fills should be asked for. */
  readonly offers: readonly LayerOffer[];
  /** Share of the synapses that exist; which ones is drawn with the weights. */
  readonly density: number;
  /** Length of a step in milliseconds; null: steps are counted. */
  readonly stepLength: number | null;
  /** Phases a trial may have. */
  readonly phases: readonly string[];
  /** Patterns the read-out is shown at once; 0: no read-out, a loss of 0. */
  readonly queries: number;
}

export const LAYER_DEFAULTS: Omit<LayerOptions, 'inputs' | 'outputs'> = {
  activation: 'linear',
  offers: [],
  density: 1,
  stepLength: null,
  phases: [],
  queries: 0,
};

/** The signals that come with an offer. A target brings everything about the distance to it. */
const BRINGS: Readonly<Record<LayerOffer, readonly string[]>> = {
  target: ['post.target', 'post.feedback', 'post.error', 'cost'],
  reward: ['reward'],
  gain: ['gain'],
  sample_weight: ['sample_weight'],
  noise: ['post.noise'],
  'weight noise': ['w.noise'],
  plateau: ['post.plateau'],
  partner: ['post.partner'],
};

const ALWAYS = ['w', 'pre', 'post', 'post.input', 'post.slope', 'dt', 'pre.size', 'post.size'];

/** What a layer offers to a rule. */
export function layerTable({
  offers,
  stepLength,
  phases,
}: Pick<LayerOptions, 'offers' | 'stepLength' | 'phases'>): SignalTable {
  return tableOffering(
    'layer',
    [...ALWAYS, ...offers.flatMap((offer) => BRINGS[offer])],
    ['forward'],
    { phases, time: stepLength === null ? 'steps' : 'milliseconds' },
  );
}

/**
 * A layer of neurons (or a single one) that is shown one pattern after the other: y = φ(W x). A
 * pattern is given, not made, so the presynaptic side has no input and no slope. Where a target is
 * given, `post.feedback` is y − target, and `post.error` that times the slope: the derivative by the
 * input of half the squared distance, or of the cross-entropy of a softmax.
 *
 * `noise` is added to the activity, `weight noise` to the weights that are sent, `partner` to the
 * summed input; `reward`, `gain`, `sample_weight` and `plateau` only pass through.
 */
export function layer(
  given: Pick<LayerOptions, 'inputs' | 'outputs'> & Partial<LayerOptions>,
): Circuit {
  const options: LayerOptions = { ...LAYER_DEFAULTS, ...given };
  const { inputs, outputs, activation, queries, density } = options;
  return {
    name: `layer ${inputs}-${outputs} (${activation})`,
    projections: [
      { name: 'W', kind: 'forward', preSize: inputs, postSize: outputs, masked: density < 1 },
    ],
    tables: { forward: layerTable(options) },
    states: [],
    constants: [],
    stepInputs: [
      { name: 'pattern', shape: [1, inputs] },
      ...options.offers.map((name) => ({ name, shape: shapeOfOffer(name, options) })),
    ],
    queryInputs:
      queries > 0
        ? [
            { name: 'query patterns', shape: [queries, inputs] },
            { name: 'query targets', shape: [queries, outputs] },
          ]
        : [],
    stepLength: options.stepLength,
    step: (builder, now) => step(builder, now, options),
    readout: (builder, end) => readout(builder, end, options),
    draw: (stream) => draw(stream, options),
  };
}

function shapeOfOffer(offer: LayerOffer, { inputs, outputs }: LayerOptions): Shape {
  if (offer === 'weight noise') return [outputs, inputs];
  const isPost = offer === 'target' || offer === 'noise' || offer === 'plateau';
  return isPost || offer === 'partner' ? [1, outputs] : [1, 1];
}

function step(b: GraphBuilder, now: CircuitNow, options: LayerOptions): CircuitStep {
  const { activation, offers } = options;
  const given = (offer: LayerOffer): Node | null =>
    offers.includes(offer) ? now.value(offer) : null;
  const plus = (a: Node, more: Node | null): Node => (more ? b.add(a, more) : a);
  const pre = now.value('pattern');
  const sent = plus(now.weight('W'), given('weight noise'));
  const input = plus(b.matmul(pre, sent, false, true), given('partner'));
  const post = plus(activate(b, activation, input), given('noise'));
  const slope = slopeOf(b, activation, input);
  const feedback = (): Node => b.subtract(post, now.value('target'));
  const signals: Readonly<Record<string, () => Node>> = {
    pre: () => pre,
    post: () => post,
    'post.input': () => input,
    'post.slope': () => slope,
    'post.target': () => now.value('target'),
    'post.feedback': feedback,
    'post.error': () => b.multiply(feedback(), slope),
    cost: () => costOf(b, activation, { input, activity: post, target: now.value('target') }),
    'post.noise': () => now.value('noise'),
    'w.noise': () => now.value('weight noise'),
    'post.plateau': () => now.value('plateau'),
    'post.partner': () => now.value('partner'),
  };
  return {
    states: [],
    signal: (_, name) => signals[name]?.() ?? now.value(name),
    observed: [{ name: 'activity', node: post }],
  };
}

/** Mean cost of the query patterns, and the answers to them `[queries, outputs]`. */
function readout(
  b: GraphBuilder,
  end: CircuitEnd,
  { activation, queries }: LayerOptions,
): Output[] {
  if (queries === 0) return [{ name: 'loss', node: b.constant(0) }];
  const input = b.matmul(end.value('query patterns'), end.weight('W'), false, true);
  const activity = activate(b, activation, input);
  const each = costOf(b, activation, { input, activity, target: end.value('query targets') });
  return [
    { name: 'loss', node: b.multiply(b.constant(1 / queries), b.sum(each, 'rows')) },
    { name: 'answers', node: activity },
  ];
}

/** Glorot uniform weights; where synapses are left out, which ones (weights there are 0). */
function draw(
  stream: Stream,
  { inputs, outputs, density }: LayerOptions,
): Record<string, Float64Array> {
  const weights = glorot(stream, 'W', [outputs, inputs]);
  if (density >= 1) return { W: weights };
  const draws = stream.child('synapses', 'W');
  const mask = Float64Array.from(weights, () => (draws.uniform() < density ? 1 : 0));
  return { W: weights.map((w, k) => w * mask[k]!), [maskOf('W')]: mask };
}

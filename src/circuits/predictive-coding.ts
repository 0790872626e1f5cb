import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import type {
  Circuit,
  CircuitEnd,
  CircuitNow,
  CircuitStep,
  Projection,
} from '../program/circuit.js';
import type { Node, Output, Slot } from '../program/ir.js';
import { activate, costOf } from './activation.js';
import { glorot } from './glorot.js';
import { circuitKind } from './kind.js';
import { neuronSignal } from './neurons.js';
import {
  countOption,
  countsOption,
  numberOption,
  type ValuesOf,
  wordOption,
  wordsOption,
} from './options.js';
import {
  BESIDE_STATES,
  besideBackpropagation,
  readBeside,
  type Update,
} from './predictive-coding-measures.js';
import {
  backpropagated,
  brought,
  type Network,
  outputError,
  type Predicted,
  predict,
} from './predictive-coding-parts.js';

const OPTIONS = {
  inputs: countOption({ meaning: 'values of a pattern', fallback: 2, least: 1 }),
  hidden: countsOption({ meaning: 'neurons of each hidden layer', fallback: [10], least: 1 }),
  outputs: countOption({ meaning: 'neurons with a target', fallback: 1, least: 1 }),
  activation: wordOption({
    meaning: 'what hidden neurons make of their summed input',
    fallback: 'tanh',
    words: ['linear', 'relu', 'sigmoid', 'tanh'],
  }),
  nonlinearity: wordOption({
    meaning:
      'where the nonlinearity stands: after the weights, f(v) = φ(W v), or before them, f(v) = W φ(v)',
    fallback: 'after',
    words: ['after', 'before'],
  }),
  output: wordOption({
    meaning: 'linear: half the squared distance from the target; softmax: the cross-entropy',
    fallback: 'linear',
    words: ['linear', 'softmax'],
  }),
  inference: wordOption({
    meaning:
      'strict: beliefs settle, and everything is predicted from them; fixed: predictions stay those of the feed-forward pass; exact: the errors of backpropagation at once; z-il: strict at a rate of 1, and each layer keeps the error that reached it first',
    fallback: 'strict',
    words: ['strict', 'fixed', 'exact', 'z-il'],
  }),
  rate: numberOption({
    meaning: 'inner rate η: share of the way that beliefs go in a step; not with exact and z-il',
    fallback: 0.1,
    least: 0,
    above: true,
    most: 2,
  }),
  outputGain: numberOption({
    meaning:
      'factor on the error at the output; the smaller, the nearer strict inference comes to backpropagation',
    fallback: 1,
    least: 0,
    above: true,
  }),
  queries: countOption({
    meaning: 'patterns the read-out is shown at once; 0: the loss is that of the last trial',
    fallback: 0,
    least: 0,
  }),
  measures: wordsOption({
    meaning:
      'what the read-out also tells; backpropagation: how far what synapses see at the end of relaxation is from it, as relative error and angle of −post.error · pre, for each layer, over all trials',
    fallback: [],
    words: ['backpropagation'],
  }),
};

type Options = ValuesOf<typeof OPTIONS>;

const BROUGHT = ['pre.feedback', 'post.feedback', 'pre.error', 'post.error'];

/** Errors come back through the forward weights. */
const TABLE: SignalTable = tableOffering(
  'predictive-coding',
  ['w', 'pre', 'post', 'post.input', 'post.slope', ...BROUGHT, 'cost', 'pre.size', 'post.size'],
  ['forward'],
  {
    events: ['relax.end'],
    overrides: Object.fromEntries(BROUGHT.map((name) => [name, { grade: 'transport' }])),
  },
);

/**
 * Predictive coding in a layered network (Rosenbaum 2022, PLoS ONE 17:e0266102). Every hidden layer l has a
 * belief v_l and a prediction error ε_l = f_l(v_{l−1}) − v_l; the output has the derivative of the cost in
 * place of it. A trial is one sample: beliefs start at the feed-forward pass, and in every step
 * v_l ← v_l + η (ε_l − J_{l+1}(v_l)ᵀ ε_{l+1}), all layers at once. What synapses see is of the beginning of
 * the step: `pre` what the layer below sends, `post.feedback` ε, `post.error` ε times the slope. So the rule
 * −post.error · pre at the end of relaxation descends the squared prediction errors.
 *
 * With `fixed` inference predictions and derivatives stay those of the feed-forward pass, and so does what
 * neurons send; with `exact` ε is the derivative of the cost by the value of each layer. With `z-il` (Song et
 * al. 2020) the error of layer l is that of step depth − l, when it arrives, and is kept: the published form
 * learns in that step, which is the same, since no later step of interest reads these weights.
 *
 * Step inputs `pattern` and `target`, the same in every step of a trial. Weights `W1`, … .
 */
function predictiveCoding(options: Options): Circuit {
  const { inputs, hidden, outputs, queries, inference, measures } = options;
  const sizes = [inputs, ...hidden, outputs];
  const [projections, network] = [projectionsOf(sizes), networkOf(options)];
  const isMeasured = measures.length > 0;
  return {
    name: `predictive-coding ${sizes.join('-')} (${inference} inference)`,
    projections,
    tables: { forward: TABLE },
    states: [
      ...(inference === 'exact' ? [] : layered('belief', sizes.slice(0, -1))),
      ...(inference === 'z-il' ? [...layered('arrived', sizes), STEP] : []),
      COST,
      ...(isMeasured
        ? BESIDE_STATES.map((name): Slot => ({ name, shape: [1, network.depth] }))
        : []),
    ],
    constants: [],
    stepInputs: [
      { name: 'pattern', shape: [1, inputs] },
      { name: 'target', shape: [1, outputs] },
    ],
    queryInputs:
      queries > 0
        ? [
            { name: 'query patterns', shape: [queries, inputs] },
            { name: 'query targets', shape: [queries, outputs] },
          ]
        : [],
    stepLength: null,
    step: (builder, now) => step(builder, now, network, options),
    readout: (builder, end) => readout(builder, end, network, options),
    draw: (stream: Stream) =>
      Object.fromEntries(
        projections.map(({ name, postSize, preSize }) => [
          name,
          glorot(stream, name, [postSize, preSize]),
        ]),
      ),
    ...(isMeasured && { measures: readBeside }),
  };
}

/** Steps of the trial so far. */
const STEP: Slot = { name: 'trial step', shape: [1, 1] };
/** Of the feed-forward answer to the sample of this trial. */
const COST: Slot = { name: 'trial cost', shape: [1, 1] };

const networkOf = ({ hidden, ...rest }: Options): Network => ({
  ...rest,
  depth: hidden.length + 1,
});

const projectionsOf = (sizes: readonly number[]): Projection[] =>
  sizes.slice(1).map((postSize, l) => ({
    name: `W${l + 1}`,
    kind: 'forward',
    preSize: sizes[l]!,
    postSize,
    masked: false,
  }));

/** One row for each layer above the input. */
const layered = (name: string, sizes: readonly number[]): Slot[] =>
  sizes.slice(1).map((size, l) => ({ name: `${name} ${l + 1}`, shape: [1, size] }));

function step(
  b: GraphBuilder,
  now: CircuitNow,
  network: Network,
  { inference, rate, measures }: Options,
): CircuitStep {
  const { depth } = network;
  const hidden = Array.from({ length: depth - 1 }, (_, k) => k + 1);
  const begins = now.at('trial.start');
  const goesOn = b.subtract(b.constant(1), begins);
  /** What is new at the start of a trial, and otherwise goes on. */
  const fresh = (at: Node, later: Node): Node =>
    b.add(b.multiply(begins, at), b.multiply(goesOn, later));
  const belief = (l: number, start: Node): Node => fresh(start, now.value(`belief ${l}`));

  const settles = inference === 'strict' || inference === 'z-il';
  const layers = predict(b, network, now, (l, prediction) =>
    settles ? belief(l, prediction) : prediction,
  );
  const beliefs = hidden.map((l) =>
    inference === 'exact' || settles ? layers.values[l]! : belief(l, layers.predictions[l]!),
  );
  const errors =
    inference === 'exact'
      ? backpropagated(b, network, now, layers)
      : [
          b.constant(0, now.value('pattern').shape),
          ...hidden.map((l) => b.subtract(layers.predictions[l]!, beliefs[l - 1]!)),
          outputError(b, network, now, layers),
        ];
  const eta = b.constant(inference === 'z-il' ? 1 : rate);
  const nextBeliefs = hidden.map((l): Output => {
    const pull = brought(b, network, now, layers, l, errors[l + 1]!);
    const change = b.multiply(eta, b.subtract(errors[l]!, pull));
    return { name: `belief ${l}`, node: b.add(beliefs[l - 1]!, change) };
  });
  const { seen, states: arriving } =
    inference === 'z-il' ? arrivedFirst(b, now, errors, goesOn) : { seen: errors, states: [] };
  // What z-il keeps is of the step in which the layers below were as the feed-forward pass had them.
  const shown = inference === 'z-il' ? predict(b, network, now, (_, p) => p) : layers;
  const updates = Array.from(
    { length: depth },
    (_, k): Update => ({
      error: b.multiply(seen[k + 1]!, shown.slopes[k + 1]!),
      sent: shown.sent[k]!,
    }),
  );
  const cost = costOfAnswer(b, network, layers.predictions[depth]!, now.value('target'));
  return {
    states: [
      ...(inference === 'exact' ? [] : nextBeliefs),
      ...arriving,
      { name: COST.name, node: fresh(cost, now.value(COST.name)) },
      ...(measures.length > 0 ? besideBackpropagation(b, now, network, updates) : []),
    ],
    signal: ({ name: projection }, name) => {
      if (name === 'cost') return cost;
      const l = Number(projection.slice(1));
      return neuronSignal(
        name,
        neurons(b, shown, seen, l - 1),
        neurons(b, shown, seen, l, activityOf(b, network, shown, l)),
      );
    },
    observed: [
      ...hidden.map((l) => ({ name: `values ${l}`, node: beliefs[l - 1]! })),
      ...errors.slice(1).map((node, k) => ({ name: `prediction error ${k + 1}`, node })),
      { name: 'cost', node: cost },
    ],
  };
}

/** The error of each layer as it was in step depth − l of the trial; 0 before that. */
function arrivedFirst(
  b: GraphBuilder,
  now: CircuitNow,
  errors: readonly Node[],
  goesOn: Node,
): { seen: Node[]; states: Output[] } {
  const depth = errors.length - 1;
  const one = b.constant(1);
  const count = b.add(b.multiply(goesOn, now.value(STEP.name)), one);
  const seen = errors.map((error, l) => {
    if (l === 0) return error;
    const away = b.subtract(count, b.constant(depth - l + 1));
    const isThen = b.subtract(one, b.unary('abs', b.unary('sign', away)));
    const kept = b.multiply(goesOn, now.value(`arrived ${l}`));
    return b.add(b.multiply(isThen, error), b.multiply(b.subtract(one, isThen), kept));
  });
  return {
    seen,
    states: [
      ...seen.slice(1).map((node, k) => ({ name: `arrived ${k + 1}`, node })),
      { name: STEP.name, node: count },
    ],
  };
}

/** What a layer holds for its synapses; `activity` is what it sends, if nothing else is said. */
function neurons(
  b: GraphBuilder,
  { sent, inputs, slopes }: Predicted,
  errors: readonly Node[],
  l: number,
  activity = sent[l]!,
) {
  const [feedback, slope] = [errors[l]!, slopes[l]!];
  return { activity, input: inputs[l]!, slope, feedback, error: b.multiply(feedback, slope) };
}

/** What a layer sends; of the output its answer. */
const activityOf = (b: GraphBuilder, network: Network, layers: Predicted, l: number): Node =>
  layers.sent[l] ?? activate(b, network.output, layers.predictions[l]!);

/** Of each row, `[rows, 1]`. */
function costOfAnswer(b: GraphBuilder, { output }: Network, input: Node, target: Node): Node {
  const activity = output === 'softmax' ? input : activate(b, output, input);
  return costOf(b, output, { input, activity, target });
}

/** Mean cost of the query patterns and the share that is answered rightly, or the cost of the last trial. */
function readout(
  b: GraphBuilder,
  end: CircuitEnd,
  network: Network,
  { queries, measures }: Options,
): Output[] {
  const beside: Output[] =
    measures.length > 0
      ? BESIDE_STATES.map((name) => ({ name, node: overStreams(b, end, name) }))
      : [];
  if (queries === 0) {
    const total = overStreams(b, end, COST.name);
    return [{ name: 'loss', node: b.multiply(b.constant(1 / end.streams), total) }, ...beside];
  }
  const shown = {
    weight: end.weight,
    value: (name: string) => end.value(`query ${name}s`),
  };
  const answers = predict(b, network, shown, (_, prediction) => prediction).predictions.at(-1)!;
  const targets = end.value('query targets');
  const cost = costOfAnswer(b, network, answers, targets);
  // The target's class has the largest answer; with equal ones it counts as right.
  const ofTarget = b.sum(b.multiply(answers, targets), 'columns');
  const ahead = b.subtract(b.max(answers, 'columns'), ofTarget);
  const right = b.subtract(b.constant(1), b.unary('step', ahead));
  const mean = (node: Node): Node => b.multiply(b.constant(1 / queries), b.sum(node, 'rows'));
  return [{ name: 'loss', node: mean(cost) }, { name: 'accuracy', node: mean(right) }, ...beside];
}

const overStreams = (b: GraphBuilder, { value, streams }: CircuitEnd, name: string): Node =>
  b.total(Array.from({ length: streams }, (_, k) => value(name, k)))!;

export const predictiveCodingKind = circuitKind({
  name: 'predictive-coding',
  meaning:
    'a layered network with beliefs and prediction errors, which relaxes to explain input and target before it learns',
  step: 'one inner step: all beliefs go on a little',
  trial: 'one sample: beliefs start at the feed-forward pass and relax until relax.end',
  projections: [
    {
      kind: 'forward',
      meaning:
        'from one layer to the next: pre is what the lower layer sends, post.feedback the prediction error of the upper one',
      table: TABLE,
    },
  ],
  options: OPTIONS,
  make: predictiveCoding,
});

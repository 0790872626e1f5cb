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
  type Projection,
} from '../program/circuit.js';
import type { Node, Output } from '../program/ir.js';
import { circuitKind } from './kind.js';
import { countOption, numberOption, type ValuesOf, wordOption } from './options.js';

const OPTIONS = {
  inputs: countOption({ meaning: 'neurons held at the input', fallback: 2, least: 1 }),
  hidden: countOption({ meaning: 'neurons that are never held', fallback: 4, least: 0 }),
  outputs: countOption({ meaning: 'neurons with a target', fallback: 1, least: 1 }),
  rate: numberOption({
    meaning: 'length of an Euler step, in time constants of a neuron',
    fallback: 0.2,
    least: 0,
    above: true,
    most: 1,
  }),
  gamma: numberOption({
    meaning: 'strength of the current that drives outputs to their targets while nudged',
    fallback: 1,
    least: 0,
  }),
  spread: numberOption({
    meaning: 'weights start as the mean of two numbers uniform in ± this',
    fallback: 0.5,
    least: 0,
  }),
  loss: wordOption({
    meaning:
      'end: the cost where the free phase ends; course: its mean over the free phase, for inputs and targets that move',
    fallback: 'end',
    words: ['end', 'course'],
  }),
};

type RelaxingOptions = ValuesOf<typeof OPTIONS>;

const KINDS = ['recurrent', 'bias'] as const;

const TABLE: SignalTable = tableOffering(
  'relaxing',
  ['w', 'pre', 'post', 'post.input', 'post.slope', 'cost', 'dt', 'pre.size', 'post.size'],
  KINDS,
  { phases: ['free', 'clamped', 'nudged', 'opposed'] },
);

/**
 * A continuous Hopfield network that settles: u ← u + rate·(−u + W s + b), s = tanh(u), with
 * symmetric weights, none from a neuron to itself and none between inputs (Baldi & Pineda 1991,
 * Neural Comput 3:526). Neurons are ordered inputs, hidden, outputs.
 *
 * A trial is one sample in all its phases. It begins at u = 0; each phase goes on from where the one
 * before it ended, but `opposed` from where `free` ended. Inputs are held throughout, outputs only
 * while `clamped`; while `nudged` a current γ(target − s) drives the outputs, while `opposed` its
 * negative. Which phases there are, in which order and how long, the timeline says.
 *
 * Step inputs `sample` and `target`, the same in every step of a trial, or moving so slowly that the
 * network can follow. The loss is ½ Σ (s − target)² over the outputs at the end of the last `free` phase, or
 * its mean over that phase.
 */
function relaxingCircuit(options: RelaxingOptions): Circuit {
  const { inputs, hidden, outputs, loss } = options;
  const neurons = inputs + hidden + outputs;
  return {
    name: `relaxing ${inputs}-${hidden}-${outputs}`,
    projections: [
      { name: 'recurrent', kind: 'recurrent', preSize: neurons, postSize: neurons, masked: true },
      { name: 'bias', kind: 'bias', preSize: 1, postSize: neurons, masked: false },
    ],
    tables: { recurrent: TABLE, bias: TABLE },
    states: [
      { name: 'potential', shape: [1, neurons] },
      { name: 'free potential', shape: [1, neurons] },
      { name: 'free cost', shape: [1, 1] },
      ...(loss === 'course' ? [{ name: 'free step', shape: [1, 1] } as const] : []),
    ],
    constants: [],
    stepInputs: [
      { name: 'sample', shape: [1, inputs] },
      { name: 'target', shape: [1, outputs] },
    ],
    queryInputs: [],
    stepLength: null,
    step: (builder, now) => step(builder, now, options),
    readout,
    draw: (stream) => draw(stream, options),
  };
}

function step(b: GraphBuilder, now: CircuitNow, options: RelaxingOptions): CircuitStep {
  const { inputs, hidden, outputs, gamma, rate } = options;
  const one = b.constant(1);
  const zeros = (size: number): Node => b.constant(0, [1, size]);
  const ones = (size: number): Node => b.constant(1, [1, size]);
  const [noInput, noOutput] = [zeros(inputs + hidden), zeros(hidden + outputs)];
  const isOutput = beside(b, [noInput, ones(outputs)]);
  const target = beside(b, [noInput, now.value('target')]);
  const held = b.add(
    beside(b, [ones(inputs), noOutput]),
    b.multiply(now.during('clamped'), isOutput),
  );
  const values = b.add(
    beside(b, [now.value('sample'), noOutput]),
    b.multiply(now.during('clamped'), target),
  );
  // What is held takes its value from outside, whatever its potential.
  const activity = (potential: Node): Node =>
    b.add(values, b.multiply(b.subtract(one, held), b.unary('tanh', potential)));

  const isBack = now.at('opposed.start');
  const kept = b.multiply(
    b.subtract(one, b.add(now.at('trial.start'), isBack)),
    now.value('potential'),
  );
  const before = b.add(kept, b.multiply(isBack, now.value('free potential')));
  const sent = activity(before);
  const pull = b.multiply(
    b.constant(gamma),
    b.subtract(now.during('nudged'), now.during('opposed')),
  );
  const drive = b.total([
    b.matmul(sent, now.weight('recurrent'), false, true),
    b.transpose(now.weight('bias')),
    b.multiply(pull, b.multiply(isOutput, b.subtract(target, sent))),
  ])!;
  const potential = b.add(before, b.multiply(b.constant(rate), b.subtract(drive, before)));
  const post = activity(potential);

  const off = b.multiply(isOutput, b.subtract(post, target));
  const cost = b.multiply(b.constant(0.5), b.sum(b.multiply(off, off), 'columns'));
  const settled = now.at('free.end');
  const last = (now_: Node, before_: Node): Node =>
    b.add(b.multiply(settled, now_), b.multiply(b.subtract(one, settled), before_));
  const course = options.loss === 'course' ? meanOver(b, now, cost) : null;
  const signals = {
    post,
    'post.input': potential,
    'post.slope': b.subtract(one, b.multiply(post, post)),
    cost,
  };
  return {
    states: [
      { name: 'potential', node: potential },
      { name: 'free potential', node: last(potential, now.value('free potential')) },
      ...(course ?? [{ name: 'free cost', node: last(cost, now.value('free cost')) }]),
    ],
    signal: ({ kind }: Projection, name) =>
      name === 'pre' ? (kind === 'bias' ? one : post) : signals[name as keyof typeof signals],
    observed: [
      { name: 'activity', node: post },
      { name: 'cost', node: cost },
    ],
  };
}

/** The mean of the cost over the free phase so far, and of how many steps it is. */
function meanOver(b: GraphBuilder, now: CircuitNow, cost: Node): Output[] {
  const goesOn = b.subtract(b.constant(1), now.at('free.start'));
  const isFree = now.during('free');
  const count = b.add(b.multiply(goesOn, now.value('free step')), isFree);
  const mean = b.multiply(goesOn, now.value('free cost'));
  const share = b.binary('divide', isFree, b.binary('maximum', count, b.constant(1)));
  const next = b.add(mean, b.multiply(share, b.subtract(cost, mean)));
  return [
    { name: 'free cost', node: next },
    { name: 'free step', node: count },
  ];
}

/** Rows beside one another. */
function beside(b: GraphBuilder, rows: readonly Node[]): Node {
  const present = rows.filter(({ shape }) => shape[1] > 0);
  return b.transpose(b.concat(present.map((row) => b.transpose(row))));
}

/** The mean over the streams. */
function readout(b: GraphBuilder, { value, streams }: CircuitEnd): Output[] {
  const each = Array.from({ length: streams }, (_, k) => value('free cost', k));
  return [{ name: 'loss', node: b.multiply(b.constant(1 / streams), b.total(each)!) }];
}

/** Symmetric weights; biases start at 0. */
function draw(stream: Stream, options: RelaxingOptions): Record<string, Float64Array> {
  const { inputs, hidden, outputs, spread } = options;
  const neurons = inputs + hidden + outputs;
  const draws = stream.child('weights', 'recurrent');
  const weights = new Float64Array(neurons * neurons);
  const mask = new Float64Array(neurons * neurons);
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) {
      const weight = (draws.uniform(-spread, spread) + draws.uniform(-spread, spread)) / 2;
      const exists = i < inputs ? 0 : 1;
      for (const at of [i * neurons + j, j * neurons + i]) {
        mask[at] = exists;
        weights[at] = exists * weight;
      }
    }
  }
  return { recurrent: weights, [maskOf('recurrent')]: mask };
}

export const relaxing = circuitKind({
  name: 'relaxing',
  meaning:
    'a continuous Hopfield network with symmetric weights that settles, first by itself, then with a teacher',
  step: 'one Euler step of all neurons',
  trial: 'one sample in all its phases, such as free, then clamped or nudged',
  projections: [
    {
      kind: 'recurrent',
      meaning: 'between neurons: pre and post are the activities after the step',
      table: TABLE,
    },
    { kind: 'bias', meaning: 'the threshold of every neuron: pre is always 1', table: TABLE },
  ],
  options: OPTIONS,
  make: relaxingCircuit,
});

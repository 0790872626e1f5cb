import { pairsDiffer } from '../base/diagnostics/task.js';
import type { Stream } from '../base/random.js';
import { failure, type Result } from '../base/result.js';
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
import type { Node, Output, Shape } from '../program/ir.js';
import { handOf } from './arm.js';
import { circuitKind } from './kind.js';
import { countOption, numberOption, numbersOption, type ValuesOf, wordOption } from './options.js';
import { LOSS_STATES, lossOfLastTrial } from './recurrent-parts.js';
import { runningMean } from './running-mean.js';

const OPTIONS = {
  neurons: countOption({ meaning: 'neurons of the reservoir', fallback: 200, least: 1 }),
  density: numberOption({
    meaning: 'share of the recurrent synapses that exist',
    fallback: 0.1,
    least: 0,
    above: true,
    most: 1,
  }),
  gain: numberOption({
    meaning: 'recurrent weights are normal with this standard deviation over √(density · neurons)',
    fallback: 1.5,
    least: 0,
  }),
  rate: numberOption({
    meaning: 'length of an Euler step, in time constants of a neuron',
    fallback: 0.02,
    least: 0,
    above: true,
    most: 1,
  }),
  noise: numberOption({
    meaning: 'activities of neurons are changed by uniform noise of ± this',
    fallback: 0.025,
    least: 0,
  }),
  exploration: numberOption({
    meaning:
      'the exploring pathway adds uniform noise of ± this times a root of 10 times the usual cost; 0: none',
    fallback: 0.025,
    least: 0,
  }),
  root: numberOption({ meaning: 'which root that is', fallback: 4, least: 1 }),
  arm: numbersOption({
    meaning:
      'lengths of the segments of an arm whose joints the outputs are, in half turns; []: the outputs are the place of the hand',
    fallback: [],
    shortest: 0,
  }),
  shoulder: numberOption({
    meaning: 'how far below the middle of the plane the arm begins',
    fallback: 2,
  }),
  effort: numbersOption({
    meaning: 'cost of moving each joint away from where it has been lately; []: none',
    fallback: [],
    least: 0,
    shortest: 0,
  }),
  period: countOption({
    meaning:
      'with an arm: steps after which outputs of the training come back in the phase test, as what is fed to the reservoir',
    fallback: 10000,
    least: 1,
  }),
  tested: wordOption({
    meaning: 'which pathway makes the output in the phase test',
    fallback: 'mastery',
    words: ['mastery', 'exploring', 'both'],
  }),
};

type ReservoirOptions = ValuesOf<typeof OPTIONS>;

/** One for each joint, or the two coordinates of the hand. */
const outputsOf = ({ arm }: Pick<ReservoirOptions, 'arm'>): number => arm.length || 2;

const READOUTS = ['mastery', 'exploring'] as const;
const KINDS = ['recurrent', 'feedback', ...READOUTS] as const;
type Kind = (typeof KINDS)[number];

const NEURON = [
  'w',
  'pre',
  'post',
  'post.input',
  'post.slope',
  'cost',
  'dt',
  'pre.size',
  'post.size',
];
const OUTPUT = ['w', 'pre', 'post', 'post.partner', 'cost', 'dt', 'pre.size', 'post.size'];
/** How fast a running mean of the cost follows it, and one of the outputs. */
const FOLLOWS = 0.2;

function tableOf(kind: Kind, hasArm: boolean): SignalTable {
  const isOutput = kind === 'mastery' || kind === 'exploring';
  const taught = isOutput && !hasArm ? ['post.error', 'post.target'] : [];
  const explores = kind === 'exploring' ? ['post.noise'] : [];
  return tableOffering(
    'reservoir',
    [...(isOutput ? OUTPUT : NEURON), ...taught, ...explores],
    KINDS,
    {
      phases: ['test'],
    },
  );
}

function projectionsOf(options: ReservoirOptions): (Projection & { kind: Kind })[] {
  const { neurons } = options;
  const outputs = outputsOf(options);
  const of = (kind: Kind, preSize: number, postSize: number) => ({
    ...{ name: kind, kind, preSize, postSize },
    masked: kind === 'recurrent',
  });
  return [
    of('recurrent', neurons, neurons),
    of('feedback', outputs, neurons),
    of('mastery', neurons, outputs),
    of('exploring', neurons, outputs),
  ];
}

/**
 * A reservoir with two parallel read-outs, as of cortex and of basal ganglia (Pyle & Rosenbaum 2019, Neural
 * Comput 31:1430): x ← x + rate·(−x + J r + Q z), r = tanh(x) + noise; z₁ = W₁ r (mastery), z₂ = W₂ r + ψ η
 * (exploring, η uniform in ±1), z = z₁ + z₂. The cost is the squared distance of z, or of the hand of an arm
 * that z moves, from the target, and what moving costs; ψ is `exploration` (10 ē)^(1/root), with ē a running mean of
 * the cost.
 *
 * In the phase `test` no weight changes, there is no noise and no exploration, and the output is that of the
 * pathway `tested`. What is fed to the reservoir is then the target or, with an arm, whose joints have none, the output
 * of the last `period` steps before, over and over.
 *
 * Step inputs `target` `[1, 2]` (without an arm `[1, outputs]`), `noise` `[1, neurons]` and `exploration`
 * `[1, outputs]`, both uniform in ±1. The loss is the mean distance squared in the last trial.
 */
function reservoirCircuit(options: ReservoirOptions): Circuit | Result<Circuit> {
  const { neurons, arm, period, effort } = options;
  const outputs = outputsOf(options);
  if (effort.length > 0 && effort.length !== outputs) {
    const facts = { first: 'arm', second: 'effort' };
    return failure(pairsDiffer({ ...facts, given: effort.length, needed: outputs }));
  }
  const projections = projectionsOf(options);
  const hasArm = arm.length > 0;
  const one: Shape = [1, 1];
  return {
    name: `reservoir ${neurons}-${outputs}${hasArm ? ' (arm)' : ''}`,
    projections,
    tables: Object.fromEntries(KINDS.map((kind) => [kind, tableOf(kind, hasArm)])),
    still: ['test'],
    states: [
      { name: 'potential', shape: [1, neurons] },
      { name: 'activity', shape: [1, neurons] },
      { name: 'output', shape: [1, outputs] },
      { name: 'usual output', shape: [1, outputs] },
      { name: 'usual cost', shape: one },
      ...LOSS_STATES,
      { name: 'test step', shape: one },
      { name: 'test loss', shape: one },
      ...(hasArm ? [{ name: 'echo', shape: [period, outputs] as const }] : []),
    ],
    constants: [],
    stepInputs: [
      { name: 'target', shape: [1, hasArm ? 2 : outputs] },
      { name: 'noise', shape: [1, neurons] },
      { name: 'exploration', shape: [1, outputs] },
    ],
    queryInputs: [],
    stepLength: null,
    step: (builder, now) => step(builder, now, options),
    readout,
    draw: (stream) => draw(stream, options),
  };
}

function step(b: GraphBuilder, now: CircuitNow, options: ReservoirOptions): CircuitStep {
  const { arm, effort, period } = options;
  const hasArm = arm.length > 0;
  const one = b.constant(1);
  const isTest = now.during('test');
  const isAwake = b.subtract(one, isTest);
  const target = now.value('target');
  const times = (factor: number, value: Node): Node => b.multiply(b.constant(factor), value);

  const echo = hasArm ? b.slice(now.value('echo'), 0, 1) : target;
  const fed = b.select(isTest, echo, now.value('output'));
  const before = now.value('potential');
  const sent = b.add(
    b.matmul(now.value('activity'), now.weight('recurrent'), false, true),
    b.matmul(fed, now.weight('feedback'), false, true),
  );
  const potential = b.add(before, times(options.rate, b.subtract(sent, before)));
  const rate = b.unary('tanh', potential);
  const noise = b.multiply(isAwake, times(options.noise, now.value('noise')));
  const activity = b.add(rate, noise);

  const usual = now.value('usual cost');
  // Next to nothing is added, since a root has no slope at 0.
  const tenfold = b.add(times(10, b.unary('relu', usual)), b.constant(1e-12));
  const size = b.binary('power', tenfold, b.constant(1 / options.root));
  const noisy = b.multiply(times(options.exploration, size), now.value('exploration'));
  const explored = b.multiply(isAwake, noisy);
  const read = (pathway: string): Node => b.matmul(activity, now.weight(pathway), false, true);
  const mastery = read('mastery');
  const exploring = b.add(read('exploring'), explored);
  const both = b.add(mastery, exploring);
  const tested = { mastery, exploring, both }[options.tested];
  const output = b.select(isTest, tested, both);

  const hand = hasArm ? handOf(b, output, { segments: arm, base: [0, -options.shoulder] }) : output;
  const distance = b.subtract(hand, target);
  const error = b.sum(b.multiply(distance, distance), 'columns');
  const usualOutput = follow(b, now.value('usual output'), output);
  const moved = b.unary('abs', b.subtract(output, usualOutput));
  const spent = effort.map((cost, k) => times(cost, b.slice(b.transpose(moved), k, 1)));
  const cost = b.total([error, ...spent])!;

  const trial = runningMean(b, now.at('trial.start'), error, {
    count: now.value('trial step'),
    mean: now.value('trial loss'),
  });
  const tests = b.add(now.value('test step'), isTest);
  const sofar = now.value('test loss');
  const share = b.binary('divide', isTest, b.binary('maximum', tests, one));
  const old = hasArm ? now.value('echo') : null;
  // What came back goes to the end of the line again.
  const heard = b.select(isTest, echo, output);
  const line = old && (period > 1 ? b.concat([b.slice(old, 1, period - 1), heard]) : heard);
  const outputs = (own: Node, partner: Node, noise_: Node): Readonly<Record<string, Node>> => ({
    ...{ pre: activity, post: own, 'post.partner': partner, 'post.noise': noise_, cost },
    ...(!hasArm && { 'post.error': distance, 'post.target': target }),
  });
  const neuron = { post: activity, 'post.input': sent, cost };
  const slope = b.subtract(one, b.multiply(rate, rate));
  const signals: Record<Kind, () => Readonly<Record<string, Node>>> = {
    recurrent: () => ({ ...neuron, pre: now.value('activity'), 'post.slope': slope }),
    feedback: () => ({ ...neuron, pre: fed, 'post.slope': slope }),
    mastery: () => outputs(mastery, exploring, b.constant(0, mastery.shape)),
    exploring: () => outputs(exploring, mastery, explored),
  };
  return {
    states: [
      { name: 'potential', node: potential },
      { name: 'activity', node: activity },
      { name: 'output', node: output },
      { name: 'usual output', node: usualOutput },
      { name: 'usual cost', node: follow(b, usual, cost) },
      { name: 'trial step', node: trial.count },
      { name: 'trial loss', node: trial.mean },
      { name: 'test step', node: tests },
      { name: 'test loss', node: b.add(sofar, b.multiply(share, b.subtract(error, sofar))) },
      ...(line ? [{ name: 'echo', node: line }] : []),
    ],
    signal: ({ kind }, name) => signals[kind as Kind]()[name]!,
    observed: [{ name: 'hand', node: hand }],
  };
}

/** A running mean that takes in a share of a new value. */
function follow(b: GraphBuilder, mean: Node, value: Node): Node {
  return b.add(mean, b.multiply(b.constant(FOLLOWS), b.subtract(value, mean)));
}

/** The loss, and the root of the mean squared distance over all steps of the phase test. */
function readout(b: GraphBuilder, end: CircuitEnd): Output[] {
  const test = b.unary('sqrt', end.value('test loss'));
  return [...lossOfLastTrial(b, end), { name: 'distance in the test', node: test }];
}

/** Both read-outs start at 0. The first steps explore as if things went well. */
function draw(stream: Stream, options: ReservoirOptions): Record<string, Float64Array> {
  const { neurons, density, gain, exploration, root } = options;
  const outputs = outputsOf(options);
  const drawn = (name: string, count: number, one: (draws: Stream) => number): Float64Array => {
    const draws = stream.child(name);
    return Float64Array.from({ length: count }, () => one(draws));
  };
  const exists = drawn('synapses', neurons * neurons, (draws) =>
    draws.uniform() < density ? 1 : 0,
  );
  const spread = gain / Math.sqrt(density * neurons);
  const recurrent = drawn('recurrent', neurons * neurons, (draws) => spread * draws.normal());
  const potential = drawn('potential', neurons, (draws) => draws.uniform(-0.5, 0.5));
  return {
    recurrent: recurrent.map((weight, k) => weight * exists[k]!),
    [maskOf('recurrent')]: exists,
    feedback: drawn('feedback', neurons * outputs, (draws) => draws.uniform(-1, 1)),
    potential,
    activity: potential.map(Math.tanh),
    'usual cost': Float64Array.of(exploration > 0 ? (FIRST / exploration) ** root / 10 : 0),
  };
}

/** How large the first exploration is. */
const FIRST = 0.01;

export const reservoir = circuitKind({
  name: 'reservoir',
  meaning:
    'a recurrent network that does not learn, with two parallel read-outs whose sum is the output: one explores and is told how well the output does, one can take over what it finds',
  step: 'an Euler step of the reservoir, then the output and what it costs',
  trial:
    'a sequence of targets; the network goes on from where it was. In the phase test nothing is learned',
  projections: [
    {
      kind: 'recurrent',
      meaning: 'between neurons of the reservoir',
      table: tableOf('recurrent', false),
    },
    {
      kind: 'feedback',
      meaning: 'from the output to the reservoir',
      table: tableOf('feedback', false),
    },
    {
      kind: 'mastery',
      meaning:
        'from the reservoir to the output, without exploration: post.partner is what the exploring pathway sends',
      table: tableOf('mastery', false),
    },
    {
      kind: 'exploring',
      meaning:
        'from the reservoir to the output: post is what is sent with its exploration, which is post.noise',
      table: tableOf('exploring', false),
    },
  ],
  options: OPTIONS,
  make: reservoirCircuit,
});

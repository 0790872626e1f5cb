import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import type { Circuit, CircuitEnd, CircuitNow, CircuitStep } from '../program/circuit.js';
import type { Node, Output } from '../program/ir.js';
import { activate, slopeOf } from './activation.js';
import { circuitKind } from './kind.js';
import { countOption, numberOption, type ValuesOf, wordOption, wordsOption } from './options.js';
import {
  alignmentOf,
  describeProjections,
  gradesWith,
  type RecurrentKind as Kind,
  kindsWith,
  LOSS_STATES,
  lossOfLastTrial,
  projectionsOf,
  readoutError,
} from './recurrent-parts.js';

/** Settings of a recurrent network. */
export const RECURRENT_OPTIONS = {
  inputs: countOption({
    meaning: 'numbers given to the network in every step; 0: it runs by itself',
    fallback: 0,
    least: 0,
  }),
  neurons: countOption({ meaning: 'recurrent neurons', fallback: 50, least: 1 }),
  outputs: countOption({ meaning: 'numbers read out in every step', fallback: 1, least: 1 }),
  tau: numberOption({ meaning: 'time constant of a neuron, in steps', fallback: 10, least: 1 }),
  activation: wordOption({
    meaning: 'activity that a neuron strives for, as a function of its summed input',
    fallback: 'tanh',
    words: ['tanh', 'sigmoid', 'relu', 'softplus'],
  }),
  feedback: wordOption({
    meaning: 'what brings errors to the neurons: fixed random weights, or the read-out weights',
    fallback: 'random',
    words: ['random', 'symmetric'],
  }),
  gain: numberOption({
    meaning: 'recurrent weights start normal with this standard deviation times 1/√neurons',
    fallback: 1.5,
    least: 0,
  }),
  start: numberOption({ meaning: 'activity of all neurons when a trial begins', fallback: 0.1 }),
  measures: wordsOption({
    meaning:
      'what the read-out also tells of the network; alignment: the cosine between the read-out weights and what brings errors back',
    fallback: [],
    words: ['alignment'],
  }),
};

type RecurrentOptions = ValuesOf<typeof RECURRENT_OPTIONS>;

const ALWAYS = ['w', 'cost', 'dt', 'pre.size', 'post.size'];
const NEURON = ['post', 'post.input', 'post.slope', 'post.feedback', 'post.error'];

/** What one kind of projection of this circuit offers to a rule. */
function tableOf(kind: Kind, feedback: RecurrentOptions['feedback']): SignalTable {
  const offered = {
    recurrent: ['pre', ...NEURON],
    input: ['pre', ...NEURON],
    readout: ['pre', 'post', 'post.error', 'post.target'],
    feedback: ['pre', 'pre.error', ...NEURON],
  };
  const carried = kind === 'recurrent' || kind === 'input';
  return tableOffering(
    'recurrent',
    [...ALWAYS, ...offered[kind]],
    kindsWith(feedback),
    carried ? { overrides: gradesWith(feedback) } : {},
  );
}

/**
 * The recurrent rate network of Murray 2019 (eLife 8:e43299): u(t) = W h(t−1) + W_in x(t),
 * h(t) = h(t−1) + (φ(u(t)) − h(t−1))/τ, y(t) = W_out h(t). Errors ε = y − y* come back to the neurons
 * as B ε. A trial begins with the activity `initial activity`.
 *
 * Step inputs `stimulus` (if there are inputs) and `target`. The loss is that of the last trial:
 * the mean over its steps of ½ Σ ε².
 */
export function recurrentCircuit(options: RecurrentOptions): Circuit {
  const { inputs, neurons, outputs, feedback } = options;
  const projections = projectionsOf(options);
  return {
    name: `recurrent ${inputs}-${neurons}-${outputs} (${feedback} feedback)`,
    projections,
    tables: Object.fromEntries(projections.map(({ kind }) => [kind, tableOf(kind, feedback)])),
    states: [{ name: 'activity', shape: [1, neurons] }, ...LOSS_STATES],
    constants: [{ name: 'initial activity', shape: [1, neurons] }],
    stepInputs: [
      ...(inputs > 0 ? [{ name: 'stimulus', shape: [1, inputs] } as const] : []),
      { name: 'target', shape: [1, outputs] },
    ],
    queryInputs: [],
    stepLength: null,
    step: (builder, now) => step(builder, now, options),
    readout: (builder, end) => readout(builder, end, options),
    draw: (stream) => draw(stream, options),
  };
}

function step(b: GraphBuilder, now: CircuitNow, options: RecurrentOptions): CircuitStep {
  const begins = now.at('trial.start');
  const goesOn = b.subtract(b.constant(1), begins);
  const before = b.add(
    b.multiply(begins, now.value('initial activity')),
    b.multiply(goesOn, now.value('activity')),
  );
  const arriving = [b.matmul(before, now.weight('recurrent'), false, true)];
  if (options.inputs > 0) {
    arriving.push(b.matmul(now.value('stimulus'), now.weight('input'), false, true));
  }
  const input = b.total(arriving)!;
  const value = activate(b, options.activation, input);
  const slope = slopeOf(b, options.activation, input);
  const rate = b.constant(1 / options.tau);
  const activity = b.add(before, b.multiply(rate, b.subtract(value, before)));

  const output = b.matmul(activity, now.weight('readout'), false, true);
  const { target, error, cost, brought, states } = readoutError(b, now, output, options.feedback);
  const neuron = {
    post: activity,
    'post.input': input,
    'post.slope': slope,
    'post.feedback': brought,
    'post.error': b.multiply(brought, slope),
    cost,
  };
  const signals: Record<Kind, () => Readonly<Record<string, Node>>> = {
    recurrent: () => ({ ...neuron, pre: before }),
    input: () => ({ ...neuron, pre: now.value('stimulus') }),
    readout: () => ({
      pre: activity,
      post: output,
      'post.error': error,
      'post.target': target,
      cost,
    }),
    feedback: () => ({ ...neuron, pre: output, 'pre.error': error }),
  };
  return {
    states: [{ name: 'activity', node: activity }, ...states],
    signal: ({ kind }, name) => signals[kind as Kind]()[name]!,
    observed: [
      { name: 'output', node: output },
      { name: 'cost', node: cost },
    ],
  };
}

function readout(b: GraphBuilder, end: CircuitEnd, { feedback, measures }: RecurrentOptions) {
  const outputs: Output[] = [...lossOfLastTrial(b, end)];
  if (measures.includes('alignment')) {
    outputs.push({ name: 'alignment', node: alignmentOf(b, end, feedback) });
  }
  return outputs;
}

/**
 * Weights as in the author's notebook: recurrent normal with sd gain/√N, input uniform in
 * (−0.1, 0), read-out uniform in ±0.1/√N, feedback normal with sd 1/√outputs.
 */
function draw(stream: Stream, options: RecurrentOptions): Record<string, Float64Array> {
  const { neurons, outputs, gain, start } = options;
  const one: Record<Kind, (draws: Stream) => number> = {
    recurrent: (draws) => (gain / Math.sqrt(neurons)) * draws.normal(),
    input: (draws) => draws.uniform(-0.1, 0),
    readout: (draws) => draws.uniform(-0.1, 0.1) / Math.sqrt(neurons),
    feedback: (draws) => draws.normal() / Math.sqrt(outputs),
  };
  const weights = projectionsOf(options).map(({ name, kind, preSize, postSize }) => {
    const draws = stream.child('weights', name);
    return [name, Float64Array.from({ length: preSize * postSize }, () => one[kind](draws))];
  });
  return {
    ...Object.fromEntries(weights),
    'initial activity': new Float64Array(neurons).fill(start),
  };
}

export const recurrent = circuitKind({
  name: 'recurrent',
  meaning:
    'a recurrent network of rate neurons with a linear read-out; read-out errors come back to the neurons through fixed random weights or through the read-out weights',
  step: 'one time step: the neurons move towards what their input asks for, then the read-out and its error',
  trial: 'a sequence of steps; it begins with the same activity every time',
  projections: describeProjections(
    'from neuron to neuron: pre is the activity one step ago, post the new one',
    (kind) => tableOf(kind, 'random'),
  ),
  options: RECURRENT_OPTIONS,
  make: recurrentCircuit,
});

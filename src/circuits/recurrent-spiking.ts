import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import { type Circuit, type CircuitNow, type CircuitStep, maskOf } from '../program/circuit.js';
import type { Node, Slot } from '../program/ir.js';
import { circuitKind } from './kind.js';
import { countOption, numberOption, type ValuesOf, wordOption } from './options.js';
import {
  describeProjections,
  gradesWith,
  type RecurrentKind as Kind,
  kindsWith,
  LOSS_STATES,
  lossOfLastTrial,
  projectionsOf,
  readoutError,
} from './recurrent-parts.js';

const OPTIONS = {
  inputs: countOption({ meaning: 'inputs, whose spikes are given', fallback: 40, least: 1 }),
  neurons: countOption({ meaning: 'recurrent neurons', fallback: 100, least: 1 }),
  adaptive: countOption({
    meaning: 'how many of the neurons, the last ones, have a threshold that adapts',
    fallback: 0,
    least: 0,
  }),
  outputs: countOption({ meaning: 'numbers read out in every step', fallback: 1, least: 1 }),
  dt: numberOption({ meaning: 'length of a step in ms', fallback: 1, least: 0, above: true }),
  tau: numberOption({
    meaning: 'time constant of the membrane in ms',
    fallback: 20,
    least: 0,
    above: true,
  }),
  tauOut: numberOption({
    meaning: 'time constant of the read-out in ms',
    fallback: 20,
    least: 0,
    above: true,
  }),
  tauAdaptation: numberOption({
    meaning: 'time constant of adaptation in ms',
    fallback: 2000,
    least: 0,
    above: true,
  }),
  beta: numberOption({
    meaning: 'what a spike adds to the threshold of a neuron that adapts',
    fallback: 0.07,
    least: 0,
  }),
  threshold: numberOption({
    meaning: 'voltage above rest at which a neuron spikes, in units of weights',
    fallback: 0.6,
    least: 0,
    above: true,
  }),
  refractory: countOption({
    meaning: 'steps after a spike in which a neuron cannot spike',
    fallback: 0,
    least: 0,
  }),
  surrogate: numberOption({
    meaning: 'height of the surrogate derivative of a spike, times the threshold',
    fallback: 0.3,
    least: 0,
  }),
  feedback: wordOption({
    meaning: 'what brings errors to the neurons: weights of their own, or the read-out weights',
    fallback: 'random',
    words: ['random', 'symmetric'],
  }),
};

type SpikingOptions = ValuesOf<typeof OPTIONS>;

/** What one kind of projection of this circuit offers to a rule. */
function tableOf(kind: Kind, feedback: SpikingOptions['feedback']): SignalTable {
  const neuron = ['post.spike', 'post.slope', 'post.feedback', 'post.error'];
  const offered = {
    recurrent: ['pre.spike', ...neuron],
    input: ['pre.spike', ...neuron],
    readout: ['pre.spike', 'post', 'post.error', 'post.target'],
    feedback: ['pre', 'pre.error', ...neuron],
  };
  const carried = kind === 'recurrent' || kind === 'input';
  return tableOffering(
    'recurrent-spiking',
    ['w', 'cost', 'dt', 'pre.size', 'post.size', ...offered[kind]],
    kindsWith(feedback),
    { time: 'milliseconds', ...(carried ? { overrides: gradesWith(feedback) } : {}) },
  );
}

/**
 * The spiking network of Bellec et al. 2020 (Nat Commun 11:3625): v(t) = α v(t−1) + W z(t−1) +
 * W_in x(t) − θ z(t−1), a spike z = 1 where v exceeds θ + β a, adaptation a(t) = ρ a(t−1) + z(t−1),
 * and a leaky read-out y(t) = κ y(t−1) + (1−κ) W_out z(t). The surrogate derivative of a spike is
 * γ/θ·max(0, 1 − |v − θ − β a|/θ), 0 while a neuron is refractory. No neuron sends to itself. A trial
 * begins with all of this at 0.
 *
 * Step inputs `spikes of inputs` and `target`. The loss is that of the last trial: the mean over its
 * steps of ½ Σ (y − y*)²; spikes have derivative 0, so only the read-out weights have a gradient.
 */
function recurrentSpikingCircuit(options: SpikingOptions): Circuit {
  const { inputs, neurons, outputs, feedback, dt } = options;
  const projections = projectionsOf(options, ['recurrent']);
  const row = (name: string, columns: number): Slot => ({ name, shape: [1, columns] });
  return {
    name: `recurrent spiking ${inputs}-${neurons}-${outputs} (${feedback} feedback)`,
    projections,
    tables: Object.fromEntries(projections.map(({ kind }) => [kind, tableOf(kind, feedback)])),
    states: [
      ...['voltage', 'spikes', 'adaptation', 'refractory steps'].map((name) => row(name, neurons)),
      row('output', outputs),
      ...LOSS_STATES,
    ],
    constants: [row('adaptation strength', neurons)],
    stepInputs: [row('spikes of inputs', inputs), row('target', outputs)],
    queryInputs: [],
    stepLength: dt,
    step: (builder, now) => step(builder, now, options),
    readout: lossOfLastTrial,
    draw: (stream) => draw(stream, options),
  };
}

function step(b: GraphBuilder, now: CircuitNow, options: SpikingOptions): CircuitStep {
  const { dt, tau, tauOut, tauAdaptation, threshold, surrogate } = options;
  const one = b.constant(1);
  const goesOn = b.subtract(one, now.at('trial.start'));
  const kept = (state: string): Node => b.multiply(goesOn, now.value(state));
  const fades = (state: string, over: number): Node =>
    b.multiply(b.constant(Math.exp(-dt / over)), kept(state));

  const before = kept('spikes');
  const stimulus = now.value('spikes of inputs');
  const voltage = b.total([
    fades('voltage', tau),
    b.matmul(before, now.weight('recurrent'), false, true),
    b.matmul(stimulus, now.weight('input'), false, true),
    b.multiply(b.constant(-threshold), before),
  ])!;
  const adaptation = b.add(fades('adaptation', tauAdaptation), before);
  const level = b.add(
    b.constant(threshold),
    b.multiply(now.value('adaptation strength'), adaptation),
  );
  const waiting = kept('refractory steps');
  const isReady = b.subtract(one, b.unary('step', waiting));
  const distance = b.subtract(voltage, level);
  const spikes = b.multiply(isReady, b.unary('step', distance));
  const nearness = b.unary(
    'relu',
    b.subtract(one, b.multiply(b.constant(1 / threshold), b.unary('abs', distance))),
  );
  const slope = b.multiply(b.multiply(b.constant(surrogate / threshold), isReady), nearness);

  const leak = Math.exp(-dt / tauOut);
  const sent = b.matmul(spikes, now.weight('readout'), false, true);
  const output = b.add(fades('output', tauOut), b.multiply(b.constant(1 - leak), sent));
  const { target, error, cost, brought, states } = readoutError(b, now, output, options.feedback);
  const neuron = {
    'post.spike': spikes,
    'post.slope': slope,
    'post.feedback': brought,
    'post.error': b.multiply(brought, slope),
    cost,
  };
  const signals: Record<Kind, Readonly<Record<string, Node>>> = {
    recurrent: { ...neuron, 'pre.spike': before },
    input: { ...neuron, 'pre.spike': stimulus },
    readout: {
      'pre.spike': spikes,
      post: output,
      'post.error': error,
      'post.target': target,
      cost,
    },
    feedback: { ...neuron, pre: output, 'pre.error': error },
  };
  const waited = b.unary('relu', b.subtract(waiting, one));
  const refractory = b.add(waited, b.multiply(b.constant(options.refractory), spikes));
  return {
    states: [
      { name: 'voltage', node: voltage },
      { name: 'spikes', node: spikes },
      { name: 'adaptation', node: adaptation },
      { name: 'refractory steps', node: refractory },
      { name: 'output', node: output },
      ...states,
    ],
    signal: ({ kind }, name) => signals[kind as Kind][name]!,
    observed: [
      { name: 'cost', node: cost },
      { name: 'slope', node: slope },
    ],
  };
}

/** Weights normal with sd 1/√(fan in), feedback normal with sd 1/√neurons; the last neurons adapt. */
function draw(stream: Stream, options: SpikingOptions): Record<string, Float64Array> {
  const { neurons, adaptive, beta } = options;
  const drawn: Record<string, Float64Array> = {};
  for (const { name, kind, preSize, postSize } of projectionsOf(options)) {
    const draws = stream.child('weights', name);
    const scale = 1 / Math.sqrt(kind === 'feedback' ? neurons : preSize);
    drawn[name] = Float64Array.from({ length: preSize * postSize }, () => scale * draws.normal());
  }
  const mask = Float64Array.from({ length: neurons * neurons }, (_, at) =>
    Math.floor(at / neurons) === at % neurons ? 0 : 1,
  );
  return {
    ...drawn,
    recurrent: drawn.recurrent!.map((weight, at) => weight * mask[at]!),
    [maskOf('recurrent')]: mask,
    'adaptation strength': Float64Array.from({ length: neurons }, (_, i) =>
      i >= neurons - adaptive ? beta : 0,
    ),
  };
}

export const recurrentSpiking = circuitKind({
  name: 'recurrent-spiking',
  meaning:
    'a recurrent network of spiking neurons, some of which may adapt, with a leaky read-out; read-out errors come back to the neurons through weights of their own or through the read-out weights',
  step: 'dt milliseconds: voltages follow the spikes of the step before, then the read-out and its error',
  trial: 'a sequence of steps that begins at rest',
  projections: describeProjections(
    'between different neurons: pre.spike are the spikes of one step ago',
    (kind) => tableOf(kind, 'random'),
  ),
  options: OPTIONS,
  make: recurrentSpikingCircuit,
});

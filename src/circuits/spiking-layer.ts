import { conflictingSettings } from '../base/diagnostics/circuit.js';
import { failure, type Result, success } from '../base/result.js';
import type { Circuit } from '../program/circuit.js';
import { circuitKind } from './kind.js';
import { countOption, flagOption, numberOption, type ValuesOf } from './options.js';
import {
  type SpikingConnection,
  type SpikingNetwork,
  spikingCircuit,
  spikingTable,
} from './spiking.js';

const OPTIONS = {
  neurons: countOption({ meaning: 'neurons of the layer', fallback: 1, least: 1 }),
  excitatory: countOption({ meaning: 'excitatory inputs', fallback: 1, least: 0 }),
  inhibitory: countOption({ meaning: 'inhibitory inputs', fallback: 0, least: 0 }),
  recurrent: flagOption({
    meaning: 'whether the neurons excite one another (never themselves)',
    fallback: false,
  }),
  dt: numberOption({ meaning: 'length of a step in ms', fallback: 1, least: 0, above: true }),
  delay: numberOption({
    meaning: 'ms from a spike to its arrival; at least one step between neurons of the layer',
    fallback: 0,
    least: 0,
  }),
  probability: numberOption({
    meaning: 'of each synapse to exist',
    fallback: 1,
    least: 0,
    most: 1,
  }),
  excitation: numberOption({
    meaning: 'initial excitatory weights are uniform from 0 to this, in mV',
    fallback: 1,
    least: 0,
  }),
  inhibition: numberOption({
    meaning: 'initial inhibitory weights (strengths) are uniform from 0 to this, in mV',
    fallback: 1,
    least: 0,
  }),
  tauExcitatory: numberOption({
    meaning: 'time constant of excitatory currents in ms; 0: a spike makes the voltage jump',
    fallback: 0,
    least: 0,
  }),
  tauInhibitory: numberOption({
    meaning: 'time constant of inhibitory currents in ms; 0: a spike makes the voltage jump',
    fallback: 0,
    least: 0,
  }),
  tau: numberOption({
    meaning: 'time constant of the membrane in ms',
    fallback: 20,
    least: 0,
    above: true,
  }),
  rest: numberOption({ meaning: 'voltage without input, in mV', fallback: -70 }),
  threshold: numberOption({ meaning: 'voltage at which a neuron spikes, in mV', fallback: -50 }),
  reset: numberOption({ meaning: 'voltage after a spike, in mV', fallback: -70 }),
  refractory: numberOption({
    meaning: 'ms after a spike in which a neuron stays at the reset',
    fallback: 5,
    least: 0,
  }),
  surrogate: numberOption({
    meaning: 'height of the surrogate derivative of a spike at the threshold',
    fallback: 0.3,
    least: 0,
  }),
  forced: flagOption({
    meaning: 'whether spikes of the layer can be imposed (step input `forced spikes of layer`)',
    fallback: false,
  }),
  driven: flagOption({
    meaning:
      'whether the layer gets a drive in mV besides its synapses (step input `drive of layer`)',
    fallback: false,
  }),
  reward: flagOption({
    meaning: 'whether there is a reward (step input `reward`)',
    fallback: false,
  }),
  goal: numberOption({
    meaning: 'rate in Hz that the loss compares with',
    fallback: 5,
    least: 0,
  }),
};

type LayerOptions = ValuesOf<typeof OPTIONS>;

/**
 * A layer of spiking neurons with excitatory and inhibitory inputs whose spikes are given as step
 * inputs `spikes of excitatory inputs` and `spikes of inhibitory inputs`. One input, one neuron and
 * forced spikes make the pair of pairing protocols.
 */
function spikingLayer(options: LayerOptions): Result<Circuit> {
  const conflicts = conflictsOf(options).map(([problem, expected]) =>
    conflictingSettings({ circuit: 'spiking', problem, expected }),
  );
  if (conflicts.length > 0) return failure(...conflicts);
  return success(spikingCircuit(layerNetwork(options)));
}

/** What is wrong, and what is expected instead. */
function conflictsOf(options: LayerOptions): [problem: string, expected: string][] {
  const { dt, threshold, rest, reset, neurons, excitatory, inhibitory, recurrent } = options;
  const found: [string, string][] = [];
  for (const name of ['delay', 'refractory'] as const) {
    const steps = options[name] / dt;
    if (Math.abs(steps - Math.round(steps)) > 1e-9 * Math.max(1, steps)) {
      found.push([
        `${name} of ${options[name]} ms is not a whole number of steps of ${dt} ms`,
        `a multiple of ${dt}`,
      ]);
    }
  }
  if (threshold <= rest) {
    found.push([`the threshold ${threshold} is not above rest`, `a number above ${rest}`]);
  }
  if (threshold <= reset) {
    found.push([`the threshold ${threshold} is not above the reset`, `a number above ${reset}`]);
  }
  if (excitatory + inhibitory === 0 && !(recurrent && neurons > 1)) {
    found.push(['no synapse in it', 'inputs, or several neurons with recurrent: true']);
  }
  return found;
}

function layerNetwork(options: LayerOptions): SpikingNetwork {
  const { neurons, excitatory, inhibitory, recurrent, delay, probability } = options;
  const sources = [
    { name: 'excitatory inputs', size: excitatory },
    { name: 'inhibitory inputs', size: inhibitory },
  ].filter(({ size }) => size > 0);
  const common = { to: 'layer', delay, probability };
  const excites = {
    ...common,
    effect: 1,
    tau: options.tauExcitatory,
    weights: [0, options.excitation],
  } as const;
  const all: SpikingConnection[] = [
    { ...excites, name: 'excitatory', from: 'excitatory inputs' },
    {
      ...common,
      name: 'inhibitory',
      from: 'inhibitory inputs',
      effect: -1,
      tau: options.tauInhibitory,
      weights: [0, options.inhibition],
    },
    { ...excites, name: 'recurrent', from: 'layer' },
  ];
  const present = new Set([
    ...sources.map(({ name }) => name),
    ...(recurrent && neurons > 1 ? ['layer'] : []),
  ]);
  const { tau, rest, threshold, reset, refractory, surrogate, forced, driven } = options;
  const membrane = { tau, rest, threshold, reset, refractory, surrogate };
  return {
    name: `spiking ${excitatory}+${inhibitory}-${neurons}${recurrent ? ' (recurrent)' : ''}`,
    dt: options.dt,
    sources,
    populations: [{ name: 'layer', size: neurons, membrane, forced, driven }],
    connections: all.filter(({ from }) => present.has(from)),
    goal: options.goal,
    reward: options.reward,
  };
}

const TABLE = spikingTable(['excitatory', 'inhibitory', 'recurrent'], true);

export const spiking = circuitKind({
  name: 'spiking',
  meaning:
    'a layer of leaky integrate-and-fire neurons with excitatory and inhibitory inputs whose spikes are given',
  step: 'dt milliseconds: spikes arrive, voltages follow, neurons at the threshold spike',
  trial: 'a stretch of time; it begins without currents and without spikes on their way',
  projections: [
    {
      kind: 'excitatory',
      meaning: 'from the excitatory inputs: pre.spike counts after the delay',
      table: TABLE,
    },
    {
      kind: 'inhibitory',
      meaning: 'from the inhibitory inputs: weights are strengths, what they send is subtracted',
      table: TABLE,
    },
    { kind: 'recurrent', meaning: 'between different neurons of the layer', table: TABLE },
  ],
  options: OPTIONS,
  make: spikingLayer,
});

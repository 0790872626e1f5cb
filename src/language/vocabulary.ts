import { type Dimension, PLAIN, TIME, VOLTAGE } from '../base/dimension.js';
import type { Extent, Grade, Signal, SignalTable } from './signals.js';

/**
 * The fixed vocabulary of signals. A name means the same in every circuit; a circuit offers some of
 * them. Nothing but this table knows what a signal is: no other file asks for a signal by its name.
 */

interface Row {
  readonly name: string;
  readonly extent: Extent;
  readonly grade?: Grade;
  readonly dimension?: Dimension;
  readonly event?: boolean;
  readonly symbol: string;
  /** Where it differs from `symbol`. */
  readonly matrix?: string;
  readonly meaning: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'w',
    extent: 'synapse',
    symbol: 'w',
    matrix: 'W',
    meaning: 'The weight at the start of the step.',
  },
  {
    name: 'pre',
    extent: 'pre',
    symbol: 'x',
    meaning: 'Presynaptic activity: what reached the synapse in this step.',
  },
  {
    name: 'post',
    extent: 'post',
    symbol: 'y',
    meaning: 'Postsynaptic activity: what the neuron made of its input in this step.',
  },
  {
    name: 'pre.input',
    extent: 'pre',
    symbol: 'u',
    matrix: 'u_{\\mathrm{pre}}',
    meaning: 'Summed input of the presynaptic neuron (pre-activation, local field).',
  },
  {
    name: 'post.input',
    extent: 'post',
    symbol: 'u',
    meaning: 'Summed input of the postsynaptic neuron (pre-activation, local field).',
  },
  {
    name: 'pre.slope',
    extent: 'pre',
    symbol: "\\phi'(u)",
    matrix: "\\phi'(u_{\\mathrm{pre}})",
    meaning: 'Derivative, or surrogate derivative, of presynaptic activity by its input.',
  },
  {
    name: 'post.slope',
    extent: 'post',
    symbol: "\\phi'(u)",
    meaning: 'Derivative, or surrogate derivative, of postsynaptic activity by its input.',
  },
  {
    name: 'pre.spike',
    extent: 'pre',
    event: true,
    symbol: 'S',
    matrix: 'S_{\\mathrm{pre}}',
    meaning: 'Number of spikes that arrive at the synapse in this step.',
  },
  {
    name: 'post.spike',
    extent: 'post',
    event: true,
    symbol: 'S',
    meaning: 'Number of spikes of the postsynaptic neuron in this step.',
  },
  {
    name: 'post.voltage',
    extent: 'post',
    dimension: VOLTAGE,
    symbol: 'V',
    meaning: 'Membrane voltage of the postsynaptic neuron, in mV.',
  },
  {
    name: 'post.plateau',
    extent: 'post',
    symbol: 'P',
    meaning: '1 during a plateau potential of the postsynaptic neuron, else 0.',
  },
  {
    name: 'post.noise',
    extent: 'post',
    symbol: '\\xi',
    meaning: 'Exploration: the change made to the output of the neuron in this step.',
  },
  {
    name: 'w.noise',
    extent: 'synapse',
    symbol: '\\xi',
    matrix: '\\Xi',
    meaning: 'Exploration: the change made to the weight in this trial.',
  },
  {
    name: 'post.partner',
    extent: 'post',
    symbol: 'z',
    meaning: 'What the parallel pathway sends to the same neuron.',
  },
  {
    name: 'pre.feedback',
    extent: 'pre',
    grade: 'feedback',
    symbol: 'L',
    matrix: 'L_{\\mathrm{pre}}',
    meaning:
      'What the error pathway brings to the presynaptic neuron, actual minus wanted, about its activity.',
  },
  {
    name: 'post.feedback',
    extent: 'post',
    grade: 'feedback',
    symbol: 'L',
    meaning:
      'What the error pathway brings to the postsynaptic neuron, actual minus wanted, about its activity.',
  },
  {
    name: 'pre.error',
    extent: 'pre',
    grade: 'feedback',
    symbol: 'e',
    matrix: 'e_{\\mathrm{pre}}',
    meaning: 'Feedback times slope of the presynaptic neuron: the error about its input.',
  },
  {
    name: 'post.error',
    extent: 'post',
    grade: 'feedback',
    symbol: 'e',
    meaning:
      'Feedback times slope of the postsynaptic neuron: the error about its input; at an output, activity minus target.',
  },
  {
    name: 'post.target',
    extent: 'post',
    grade: 'feedback',
    symbol: 't',
    meaning: 'Wanted activity of the postsynaptic neuron.',
  },
  {
    name: 'reward',
    extent: 'global',
    grade: 'modulated',
    symbol: 'R',
    meaning: 'Reward, broadcast to all synapses.',
  },
  {
    name: 'cost',
    extent: 'global',
    grade: 'modulated',
    symbol: 'C',
    meaning: 'Loss of this step, broadcast to all synapses.',
  },
  {
    name: 'gain',
    extent: 'global',
    grade: 'modulated',
    symbol: 'g',
    meaning: 'Learning rate that the circuit offers, broadcast to all synapses.',
  },
  {
    name: 'sample_weight',
    extent: 'global',
    grade: 'modulated',
    symbol: 's',
    meaning: 'Weight of the present sample, broadcast to all synapses.',
  },
  {
    name: 'dt',
    extent: 'global',
    dimension: TIME,
    symbol: '\\Delta t',
    meaning: 'Length of a step, a time.',
  },
  {
    name: 'pre.size',
    extent: 'global',
    symbol: 'n_{\\mathrm{pre}}',
    meaning: 'Number of neurons in the presynaptic population.',
  },
  {
    name: 'post.size',
    extent: 'global',
    symbol: 'n_{\\mathrm{post}}',
    meaning: 'Number of neurons in the postsynaptic population.',
  },
];

function signalOf(row: Row): Signal {
  return {
    name: row.name,
    extent: row.extent,
    grade: row.grade ?? 'synapse',
    dimension: row.dimension ?? PLAIN,
    event: row.event ?? false,
    symbol: row.symbol,
    matrixSymbol: row.matrix ?? row.symbol,
    meaning: row.meaning,
  };
}

/** Every signal of the language: what a rule is checked against when no circuit is named. */
export const wholeVocabulary: SignalTable = {
  name: 'every circuit',
  signals: ROWS.map(signalOf),
  projections: [],
  phases: ['free', 'clamped', 'nudged', 'baseline', 'perturbed'],
  events: ['relax.end'],
  time: 'either',
};

/** What a circuit offers besides signals. */
export interface TableOptions {
  /**
   * What depends on the circuit: symmetric feedback raises the grade of errors to `transport`.
   */
  readonly overrides?: Readonly<Record<string, Partial<Omit<Signal, 'name'>>>>;
  /** Signals of the circuit's own, which no other circuit has. They come last. */
  readonly own?: readonly Signal[];
  readonly phases?: readonly string[];
  readonly events?: readonly string[];
  /** Default: `steps`. */
  readonly time?: SignalTable['time'];
}

/**
 * The part of the vocabulary that a circuit offers, in the vocabulary's order. Throws on a name that is
 * no signal: that is a mistake in the circuit, not in anybody's input.
 */
export function tableOffering(
  name: string,
  signalNames: readonly string[],
  projections: readonly string[],
  options: TableOptions = {},
): SignalTable {
  const { overrides = {}, own = [], phases = [], events = [], time = 'steps' } = options;
  const known = new Set(wholeVocabulary.signals.map((signal) => signal.name));
  const unknown = [...signalNames, ...Object.keys(overrides)].filter((each) => !known.has(each));
  if (unknown.length > 0) throw new Error(`no such signals: ${unknown.join(', ')}`);
  const wanted = new Set(signalNames);
  const signals = wholeVocabulary.signals
    .filter((signal) => wanted.has(signal.name))
    .map((signal) => ({ ...signal, ...overrides[signal.name] }));
  return { name, signals: [...signals, ...own], projections, phases, events, time };
}

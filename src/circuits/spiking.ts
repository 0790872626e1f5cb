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
import type { Node, Output, Slot } from '../program/ir.js';
import { type Membrane, neuronStep } from './spiking-neuron.js';

/** Populations of spiking neurons and of spike sources, and what connects them. */
export interface SpikingNetwork {
  readonly name: string;
  /** Length of a step in ms. */
  readonly dt: number;
  /** Populations whose spikes are given: step input `spikes of NAME`. */
  readonly sources: readonly { readonly name: string; readonly size: number }[];
  readonly populations: readonly SpikingPopulation[];
  readonly connections: readonly SpikingConnection[];
  /** Rate in Hz that the loss compares with. */
  readonly goal: number;
  /** Whether there is a step input `reward`, and the signal. */
  readonly reward: boolean;
}

export interface SpikingPopulation {
  readonly name: string;
  readonly size: number;
  readonly membrane: Membrane;
  /** Whether there is a step input `forced spikes of NAME`: 1 makes a neuron spike whatever its voltage. */
  readonly forced: boolean;
  /** Whether there is a step input `drive of NAME`, in mV: the voltage above rest that it would lead to. */
  readonly driven: boolean;
}

/** The synapses from one population to another; a projection, and its kind. */
export interface SpikingConnection {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** −1 where weights are strengths of inhibition: what they send is subtracted. */
  readonly effect: 1 | -1;
  /** Time constant of the synaptic current in ms; 0: a spike makes the voltage jump. */
  readonly tau: number;
  /** From the spike to its arrival, in ms; at least one step between neurons. */
  readonly delay: number;
  /** Of each synapse to exist. */
  readonly probability: number;
  /** Initial weights are uniform between these, in mV. */
  readonly weights: readonly [low: number, high: number];
}

/** What a connection of this circuit offers to a rule. */
export function spikingTable(kinds: readonly string[], reward: boolean): SignalTable {
  return tableOffering(
    'spiking',
    [
      ...['w', 'pre.spike', 'post.spike', 'post.voltage', 'post.slope'],
      ...(reward ? ['reward'] : []),
      ...['dt', 'pre.size', 'post.size'],
    ],
    kinds,
    { time: 'milliseconds' },
  );
}

/**
 * A network of leaky integrate-and-fire neurons with current-based synapses. A weight of w mV means
 * that one spike moves the voltage by w if nothing leaks: at once, or as a current w/τ·e^(−t/τ).
 * Spikes arrive at the end of a step. A neuron has no synapse onto itself.
 *
 * A trial begins with the voltages `initial voltage of NAME`, without currents and without spikes on
 * their way. The loss is the mean over the neurons of the squared difference between the rate in the
 * last trial and the goal, in Hz²; spikes have derivative 0, so it has no gradient by the weights.
 */
export function spikingCircuit(network: SpikingNetwork): Circuit {
  const { dt, sources, populations, connections, reward } = network;
  const size = sizesOf(network);
  const row = (name: string, columns: number): Slot => ({ name, shape: [1, columns] });
  const table = spikingTable(
    connections.map(({ name }) => name),
    reward,
  );
  const stepInputs = [
    ...sources.map((source) => row(`spikes of ${source.name}`, source.size)),
    ...populations.flatMap(({ name, forced, driven, size: n }) => [
      ...(forced ? [row(`forced spikes of ${name}`, n)] : []),
      ...(driven ? [row(`drive of ${name}`, n)] : []),
    ]),
    ...(reward ? [row('reward', 1)] : []),
  ];
  const delayed = connections.flatMap((connection): Slot[] => {
    const steps = stepsOnTheWay(connection, network);
    if (steps === 0) return [];
    return [{ name: `on the way: ${connection.name}`, shape: [steps, size(connection.from)] }];
  });
  return {
    name: network.name,
    projections: connections.map((connection) => ({
      name: connection.name,
      kind: connection.name,
      preSize: size(connection.from),
      postSize: size(connection.to),
      masked: isMasked(connection),
    })),
    tables: Object.fromEntries(connections.map(({ name }) => [name, table])),
    states: [
      ...populations.flatMap(({ name, size: n }) => [
        row(`voltage of ${name}`, n),
        row(`refractory steps of ${name}`, n),
        row(`spike count of ${name}`, n),
      ]),
      ...connections
        .filter(({ tau }) => tau > 0)
        .map(({ name, to }) => row(`current: ${name}`, size(to))),
      ...delayed,
      row('trial step', 1),
    ],
    constants: populations.map(({ name, size: n }) => row(`initial voltage of ${name}`, n)),
    stepInputs,
    queryInputs: [],
    stepLength: dt,
    step: (builder, now) => step(builder, now, network),
    readout: (builder, end) => readout(builder, end, network),
    draw: (stream) => draw(stream, network),
  };
}

const isMasked = ({ from, to, probability }: SpikingConnection): boolean =>
  from === to || probability < 1;

function sizesOf({ sources, populations }: SpikingNetwork): (name: string) => number {
  const sizes = new Map([...sources, ...populations].map(({ name, size }) => [name, size]));
  return (name) => {
    const size = sizes.get(name);
    if (size === undefined) throw new RangeError(`there is no population ${name}`);
    return size;
  };
}

/** Rows of the delay line: a spike of this step arrives so many steps later. */
function stepsOnTheWay({ delay, from }: SpikingConnection, network: SpikingNetwork): number {
  const steps = Math.round(delay / network.dt);
  // Spikes of neurons are known only after the step in which others of the same step arrived.
  const isNeuron = network.populations.some(({ name }) => name === from);
  return isNeuron ? Math.max(1, steps) : steps;
}

function step(b: GraphBuilder, now: CircuitNow, network: SpikingNetwork): CircuitStep {
  const { dt, populations, connections } = network;
  const begins = now.at('trial.start');
  const goesOn = b.subtract(b.constant(1), begins);
  const kept = (state: string): Node => b.multiply(goesOn, now.value(state));
  const isSource = new Set(network.sources.map(({ name }) => name));

  const ways = new Map(
    connections.map((connection) => {
      const steps = stepsOnTheWay(connection, network);
      const line = steps > 0 ? kept(`on the way: ${connection.name}`) : null;
      const spikes = line ? b.slice(line, 0, 1) : now.value(`spikes of ${connection.from}`);
      const sent = b.matmul(spikes, now.weight(connection.name), false, true);
      const effect = connection.effect === 1 ? sent : b.unary('negate', sent);
      return [connection.name, { steps, line, spikes, effect }];
    }),
  );
  const neurons = new Map(
    populations.map(({ name, membrane, forced, driven }) => {
      const onto = connections.filter(({ to }) => to === name);
      const held = {
        voltage: b.add(
          b.multiply(begins, now.value(`initial voltage of ${name}`)),
          kept(`voltage of ${name}`),
        ),
        refractory: kept(`refractory steps of ${name}`),
      };
      const arriving = {
        currents: onto
          .filter(({ tau }) => tau > 0)
          .map((each) => ({ current: kept(`current: ${each.name}`), tau: each.tau })),
        jumps: onto.filter(({ tau }) => tau === 0).map((each) => ways.get(each.name)!.effect),
        forced: forced ? now.value(`forced spikes of ${name}`) : null,
        drive: driven ? now.value(`drive of ${name}`) : null,
      };
      return [name, neuronStep(b, membrane, dt, held, arriving)];
    }),
  );

  const states: Output[] = populations.flatMap(({ name }) => {
    const { voltage, refractory, spike } = neurons.get(name)!;
    return [
      { name: `voltage of ${name}`, node: voltage },
      { name: `refractory steps of ${name}`, node: refractory },
      { name: `spike count of ${name}`, node: b.add(kept(`spike count of ${name}`), spike) },
    ];
  });
  for (const { name, from, tau } of connections) {
    const { steps, line, effect } = ways.get(name)!;
    if (tau > 0) {
      const left = b.multiply(b.constant(Math.exp(-dt / tau)), kept(`current: ${name}`));
      const node = b.add(left, b.multiply(b.constant(1 / tau), effect));
      states.push({ name: `current: ${name}`, node });
    }
    if (line) {
      const spikes = isSource.has(from) ? now.value(`spikes of ${from}`) : neurons.get(from)!.spike;
      const rest = steps > 1 ? [b.slice(line, 1, steps - 1)] : [];
      states.push({ name: `on the way: ${name}`, node: b.concat([...rest, spikes]) });
    }
  }
  states.push({ name: 'trial step', node: b.add(kept('trial step'), b.constant(1)) });

  const targets = new Map(connections.map(({ name, to }) => [name, neurons.get(to)!]));
  return {
    states,
    signal: ({ name: projection }, name) => {
      const post = targets.get(projection)!;
      if (name === 'reward') return now.value('reward');
      if (name === 'pre.spike') return ways.get(projection)!.spikes;
      if (name === 'post.spike') return post.spike;
      return name === 'post.voltage' ? post.reached : post.slope;
    },
    observed: populations.flatMap(({ name }) => [
      { name: `spikes of ${name}`, node: neurons.get(name)!.spike },
      { name: `reached voltage of ${name}`, node: neurons.get(name)!.reached },
    ]),
  };
}

/** The loss; then the rates of every population in the last trial of the first stream, in Hz. */
function readout(b: GraphBuilder, end: CircuitEnd, network: SpikingNetwork): Output[] {
  const { dt, populations, goal } = network;
  const perSecond = b.constant(1000 / dt);
  const rates = (name: string, stream: number): Node =>
    b.binary(
      'divide',
      b.multiply(perSecond, end.value(`spike count of ${name}`, stream)),
      b.binary('maximum', end.value('trial step', stream), b.constant(1)),
    );
  const squares: Node[] = [];
  for (let stream = 0; stream < end.streams; stream++) {
    for (const { name } of populations) {
      const off = b.subtract(rates(name, stream), b.constant(goal));
      squares.push(b.sum(b.multiply(off, off), 'columns'));
    }
  }
  const neurons = populations.reduce((sum, { size }) => sum + size, 0);
  const share = b.constant(1 / (neurons * end.streams));
  return [
    { name: 'loss', node: b.multiply(share, b.total(squares)!) },
    ...populations.map(({ name }) => ({ name: `rates of ${name}`, node: rates(name, 0) })),
  ];
}

/** Uniform weights, random synapses, voltages uniform between reset and threshold. */
function draw(stream: Stream, network: SpikingNetwork): Record<string, Float64Array> {
  const drawn: Record<string, Float64Array> = {};
  const size = sizesOf(network);
  for (const connection of network.connections) {
    const { name, from, to, probability, weights } = connection;
    const [chances, values] = [stream.child('synapses', name), stream.child('weights', name)];
    const [rows, columns] = [size(to), size(from)];
    const mask = Float64Array.from({ length: rows * columns }, (_, at) => {
      const exists = chances.uniform() < probability;
      const isAutapse = from === to && Math.floor(at / columns) === at % columns;
      return exists && !isAutapse ? 1 : 0;
    });
    drawn[name] = mask.map((exists) => exists * values.uniform(...weights));
    if (isMasked(connection)) drawn[maskOf(name)] = mask;
  }
  for (const { name, size: count, membrane } of network.populations) {
    const draws = stream.child('voltages', name);
    drawn[`initial voltage of ${name}`] = Float64Array.from({ length: count }, () =>
      draws.uniform(membrane.reset, membrane.threshold),
    );
  }
  return drawn;
}

import type { Stream } from '../../base/random.js';
import { monomials, type Table, TableBuilder } from './table.js';

/** A recording in which no rule is at work: what changes has nothing to do with the signals. */
export interface NoRule {
  readonly id: 'noise' | 'drift';
  readonly name: string;
  readonly record: (stream: Stream, seed: number) => Table;
}

export const NO_RULE_LIBRARY = monomials(['x', 'y', 'w'], 4);

const INPUTS = 10;
const OUTPUTS = 8;
const STEPS = 200;
/** Of the weights, for each unit of change. */
const RATE = 0.02;
const INPUT_MEMORY = 0.95;

export const NO_RULES: readonly NoRule[] = [
  {
    id: 'noise',
    name: 'white noise',
    record: (stream) => recordNothing(stream, () => 0, 1),
  },
  {
    id: 'drift',
    name: 'slow drift and noise',
    record: (stream, seed) => recordNothing(stream, driftOf(stream.child('drift'), seed), 0.3),
  },
];

/** What drifts in common: each synapse for itself, synapses of a neuron, or all of them. */
const SHARED: readonly ((j: number, i: number) => string)[] = [
  (j, i) => `synapse ${j} ${i}`,
  (_, i) => `neuron ${i}`,
  () => 'all',
];
const COURSES: readonly ((stream: Stream) => Float64Array)[] = [
  (stream) => walk(stream, 0.99),
  (stream) => walk(stream, 1).map((value) => value / Math.sqrt(STEPS)),
  (stream) => trend(stream),
  (stream) => wave(stream),
];

/** One seed after another goes through all kinds of drift and of what has it in common. */
function driftOf(stream: Stream, seed: number): Change {
  const shared = SHARED[seed % SHARED.length]!;
  const course = COURSES[Math.floor(seed / SHARED.length) % COURSES.length]!;
  const courses = new Map<string, Float64Array>();
  return (t, j, i) => {
    const name = shared(j, i);
    let found = courses.get(name);
    if (!found) {
      found = course(stream.child(name));
      courses.set(name, found);
    }
    return found[t]!;
  };
}

/** Autoregressive, of variance 1 from the start; with memory 1 a walk from 0. */
function walk(stream: Stream, memory: number): Float64Array {
  const step = memory < 1 ? Math.sqrt(1 - memory ** 2) : 1;
  let value = memory < 1 ? stream.normal() : 0;
  return Float64Array.from({ length: STEPS }, () => {
    const now = value;
    value = memory * value + step * stream.normal();
    return now;
  });
}

function trend(stream: Stream): Float64Array {
  const [level, slope] = [stream.normal(), stream.normal()];
  return Float64Array.from({ length: STEPS }, (_, t) => level + slope * ((2 * t) / STEPS - 1));
}

function wave(stream: Stream): Float64Array {
  const phase = stream.uniform(0, 2 * Math.PI);
  const turns = stream.uniform(0.5, 3);
  return Float64Array.from(
    { length: STEPS },
    (_, t) => Math.SQRT2 * Math.sin(phase + (2 * Math.PI * turns * t) / STEPS),
  );
}

type Change = (t: number, j: number, i: number) => number;

/** Slow inputs, and weights that add up the change, so that everything drifts. */
function recordNothing(stream: Stream, change: Change, noise: number): Table {
  const inputs = Array.from({ length: INPUTS }, (_, j) =>
    walk(stream.child('input', j), INPUT_MEMORY),
  );
  const initial = stream.child('weights');
  const weights = Float64Array.from({ length: INPUTS * OUTPUTS }, () => 0.3 * initial.normal());
  const noises = stream.child('noise');
  const rows = new TableBuilder();
  for (let t = 0; t < STEPS; t++) {
    const y = Float64Array.from({ length: OUTPUTS }, (_, i) => {
      let drive = 0;
      for (let j = 0; j < INPUTS; j++) drive += inputs[j]![t]! * weights[j * OUTPUTS + i]!;
      return Math.tanh(drive);
    });
    for (let j = 0; j < INPUTS; j++) {
      for (let i = 0; i < OUTPUTS; i++) {
        const at = j * OUTPUTS + i;
        const dw = change(t, j, i) + noise * noises.normal();
        rows.add({ t, j, i, x: inputs[j]![t]!, y: y[i]!, w: weights[at]! }, dw);
        weights[at]! += RATE * dw;
      }
    }
  }
  return rows.build();
}

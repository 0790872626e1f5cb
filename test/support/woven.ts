import { expect } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import type { Arrays, EpisodeResult } from '../../src/engine/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { checkRule } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import type { SignalTable } from '../../src/language/signals.js';
import { tableOffering } from '../../src/language/vocabulary.js';
import { maskOf, type Timeline } from '../../src/program/circuit.js';
import type { Program, Slot } from '../../src/program/ir.js';
import { prepareRule, type RuleForCircuit } from '../../src/program/rule.js';
import { scheduleInputs, stepsOf } from '../../src/program/schedule.js';
import { ofStream } from '../../src/program/slots.js';
import { startOf } from '../../src/program/start.js';
import { type WeaveOptions, weave } from '../../src/program/weave.js';
import { replay } from './replay.js';

/** Rules on replayed signals, for tests that compute what must come out with loops of their own. */

const SIGNALS = [
  'w',
  'pre',
  'post',
  'pre.spike',
  'post.spike',
  'post.error',
  'w.noise',
  'reward',
  'dt',
  'pre.size',
  'post.size',
];

export interface WovenOptions extends WeaveOptions {
  readonly preSize?: number;
  readonly postSize?: number;
  /** Which synapses exist, row by row; all if left out. */
  readonly mask?: readonly number[];
  readonly stepLength?: number | null;
  readonly seed?: number;
}

/** A program and what it is shown: numbers by slot, `(step, place)`. */
export interface Woven {
  readonly program: Program;
  readonly preSize: number;
  readonly postSize: number;
  readonly steps: number;
  readonly start: Record<string, Float64Array>;
  /** The part of the start that was drawn: weights and masks. */
  readonly given: Arrays;
  readonly inputs: Record<string, Float64Array>;
  /** What a signal of a projection is in a step: one number a neuron (or synapse). */
  shown(signal: string, step: number, stream?: number): Float64Array;
  run(options?: RunWith): Promise<Ran>;
}

/** What came out. */
export interface Ran extends EpisodeResult {
  /** A state or observed value after a step. */
  after(step: number, slot: string): Float64Array;
}

interface RunWith {
  readonly start?: Arrays;
  readonly inputs?: Arrays;
  readonly parameters?: readonly number[];
  readonly gradient?: boolean;
}

/** By projection: `w` if a single text is given, which is then a rule for the projection `syn`. */
export function woven(
  rules: string | Readonly<Record<string, string>>,
  timeline: Timeline | number,
  options: WovenOptions = {},
): Woven {
  const { preSize = 3, postSize = 2, mask, stepLength = null, seed = 1, ...rest } = options;
  const texts = typeof rules === 'string' ? { syn: rules } : rules;
  const kinds = Object.keys(texts);
  const table = replayTable(kinds, stepLength);
  const tables = Object.fromEntries(kinds.map((kind) => [kind, table]));
  const circuit = replay({ tables, preSize, postSize, masked: mask !== undefined, stepLength });
  const prepared = Object.fromEntries(
    Object.entries(texts).map(([kind, text]) => [kind, ruleFor(text, table)]),
  );
  const program = weave(circuit, prepared, rest);
  const trials = typeof timeline === 'number' ? { trials: [{ steps: timeline }] } : timeline;
  const steps = stepsOf(trials);
  const stream = new Stream(seed, 'woven');
  const scheduled = scheduleInputs(program, trials, { chance: stream.child('chance') });
  const inputs = {
    ...scheduled,
    ...Object.fromEntries(
      program.stepInputs
        .filter(({ name }) => !(name in scheduled))
        .map((slot) => [slot.name, valuesOf(slot, steps, stream.child(slot.name))]),
    ),
  };
  const weights = kinds.map((kind) => {
    const draws = stream.child('weights', kind);
    return [kind, Float64Array.from({ length: preSize * postSize }, () => draws.uniform(-1, 1))];
  });
  const masks = mask ? kinds.map((kind) => [maskOf(kind), Float64Array.from(mask)]) : [];
  const given = { ...Object.fromEntries(weights), ...Object.fromEntries(masks) } as Arrays;
  const start = startOf(program, {
    drive: Float64Array.from({ length: preSize }, () => 1),
    ...given,
  });
  const runner = prepareInterpreter(program);
  const slots = [...program.states, ...program.observed].map(({ name }) => name);
  return {
    program,
    preSize,
    postSize,
    steps,
    start,
    given,
    inputs,
    shown: (signal, step, index = 0) => {
      const name = ofStream(`${kinds[0]} ${signal}`, index);
      const { shape } = program.stepInputs.find((slot) => slot.name === name)!;
      const size = shape[0] * shape[1];
      return inputs[name]!.slice(step * size, (step + 1) * size);
    },
    run: async (changed = {}) => {
      const episode = {
        start: { ...start, ...changed.start },
        steps,
        stepInputs: { ...inputs, ...changed.inputs },
        queryInputs: {},
      };
      const parameters =
        changed.parameters ?? program.parameters.map((name) => program.initial[name] as number);
      const [result] = await runner.run([episode], parameters, {
        gradient: changed.gradient ?? false,
        startGradient: changed.gradient ?? false,
        states: true,
        record: { slots, every: 1 },
      });
      return {
        ...result!,
        after: (step, slot) => {
          const values = result!.record![slot]!;
          const size = values.length / steps;
          return values.slice(step * size, (step + 1) * size);
        },
      };
    },
  };
}

/** What rules on replayed signals may read. */
export function replayTable(kinds: readonly string[], stepLength: number | null): SignalTable {
  return tableOffering('replay', SIGNALS, kinds, {
    phases: ['free', 'clamped'],
    events: ['relax.end'],
    time: stepLength === null ? 'steps' : 'milliseconds',
  });
}

/** The one rule of a text, ready for a circuit with this table. */
export function ruleFor(text: string, table: SignalTable): RuleForCircuit {
  const source = { name: 'test.rule', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('the text holds no rule');
  return prepareRule(unwrap(checkRule(item, source, table)));
}

/** Spikes are 0, 1 or 2, more often than not together; all else is between -1 and 1. */
function valuesOf({ name, shape }: Slot, steps: number, stream: Stream): Float64Array {
  const length = steps * shape[0] * shape[1];
  if (!name.includes('spike')) return Float64Array.from({ length }, () => stream.uniform(-1, 1));
  const counts = [0, 0, 1, 1, 2];
  return Float64Array.from({ length }, () => counts[stream.integer(counts.length)]!);
}

/** Every number within 1e-12 of the one expected, relative where they are large. */
export function expectNumbers(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    const allowed = 1e-12 * Math.max(1, Math.abs(expected[k]!));
    if (!(Math.abs(found[k]! - expected[k]!) <= allowed)) {
      throw new Error(`number ${k} is ${found[k]} instead of ${expected[k]}`);
    }
  }
}

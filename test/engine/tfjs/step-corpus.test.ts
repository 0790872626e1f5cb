import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import type { Arrays, Episode, Runner } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { loadBackend, type Tf } from '../../../src/engine/tfjs/backends.js';
import { type StepOperation, stepOperation } from '../../../src/engine/tfjs/step-operation.js';
import { signalNamed } from '../../../src/language/signals.js';
import { writtenValue } from '../../../src/program/rule.js';
import { worstSlot } from '../../support/against-literal.js';
import { corpusRules, type RuleInText } from '../../support/corpus.js';
import { type Replayed, replayed } from '../../support/replayed.js';

/*
 * Every rule of the corpus, some steps on random signals: what the operation makes of them, and its
 * derivatives, beside the interpreter's.
 */

const SIZES = { preSize: 4, postSize: 3 };
const STEPS = 5;
const PHASES = ['free', 'clamped', 'nudged', 'baseline', 'perturbed'];
const timeline = {
  trials: [
    {
      steps: STEPS,
      phases: PHASES.map((name) => ({ name, steps: 1 })),
      events: [{ name: 'relax.end', step: 4 }],
    },
  ],
};

const textOf = ({ rule, source }: RuleInText): string =>
  source.text.slice(rule.span.start, rule.span.end);

/** A rule that tells times in milliseconds needs steps that have a length; one with a delay, a whole number of them. */
const stepLengthFor = (text: string): number | null =>
  text.includes('13.7') ? 13.7 : /\d (ms|s|Hz|mV)\b/.test(text) ? 2 : null;

let tf: Tf;
beforeAll(async () => {
  tf = (await loadBackend('cpu')).tf;
  await tf.setBackend('cpu');
});

/** A rule as a program that is shown everything from outside, and as an operation. */
class Pair {
  readonly made: Replayed;
  readonly operation: StepOperation;
  readonly episode: Episode;
  readonly runner: Runner;
  /** The name of the projection in the program. */
  readonly projection: string;
  /** What the operation is given in every step, and where that stands in the episode. */
  readonly arriving: readonly { name: string; slot: string; size: number }[];
  /** What it is given in the first step: weights and parameters. */
  readonly starting: readonly { name: string; slot: string; values: Float64Array }[];

  constructor(each: RuleInText) {
    const stepLength = stepLengthFor(textOf(each));
    const setting = { ...SIZES, masked: false, streams: 1, stepLength, timeline };
    this.made = replayed([each], setting, new Stream(3, each.rule.name));
    const { program, checked } = this.made;
    this.operation = stepOperation(tf, checked[0]!, { ...SIZES, stepLength });
    // Nothing is sent, so that the loss is half the sum of squares of the weights.
    const start = { ...this.made.episode.start, drive: new Float64Array(SIZES.preSize) };
    this.episode = { ...this.made.episode, start };
    this.runner = prepareInterpreter(program);
    this.projection = program.states.find(({ name }) => name !== 'sent')!.name;

    const placed = this.operation.inputs.map(({ name, shape }) => ({
      name,
      slot: this.slotOf(name),
      size: shape[0] * shape[1],
    }));
    const isStepInput = ({ slot }: { slot: string }): boolean => slot in this.episode.stepInputs;
    this.arriving = placed.filter(isStepInput);
    const { parameters } = checked[0]!.scope;
    this.starting = placed
      .filter(({ name }) => name === 'w' || parameters.has(name))
      .map(({ name, slot, size }) => {
        const parameter = parameters.get(name);
        const written = parameter ? writtenValue(parameter, stepLength) : 0;
        const given: Arrays = start;
        return { name, slot, values: given[slot] ?? new Float64Array(size).fill(written) };
      });
  }

  /** The slot of the program that something of the operation stands for. */
  slotOf(name: string): string {
    const { program } = this.made;
    if (name === 'w') return this.projection;
    const { states, constants, stepInputs } = program;
    const known = [...states, ...constants, ...stepInputs].map((slot) => slot.name);
    const { projection: p } = this;
    return (
      [`${p}: ${name}`, `${p} ${name}`, `${name} of ${p}`].find((slot) => known.includes(slot)) ??
      name
    );
  }

  isSignal({ slot, name }: { slot: string; name: string }): boolean {
    return slot === `${this.projection} ${name}`;
  }

  /** The numbers that arrive in all steps, as tensors. */
  arrivals(): Record<string, Tensor>[] {
    return Array.from({ length: STEPS }, (_, t) =>
      Object.fromEntries(
        this.arriving.map(({ name, slot, size }) => {
          const values = this.episode.stepInputs[slot]!.subarray(t * size, (t + 1) * size);
          return [name, tf.tensor1d(Float32Array.from(values))];
        }),
      ),
    );
  }

  /** Its loss, by the program, with one number of what arrives changed. */
  async differenceAt(slot: string, at: number): Promise<number> {
    const h = 1e-6;
    const shaken = [h, -h].map((change) => {
      const values = this.episode.stepInputs[slot]!.slice();
      values[at]! += change;
      return { ...this.episode, stepInputs: { ...this.episode.stepInputs, [slot]: values } };
    });
    const { parameters } = this.made;
    const [above, below] = await this.runner.run(shaken, parameters, { gradient: false });
    return (above!.loss - below!.loss) / (2 * h);
  }
}

describe('a step of a rule is what the interpreter computes', () => {
  const rules = corpusRules().map(
    (each) => [`${each.rule.name} of ${each.source.name}`, each] as const,
  );

  it.each(rules)('%s', async (name, each) => {
    const pair = new Pair(each);
    const { program, parameters } = pair.made;
    const record = { slots: program.states.map((slot) => slot.name), every: 1 };
    const options = { gradient: true, startGradient: true, record };
    const [exact] = await pair.runner.run([pair.episode], parameters, options);

    const recorded: Record<string, number[]> = {};
    const arrivals = pair.arrivals();
    const signals = pair.arriving.filter((one) => pair.isSignal(one));
    const loss = (...xs: Tensor[]): Scalar => {
      const fixed = Object.fromEntries(pair.starting.map((one, k) => [one.name, xs[k]!]));
      let state: Record<string, Tensor> = {};
      for (let t = 0; t < STEPS; t++) {
        const from = pair.starting.length + t * signals.length;
        const seen = Object.fromEntries(signals.map((one, k) => [one.name, xs[from + k]!]));
        state = pair.operation({ ...fixed, ...arrivals[t], ...seen, ...state });
        for (const [key, value] of Object.entries(state)) {
          const slot = pair.slotOf(key);
          recorded[slot] = [...(recorded[slot] ?? []), ...value.dataSync()];
        }
      }
      return tf.mul(0.5, tf.sum(tf.square(state.w!)));
    };
    const starting = pair.starting.map(({ values }) => tf.tensor1d(Float32Array.from(values)));
    const seen = arrivals.flatMap((now) => signals.map((one) => now[one.name]!));
    const { grads } = tf.valueAndGrads(loss)([...starting, ...seen]);

    const numbers = Object.entries(recorded).map(
      ([slot, all]) => [slot, Float64Array.from(all)] as const,
    );
    const kept = Object.fromEntries(numbers.map(([slot]) => [slot, exact!.record![slot]!]));
    expect(worstSlot(Object.fromEntries(numbers), kept).distance).toBeLessThan(2e-5);

    const found: Record<string, Float64Array> = {};
    const wanted: Record<string, Float64Array> = {};
    pair.starting.forEach(({ name: input, slot }, k) => {
      const index = program.parameters.indexOf(input);
      const known =
        index >= 0 ? exact!.gradient!.slice(index, index + 1) : exact!.startGradient![slot];
      if (!known) return;
      found[input] = Float64Array.from(grads[k]!.dataSync());
      wanted[input] = known;
    });
    expect(Object.keys(wanted)).toContain('w');
    expect(worstSlot(found, wanted, 1e-2).distance).toBeLessThan(1e-4);

    // By signals: central differences in double precision. Spikes are counts, and gates open at them.
    const stream = new Stream(5, name);
    const { table } = pair.made.checked[0]!.scope;
    for (const [k, { name: signal, slot, size }] of signals.entries()) {
      if (signalNamed(table, signal)!.event) continue;
      const at = stream.integer(STEPS * size);
      const t = Math.floor(at / size);
      const share = grads[pair.starting.length + t * signals.length + k]!.dataSync()[at % size]!;
      const difference = await pair.differenceAt(slot, at);
      const limit = 1e-4 * Math.max(1, Math.abs(difference));
      expect(Math.abs(share - difference), signal).toBeLessThan(limit);
    }
    pair.operation.dispose();
  });
});

import type { Activation } from '../../../../src/circuits/activation.js';
import { layer } from '../../../../src/circuits/layer.js';
import type { CheckedRule } from '../../../../src/language/checked.js';
import type { SignalTable } from '../../../../src/language/signals.js';
import { writtenValue } from '../../../../src/program/rule.js';
import { simulate } from '../../../../src/tasks/simulate.js';
import type { Matrix, Vector } from './vectors.js';

/** The rule under test, held against what a circuit offers. */
export type RuleFor = (table: SignalTable) => CheckedRule;

/** What a layer is shown, one row a step. */
export interface Lesson {
  readonly patterns: Matrix;
  /** Where the weights start, `outputs × inputs`. */
  readonly weights: Matrix;
  /** Default: linear. */
  readonly activation?: Activation;
  /** Added to the summed input. */
  readonly partner?: Matrix;
  /** Added to the activity. */
  readonly noise?: Matrix;
  /** Of parameters, instead of those written in the rule. */
  readonly values?: Readonly<Record<string, number>>;
  /** Steps from one recorded moment to the next. Default: 1. */
  readonly every?: number;
  /** Memory that is recorded, too. */
  readonly memory?: readonly string[];
}

export interface Learned {
  /** The weights at the start and after every recorded step; NaN once they diverged. */
  readonly weights: readonly Matrix[];
  /** Memory after every recorded step (not at the start), flat, by its name in the rule. */
  readonly memory: Readonly<Record<string, readonly Vector[]>>;
  /** A parameter's value. */
  readonly value: (parameter: string) => number;
}

/** Lets a layer learn by a rule. */
export async function learned(rule: RuleFor, lesson: Lesson): Promise<Learned> {
  const { patterns, weights, activation = 'linear', values = {}, every = 1, memory = [] } = lesson;
  const [outputs, inputs] = [weights.length, weights[0]!.length];
  const given = { partner: lesson.partner, noise: lesson.noise };
  const offers = (['partner', 'noise'] as const).filter((name) => given[name]);
  const circuit = layer({ inputs, outputs, activation, offers });
  const checked = rule(circuit.tables.forward!);
  const { record } = await simulate({
    circuit,
    rules: { forward: checked },
    timeline: { trials: [{ steps: patterns.length }] },
    stepInputs: {
      pattern: flat(patterns),
      ...Object.fromEntries(offers.map((name) => [name, flat(given[name]!)])),
    },
    start: { W: flat(weights) },
    values,
    seed: 1,
    record: { slots: ['W', ...memory.map((name) => `W: ${name}`)], every },
  });
  const moments = Math.floor(patterns.length / every);
  const recorded = Array.from({ length: moments }, (_, k) =>
    weights.map((row, i) =>
      row.map((_, j) => record.W?.[(k * outputs + i) * inputs + j] ?? Number.NaN),
    ),
  );
  return {
    weights: [weights, ...recorded],
    memory: Object.fromEntries(
      memory.map((name) => [name, cut(record[`W: ${name}`] ?? new Float64Array(), moments)]),
    ),
    value: (name) => values[name] ?? writtenValue(checked.scope.parameters.get(name)!, null),
  };
}

const flat = (rows: Matrix): Float64Array => Float64Array.from(rows.flat());

function cut(values: Float64Array, pieces: number): Vector[] {
  const length = values.length / pieces;
  return Array.from({ length: pieces }, (_, k) => [
    ...values.subarray(k * length, (k + 1) * length),
  ]);
}

/**
 * What the rule makes of given activities in one step: `[output][input]`. The weights start at 0, so
 * that the activities of linear neurons are what is given; a layer has as many neurons as activities.
 */
export async function updateOf(rule: RuleFor, pre: Vector, post: Vector): Promise<Matrix> {
  const weights = post.map(() => pre.map(() => 0));
  const lesson = { patterns: [pre], noise: [post], weights };
  return (await learned(rule, lesson)).weights[1]!;
}

/**
 * Added to the summed input of a sigmoid neuron this makes its activity 1, and its negative 0, whatever
 * the weights (as long as |w · x| < 10): e^−40 is less than the spacing of doubles below 1.
 */
export const CLAMP = 50;

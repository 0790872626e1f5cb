import { Stream } from '../../../../src/base/random.js';
import { associativeMemory } from './associative-memory.js';
import { type RuleFor, run } from './run.js';
import { dot, type Matrix, type Vector } from './vectors.js';

/** Random patterns of ±1. */
export function patternsOf(count: number, neurons: number, seed: number): number[][] {
  const stream = new Stream(seed, 'patterns');
  return Array.from({ length: count }, () =>
    Array.from({ length: neurons }, () => (stream.uniform() < 0.5 ? 1 : -1)),
  );
}

/** The weights after each pattern was shown once. */
export async function stored(rule: RuleFor, patterns: Matrix): Promise<number[][]> {
  const circuit = associativeMemory(patterns[0]!.length);
  const rules = { recurrent: rule(circuit.tables.recurrent!) };
  return (await run({ circuit, rules, inputs: { pattern: patterns } })).end('W');
}

/** How many neurons of a pattern are not where their field would have them; without a field they stay. */
const unstable = (weights: Matrix, pattern: Vector): number =>
  weights.filter((row, i) => dot(row, pattern) * pattern[i]! < 0).length;

/** What is recalled: of all neurons of all stored patterns, and of whole patterns, the share that stays. */
export function recalled(weights: Matrix, patterns: Matrix): { neurons: number; whole: number } {
  const lost = patterns.map((pattern) => unstable(weights, pattern));
  return {
    neurons: 1 - lost.reduce((a, b) => a + b, 0) / (patterns.length * weights.length),
    whole: lost.filter((count) => count === 0).length / patterns.length,
  };
}

/** How far a matrix is from symmetric. */
export const asymmetry = (weights: Matrix): number =>
  Math.max(...weights.flatMap((row, i) => row.map((w, j) => Math.abs(w - weights[j]![i]!))));

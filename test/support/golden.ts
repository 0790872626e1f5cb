import { readFileSync } from 'node:fs';
import type { Episode } from '../../src/engine/engine.js';

/**
 * A tiny unrolled meta-learning problem with exact meta-gradients in float64, computed by automatic
 * differentiation in PyTorch and confirmed there by finite differences to 1e-8.
 */
interface Golden {
  readonly dims: readonly number[];
  readonly beta: number;
  readonly W0: readonly number[][][];
  readonly B: readonly number[][][];
  readonly X: readonly number[][];
  readonly Y: readonly number[];
  readonly XQ: readonly number[][];
  readonly YQ: readonly number[];
  readonly cases: readonly GoldenCase[];
}

export interface GoldenCase {
  readonly name: string;
  readonly feedback: 'fix' | 'sym';
  readonly theta: readonly number[];
  readonly meta_loss: number;
  readonly grad: readonly number[];
  readonly W_final: readonly number[][][];
  readonly query_logits: readonly number[][];
}

const file = new URL('../fixtures/golden_pool.json', import.meta.url);
export const golden: Golden = JSON.parse(readFileSync(file, 'utf8'));

export const goldenFeedback = (one: GoldenCase): 'random' | 'symmetric' =>
  one.feedback === 'sym' ? 'symmetric' : 'random';

export function goldenEpisode(one: GoldenCase): Episode {
  const classes = golden.dims.at(-1)!;
  const matrices = (letter: string, all: readonly number[][][]) =>
    all.map((matrix, l) => [`${letter}${l + 1}`, flat(matrix)]);
  return {
    start: Object.fromEntries([
      ...matrices('W', golden.W0),
      ...(one.feedback === 'fix' ? matrices('B', golden.B) : []),
    ]),
    steps: golden.X.length,
    stepInputs: { image: flat(golden.X), target: oneHot(golden.Y, classes) },
    queryInputs: { 'query images': flat(golden.XQ), 'query targets': oneHot(golden.YQ, classes) },
  };
}

export const flat = (matrix: readonly (readonly number[])[]): Float64Array =>
  Float64Array.from(matrix.flat());

function oneHot(labels: readonly number[], classes: number): Float64Array {
  const targets = new Float64Array(labels.length * classes);
  labels.forEach((label, row) => {
    targets[row * classes + label] = 1;
  });
  return targets;
}

/** Largest |a − b| / |b|. */
export function worstRelative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(b, (x, k) => Math.abs(a[k]! - x) / Math.abs(x)));
}

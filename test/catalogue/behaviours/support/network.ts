import { Stream } from '../../../../src/base/random.js';
import { type FeedForwardOptions, feedForward } from '../../../../src/circuits/feed-forward.js';
import type { Circuit } from '../../../../src/program/circuit.js';
import { type Companion, type Done, type RuleFor, run } from './run.js';
import { dot, type Matrix, norm, transpose, type Vector } from './vectors.js';

/** A network on which rules are tried: its sizes, and what brings errors back. */
export type Feedback = FeedForwardOptions['feedback'];
export const SIZES = [6, 12, 8, 3];
const [BETA, QUERIES] = [10, 60];

export const networkWith = (feedback: Feedback, sizes: readonly number[] = SIZES): Circuit =>
  feedForward({ sizes, beta: BETA, feedback, queries: QUERIES });

/** The weights a seed gives: `W1`, …, and what carries errors back, by slot name. */
export function drawn(circuit: Circuit, seed: number): Record<string, number[][]> {
  const values = circuit.draw(new Stream(seed, 'network'));
  const shapes = new Map<string, readonly [number, number]>([
    ...circuit.projections.map((p) => [p.name, [p.postSize, p.preSize]] as const),
    ...circuit.constants.map(({ name, shape }) => [name, shape] as const),
  ]);
  return Object.fromEntries(
    [...shapes].map(([name, [rows, columns]]) => [
      name,
      Array.from({ length: rows }, (_, i) => [
        ...values[name]!.subarray(i * columns, (i + 1) * columns),
      ]),
    ]),
  );
}

/**
 * Samples in [0, 1] and the class that a teacher has for them: the largest of three linear functions of
 * the deviations from 1/2.
 */
export function lessons(count: number, seed: number): { image: number[][]; target: number[][] } {
  const teacher = new Stream(0, 'teacher');
  const scores = Array.from({ length: 3 }, () =>
    Array.from({ length: SIZES[0]! }, () => teacher.normal()),
  );
  const stream = new Stream(seed, 'lessons');
  const image = Array.from({ length: count }, () =>
    Array.from({ length: SIZES[0]! }, () => stream.uniform()),
  );
  const target = image.map((x) => {
    const each = scores.map((row) =>
      dot(
        row,
        x.map((value) => value - 0.5),
      ),
    );
    return each.map((score) => (score === Math.max(...each) ? 1 : 0));
  });
  return { image, target };
}

/** A network learns `steps` samples by a rule; the loss is that of 60 others. */
export function learns(
  circuit: Circuit,
  rules: Readonly<Record<string, RuleFor>>,
  options: {
    readonly steps: number;
    readonly start: Readonly<Record<string, Matrix>>;
    readonly values?: Readonly<Record<string, number>>;
    readonly record?: readonly string[];
    readonly every?: number;
    readonly gradient?: boolean;
    /** Default: other samples. */
    readonly askedAbout?: 'the lesson';
  },
): Promise<Done> {
  const { steps, askedAbout, ...rest } = options;
  const queries = askedAbout ? repeated(lessons(1, 1)) : lessons(QUERIES, 2);
  return run({
    circuit,
    rules: Object.fromEntries(
      Object.entries(rules).map(([kind, rule]) => [kind, rule(circuit.tables[kind]!)]),
    ),
    inputs: lessons(steps, 1),
    queries: { 'query images': queries.image, 'query targets': queries.target },
    ...rest,
  });
}

/** One sample as all queries. */
const repeated = ({ image, target }: ReturnType<typeof lessons>): ReturnType<typeof lessons> => ({
  image: Array.from({ length: QUERIES }, () => image[0]!),
  target: Array.from({ length: QUERIES }, () => target[0]!),
});

/** Another rule of the catalogue, as the rule under test. */
export const another =
  (companion: Companion, name: string): RuleFor =>
  (table) =>
    companion(name, table);

/** Activities and errors of every layer for one sample, by the equations; layer 0 is the sample. */
export interface Layers {
  readonly activity: number[][];
  readonly error: number[][];
  /** φ′ */
  readonly slope: number[][];
}

/**
 * Shervani-Tabar & Rosenbaum 2023, Eqs 1–3 and 24: u = W y, y = log(1 + e^{βu})/β, softmax at the
 * output, e_l = (B_{l+1}ᵀ e_{l+1}) ⊙ φ′(u_l) with φ′ = 1 − e^{−βy}. `direct`: B_{l+1}ᵀ of the output's error.
 */
export function layersOf(
  weights: readonly Matrix[],
  back: readonly Matrix[],
  sample: Vector,
  target: Vector,
  isDirect = false,
): Layers {
  const activity: number[][] = [[...sample]];
  weights.forEach((w, l) => {
    const u = w.map((row) => dot(row, activity[l]!));
    const powers = u.map(Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    activity.push(
      l === weights.length - 1
        ? powers.map((p) => p / sum)
        : u.map((x) => Math.log1p(Math.exp(BETA * x)) / BETA),
    );
  });
  const slope = activity.map((y) => y.map((value) => 1 - Math.exp(-BETA * value)));
  const error: number[][] = new Array(activity.length);
  const last = activity.at(-1)!.map((y, k) => y - target[k]!);
  error[weights.length] = last;
  for (let l = weights.length - 1; l >= 0; l--) {
    const above = isDirect ? last : error[l + 1]!;
    error[l] = transpose(back[l]!).map((column, j) => dot(column, above) * slope[l]![j]!);
  }
  return { activity, error, slope };
}

/** The outer product a bᵀ. */
export const outer = (a: Vector, b: Vector): number[][] => a.map((x) => b.map((y) => x * y));

/** The angle between two matrices as vectors, in degrees. */
export function angle(a: Matrix, b: Matrix): number {
  const [x, y] = [a.flat(), b.flat()];
  return (Math.acos(dot(x, y) / (norm(x) * norm(y))) * 180) / Math.PI;
}

/** ‖y Wᵀ − z W Wᵀ‖² of one layer for one sample (Eqs 11–12): how far W is from orthonormal rows on it. */
export function orthonormality(w: Matrix, before: Vector, after: Vector): number {
  const u = w.map((row) => dot(row, before));
  const back = transpose(w).map((column) => dot(column, after));
  return u.reduce((sum, x, i) => sum + (x - dot(w[i]!, back)) ** 2, 0);
}

export const difference = (a: Matrix, b: Matrix): number[][] =>
  a.map((row, i) => row.map((x, j) => x - b[i]![j]!));

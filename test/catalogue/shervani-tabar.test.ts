import { describe, expect, test } from 'vitest';
import { enumerate } from '../../src/algebra/enumerate.js';
import { machineForm } from '../../src/algebra/machine-form.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { loadSpace } from '../../src/catalogue/load.js';
import { feedForwardTable } from '../../src/circuits/feed-forward-tables.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import { checkSpace } from '../../src/language/check/space.js';
import { GraphBuilder } from '../../src/program/builder.js';
import { lowerUpdate } from '../../src/program/lower.js';
import type { ProjectionSignals } from '../../src/program/projection-signals.js';

type Matrix = number[][];

/** Plain matrix algebra, so that the paper's equations can be written as they are printed. */
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const product = (...factors: Matrix[]): Matrix => factors.reduce(times);
const T = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const minus = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((x, j) => x - b[i]![j]!));
const negative = (a: Matrix): Matrix => a.map((row) => row.map((x) => -x));

const [N_PRE, N_POST] = [5, 4];
const stream = new Stream(14, 'paper');
const random = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => stream.uniform(-1, 1)));

/** Columns y_l, e_l (post), y_{l-1}, e_{l-1} (pre), and W_{l-1,l}. */
const y = random(N_POST, 1);
const e = random(N_POST, 1);
const x = random(N_PRE, 1);
const d = random(N_PRE, 1);
const W = random(N_POST, N_PRE);
const one = y.map(() => [1]);

/** Methods, Eqs 14–23, multiplied from left to right as printed. */
const PRINTED: Matrix[] = [
  negative(product(e, T(x))),
  negative(product(y, T(d))),
  negative(product(e, T(d))),
  negative(W),
  negative(product(one, T(d))),
  negative(product(e, T(one), y, T(x))),
  negative(product(y, T(y), W, d, T(d))),
  negative(product(e, T(y), W, d, T(x))),
  negative(product(y, T(x), T(W), e, T(d))),
  minus(product(y, T(x)), product(product(y, T(y)), W)),
];

describe('the space of Shervani-Tabar & Rosenbaum 2023', () => {
  const { item, source } = unwrap(loadSpace('shervani_tabar_2023'));
  const library = unwrap(enumerate(unwrap(checkSpace(item, source, feedForwardTable('random')))));

  test('has the ten terms in the order of the paper', () => {
    expect(library.terms.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, k) => `F${k}`),
    );
    expect(library).toMatchObject({ derived: 10, merged: 0, dropped: 0, outsideBounds: 0 });
  });

  test.each(PRINTED.map((matrix, k) => [`F${k}`, k, matrix] as const))(
    '%s changes W as its equation says',
    (_, k, expected) => {
      const b = new GraphBuilder();
      const values: Record<string, Matrix> = { w: W, pre: T(x), post: T(y) };
      Object.assign(values, { 'pre.error': T(d), 'post.error': T(e) });
      const signal = (name: string) =>
        b.input(name, [values[name]!.length, values[name]![0]!.length]);
      const projection: ProjectionSignals = {
        preSize: N_PRE,
        postSize: N_POST,
        weight: signal('w'),
        signal,
        parameter: signal,
      };
      const node = lowerUpdate(b, machineForm(library.terms[k]!.normalForm), projection);
      const evaluation = prepareEvaluation(b.build('term', [{ name: 'dw', node }]));
      for (const [name, matrix] of Object.entries(values)) {
        evaluation.bind(name, Float64Array.from(matrix.flat()));
      }
      evaluation.run();
      const found = evaluation.output('dw');
      expected.flat().forEach((value, at) => {
        expect(Math.abs(found[at]! - value)).toBeLessThan(1e-12);
      });
    },
  );
});

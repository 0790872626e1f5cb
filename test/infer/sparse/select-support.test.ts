import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { lassoPath } from '../../../src/infer/sparse/lasso-path.js';
import { leastSquares } from '../../../src/infer/sparse/least-squares.js';
import { addMoments, combineMoments, momentsOf } from '../../../src/infer/sparse/moments.js';
import { selectSupport } from '../../../src/infer/sparse/select-support.js';
import { standardise } from '../../../src/infer/sparse/standardise.js';
import { Tableau } from '../../../src/infer/sparse/tableau.js';
import { randomTable, targetOf } from './support.js';

/** Householder reflections on the rows themselves: no sums of products, so another way altogether. */
function fitByReflections(columns: readonly Float64Array[], target: Float64Array) {
  const a = columns.map((column) => column.slice());
  const y = target.slice();
  const reflect = (v: Float64Array, column: Float64Array, from: number, norm: number): void => {
    let sum = 0;
    for (let i = from; i < v.length; i++) sum += v[i]! * column[i]!;
    for (let i = from; i < v.length; i++) column[i]! -= (2 * sum * v[i]!) / norm;
  };
  for (const [k, column] of a.entries()) {
    const v = column.slice();
    const length = Math.hypot(...v.slice(k));
    v[k]! += Math.sign(v[k]!) * length;
    const norm = v.slice(k).reduce((sum, each) => sum + each * each, 0);
    for (const other of a.slice(k)) reflect(v, other, k, norm);
    reflect(v, y, k, norm);
  }
  const solution = new Float64Array(a.length);
  for (let i = a.length - 1; i >= 0; i--) {
    let sum = y[i]!;
    for (let j = i + 1; j < a.length; j++) sum -= a[j]![i]! * solution[j]!;
    solution[i] = sum / a[i]![i]!;
  }
  return { solution, residual: y.slice(a.length).reduce((sum, each) => sum + each * each, 0) };
}

describe('least squares on moments', () => {
  it('is that on the rows', () => {
    for (let seed = 0; seed < 20; seed++) {
      const stream = new Stream(seed, 'least squares');
      const columns = randomTable(stream, 60, 6).map((column, k) => column.map((x) => x * 10 ** k));
      const target = targetOf(columns, { 0: 1, 3: -0.002 }, 0.3, stream);
      const support = [0, 2, 3, 5];
      const fit = leastSquares(momentsOf(columns, target), support)!;
      const direct = fitByReflections(
        support.map((k) => columns[k]!),
        target,
      );
      for (const [i, k] of support.entries()) {
        expect(Math.abs(fit.coefficients[k]! / direct.solution[i]! - 1)).toBeLessThan(1e-9);
      }
      expect(Math.abs(fit.residual / direct.residual - 1)).toBeLessThan(1e-9);
      expect(fit.coefficients[1]).toBe(0);
    }
  });

  it('refuses columns that depend on each other, and columns of zeros', () => {
    const columns = randomTable(new Stream(1, 'dependent'), 50, 3);
    columns.push(
      columns[0]!.map((x, row) => x - 2 * columns[1]![row]!),
      new Float64Array(50),
    );
    const moments = momentsOf(columns, columns[2]!);
    expect(leastSquares(moments, [0, 1, 3])).toBeNull();
    expect(leastSquares(moments, [4])).toBeNull();
    expect(leastSquares(moments, [0, 3])).not.toBeNull();
  });
});

describe('moments', () => {
  const stream = new Stream(2, 'moments');
  const columns = randomTable(stream, 40, 3);
  const target = targetOf(columns, { 1: 2 }, 1, stream);

  it('of blocks add up to those of all rows, and a row drawn twice counts twice', () => {
    const even = Int32Array.from({ length: 20 }, (_, k) => 2 * k);
    const odd = even.map((row) => row + 1);
    const [a, b] = [even, odd].map((rows) => momentsOf(columns, target, rows));
    const whole = momentsOf(columns, target);
    const sum = addMoments(a!, b!);
    expect(sum.n).toBe(40);
    for (const [i, each] of sum.gram.entries()) expect(each).toBeCloseTo(whole.gram[i]!, 10);
    const drawn = momentsOf(columns, target, Int32Array.from([...even, ...even, ...odd]));
    const weighted = combineMoments([a!, b!], [2, 1]);
    expect(weighted.n).toBe(drawn.n);
    expect(weighted.power).toBeCloseTo(drawn.power, 10);
    for (const [i, each] of weighted.cross.entries()) expect(each).toBeCloseTo(drawn.cross[i]!, 10);
  });

  it('are refused where columns and rows do not fit', () => {
    expect(() => momentsOf([new Float64Array(3)], target)).toThrow(RangeError);
    expect(() => momentsOf(columns, target, Int32Array.of(40))).toThrow(RangeError);
    expect(() => combineMoments([])).toThrow(RangeError);
    expect(() => combineMoments([momentsOf(columns, target)], [1, 2])).toThrow(RangeError);
  });
});

describe('a tableau', () => {
  it('knows what every exchange would do', () => {
    const stream = new Stream(3, 'tableau');
    const columns = randomTable(stream, 100, 8, 2);
    const target = targetOf(columns, { 0: 1, 4: -1 }, 1, stream);
    const moments = momentsOf(columns, target);
    const tableau = new Tableau(standardise(moments));
    const leftOf = (support: readonly number[]) =>
      leastSquares(moments, support)!.residual / moments.power;
    for (let step = 0; step < 200; step++) {
      const column = stream.integer(8);
      const promised = tableau.inside[column]
        ? tableau.left + tableau.loss(column)
        : tableau.left - tableau.gain(column);
      tableau.exchange(column);
      expect(tableau.left).toBeCloseTo(leftOf(tableau.support), 10);
      expect(promised).toBeCloseTo(tableau.left, 10);
    }
    for (let k = 0; k < 8; k++) if (tableau.inside[k]) tableau.exchange(k);
    expect(tableau.left).toBeCloseTo(1, 10);
  });
});

describe('the L1 path', () => {
  it('meets the optimality conditions at every penalty', () => {
    for (let seed = 0; seed < 5; seed++) {
      const stream = new Stream(seed, 'lasso');
      const columns = randomTable(stream, 80, 10, 1);
      const target = targetOf(columns, { 1: 1, 2: -1 }, 0.5, stream);
      const standardised = standardise(momentsOf(columns, target));
      for (const { penalty, coefficients } of lassoPath(standardised, { tolerance: 1e-6 })) {
        for (let k = 0; k < 10; k++) {
          let toward = standardised.cross[k]!;
          for (let j = 0; j < 10; j++) {
            toward -= standardised.gram[k * 10 + j]! * coefficients[j]!;
          }
          const sign = Math.sign(coefficients[k]!);
          const excess =
            sign === 0 ? Math.abs(toward) - penalty : Math.abs(toward - sign * penalty);
          expect(excess).toBeLessThan(2e-6 * penalty);
        }
      }
    }
  });
});

describe('selecting a support', () => {
  it('finds the terms among correlated columns, with and without noise', () => {
    for (const noise of [0, 0.3, 1]) {
      let right = 0;
      for (let seed = 0; seed < 20; seed++) {
        const stream = new Stream(seed, 'select', noise);
        const columns = randomTable(stream, 600, 20, 2);
        const truth = { 3: 1, 7: -1, 12: 0.5 };
        const target = targetOf(columns, truth, noise, stream);
        const { support, coefficients } = selectSupport(momentsOf(columns, target));
        right += support.join() === '3,7,12' ? 1 : 0;
        for (const [k, value] of Object.entries(truth)) {
          const error = Math.abs(coefficients[Number(k)]! - value);
          expect(error).toBeLessThan(noise === 0 ? 1e-9 : 0.2 * noise);
        }
      }
      expect(right).toBeGreaterThanOrEqual(noise === 0 ? 20 : 18);
    }
  });

  it('is the best of all supports where they can all be tried', () => {
    for (let seed = 0; seed < 20; seed++) {
      const stream = new Stream(seed, 'exhaustive');
      const columns = randomTable(stream, 40, 9, 1.5);
      const target = targetOf(columns, { 0: 0.5, 3: -0.4, 5: 0.3 }, 1, stream);
      const moments = momentsOf(columns, target);
      const { path } = selectSupport(moments);
      for (const { support, left } of path) {
        const lefts = supportsOf(9, support.length).map(
          (each) => leastSquares(moments, each)!.residual / moments.power,
        );
        // All sizes were searched only in part: what was chosen has to be right, the path nearly.
        expect(left).toBeLessThan(1.1 * Math.min(...lefts));
      }
    }
  });

  it('takes the first of equal columns, none of zeros, and a nameless sum of others as it comes', () => {
    const columns = randomTable(new Stream(4, 'equal'), 200, 4);
    columns.push(
      columns[1]!.map((x) => -3 * x),
      new Float64Array(200),
    );
    const target = targetOf(columns, { 4: 1, 2: 1 });
    const { support, coefficients } = selectSupport(momentsOf(columns, target));
    expect(support).toEqual([1, 2]);
    expect(coefficients[1]).toBeCloseTo(-3, 10);
  });

  it('finds nothing where there is nothing', () => {
    const columns = randomTable(new Stream(5, 'nothing'), 100, 5);
    expect(selectSupport(momentsOf(columns, new Float64Array(100))).support).toEqual([]);
    expect(selectSupport(momentsOf([], columns[0]!)).support).toEqual([]);
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const stream = new Stream(seed, 'noise alone');
      const table = randomTable(stream, 500, 20);
      const noise = table[0]!.map(() => stream.normal());
      found += selectSupport(momentsOf(table, noise)).support.length > 0 ? 1 : 0;
    }
    expect(found).toBeLessThanOrEqual(5);
  });
});

function supportsOf(size: number, terms: number, from = 0): number[][] {
  if (terms === 0) return [[]];
  const out: number[][] = [];
  for (let k = from; k <= size - terms; k++) {
    for (const rest of supportsOf(size, terms - 1, k + 1)) out.push([k, ...rest]);
  }
  return out;
}

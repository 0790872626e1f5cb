import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { irrepresentable } from '../../../src/infer/sparse/irrepresentable.js';
import { momentsOf } from '../../../src/infer/sparse/moments.js';
import { assess } from '../../../src/infer/trust/assess.js';
import { quantile, resample } from '../../../src/infer/trust/resample.js';
import { seriesOf } from '../../../src/infer/trust/series.js';
import { shiftTest } from '../../../src/infer/trust/shift-test.js';
import { slowCourse } from '../../../src/infer/trust/slow-course.js';
import { type Evidence, verdictOf } from '../../../src/infer/trust/verdicts.js';
import { randomTable, targetOf } from '../sparse/support.js';

const SYNAPSES = 6;
const STEPS = 60;
const ROWS = SYNAPSES * STEPS;

/** Rows by time, and at every time one for each synapse. */
const PLACES = {
  rows: ROWS,
  time: Float64Array.from({ length: ROWS }, (_, row) => Math.floor(row / SYNAPSES)),
  pre: Float64Array.from({ length: ROWS }, (_, row) => row % SYNAPSES),
  post: null,
  trial: null,
};
const series = seriesOf(PLACES);
const blocks = series.map(({ rows }) => rows);

/** Synapse by synapse a walk at random. */
function walks(stream: Stream): Float64Array {
  const at = new Float64Array(SYNAPSES);
  return Float64Array.from({ length: ROWS }, (_, row) => {
    at[row % SYNAPSES]! += stream.normal();
    return at[row % SYNAPSES]!;
  });
}

describe('series of a recording', () => {
  it('are synapses in the order of time', () => {
    expect(series).toHaveLength(SYNAPSES);
    expect([...series[2]!.rows.slice(0, 3)]).toEqual([2, 8, 14]);
    const backwards = PLACES.time.map((t) => -t);
    const [first] = seriesOf({ ...PLACES, time: backwards });
    expect(first!.rows[0]).toBe(ROWS - SYNAPSES);
  });

  it('are those within trials if trials are long, and each trial is shifted for itself', () => {
    const trial = PLACES.time.map((t) => Math.floor(t / 30));
    const within = seriesOf({ ...PLACES, trial });
    expect(within).toHaveLength(2 * SYNAPSES);
    expect(new Set(within.map(({ group }) => group))).toEqual(new Set([0, 1]));
    const short = PLACES.time.map((t) => Math.floor(t / 5));
    expect(seriesOf({ ...PLACES, trial: short })).toHaveLength(SYNAPSES);
  });

  it('are all rows where there is nothing else, or each synapse has few', () => {
    const nothing = { ...PLACES, time: null, pre: null };
    expect(seriesOf(nothing)).toEqual([
      { rows: Int32Array.from({ length: ROWS }, (_, row) => row), group: 0 },
    ]);
    expect(seriesOf({ ...PLACES, pre: PLACES.time })).toHaveLength(1);
    expect(seriesOf({ ...nothing, rows: 0 })[0]!.rows).toHaveLength(0);
  });
});

describe('the shift test', () => {
  const test = (
    columns: Float64Array[],
    target: Float64Array,
    chosen: readonly number[],
    seed = 0,
  ) => {
    const coefficients = new Float64Array(columns.length);
    for (const k of chosen) coefficients[k] = 1;
    return shiftTest(
      { columns, target, series },
      { support: chosen, coefficients },
      {
        shifts: 99,
        stream: new Stream(seed, 'shifts'),
        level: 0.01,
      },
    );
  };

  it('is passed by what acts at its time, and not by a term of the wrong sign', () => {
    const stream = new Stream(1, 'acts');
    const columns = randomTable(stream, ROWS, 5);
    const target = targetOf(columns, { 0: 1, 2: -1 }, 1, stream);
    expect(test(columns, target, [0])).toEqual({ p: 0.01, terms: [0.01], shifts: 99 });
    expect(test(columns, target, [0, 2]).terms).toEqual([0.01, 1]);
    const beside = test(columns, target, [0, 1]);
    expect(beside.terms[0]).toBe(0.01);
    expect(beside.terms[1]).toBeGreaterThan(0.01);
  });

  it('has small p as often as chance has it, for noise and for what drifts', () => {
    for (const drifts of [false, true]) {
      let small = 0;
      for (let seed = 0; seed < 60; seed++) {
        const stream = new Stream(seed, 'chance', String(drifts));
        const column = () =>
          drifts ? walks(stream) : Float64Array.from({ length: ROWS }, () => stream.normal());
        const columns = [column(), column(), column()];
        small += test(columns, column(), [], seed).p <= 0.1 ? 1 : 0;
      }
      // Six are expected.
      expect(small).toBeLessThanOrEqual(14);
    }
  });

  it('takes slow agreement for nothing', () => {
    const trend = PLACES.time.map((t) => t / STEPS);
    const noise = new Stream(3, 'trend');
    const columns = [trend.map((x) => x + 0.01 * noise.normal())];
    const target = trend.map((x) => x + 0.01 * noise.normal());
    expect(test(columns, target, [0]).p).toBeGreaterThan(0.05);
    expect(test([trend], target, [0]).p).toBe(1);
  });
});

describe('slow courses', () => {
  const courseOf = (of: (t: number, k: number) => number) =>
    slowCourse(
      PLACES.time.map((t, row) => of(t / STEPS, row % SYNAPSES)),
      series,
    );

  it('are common to all synapses, or each has its own', () => {
    const common = courseOf((t) => t ** 4 - t);
    expect(common).toMatchObject({ of: 'all', numbers: 5 });
    expect(common.left).toBeLessThan(1e-12);
    const own = courseOf((t, k) => (k - 2) * t);
    expect(own).toMatchObject({ of: 'each', numbers: 5 * SYNAPSES });
    expect(own.left).toBeLessThan(1e-12);
    const both = courseOf((t, k) => (k - 2) * Math.sin(40 * t));
    expect(both.left).toBeGreaterThan(0.5);
    expect(courseOf(() => 0).left).toBe(1);
  });
});

describe('resampling', () => {
  it('finds an interval as wide as the noise makes it', () => {
    const stream = new Stream(4, 'interval');
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const columns = randomTable(stream, ROWS, 4);
      const target = targetOf(columns, { 1: 1 }, 1, stream);
      const moments = Array.from({ length: 30 }, (_, k) =>
        momentsOf(
          columns,
          target,
          Int32Array.from({ length: 12 }, (__, i) => 12 * k + i),
        ),
      );
      const { draws, inclusion } = resample(moments, { resamples: 60, stream: stream.child(seed) });
      expect(inclusion[1]).toBe(1);
      const values = draws.map((draw) => draw[1]!);
      covered += quantile(values, 0.05) <= 1 && quantile(values, 0.95) >= 1 ? 1 : 0;
    }
    expect(covered).toBeGreaterThanOrEqual(80);
    expect(covered).toBeLessThanOrEqual(96);
  });

  it('needs something to draw from', () => {
    expect(() => resample([], { resamples: 1, stream: new Stream(0) })).toThrow(RangeError);
    expect(quantile([3, 1, 2], 0.25)).toBe(1.5);
  });
});

describe('verdicts', () => {
  const sure: Evidence = {
    inclusion: 1,
    interval: [0.5, 1],
    p: 0.005,
    isAliased: false,
    isReplaceable: false,
  };

  it('are as good as the weakest of what is known', () => {
    expect(verdictOf(sure)).toBe('established');
    expect(verdictOf({ ...sure, inclusion: 0.8 })).toBe('tentative');
    expect(verdictOf({ ...sure, interval: [-0.1, 1] })).toBe('tentative');
    expect(verdictOf({ ...sure, interval: null })).toBe('tentative');
    expect(verdictOf({ ...sure, p: 0.02 })).toBe('tentative');
    expect(verdictOf({ ...sure, isAliased: true })).toBe('tentative');
    expect(verdictOf({ ...sure, inclusion: 0.5 })).toBeNull();
    expect(verdictOf({ ...sure, inclusion: 0.5, isReplaceable: true })).toBe('not identifiable');
  });
});

describe('an assessment', () => {
  const assessed = (columns: Float64Array[], target: Float64Array, seed = 0) =>
    assess(
      { columns, target, blocks, series },
      { stream: new Stream(seed, 'assess'), resamples: 60 },
    );

  it('establishes the terms of a rule, the same for the same seed', () => {
    const stream = new Stream(6, 'rule');
    const columns = randomTable(stream, ROWS, 8);
    const target = targetOf(columns, { 1: 1, 6: -0.5 }, 0.5, stream);
    const found = assessed(columns, target);
    expect(found.terms.map(({ column, verdict }) => [column, verdict])).toEqual([
      [1, 'established'],
      [6, 'established'],
    ]);
    expect(found.terms[1]!.interval![1]).toBeLessThan(0);
    expect(found.unstable).toEqual([]);
    expect(found.left).toBeGreaterThan(0.1);
    expect(assessed(columns, target)).toEqual(found);
  });

  it('says what cannot be told apart', () => {
    const stream = new Stream(7, 'alike');
    const columns = randomTable(stream, ROWS, 4);
    const alike = columns[0]!.map((x) => x + 0.02 * stream.normal());
    columns.push(alike, columns[2]!.slice());
    const target = targetOf(columns, { 0: 0.5, 4: 0.5, 2: 1 }, 1, stream);
    const { terms } = assessed(columns, target);
    const pair = terms.find(({ column }) => column === 0 || column === 4)!;
    expect(pair.verdict).not.toBe('established');
    expect(pair.instead).toEqual([pair.column === 0 ? 4 : 0]);
    expect(terms.find(({ column }) => column === 2)!.verdict).toBe('tentative');
  });

  it('refuses what a slow course of time explains as well', () => {
    const stream = new Stream(10, 'trend');
    const courses = Array.from({ length: SYNAPSES }, () => [stream.normal(), stream.normal()]);
    const at = new Float64Array(SYNAPSES);
    // Weights add up changes that go up or down with time, whatever they are themselves.
    const weights = new Float64Array(ROWS);
    const target = weights.map((_, row) => {
      const [k, t] = [row % SYNAPSES, Math.floor(row / SYNAPSES) / STEPS];
      const change = courses[k]![0]! + courses[k]![1]! * t + 0.1 * stream.normal();
      weights[row] = at[k]!;
      at[k]! += change / STEPS;
      return change;
    });
    const found = assessed([weights, weights.map((w) => w * w), target.map(() => 1)], target);
    expect(found.terms).toEqual([]);
    expect(found.refused!.support.length).toBeGreaterThan(0);
    expect(found.slow!.left).toBeLessThan(found.refused!.left);
    expect(found.slow).toMatchObject({ of: 'each', numbers: 5 * SYNAPSES });
  });

  it('keeps a slow term that explains more than its size in numbers', () => {
    const stream = new Stream(11, 'decay');
    const at = Float64Array.from({ length: SYNAPSES }, () => 3 * stream.normal());
    const weights = new Float64Array(ROWS);
    const target = weights.map((_, row) => {
      const k = row % SYNAPSES;
      weights[row] = at[k]!;
      const change = -0.05 * at[k]! + 0.02 * stream.normal();
      at[k]! += change;
      return change;
    });
    const { terms, refused } = assessed([weights, target.map(() => 1)], target);
    expect(refused).toBeNull();
    expect(terms.map(({ column }) => column)).toEqual([0]);
  });

  it('finds no rule in noise', () => {
    const stream = new Stream(8, 'none');
    const noise = Float64Array.from({ length: ROWS }, () => stream.normal());
    const {
      terms,
      nullTest,
      irrepresentable: value,
    } = assessed(randomTable(stream, ROWS, 6), noise);
    expect(terms).toEqual([]);
    expect(nullTest.p).toBeGreaterThan(0.01);
    expect(value).toBeNull();
  });
});

describe('the irrepresentable value', () => {
  it('is the correlation for one term, and counts signs for two', () => {
    // Three columns that are nearly orthonormal, and one that leans on the first two.
    const stream = new Stream(9, 'irrepresentable');
    const columns = randomTable(stream, 20000, 3, 0);
    columns.push(columns[0]!.map((x, row) => 0.6 * x + 0.6 * columns[1]![row]!));
    const moments = momentsOf(columns, columns[2]!);
    const value = (...coefficients: number[]) =>
      irrepresentable(moments, Float64Array.from(coefficients))!;
    expect(value(1, 0, 0, 0)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(value(1, 2, 0, 0)).toBeCloseTo(Math.SQRT2, 1);
    expect(value(1, -2, 0, 0)).toBeCloseTo(0, 1);
    expect(irrepresentable(moments, new Float64Array(4))).toBeNull();
    expect(irrepresentable(moments, Float64Array.of(1, 1, 0, 1))).toBeNull();
  });
});

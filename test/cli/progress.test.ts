import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/cli/context.js';
import { describeProgress, type Progress, progressLine } from '../../src/cli/progress.js';
import { type SearchRecord, SoFar } from '../../src/discover/so-far.js';

const progress: Progress = {
  done: 400,
  expected: 1000,
  seconds: 30,
  before: 100,
  diverged: 2,
  rule: {
    coefficients: [
      { name: 'F0', value: 0.23149 },
      { name: 'F9', value: -0.076 },
      { name: 'F2', value: 0.01 },
      { name: 'F3', value: 0.001 },
      { name: 'F4', value: 1e-4 },
    ],
    loss: 0.9251,
  },
};

/** What is written to a screen of that width while a run goes on. */
function shown(screen: { isTTY: boolean; columns: number }, quiet = false): string {
  let text = '';
  const sink = { ...screen, write: (more: string) => (text += more) };
  const line = progressLine(contextOf(sink, sink, {}, { json: false, quiet }));
  line.show(progress);
  line.clear();
  return text;
}

describe('progress', () => {
  it('says the time left from what this process did, the rule so far and what diverged', () => {
    expect(describeProgress(progress)).toBe(
      '400 of 1,000 episodes (40 %), 0:30 gone, about 1:00 left; so far F0 0.231, F9 -0.076, F2 0.01, F3 0.001 and 1 more, loss 0.93; 2 episodes diverged',
    );
    const rule = { coefficients: [], loss: null };
    expect(describeProgress({ ...progress, rule, diverged: 0 })).not.toMatch(/so far|diverged/);
  });

  it('is one line with a bar on a terminal, which goes away', () => {
    expect(shown({ isTTY: true, columns: 200 })).toBe(
      '\r\u001b[2K████░░░░░░░░ 40 %, 1:00 left; F0 0.231, F9 -0.076, F2 0.01, F3 0.001 and 1 more, loss 0.93; 2 diverged\r\u001b[2K',
    );
    expect(shown({ isTTY: true, columns: 40 })).toBe(
      '\r\u001b[2K40 %, 1:00 left; F0 0.231, F9 -0.076, F\r\u001b[2K',
    );
  });

  it('is a line in a log, and nothing when it is to be quiet', () => {
    expect(shown({ isTTY: false, columns: 0 })).toBe(`${describeProgress(progress)}\n`);
    expect(shown({ isTTY: true, columns: 100 }, true)).toBe('');
  });
});

describe('what searches have come to so far', () => {
  const record = (step: number, loss: number | null, more: Partial<SearchRecord> = {}) => ({
    step,
    loss,
    accuracy: null,
    coefficients: [0.1, 0, -0.2],
    diverged: loss === null ? 1 : 0,
    ...more,
  });

  it('is the rule, the largest standardised coefficient first, with its recent loss', () => {
    const soFar = new SoFar();
    expect(soFar.rule).toBeNull();
    const axes = { names: ['F0', 'F1', 'F2'], scales: [0.1, 1, 1] };
    expect(soFar.take('search', record(0, 3, axes))).toBe(true);
    for (let step = 1; step < 12; step++) soFar.take('search', record(step, step < 3 ? 9 : 1));
    soFar.take('feedback-alignment', record(0, null, { ...axes, coefficients: [7, 7, 7] }));
    const coefficients = [
      { name: 'F0', value: 0.1 },
      { name: 'F2', value: -0.2 },
    ];
    // Of the last ten losses one is from before step 3.
    expect(soFar.rule).toEqual({ coefficients, loss: 1.8 });
    expect([soFar.diverged, soFar.steps]).toEqual([1, 13]);
  });

  it('takes no step twice', () => {
    const soFar = new SoFar();
    const told = [0, 1, 2, 1, 2, 3].map((step) => soFar.take('search', record(step, 1)));
    expect(told).toEqual([true, true, true, false, false, true]);
    expect(soFar.steps).toBe(4);
  });
});

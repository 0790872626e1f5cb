import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activityMisfit } from '../../../src/base/diagnostics/recording.js';
import { unwrap } from '../../../src/base/result.js';
import { inferFromActivity, inferFromTrials } from '../../../src/infer/hidden/from-activity.js';
import { readActivity } from '../../../src/infer/hidden/read-activity.js';
import type { InferResult } from '../../../src/infer/result.js';
import { npz } from '../numpy.js';
import { recorded, type Setting } from './recorded.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-activity-'));
let files = 0;

type Arrays = Parameters<typeof npz>[0];

function file(arrays: Arrays): string {
  files += 1;
  const path = join(folder, `${files}.npz`);
  writeFileSync(path, npz(arrays));
  return path;
}

/** All products of powers up to 2: 27 terms. */
const library = { columns: ['pre', 'post', 'w'], degree: 6, maxPower: 2 };

async function inferred(
  setting: Setting,
  { startsKnown = true, degree = library.degree } = {},
): Promise<InferResult> {
  const { trials, steps, inputs, neurons } = await recorded(setting);
  const joined = (of: (trial: (typeof trials)[number]) => Float64Array): Float64Array =>
    Float64Array.from(trials.flatMap((trial) => [...of(trial)]));
  const path = file({
    pre: [[trials.length, steps, inputs], joined(({ pre }) => pre)],
    post: [[trials.length, steps, neurons], joined(({ post }) => post)],
    ...(startsKnown && { w: [[trials.length, neurons, inputs], joined(({ w }) => w)] }),
  });
  const { activation } = setting;
  return unwrap(
    await inferFromActivity(path, { activation, seed: 1, library: { ...library, degree } }),
  );
}

const termsOf = ({ terms }: InferResult): Record<string, number> =>
  Object.fromEntries(terms.map(({ text, coefficient }) => [text, coefficient]));

const OJA = { rule: '0.1 * pre * post - 0.1 * post^2 * w', activation: 'sigmoid' } as const;

/** Courses are followed hundreds of times. */
const PATIENCE = 120_000;

describe('a rule is found from activity alone, weights hidden', { timeout: PATIENCE }, () => {
  it.each([
    { noise: 0, seen: 5, within: 1e-5 },
    { noise: 0.05, seen: 2, within: 0.05 },
    { noise: 0.2, seen: 5, within: 0.05 },
  ])('Oja, noise $noise, $seen of 5 neurons', async ({ noise, seen, within }) => {
    const result = await inferred({ ...OJA, noise, seen, seed: 1 });
    const found = termsOf(result);
    expect(Object.keys(found).sort()).toEqual(['post^2 * w', 'pre * post']);
    expect(Math.abs(found['pre * post']! / 0.1 - 1)).toBeLessThan(within);
    expect(Math.abs(found['post^2 * w']! / -0.1 - 1)).toBeLessThan(within);
    expect(result.terms.map(({ verdict }) => verdict)).toEqual(['established', 'established']);
    expect(result.nullTest).toMatchObject({ p: 0.005, shifts: 199, rows: 1200 * seen });
    // What is left is the noise.
    expect(Math.abs(result.metrics!.loss - noise ** 2)).toBeLessThan(0.1 * noise ** 2 + 1e-9);
    expect(result.rule!.text).toContain('pre * post');
  });

  it('Oja, where not even the first weights are known', async () => {
    const result = await inferred(
      { ...OJA, noise: 0.05, seen: 2, seed: 2 },
      { startsKnown: false, degree: 3 },
    );
    const found = termsOf(result);
    expect(Object.keys(found).sort()).toEqual(['post^2 * w', 'pre * post']);
    expect(Math.abs(found['pre * post']! / 0.1 - 1)).toBeLessThan(0.1);
    expect(Math.abs(found['post^2 * w']! / -0.1 - 1)).toBeLessThan(0.1);
    expect(result.known?.name).toBe('oja');
  });

  it('with the time constant of a trace', async () => {
    const rule = '0.02 * x * post - 0.02 * w trace x = pre over 6 steps';
    const activity = await recorded({ rule, activation: 'sigmoid', noise: 0.05, seen: 2, seed: 1 });
    const space = join(folder, 'traces.space');
    writeFileSync(
      space,
      `space traces {
  param tau = 2 steps in [0.5 steps, 50 steps] fit
  trace x = pre over tau
  choice side = 1 | x | pre
  choice other = 1 | post | w
  term = side * other
}`,
    );
    const request = { activation: 'sigmoid', seed: 1, library: { space } } as const;
    const result = unwrap(await inferFromTrials(activity, request));
    expect(result.terms.map(({ text }) => text).sort()).toEqual(['w', 'x * post']);
    const [tau] = result.fitted!;
    expect(tau).toMatchObject({ name: 'tau', unit: 'step', isTold: true });
    expect(Math.abs(tau!.value / 6 - 1)).toBeLessThan(0.1);
    expect(tau!.interval[0]).toBeLessThan(6);
    expect(tau!.interval[1]).toBeGreaterThan(6);
    expect(result.rule!.text).toContain(`tau = ${tau!.value}`);
  });

  it('what the data cannot tell apart is not established', async () => {
    const rule = '-0.1 * pre * post - 0.01 * w';
    const sigmoid = { rule, activation: 'sigmoid', noise: 0.05, seen: 2 } as const;
    const results = [];
    for (const seed of [0, 1, 2]) results.push(await inferred({ ...sigmoid, seed }));
    // With half-active neurons w and post * w are nearly proportional.
    const wrong = results.flatMap(({ terms }) =>
      terms.filter(
        ({ text, verdict }) => verdict === 'established' && text !== 'pre * post' && text !== 'w',
      ),
    );
    expect(wrong).toEqual([]);
    const doubted = results.flatMap(({ terms }) => terms.filter(({ instead }) => instead.length));
    expect(doubted.length).toBeGreaterThan(0);
  });

  it('none where nothing learns', async () => {
    const result = await inferred({
      rule: '0 * w',
      activation: 'sigmoid',
      noise: 0.05,
      seen: 5,
      seed: 3,
    });
    expect(result.rule).toBeNull();
    expect(result.terms).toEqual([]);
  });

  it('a single trial tells the rule, but establishes nothing', async () => {
    const result = await inferred({ ...OJA, noise: 0, seen: 5, seed: 4, trials: 1 });
    expect(Object.keys(termsOf(result)).sort()).toEqual(['post^2 * w', 'pre * post']);
    expect(result.nullTest.shifts).toBe(0);
    expect(result.terms.every(({ verdict }) => verdict === 'tentative')).toBe(true);
  });

  it('is the same every time', async () => {
    const setting = { ...OJA, noise: 0.05, seen: 2, seed: 5 };
    const [a, b] = [await inferred(setting), await inferred(setting)];
    expect({ ...a, recording: '' }).toEqual({ ...b, recording: '' });
  });
});

describe('an archive of activity', () => {
  const zeros = (...shape: number[]): readonly [number[], Float64Array] => [
    shape,
    new Float64Array(shape.reduce((product, each) => product * each, 1)),
  ];
  const whole: Arrays = { pre: zeros(2, 4, 3), post: zeros(2, 4, 1), w: zeros(2, 1, 3) };

  it('may do without the dimension of trials, and without weights', () => {
    const one = unwrap(readActivity(file({ pre: zeros(4, 3), post: zeros(4, 1), w: zeros(1, 3) })));
    expect(one).toMatchObject({ inputs: 3, neurons: 1, steps: 4 });
    expect(one.trials).toHaveLength(1);
    expect(one.startsKnown).toBe(true);
    const { pre, post } = whole;
    const unknown = unwrap(readActivity(file({ pre: pre!, post: post! })));
    expect(unknown.startsKnown).toBe(false);
    expect(unknown.trials.map(({ w }) => [...w])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const alike = unwrap(readActivity(file({ ...whole, w: zeros(1, 3) })));
    expect(alike.trials.map(({ w }) => w.length)).toEqual([3, 3]);
  });

  const infinite = new Float64Array(24);
  infinite[5] = Number.POSITIVE_INFINITY;
  it.each<[string, Arrays]>([
    ['there is no array post (there are: pre, w)', { pre: whole.pre!, w: whole.w! }],
    ['pre has 4 dimensions', { ...whole, pre: zeros(1, 2, 4, 3) }],
    ['an array is empty', { ...whole, pre: zeros(2, 0, 3), post: zeros(2, 0, 1) }],
    ['pre is [2,4,3] and post [2,5,1]: trials or steps differ', { ...whole, post: zeros(2, 5, 1) }],
    ['w is [2,3,1], not [2, 1, 3]', { ...whole, w: zeros(2, 3, 1) }],
    ['number 6 of pre in trial 1 is Infinity', { ...whole, pre: [[2, 4, 3], infinite] }],
    [
      'post is NaN everywhere',
      { ...whole, post: [[2, 4, 1], new Float64Array(8).fill(Number.NaN)] },
    ],
  ])('%s', (what, arrays) => {
    const path = file(arrays);
    const result = readActivity(path);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      activityMisfit({ path, what }).message,
    ]);
  });
});

it('signals that a layer does not have are named once each', async () => {
  const activity = await recorded({ ...OJA, noise: 0, seen: 5, seed: 1, trials: 1 });
  const result = await inferFromTrials(activity, {
    activation: 'tanh',
    seed: 1,
    library: { columns: ['pre', 'wx'], degree: 3, maxPower: 2 },
  });
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
    ['E460', 'did you mean `w`?'],
  ]);
});

import { describe, expect, it } from 'vitest';
import { unknownInput } from '../../src/base/diagnostics/circuit.js';
import { noSuchParameter } from '../../src/base/diagnostics/program.js';
import {
  memoryNotGiven,
  noStepLength,
  noSuchSignal,
  nothingExpected,
  notNumbers,
  signalNotGiven,
  sizesDiffer,
} from '../../src/base/diagnostics/testing.js';
import '../../src/testing/vitest.js';
import type { UpdateOptions } from '../../src/testing/vitest.js';
import { messageOf } from './message.js';

describe('toUpdate', () => {
  it('shows a rule one step', async () => {
    // η y (x − y w), with one value, several neurons, and rows of weights.
    await expect('oja').toUpdate({ w: 0.5, pre: 1, post: 2 }, 0.01 * 2 * (1 - 2 * 0.5) + 0);
    await expect('oja').toUpdate({ w: [0.5, 0], pre: [1, 3], post: 2 }, [0, 0.06]);
    await expect('oja').toUpdate(
      {
        w: [
          [0.5, 0],
          [1, 1],
        ],
        pre: [1, 3],
        post: [2, 0],
      },
      {
        dw: [
          [0, 0.06],
          [0, 0],
        ],
        w: [
          [0.5, 0.06],
          [1, 1],
        ],
      },
    );
    await expect('oja').not.toUpdate({ w: 0.5, pre: 1, post: 2 }, 0.01);
  });

  it('shows a rule several steps, with memory, spikes and time', async () => {
    const pair = [{ 'pre.spike': 1 }, {}, { 'post.spike': 1 }];
    const faded = Math.exp(-2 / 20);
    await expect('stdp_nearest').toUpdate(pair, 0.005 * faded, { dt: 1 });
    await expect('stdp_nearest').toUpdate(pair, { memory: { x: faded, y: 1 } }, { dt: 1 });
    await expect('stdp_nearest').toUpdate(pair, 0.01 * Math.exp(-4 / 20), {
      dt: 2,
      values: { A_plus: 0.01 },
    });
    await expect('bcm').toUpdate(
      { pre: 2, post: 3 },
      { dw: 0.02 * 3 * (3 - 0.5) * 2, memory: { theta: 0.95 * 0.5 + 0.05 * 9 } },
      { memory: { theta: 0.5 } },
    );
  });

  it('shows a rule trials and phases', async () => {
    const timeline = {
      trials: [
        {
          steps: 2,
          phases: [
            { name: 'free', steps: 1 },
            { name: 'clamped', steps: 1 },
          ],
        },
      ],
    };
    const shown = [
      { pre: [1, 2], post: 0.5 },
      { pre: [1, 2], post: 1 },
    ];
    await expect('contrastive').toUpdate(shown, [0.05, 0.1], { timeline });
    await expect('boltzmann').toUpdate(shown, [0.005, 0.01], { timeline });
  });

  it('knows what parameters of a projection are', async () => {
    const given = [{ 'pre.spike': 1 }, { 'pre.spike': 1 }].map((step) => ({
      ...step,
      'post.spike': 1,
    }));
    const first = [{ ...given[0]!, w: 1 }, given[1]!];
    const options: UpdateOptions = {
      timeline: { trials: [{ steps: 2 }] },
      dt: 1,
      values: { goal: 3, w_max: 9 },
    };
    // Two spikes on both sides in the trial: averages 0.05 · 2 = 0.1.
    await expect('psd').toUpdate(first, 0.02 * 0.1 * (3 - 0.1), options);
  });

  it('says which synapse is off, and by how much', async () => {
    expect(
      await messageOf(() =>
        expect('oja').toUpdate({ w: [0.5, 0], pre: [1, 3], post: 2 }, [0, 0.05]),
      ),
    ).toMatchInlineSnapshot(`
      "oja does not update as expected in one step: 1 of 2 values are off

                    got  expected  off by
        dw, 2 → 1  0.06      0.05    0.01"
    `);
    const spiked = [{ w: 0.5, 'pre.spike': [1, 1] }, { 'post.spike': 1 }];
    expect(
      await messageOf(() =>
        expect('stdp_pair').toUpdate(spiked, { w: 0.6, memory: { x: 1, y: 1 } }, { dt: 1 }),
      ),
    ).toMatchInlineSnapshot(`
      "stdp_pair does not update as expected in 2 steps: 4 of 5 values are off

                       got  expected      off by
        w, 1 → 1  0.504756       0.6  -0.0952439
        w, 2 → 1  0.504756       0.6  -0.0952439
        x, pre 1  0.951229         1  -0.0487706
        x, pre 2  0.951229         1  -0.0487706"
    `);
    const passed = (): Promise<void> => expect('hebb').not.toUpdate({ pre: 1, post: 1 }, 0.01);
    expect(await messageOf(passed)).toMatchInlineSnapshot(`
      "hebb updates as expected in one step

                    got  expected  off by
        dw, 1 → 1  0.01      0.01       0"
    `);
    const infinite = (): Promise<void> =>
      expect('dw = 1 / pre').toUpdate([{ pre: 1 }, { pre: 0 }], 1);
    expect(await messageOf(infinite)).toMatchInlineSnapshot(
      `"unnamed: \`w\` is no finite number after step 2"`,
    );
  });

  const wrong: [string, string, unknown, unknown, UpdateOptions, { code: string }][] = [
    ['a signal is missing', 'hebb', { pre: 1 }, 0, {}, signalNotGiven],
    ['the weight is missing', 'oja', { pre: 1, post: 1 }, 0, {}, signalNotGiven],
    ['a later signal is missing', 'hebb', [{ pre: 1, post: 1 }, { pre: 1 }], 0, {}, signalNotGiven],
    ['a signal is misspelt', 'hebb', { pre: 1, psot: 1 }, 0, {}, noSuchSignal],
    ['sizes differ', 'oja', { w: [1, 2, 3], pre: [1, 2], post: 1 }, 0, {}, sizesDiffer],
    [
      'what is expected has another size',
      'hebb',
      { pre: [1, 2], post: 1 },
      [0, 0, 0],
      {},
      sizesDiffer,
    ],
    ['rows are ragged', 'oja', { w: [[1, 2], [1]], pre: 1, post: 1 }, 0, {}, notNumbers],
    ['a value is no number', 'hebb', { pre: Number.NaN, post: 1 }, 0, {}, notNumbers],
    ['a value is a text', 'hebb', { pre: '1', post: 1 }, 0, {}, notNumbers],
    ['nothing is expected', 'hebb', { pre: 1, post: 1 }, {}, {}, nothingExpected],
    ['memory is misspelt', 'bcm', { pre: 1, post: 1 }, { memory: { thet: 1 } }, {}, unknownInput],
    [
      'memory that starts by itself is left out',
      'average a = pre keeping 0.5 average b = pre keeping 0.5 from 1 dw = a * b',
      { pre: 1 },
      0,
      { memory: { a: 1 } },
      memoryNotGiven,
    ],
    [
      'a parameter is misspelt',
      'hebb',
      { pre: 1, post: 1 },
      0,
      { values: { et: 1 } },
      noSuchParameter,
    ],
  ];

  it.each(wrong)('fails where %s', async (_, rule, given, expected, options, { code }) => {
    const step = given as { pre: number };
    const asked = (): Promise<void> => expect(rule).toUpdate(step, expected as number, options);
    const not = (): Promise<void> => expect(rule).not.toUpdate(step, expected as number, options);
    expect(await messageOf(asked)).toContain(code);
    expect(await messageOf(not)).toContain(code);
  });

  it('asks for the length of a step where the rule has times', async () => {
    const asked = (): Promise<void> => expect('stdp_pair').toUpdate({ w: 0 }, 0);
    expect(await messageOf(asked)).toContain(noStepLength.code);
  });
});

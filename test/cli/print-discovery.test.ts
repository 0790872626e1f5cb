import { describe, expect, it } from 'vitest';
import { printDiscovery } from '../../src/cli/print-discovery.js';
import { styleFor } from '../../src/cli/style.js';
import type { DiscoveryResult, Interval } from '../../src/discover/result.js';
import { golden } from './cli.js';

const interval = (mean: number, lo: number, hi: number): Interval => ({ mean, lo, hi, tasks: 50 });

/** Numbers made up for the layout alone. */
const result: DiscoveryResult = {
  schemaVersion: 1,
  experiment: 'example',
  subject: 'space',
  seed: 7,
  searches: 1,
  engine: { name: 'tfjs', backend: 'wasm', notices: [] },
  rule: {
    text: 'rule discovered {\n  param F0 = 0.01\n  dw = -F0 * post.error * pre\n}\n',
    latex: {
      synapse: '\\Delta w_{ij} = -F_0 e_i x_j',
      matrix: '\\Delta W = -F_0 e x^\\top',
      parameters: 'F_0 = 0.01',
    },
  },
  terms: [
    {
      id: 'F0',
      text: '-post.error * pre',
      coefficient: 0.01,
      interval: null,
      inclusion: null,
      verdict: 'not assessed',
      aliases: [],
      effect: interval(1.5, 1.25, 1.75),
    },
    {
      id: 'F7',
      text: '-post.error * sum_all(post * w * pre.error) * pre',
      coefficient: -0.0025,
      interval: null,
      inclusion: null,
      verdict: 'not assessed',
      aliases: [],
      effect: interval(0.05, -0.005, 0.1),
    },
  ],
  dropped: [
    { id: 'F3', text: '-w', by: 'small or zero in the search' },
    { id: 'F9', text: 'post * (pre - sum_post(post * w))', by: 'not missed on fresh tasks' },
  ],
  candidates: null,
  front: [
    { terms: ['F0'], complexity: 2, loss: interval(1.2, 1.1, 1.3), reported: false },
    { terms: ['F0', 'F7'], complexity: 6, loss: interval(0.5, 0.45, 0.55), reported: true },
  ],
  metrics: { accuracy: interval(0.75, 0.725, 0.775), loss: interval(0.5, 0.45, 0.55), diverged: 0 },
  baselines: [
    {
      name: 'feedback-alignment',
      about: 'an example',
      text: '',
      metrics: {
        accuracy: interval(0.5, 0.475, 0.525),
        loss: interval(1.25, 1.2, 1.3),
        diverged: 2,
      },
      gain: { accuracy: interval(0.25, 0.2, 0.3), loss: interval(-0.75, -0.8, -0.7) },
    },
    {
      name: 'best-single-term',
      about: 'feedback alignment and F9',
      text: '',
      metrics: {
        accuracy: interval(0.7, 0.675, 0.725),
        loss: interval(0.75, 0.7, 0.8),
        diverged: 0,
      },
      gain: { accuracy: interval(0.05, 0.02, 0.08), loss: interval(-0.25, -0.3, -0.2) },
    },
  ],
  also: [],
  gain: {
    over: 'feedback-alignment',
    accuracy: interval(0.25, 0.2, 0.3),
    loss: interval(-0.75, -0.8, -0.7),
  },
  divergedEpisodes: 3,
  runFolder: 'runs/example-1',
  seconds: 83.4,
};

const printed = (changes: Partial<DiscoveryResult>, columns = 0): string =>
  printDiscovery({ ...result, ...changes }, styleFor({ columns }, {}));

/** Without line breaks, which depend on the width. */
const flowing = (changes: Partial<DiscoveryResult>): string =>
  printed(changes).replaceAll(/\s+/g, ' ');

describe('a printed discovery', () => {
  it.each([0, 80, 120])('looks as it should at width %i', async (columns) => {
    await expect(`${printed({}, columns)}\n`).toMatchFileSnapshot(
      golden(`discovery-${columns || 'unbounded'}.txt`),
    );
  });

  it('says how far each term can be trusted where several searches tell', async () => {
    const [first, second] = result.terms;
    const terms = [
      {
        ...first!,
        interval: [0.00923456, 0.0107654] as const,
        inclusion: 1,
        verdict: 'established' as const,
      },
      {
        ...second!,
        interval: [-0.0061, 0.00112] as const,
        inclusion: 0.6,
        verdict: 'not identifiable' as const,
        aliases: ['-pre.error'],
      },
    ];
    const by = 'found in 2 of 5 searches';
    const dropped = [{ id: 'F1', text: '-post * pre.error', by }];
    await expect(`${printed({ searches: 5, terms, dropped }, 120)}\n`).toMatchFileSnapshot(
      golden('discovery-trust.txt'),
    );
  });

  it('is no wider than the terminal', () => {
    const longest = Math.max(
      ...printed({}, 80)
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(80);
  });

  it('says when there is no rule', () => {
    const text = printed({ rule: null, metrics: null, gain: null, terms: [] });
    expect(text).toContain('No rule');
    expect(text).not.toContain('the rule ');
  });

  it('claims no difference where the interval holds zero', () => {
    const gain = {
      over: 'x',
      accuracy: interval(0.01, -0.02, 0.04),
      loss: interval(-0.1, -0.3, 0.1),
    };
    const text = flowing({ gain });
    expect(text).toContain('accuracy is not told apart (difference 1.0 points [-2.0, 4.0])');
    expect(text).not.toMatch(/higher|lower/);
  });

  it('says which way a difference goes, with its interval the right way round', () => {
    const text = flowing({});
    expect(text).toContain('25.0 points [20.0, 30.0] higher');
    expect(text).toContain('0.750 [0.700, 0.800] lower');
    const worse = { ...result.gain!, accuracy: interval(-0.25, -0.3, -0.2) };
    expect(flowing({ gain: worse })).toContain('25.0 points [20.0, 30.0] lower');
  });

  it('never prints NaN or Infinity', () => {
    const none = { mean: Number.NaN, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };
    const empty = { ...none, tasks: 0 };
    const metrics = { accuracy: empty, loss: empty, diverged: 50 };
    expect(printed({ metrics, gain: { over: 'x', accuracy: empty, loss: empty } })).not.toMatch(
      /NaN|Infinity/,
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { inThisThread } from '../../src/discover/execute.js';
import {
  runJob,
  type ScoreJob,
  type ScoreResult,
  type SlopesJob,
  type SlopesResult,
} from '../../src/discover/jobs.js';
import { startDiscovery } from '../../src/discover/session.js';
import { settleEngine } from '../../src/engine/fallback.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { isMeasured, measure } from '../../src/experiments/measure.js';
import { type Study, studyOf } from '../../src/experiments/study.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-circuits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { engine } = settleEngine({ name: 'interpret' });
const parsed = (text: string) => unwrap(parseExperiment({ name: 'small.yaml', text }, folder));

/** Job and circumstances of a rule on a kind of projection. */
const base = (study: Study, projection: string, ruleText: string) => ({
  id: ruleText,
  study,
  ruleText,
  projection,
  alsoOn: [],
  others: {},
  values: {},
  engine,
  sample: 0,
  episodes: 'score' as const,
  from: 0,
  to: 2,
});

describe('a search on a circuit that settles', () => {
  const SETTLING = `
rule: contrastive
circuit: {name: relaxing, hidden: 2, rate: 0.5}
task: {name: patterns, steps: 6, epochs: 3, dealt: true}
`;
  const study = studyOf(parsed(SETTLING).config);
  const rule = (eta: string): string => `rule contrast { param eta = ${eta} fit
    at trial.end: dw = eta * (post@clamped * pre@clamped - post@free * pre@free) }`;
  const losses = async (eta: string): Promise<number[]> => {
    const job: ScoreJob = { kind: 'score', ...base(study, 'recurrent', rule(eta)) };
    return ((await runJob(job, () => {})) as ScoreResult).losses.map((loss) => loss!);
  };

  test('goes down the loss that a run shows: the mean over all patterns', async () => {
    const shown = await measure(
      {
        ...base(study, 'recurrent', ''),
        rules: { recurrent: rule('0.2') },
        descent: null,
      } as Parameters<typeof measure>[0],
      () => {},
    );
    const wanted = shown.filter(isMeasured).map(({ figures }) => figures.loss!);
    const found = await losses('0.2');
    expect(found).toHaveLength(2);
    found.forEach((loss, k) => {
      expect(Math.abs(loss - wanted[k]!)).toBeLessThan(1e-12);
    });
  });

  test('with its exact derivative', async () => {
    const job: SlopesJob = { kind: 'slopes', ...base(study, 'recurrent', rule('0.2')) };
    const { slopes } = (await runJob(job, () => {})) as SlopesResult;
    const [above, below] = [await losses('0.2001'), await losses('0.1999')];
    slopes.forEach(([slope], k) => {
      const wanted = (above[k]! - below[k]!) / 0.0002;
      expect(Math.abs(wanted)).toBeGreaterThan(0.01);
      expect(Math.abs(slope! / wanted - 1)).toBeLessThan(1e-5);
    });
  });

  test('with a rule beside it that has the same name, and a parameter as another value', async () => {
    const named = (name: string) => rule('0.1').replace('rule contrast', `rule ${name}`);
    const slopes = async (name: string): Promise<SlopesResult> => {
      const job: SlopesJob = {
        kind: 'slopes',
        ...base(study, 'recurrent', rule('0.2')),
        id: 'slopes',
        others: { bias: named(name) },
        values: { [`${name}.eta`]: 0.3 },
      };
      return (await runJob(job, () => {})) as SlopesResult;
    };
    expect(await slopes('contrast')).toEqual(await slopes('other'));
  });

  test('prints a rule with verdicts where it grew in several searches', async () => {
    const text = `
space: phases.space
projection: recurrent
rules: {bias: contrastive}
circuit: {name: relaxing, inputs: 1, hidden: 2, rate: 0.5}
task: {name: patterns, patterns: [[-1, -0.9], [1, 0.9]], dealt: true, steps: 6, epochs: 4}
learner: {episodes: 6, rate: 1e-2, start: 0.02}
select: {method: forward, monomials: 2, tried: 2, probed: 4, beam: 1, slopes: 4, tasks: 6, searches: 2, refitEpisodes: 4}
baselines: [contrastive]
evaluate: {tasks: 6}
engine: {name: interpret}
`;
    writeFileSync(
      join(folder, 'phases.space'),
      `space phases { choice side(s) = s@free | s@clamped
        at trial.end: term = w
        at trial.end: term = side(post) * side(pre) }`,
    );
    const result = await startDiscovery(parsed(text), {
      out: join(folder, 'grown'),
      command: ['test'],
      versions: {},
      signal: new AbortController().signal,
      threads: inThisThread,
    });
    expect(result.terms.length).toBeGreaterThan(0);
    expect(result.terms.length).toBeLessThanOrEqual(5);
    for (const { verdict, inclusion } of result.terms) {
      expect(verdict).not.toBe('not assessed');
      expect(inclusion).not.toBeNull();
    }
    expect(result.metrics!.loss!.mean).toBeLessThan(0.4);
    // The rule of the biases is also what the whole is compared with.
    expect(result.baselines.map(({ name }) => name)).toEqual(['contrastive']);
  });
});

test('units of terms are those of the changes of weights alone, whatever neurons do', async () => {
  const { config } = parsed(`
rule: hebb
circuit: {name: recurrent, neurons: 4, tau: 3}
task: {name: sines, steps: 5, trials: 2, shifted: true}
`);
  const rule = `rule two { param one = 0.001 fit, more = 0 fit
    dw = one * post * pre + more * 50 * post * pre }`;
  const job: SlopesJob = {
    kind: 'slopes',
    ...base(studyOf(config), 'recurrent', rule),
    to: 0,
    units: { of: 'one', beside: [] },
  };
  const { units } = (await runJob(job, () => {})) as SlopesResult;
  expect(units![0]).toBe(1);
  expect(units![1]).toBeCloseTo(1 / 50, 12);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nothingToFit } from '../../src/base/diagnostics/discover.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { inThisThread } from '../../src/discover/execute.js';
import {
  DiscoveryInterrupted,
  resumeDiscovery,
  type SessionOptions,
  startDiscovery,
} from '../../src/discover/session.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { essence, stoppedAfter } from './interrupted.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-fit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'mine.rule'),
  `rule mine {
    about "gradient and decay"
    param eta = 0.01 in [0, 0.5] fit, decay = 0.3 fit, unused = 3
    dw = -eta * post.error * pre - decay * 0.1 * w
  }
  rule plain { param eta = 0.01 dw = -eta * post.error * pre }
  rule each { param eta = 0.01 per synapse fit dw = -eta * post.error * pre }`,
);

const experiment = (lines: string, rule = 'rule: mine.rule#mine') =>
  unwrap(
    parseExperiment(
      {
        name: 'fit.yaml',
        text: `
${rule}
circuit: {name: feed-forward, hidden: [6]}
task: {name: digits, ways: 2, shots: 4, queries: 5, pool: 7}
evaluate: {tasks: 8}
engine: {name: interpret}
${lines}`,
      },
      folder,
    ),
  );

const SHORT = `learner: {episodes: 25, rate: 0.1}
select: {refitEpisodes: 10, searches: 2}
baselines: [feedback-alignment]`;

const options = (out: string, hands = inThisThread, signal = new AbortController().signal) =>
  ({
    out: join(folder, out),
    command: ['test'],
    versions: {},
    signal,
    threads: hands,
  }) satisfies SessionOptions;

describe('the fit of a given rule', () => {
  const whole = startDiscovery(experiment(SHORT), options('whole'));

  it('finds values that do better than those written, and leaves the rest as it was', async () => {
    const { rule, terms, subject, gain, metrics, baselines, dropped, front } = await whole;
    expect(subject).toBe('rule');
    expect(rule!.text).toMatch(
      /^rule mine \{\n {2}about "gradient and decay"\n {2}param eta = [\d.]+ in \[0, 0\.5\], decay = -?[\d.]+, unused = 3\n {2}dw = /,
    );
    expect(terms.map(({ id, text }) => [id, text])).toEqual([
      ['eta', '0.01'],
      ['decay', '0.3'],
    ]);
    for (const { id, coefficient } of terms) {
      expect(rule!.text).toContain(`${id} = ${coefficient}`);
    }
    expect(terms.some(({ effect }) => effect!.lo > 0)).toBe(true);
    expect(baselines.map(({ name }) => name)).toEqual(['as-written', 'feedback-alignment']);
    expect(baselines[0]!.text).toContain('eta = 0.01 in [0, 0.5], decay = 0.3, unused = 3');
    expect(gain!.over).toBe('as-written');
    expect(gain!.loss.mean).toBeCloseTo(metrics!.loss.mean - baselines[0]!.metrics.loss.mean, 12);
    expect(gain!.loss.mean).toBeLessThan(0);
    expect([dropped, front]).toEqual([[], []]);
    expect(readFileSync(join(folder, 'whole', 'rule.rule'), 'utf8')).toBe(rule!.text);
  });

  it('interrupted and resumed is the same as uninterrupted', async () => {
    for (const [k, stopAfter] of [10, 90].entries()) {
      const stop = new AbortController();
      const stopping = stoppedAfter(stopAfter, stop);
      const out = `interrupted-${k}`;
      const start = startDiscovery(experiment(SHORT), options(out, stopping, stop.signal));
      await expect(start).rejects.toBeInstanceOf(DiscoveryInterrupted);
      const result = await resumeDiscovery(join(folder, out), options(out));
      expect(essence(result)).toEqual(essence(await whole));
    }
  }, 60_000);

  it('without episodes is the rule as written, with the values of the experiment', async () => {
    const none = 'learner: {episodes: 0}\nvalues: {decay: 0.125, unused: 2}';
    const { rule, terms, gain } = await startDiscovery(experiment(none), options('none'));
    expect(rule!.text).toContain('eta = 0.01 in [0, 0.5], decay = 0.125, unused = 3');
    expect(gain!.loss).toMatchObject({ mean: 0, lo: 0, hi: 0 });
    expect(terms.map(({ verdict, interval }) => [verdict, interval])).toEqual([
      ['not assessed', null],
      ['not assessed', null],
    ]);
  });

  it('is refused where a rule marks nothing, or something that is no single number', async () => {
    const failed = async (name: string) => {
      const asked = experiment(SHORT, `rule: mine.rule#${name}`);
      const error = await startDiscovery(asked, options(`no-${name}`)).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(EngrammarError);
      return (error as EngrammarError).diagnostics[0]!;
    };
    expect(await failed('plain')).toMatchObject({
      code: nothingToFit.code,
      message: 'plain marks no parameter with fit',
    });
    expect((await failed('each')).code).toBe('E551');
  });

  it('of rules on several projections takes the one that marks something', async () => {
    writeFileSync(
      join(folder, 'two.rule'),
      `rule inner {
        param tau = 3 steps in [1 step, 9 steps] fit, eta = 0.02
        trace e = post.slope * pre over tau
        dw = -eta * post.feedback * e
      }
      rule outer { param eta = 0.1 dw = -eta * post.error * pre }`,
    );
    const text = `
rules: {recurrent: two.rule#inner, readout: two.rule#outer}
values: {outer.eta: 0.05}
circuit: {name: recurrent, neurons: 5, tau: 4}
task: {name: sines, steps: 10, trials: 4}
learner: {episodes: 6, rate: 0.05}
select: {refitEpisodes: 3}
evaluate: {tasks: 3}
engine: {name: interpret}
`;
    const two = unwrap(parseExperiment({ name: 'two.yaml', text }, folder));
    const { rule, terms, metrics } = await startDiscovery(two, options('two'));
    expect(rule!.text).toContain('rule inner {');
    expect(terms.map(({ id, text }) => [id, text])).toEqual([['tau', '3 steps']]);
    expect(rule!.text).toContain(`tau = ${terms[0]!.coefficient} steps in [1 step, 9 steps]`);
    expect(terms[0]!.coefficient).not.toBe(3);
    expect(metrics!.accuracy).toBeNull();
  });
});

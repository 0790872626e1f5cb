import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { layer } from '../../src/circuits/layer.js';
import { inThisThread, type Threads, threads } from '../../src/discover/execute.js';
import { runJob } from '../../src/discover/jobs.js';
import {
  type DeclaredExperiment,
  DiscoveryInterrupted,
  resumeDiscovery,
  type SessionOptions,
  startDeclaredDiscovery,
  startDiscovery,
} from '../../src/discover/session.js';
import { settleEngine } from '../../src/engine/fallback.js';
import { parseExperiment } from '../../src/experiments/load.js';
import type { Task } from '../../src/tasks/types.js';
import { essence, stoppedAfter } from './interrupted.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-searches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = (out: string, hands?: Threads, signal = new AbortController().signal) =>
  ({
    out: join(folder, out),
    command: ['test'],
    versions: {},
    signal,
    ...(hands && { threads: hands }),
  }) satisfies SessionOptions;

const experiment = () =>
  unwrap(
    parseExperiment(
      {
        name: 'small.yaml',
        text: `
space: shervani_tabar_2023
circuit: {name: feed-forward, hidden: [6]}
task: {name: digits, ways: 2, shots: 4, queries: 5, pool: 7}
learner: {optimizer: proximal, episodes: 5, rate: 5e-3, penalty: 0.02}
select: {refitEpisodes: 4, searches: 3}
baselines: [feedback-alignment]
evaluate: {tasks: 8}
engine: {name: interpret}
seed: 3
`,
      },
      folder,
    ),
  );

describe('a discovery of several searches', () => {
  const whole = startDiscovery(experiment(), options('whole', inThisThread));

  it('says in how many of them each term was found', async () => {
    const { searches, terms } = await whole;
    expect(searches).toBe(3);
    expect(terms.length).toBeGreaterThan(0);
    for (const { inclusion, verdict } of terms) {
      expect([1, 2]).toContain(3 * inclusion! - 1);
      expect(verdict).not.toBe('not assessed');
    }
  });

  it('is the same on two threads', async () => {
    const { signal } = new AbortController();
    const result = await startDiscovery(experiment(), options('two', threads(2, signal), signal));
    expect(essence(result)).toEqual(essence(await whole));
  }, 60_000);

  it('interrupted anywhere and resumed is the same as uninterrupted', async () => {
    for (const [k, stopAfter] of [1, 120].entries()) {
      const stop = new AbortController();
      const stopping = stoppedAfter(stopAfter, stop);
      const out = `interrupted-${k}`;
      const start = startDiscovery(experiment(), options(out, stopping, stop.signal));
      await expect(start).rejects.toBeInstanceOf(DiscoveryInterrupted);
      const result = await resumeDiscovery(join(folder, out), options(out, inThisThread));
      expect(essence(result)).toEqual(essence(await whole));
    }
  }, 60_000);

  it('scores exactly the text that it prints', async () => {
    const { rule, metrics } = await whole;
    const { circuit, task, seed } = experiment().config;
    const job = {
      kind: 'score',
      id: 'again',
      study: { circuit, task, seed },
      ruleText: rule!.text,
      projection: 'forward',
      alsoOn: [],
      others: {},
      values: {},
      engine: settleEngine({ name: 'interpret' }).engine,
      sample: 0,
      episodes: 'score',
      from: 0,
      to: 8,
    } as const;
    const again = await runJob(job, () => {});
    const losses = again.kind === 'score' ? again.losses : [];
    const mean = losses.reduce<number>((sum, loss) => sum + loss!, 0) / losses.length;
    expect(Math.abs(mean / metrics!.loss.mean - 1)).toBeLessThan(1e-12);
  });
});

/** A layer that shall answer as a teacher does: three inputs that are 0 or 1, one output. */
const circuit = layer({ inputs: 3, outputs: 1, offers: ['target'], queries: 5 });
const TEACHER = [0.5, -1, 0.25];

const task: Task = (stream) => {
  const shown = (count: number) => {
    const patterns = Float64Array.from({ length: count * 3 }, () => stream.integer(2));
    const targets = Float64Array.from({ length: count }, (_, row) =>
      TEACHER.reduce((sum, w, j) => sum + w * patterns[3 * row + j]!, 0),
    );
    return { patterns, targets };
  };
  const [learned, asked] = [shown(12), shown(5)];
  return {
    timeline: { trials: Array.from({ length: 4 }, () => ({ steps: 3 })) },
    stepInputs: { pattern: learned.patterns, target: learned.targets },
    queryInputs: { 'query patterns': asked.patterns, 'query targets': asked.targets },
  };
};

const declared = (terms: string, seed = 2): DeclaredExperiment => ({
  name: 'teacher',
  space: { name: 'teacher.space', text: `space teacher {\n${terms}\n}` },
  circuit,
  task,
  method: {
    learner: { optimizer: 'proximal', episodes: 60, rate: 0.02, penalty: 0.3, start: 0.01 },
    select: { refitEpisodes: 40, searches: 5 },
    evaluate: { tasks: 20 },
    engine: { name: 'interpret' },
    baselines: [],
    seed,
  },
});

describe('verdicts', () => {
  it('tell a term that is needed from terms that are of no use', async () => {
    const terms = `
      term descend = -post.error * pre
      term grow = post * pre
      term constant = pre
      term output = post
      term error = post.error`;
    const verdicts: string[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const result = await startDeclaredDiscovery(declared(terms, seed), options(`needed-${seed}`));
      for (const { id, verdict, aliases } of result.terms) {
        verdicts.push(`${id} ${verdict}`);
        expect(aliases).toEqual([]);
      }
    }
    expect(verdicts.filter((each) => each === 'descend established').length).toBeGreaterThan(3);
    expect(verdicts.filter((each) => !each.startsWith('descend'))).toEqual([]);
  });

  it('say where another term does as well: inputs that are 0 or 1 are their own squares', async () => {
    const terms = `
      term descend = -post.error * pre
      term squared = -post.error * pre^2
      term grow = post * pre`;
    const result = await startDeclaredDiscovery(declared(terms), options('alike'));
    expect(result.terms.map(({ verdict, aliases }) => [verdict, aliases.length])).toEqual([
      ['not identifiable', 1],
    ]);
    const [{ text, aliases }] = result.terms as [(typeof result.terms)[0]];
    expect([text, ...aliases].sort()).toEqual(['-post.error * pre', '-post.error * pre^2']);
  });
});

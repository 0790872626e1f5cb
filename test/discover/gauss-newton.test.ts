import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { inThisThread, type Threads } from '../../src/discover/execute.js';
import { startDiscovery } from '../../src/discover/session.js';
import {
  type LabelledEpisode,
  startTraining,
  type TrainingOptions,
  type TrainingState,
  trainedCoefficients,
  trainStep,
} from '../../src/discover/train.js';
import type { Runner } from '../../src/engine/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { withCurvature } from '../../src/program/with-curvature.js';
import { learningLayer } from '../support/curved.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-newton-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TRUE = [0.3, 0.05];

async function learning(changes: Partial<TrainingOptions> = {}) {
  const { program, runner, episodeOf } = learningLayer();
  const options: TrainingOptions = {
    steps: 12,
    batch: 4,
    rate: 1e-3,
    schedule: 'constant',
    penalty: 0,
    form: 'proximal',
    clip: 1,
    averaged: 0.25,
    scales: [2, 0.5],
    curved: prepareInterpreter(withCurvature(program)!),
    ...changes,
  };
  const train = async (
    to: number,
    from: TrainingState = startTraining([0, 0]),
    plain: Runner = runner,
  ) => {
    let state = from;
    const records = [];
    while (state.step < to) {
      const episodes: LabelledEpisode[] = [];
      for (let k = 0; k < options.batch; k++) {
        const episode = await episodeOf(state.step * options.batch + k, TRUE);
        episodes.push({ episode, accuracy: null });
      }
      const next = await trainStep(state, plain, episodes, options);
      state = next.state;
      records.push(next.record);
    }
    return { state, records };
  };
  return { train, options, runner };
}

const valuesOf = (state: TrainingState, { scales }: TrainingOptions) =>
  trainedCoefficients(state).map((value, k) => value * scales[k]!);

describe('steps of Gauss and Newton', () => {
  it('find the coefficients that made the answers', async () => {
    const { train, options } = await learning();
    const { state, records } = await train(options.steps);
    const [a, b] = valuesOf(state, options);
    expect(a).toBeCloseTo(TRUE[0]!, 4);
    expect(b).toBeCloseTo(TRUE[1]!, 4);
    expect(records.at(-1)!.loss).toBeLessThan(1e-8);
    expect(records[0]!.loss).toBeGreaterThan(1e-3);
    expect(state.diverged).toBe(0);
  });

  it('go on from a saved state as if nothing had happened', async () => {
    const { train } = await learning();
    const whole = await train(6);
    const half = await train(3);
    const saved = JSON.parse(JSON.stringify(half.state)) as TrainingState;
    expect((await train(6, saved)).state).toEqual(whole.state);
  });

  it('keep within ranges', async () => {
    const { train, options } = await learning({ ranges: [[0, 0.1], null] });
    expect(valuesOf((await train(6)).state, options)[0]).toBeCloseTo(0.1, 12);
  });

  it('are shorter where longer ones diverge, which is counted', async () => {
    const { train, runner, options } = await learning();
    const edge: Runner = {
      ...runner,
      run: async (episodes, parameters, how) => {
        if (parameters[0]! <= 0.2) return runner.run(episodes, parameters, how);
        const divergence = { step: 0, where: 'W' };
        return episodes.map(() => ({ loss: Number.NaN, outputs: {}, divergence }));
      },
    };
    const { state } = await train(8, startTraining([0, 0]), edge);
    expect(state.diverged).toBeGreaterThan(0);
    expect(valuesOf(state, options)[0]).toBeGreaterThan(0.05);
    expect(state.coefficients[0]! * 2).toBeLessThanOrEqual(0.2);
  });

  it('go half-way back where nothing stays finite', async () => {
    const { train } = await learning();
    const { state } = await train(3);
    const lost: TrainingState = { ...state, coefficients: [Number.MAX_VALUE, 0], finite: [1, 0] };
    const { state: next, records } = await train(4, lost);
    expect(records[0]).toMatchObject({ loss: null, diverged: 4 });
    expect(next.coefficients[0]).toBeLessThan(Number.MAX_VALUE);
    expect(next.newton).toEqual(lost.newton);
  });
});

const RULE = `rule two {
  param eta = 0.01 fit, oja = 0.01 in [0, 1] fit
  dw = -eta * post.error * pre + oja * post * (pre - sum_post(post * w))
}
`;

const experiment = (changes: Readonly<Record<string, string>> = {}) => {
  const lines = {
    rule: 'two.rule',
    circuit: '{name: feed-forward, hidden: [8]}',
    task: '{name: digits, ways: 5, shots: 5, queries: 2, pool: 4}',
    learner: '{optimizer: gauss-newton, episodes: 8, batch: 4}',
    select: '{refitEpisodes: 3, tasks: 6}',
    evaluate: '{tasks: 20}',
    baselines: '[]',
    engine: '{name: interpret}',
    seed: '2',
    ...changes,
  };
  const text = Object.entries(lines)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
  return parseExperiment({ name: 'newton.yaml', text }, folder);
};

describe('a discovery by steps of Gauss and Newton', () => {
  const run = (out: string, threads: Threads = inThisThread, changes = {}) => {
    writeFileSync(join(folder, 'two.rule'), RULE);
    return startDiscovery(unwrap(experiment(changes)), {
      out: join(folder, out),
      command: ['test'],
      versions: {},
      signal: new AbortController().signal,
      threads,
    });
  };

  it('fits a rule in a few batches', async () => {
    const { gain, terms } = await run('fitted');
    expect(terms.map(({ id }) => id)).toEqual(['eta', 'oja']);
    expect(gain!.loss.hi).toBeLessThan(0);
  });

  it('refits what a search in a space leaves', async () => {
    const kinds = new Set<string>();
    const spying: Threads = {
      ...inThisThread,
      execute: (jobs, ...rest) => {
        for (const job of jobs) if (job.kind === 'train') kinds.add(`${job.id} ${job.newton}`);
        return inThisThread.execute(jobs, ...rest);
      },
    };
    const { rule } = await run('space', spying, {
      rule: '',
      space: 'shervani_tabar_2023',
      learner: '{optimizer: gauss-newton, episodes: 20, batch: 2, penalty: 0.3, rate: 0.01}',
    });
    expect(rule).not.toBeNull();
    expect(kinds).toContain('search undefined');
    expect([...kinds].filter((each) => each.endsWith('true')).length).toBeGreaterThan(0);
  });

  it('refuses what has no known curvature, and too many parameters, at their places', async () => {
    const recurrent = experiment({
      circuit: '{name: recurrent, neurons: 5}',
      task: '{name: sines}',
    });
    const told = recurrent.ok ? '' : renderDiagnostics(recurrent.diagnostics);
    expect(told).toMatchInlineSnapshot(`
      "newton.yaml:4:22 E555 on recurrent the read-out does not tell how much the loss bends
        4 | learner: {optimizer: gauss-newton, episodes: 8, batch: 4}
          |                      ^^^^^^^^^^^^
        expected: optimizer: adam, optimizer: proximal, optimizer: evolution"
    `);
    const names = Array.from({ length: 9 }, (_, k) => `p${k}`);
    writeFileSync(
      join(folder, 'nine.rule'),
      `rule nine {
  param ${names.map((name) => `${name} = 0.1 fit`).join(', ')}
  dw = -(${names.join(' + ')}) * post.error * pre
}
`,
    );
    const nine = unwrap(experiment({ rule: 'nine.rule' }));
    const error = await startDiscovery(nine, {
      out: join(folder, 'nine'),
      command: ['test'],
      versions: {},
      signal: new AbortController().signal,
      threads: inThisThread,
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EngrammarError);
    expect(renderDiagnostics((error as EngrammarError).diagnostics)).toMatchInlineSnapshot(`
      "newton (forward):2:121 E556 the rule marks 9 parameters with fit; gauss-newton takes 8 at most
        2 | = 0.1 fit, p6 = 0.1 fit, p7 = 0.1 fit, p8 = 0.1 fit
          |                                        ^^^^^^^^^^^^
        expected: optimizer: adam, optimizer: proximal, optimizer: evolution
        hint: leave fit out where values are known, or take another optimizer"
    `);
  });
});

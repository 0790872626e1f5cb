import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unknownBackend, wrongSteps } from '../../../src/base/diagnostics/engine.js';
import { jobsAborted, workerFailed } from '../../../src/base/diagnostics/run.js';
import { Stream } from '../../../src/base/random.js';
import { EngrammarError } from '../../../src/base/result.js';
import type { Episode, EpisodeResult, Runner } from '../../../src/engine/engine.js';
import { interpreter } from '../../../src/engine/interpret/interpret.js';
import { type EngineChoice, openEngine } from '../../../src/engine/open.js';
import { parallelEngine, parallelEngineOf } from '../../../src/engine/parallel/engine.js';
import { BACKENDS } from '../../../src/engine/tfjs/backends.js';
import { assembleProgram } from '../../../src/program/assemble.js';
import type { Node } from '../../../src/program/ir.js';
import { golden, goldenEpisode } from '../../support/golden.js';
import { POOL, programOf } from '../../support/program.js';

const one = golden.cases.find(({ name }) => name.includes('pool')) ?? golden.cases.at(-1)!;
const program = programOf(POOL, golden.dims, golden.XQ.length, 'random', golden.beta);
const parameters = one.theta;
const ALL = {
  gradient: true,
  states: true,
  startGradient: true,
  record: { slots: ['W1', 'W2'], every: 4 },
};

/** Episodes from different weights, with the same feedback weights and images in all of them. */
const episodes: Episode[] = Array.from({ length: 5 }, (_, k) => {
  const given = goldenEpisode(one);
  const stream = new Stream(k, 'parallel');
  const shaken = Object.entries(given.start).map(
    ([name, values]) =>
      [
        name,
        name.startsWith('W') ? values.map((w) => w * stream.uniform(0.5, 1.5)) : values,
      ] as const,
  );
  return { ...given, start: Object.fromEntries(shaken) };
});
const [feedback] = Object.keys(episodes[0]!.start).filter((name) => name.startsWith('B'));
for (const { start, stepInputs } of episodes) {
  Object.assign(start, { [feedback!]: episodes[0]!.start[feedback!]! });
  // A part of something larger, as a task may cut it out.
  const image = stepInputs.image!;
  const large = new Float64Array(image.length + 9);
  large.set(image, 4);
  Object.assign(stepInputs, { image: large.subarray(4, 4 + image.length) });
}

/** What a promise throws, as diagnostics. */
async function refused(work: Promise<unknown>): Promise<unknown> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EngrammarError);
  return (error as EngrammarError).diagnostics;
}

const choices: EngineChoice[] = [
  { name: 'interpret' },
  { name: 'tfjs', backend: 'cpu' },
  { name: 'fused', precision: 'float64' },
];

describe.each(choices)('$name $precision in threads', (engine) => {
  it('gives the same bytes for any number of them', async () => {
    const itself = await (await openEngine(engine)).prepare(program);
    const alone: EpisodeResult[] = [];
    for (const episode of episodes) alone.push(...(await itself.run([episode], parameters, ALL)));
    itself.dispose();
    expect(new Set(alone.map(({ loss }) => loss)).size).toBe(episodes.length);
    for (const workers of engine.name === 'interpret' ? [1, 2] : [2]) {
      const threads = parallelEngine({ engine, workers });
      const { name, backend, precision } = await openEngine(engine);
      expect(threads).toMatchObject({ name, backend, precision });
      const runner = await threads.prepare(program);
      expect(await runner.run(episodes, parameters, ALL)).toEqual(alone);
      // Once more, on threads that are ready; what was given is still there.
      expect(await runner.run(episodes.slice(2), parameters, ALL)).toEqual(alone.slice(2));
      runner.dispose();
    }
  });
});

describe('threads of an engine', () => {
  const engine = { name: 'interpret' } as const;
  let runner: Runner;
  let expected: EpisodeResult[];
  beforeAll(async () => {
    const here = await interpreter.prepare(program);
    expected = await here.run(episodes, parameters, ALL);
    const worker = new URL('./worker.js', import.meta.url);
    runner = await parallelEngineOf(worker, { engine, workers: 2 }).prepare(program);
  });
  afterAll(() => runner.dispose());

  const dying = (episode: Episode, deaths: number): Episode => ({
    ...episode,
    queryInputs: { ...episode.queryInputs, deaths: Float64Array.of(deaths) },
  });

  it('are replaced when they die, and the episode is run again', async () => {
    const given = episodes.map((episode, k) => (k % 2 === 1 ? dying(episode, 1) : episode));
    expect(await runner.run(given, parameters, ALL)).toEqual(expected);
  });

  it('that die twice are told of, and others take over', async () => {
    const given = episodes.map((episode, k) => (k === 2 ? dying(episode, 9) : episode));
    const reason = 'worker exited with code: 3';
    expect(await refused(runner.run(given, parameters, ALL))).toEqual([
      workerFailed({ job: 3, reason }),
    ]);
    expect(await runner.run(episodes, parameters, ALL)).toEqual(expected);
  });

  it('refuse what the engine refuses', async () => {
    const given = [episodes[0]!, { ...episodes[1]!, steps: 3 }];
    const steps = given.map((each) => each.steps);
    expect(await refused(runner.run(given, parameters, ALL))).toEqual([
      wrongSteps({ program: program.name, steps }),
    ]);
    const unknown = { name: 'tfjs', backend: 'abacus' } as const;
    const prepared = parallelEngine({ engine: unknown, workers: 1 }).prepare(program);
    expect(await refused(prepared)).toEqual([unknownBackend({ given: 'abacus', known: BACKENDS })]);
  });

  it('tell where an episode diverged', async () => {
    const wild = parameters.map((value) => value * 1e9);
    const [result] = await runner.run([episodes[0]!], wild, { gradient: true });
    const here = await interpreter.prepare(program);
    expect([result]).toEqual(await here.run([episodes[0]!], wild, { gradient: true }));
    expect(result!.divergence).not.toBeNull();
  });

  it('stop when asked, in the middle of an episode and before one', async () => {
    const stop = new AbortController();
    const long = { ...episodes[0]!, steps: 500_000 };
    const stepInputs = Object.fromEntries(
      program.stepInputs.map(({ name, shape: [r, c] }) => [
        name,
        new Float64Array(500_000 * r * c),
      ]),
    );
    const threads = parallelEngine({ engine, workers: 1, signal: stop.signal });
    const prepared = await threads.prepare(program);
    const began = performance.now();
    const work = prepared.run([{ ...long, stepInputs }], parameters, { gradient: true });
    setTimeout(() => stop.abort(), 100);
    expect(await refused(work)).toEqual([jobsAborted({ done: 0, total: 1 })]);
    expect(await refused(prepared.run(episodes, parameters, ALL))).toEqual([
      jobsAborted({ done: 0, total: episodes.length }),
    ]);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await refused(threads.prepare(program))).toEqual([jobsAborted({ done: 0, total: 1 })]);
  });

  it('get graphs however deep', async () => {
    const deep = assembleProgram({
      name: 'deep',
      parameters: ['p'],
      states: [{ name: 'w', shape: [1, 1] }],
      constants: [],
      stepInputs: [],
      queryInputs: [],
      step: (b, value) => [{ name: 'w', node: b.unary('tanh', b.add(value('w'), value('p'))) }],
      readout: (_, value) => [{ name: 'loss', node: value('w') }],
    });
    // 100 000 operations, each on the result of the last, which a copy that follows operands could not take.
    const nodes = [...deep.step.nodes];
    for (let k = 0; k < 100_000; k++) {
      const last = nodes.at(-1)!;
      nodes.push({ ...last, id: last.id + 1, operands: [last] } as Node);
    }
    const step = {
      name: 'step',
      inputs: deep.step.inputs,
      outputs: [{ name: 'w', node: nodes.at(-1)! }],
      nodes,
    };
    const prepared = await parallelEngine({ engine, workers: 1 }).prepare({ ...deep, step });
    const episode = {
      start: { w: Float64Array.of(0.5) },
      steps: 1,
      stepInputs: {},
      queryInputs: {},
    };
    const [result] = await prepared.run([episode], [0.25], { gradient: false });
    const here = await interpreter.prepare({ ...deep, step });
    expect([result]).toEqual(await here.run([episode], [0.25], { gradient: false }));
    prepared.dispose();
  });
});

describe('a process with threads', () => {
  const script = fileURLToPath(new URL('./process.ts', import.meta.url));
  const loader = fileURLToPath(new URL('../../../scripts/run-typescript.mjs', import.meta.url));

  /** Runs it; Ctrl-C when it says that it works. */
  const run = (
    how: string,
  ): Promise<{ code: number | null; signal: string | null; said: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['--import', loader, script, how]);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (text.includes('working')) child.kill('SIGINT');
      });
      child.on('close', (code, signal) => resolve({ code, signal, said }));
    });

  it('ends by itself, though nobody disposed of them', async () => {
    expect(await run('quick')).toEqual({ code: 0, signal: null, said: 'done\n' });
  });

  it('ends on Ctrl-C, whether it is listened for or not', async () => {
    const heard = await run('listening');
    expect(heard).toEqual({ code: 7, signal: null, said: 'working\nE621\n' });
    expect(await run('deaf')).toEqual({ code: null, signal: 'SIGINT', said: 'working\n' });
  });
});

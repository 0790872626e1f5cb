import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { feedForwardProgram } from '../../../src/circuits/feed-forward.js';
import type { Divergence, Engine, Episode } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { loadBackend, type Tf } from '../../../src/engine/tfjs/backends.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { assembleProgram } from '../../../src/program/assemble.js';
import type { Program } from '../../../src/program/ir.js';
import { describeBackends } from './backends.js';
import { imageEpisode } from './episodes.js';
import { ruleOf, tenTerms } from './rule.js';

describeBackends('tensors on', (backend) => {
  let tf: Tf;
  let engine: Engine;
  const circuit = { sizes: [6, 5, 4], beta: 10, feedback: 'random' } as const;
  beforeAll(async () => {
    tf = (await loadBackend(backend)).tf;
    engine = await createTfjsEngine(backend, { memoryBudget: 2 ** 16, batch: 2 });
  });
  const tasks = (steps: number): Episode[] =>
    [0, 1].map((task) => imageEpisode(circuit, steps, 3, new Stream(2, 'leak', task)));
  const none = tenTerms().searched.map(() => 0);

  it('do not leak in 1,000 steps with their gradient', async () => {
    const atFirst = tf.memory().numTensors;
    const rule = ruleOf('-a * post.error * pre + b * post * (pre - post * w)', ['a', 'b']);
    const runner = await engine.prepare(feedForwardProgram(circuit, rule, 3));
    const theta = [0.01, 1e-4];
    const options = { gradient: true, states: true };
    await runner.run(tasks(3), theta, options);
    const before = tf.memory();
    const [result] = await runner.run(tasks(1000), theta, options);
    const after = tf.memory();
    expect(result!.divergence).toBeNull();
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numDataBuffers).toBe(before.numDataBuffers);
    expect(after.numBytes).toBe(before.numBytes);
    runner.dispose();
    expect(tf.memory().numTensors).toBe(atFirst);
  });

  it('do not leak when tasks diverge, nor when a run fails', async () => {
    const runner = await engine.prepare(feedForwardProgram(circuit, tenTerms(), 3));
    const wild = none.map((_, k) => (k === 9 ? 1e4 : 0));
    await runner.run(tasks(3), wild, { gradient: true });
    const before = tf.memory().numTensors;
    const results = await runner.run(tasks(40), wild, { gradient: true });
    expect(results.every(({ divergence }) => divergence !== null)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    await expect(runner.run(tasks(4), [1], { gradient: true })).rejects.toThrow('E704');
    expect(tf.memory().numTensors).toBe(before);
    runner.dispose();
  });
});

/** State s ← s·x + p·x and a state m that forgets what it was; loss (s + m)²/2 over the query. */
function switchable(): Program {
  return assembleProgram({
    name: 'switchable',
    parameters: ['p'],
    states: [
      { name: 's', shape: [1, 2] },
      { name: 'm', shape: [1, 2] },
    ],
    constants: [],
    stepInputs: [{ name: 'x', shape: [1, 2] }],
    queryInputs: [{ name: 'q', shape: [1, 1] }],
    step: (b, value) => [
      {
        name: 's',
        node: b.add(
          b.multiply(value('s'), value('x')),
          b.multiply(value('p'), b.unary('tanh', value('m'))),
        ),
      },
      { name: 'm', node: b.unary('exp', value('x')) },
    ],
    readout: (b, value) => {
      const seen = b.multiply(value('q'), b.add(value('s'), value('m')));
      return [
        { name: 'loss', node: b.sum(b.unary('sqrt', b.multiply(seen, seen)), 'columns') },
        { name: 'seen', node: seen },
      ];
    },
  });
}

describeBackends('divergence on', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine(backend, { batch: 16 });
  });

  const episode = (xs: readonly number[], q = 1): Episode => ({
    start: { s: Float64Array.of(1, 1), m: Float64Array.of(0, 0) },
    steps: xs.length,
    stepInputs: { x: Float64Array.from(xs.flatMap((x) => [x, 0.5])) },
    queryInputs: { q: Float64Array.of(q) },
  });
  const calm = [0.5, 0.4, 0.3, 0.2, 0.1, 0.2];

  it('names step and state of a diverging task and leaves the others alone', async () => {
    const program = switchable();
    const episodes = [
      episode(calm),
      // Grows beyond single precision in step 3.
      episode([-1e20, 1, -1e20, 1, 1, 1]),
      episode(calm.toReversed()),
      // Beyond it in a state that the next step forgets: ∞ passes through tanh as 1.
      episode([0.1, 0.1, 0.1, 200, 0, 0]),
      episode(calm, 1e30),
      episode(calm, Number.POSITIVE_INFINITY),
      // The query scales s + m = 0 … the root has no slope there.
      episode(calm, 0),
      episode([Number.NaN, 0, 0, 0, 0, 0]),
    ];
    const runner = await engine.prepare(program);
    const results = await runner.run(episodes, [0.3], { gradient: true });
    runner.dispose();
    const wanted: (Divergence | null)[] = [
      null,
      { step: 2, where: 's' },
      null,
      { step: 3, where: 'm' },
      { step: 'readout', where: 'loss' },
      { step: 'readout', where: 'seen' },
      { step: 'gradient', where: 'p' },
      { step: 0, where: 's' },
    ];
    expect(results.map(({ divergence }) => divergence)).toEqual(wanted);
    const alone = await engine.prepare(program);
    const oracle = prepareInterpreter(program);
    for (const [task, result] of results.entries()) {
      if (wanted[task] === null) {
        const own = await alone.run([episodes[task]!], [0.3], { gradient: true });
        expect(result).toEqual(own[0]);
        const [exact] = await oracle.run([episodes[task]!], [0.3], { gradient: true });
        expect(result.loss).toBeCloseTo(exact!.loss, 5);
      } else {
        expect(result.loss).toBeNaN();
        expect(result.gradient).toBeUndefined();
      }
    }
    alone.dispose();
  });

  it('is found without a gradient and across checkpoints too', async () => {
    const small = await createTfjsEngine(backend, { memoryBudget: 1 });
    for (const [made, gradient] of [
      [engine, false],
      [small, true],
    ] as const) {
      const runner = await made.prepare(switchable());
      const results = await runner.run(
        [episode(calm), episode([-1e20, 1, -1e20, 1, 1, 1])],
        [0.3],
        { gradient },
      );
      runner.dispose();
      expect(results.map(({ divergence }) => divergence)).toEqual([null, { step: 2, where: 's' }]);
    }
  });

  it('of a rule is where the interpreter finds it', async () => {
    const circuit = { sizes: [6, 5, 4], beta: 1, feedback: 'random' } as const;
    const program = feedForwardProgram(circuit, ruleOf('a * sqrt(0.5 - w) * pre', ['a']), 3);
    const episodes = [0, 1, 2].map((task) =>
      imageEpisode(circuit, 60, 3, new Stream(4, 'root', task)),
    );
    const expected = await prepareInterpreter(program).run(episodes, [0.05], { gradient: false });
    const runner = await engine.prepare(program);
    const results = await runner.run(episodes, [0.05], { gradient: false });
    runner.dispose();
    expect(results.map(({ divergence }) => divergence)).toEqual(
      expected.map(({ divergence }) => divergence),
    );
    expect(results.some(({ divergence }) => divergence !== null)).toBe(true);
  });
});

describe('memory', () => {
  it('that WebAssembly cannot have is not asked for', async () => {
    const side = 2 ** 13;
    const program = assembleProgram({
      name: 'huge',
      parameters: ['p'],
      states: [{ name: 'A', shape: [side, side] }],
      constants: [],
      stepInputs: [],
      queryInputs: [],
      step: (b, value) => [{ name: 'A', node: b.multiply(value('A'), value('p')) }],
      readout: (b, value) => [{ name: 'loss', node: b.sum(b.sum(value('A'), 'rows'), 'columns') }],
    });
    const runner = await (await createTfjsEngine('wasm', { memoryBudget: 2 ** 40 })).prepare(
      program,
    );
    const episode: Episode = {
      start: { A: new Float64Array(side * side) },
      steps: 100,
      stepInputs: {},
      queryInputs: {},
    };
    await expect(runner.run([episode], [1], { gradient: true })).rejects.toThrow('E706');
    runner.dispose();
  });
});

describe('episodes that do not fit', () => {
  it('are refused with what is wrong', async () => {
    const engine = await createTfjsEngine('cpu');
    const runner = await engine.prepare(switchable());
    const good: Episode = {
      start: { s: Float64Array.of(1, 1), m: Float64Array.of(0, 0) },
      steps: 1,
      stepInputs: { x: Float64Array.of(1, 1) },
      queryInputs: { q: Float64Array.of(1) },
    };
    const code = (episodes: Episode[], parameters = [0]) =>
      runner.run(episodes, parameters, { gradient: false }).then(
        () => null,
        (error) => error.diagnostics?.[0]?.code ?? error,
      );
    expect(await code([good])).toBeNull();
    expect(await code([])).toBeNull();
    expect(await code([{ ...good, steps: 0, stepInputs: { x: new Float64Array(0) } }])).toBeNull();
    expect(await code([good], [])).toBe('E704');
    expect(await code([{ ...good, steps: 2 }])).toBe('E704');
    expect(await code([{ ...good, start: { s: Float64Array.of(1, 1) } }])).toBe('E704');
    expect(await code([{ ...good, queryInputs: { q: Float64Array.of(1, 2) } }])).toBe('E704');
    const longer = { ...good, steps: 2, stepInputs: { x: Float64Array.of(1, 1, 1, 1) } };
    expect(await code([good, longer])).toBe('E705');
    expect(await code([{ ...good, steps: 0.5 }])).toBe('E705');
    runner.dispose();
  });
});

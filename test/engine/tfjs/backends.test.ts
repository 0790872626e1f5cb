import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendMissing, unknownBackend } from '../../../src/base/diagnostics/engine.js';
import { Stream } from '../../../src/base/random.js';
import { EngrammarError } from '../../../src/base/result.js';
import { feedForwardProgram } from '../../../src/circuits/feed-forward.js';
import { inspectEngines } from '../../../src/engine/doctor.js';
import { BACKENDS, loadBackend, loadNative } from '../../../src/engine/tfjs/backends.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { testWith } from '../../support/requirements.js';
import { disagreement, imageEpisode } from './episodes.js';
import { ruleOf } from './rule.js';

async function diagnosticsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngrammarError)) throw new Error(`no diagnostics: ${error}`);
  return error.diagnostics;
}

describe('backends', () => {
  it('that do not exist are refused with those that do, and the nearest', async () => {
    const found = await diagnosticsOf(createTfjsEngine('wsam'));
    expect(found).toEqual([unknownBackend({ given: 'wsam', known: BACKENDS })]);
    expect(found[0]!.expected).toEqual(['cpu', 'wasm', 'tensorflow']);
    expect(found[0]!.hint).toContain('"wasm"');
  });

  it('that are not installed say what is missing', async () => {
    const name = '@tensorflow/no-such-package';
    expect(await diagnosticsOf(loadNative(name))).toEqual([
      backendMissing({ backend: 'tensorflow', package: name, problem: 'package' }),
    ]);
  });

  it('that are installed without their native part say so', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'native-'));
    try {
      writeFileSync(path.join(folder, 'package.json'), '{"main": "index.cjs"}');
      const text = 'The Node.js native addon module (tfjs_binding.node) can not be found at path';
      writeFileSync(path.join(folder, 'index.cjs'), `throw new Error(${JSON.stringify(text)});`);
      expect(await diagnosticsOf(loadNative(folder))).toEqual([
        backendMissing({ backend: 'tensorflow', package: folder, problem: 'native part' }),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('run side by side without getting in each other’s way, and give back what was active', async () => {
    const circuit = { sizes: [6, 5, 4], beta: 10, feedback: 'random' } as const;
    const program = feedForwardProgram(circuit, ruleOf('-a * post.error * pre', ['a']), 3);
    const episodes = [imageEpisode(circuit, 10, 3, new Stream(1, 'beside'))];
    const { tf } = await loadBackend('cpu');
    await loadBackend('wasm');
    await tf.setBackend('cpu');
    const runners = await Promise.all(
      ['wasm', 'cpu', 'wasm'].map(async (name) => (await createTfjsEngine(name)).prepare(program)),
    );
    const [first, ...others] = await Promise.all(
      runners.map((runner) => runner.run(episodes, [0.01], { gradient: true })),
    );
    for (const other of others) {
      const found = disagreement(other, first!);
      expect(Math.max(found.loss, found.gradient, found.outputs)).toBeLessThan(1e-5);
    }
    expect(tf.getBackend()).toBe('cpu');
    for (const runner of runners) runner.dispose();
  });
});

describe('the doctor', () => {
  it('reports every engine and backend, each tried', async () => {
    const { node, engines } = await inspectEngines();
    expect(node).toBe(process.version);
    expect(engines.map(({ engine, backend }) => `${engine} ${backend}`)).toEqual([
      'interpret null',
      'fused null',
      'tfjs cpu',
      'tfjs wasm',
      'tfjs tensorflow',
    ]);
    for (const { engine, backend, available, reason } of engines) {
      if (backend !== 'tensorflow')
        expect([engine, backend, available]).toEqual([engine, backend, true]);
      // Whoever is not there says why.
      expect(reason === null).toBe(available);
    }
  });

  testWith('tensorflow', 'finds the native library where it is', async () => {
    const { engines } = await inspectEngines();
    expect(engines.at(-1)).toEqual({
      engine: 'tfjs',
      backend: 'tensorflow',
      available: true,
      reason: null,
    });
  });
});

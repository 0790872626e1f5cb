import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import {
  interpreterInstead,
  noSimd,
  outOfMemory,
  programRefused,
  wrongSteps,
} from '../../src/base/diagnostics/engine.js';
import { EngrammarError } from '../../src/base/result.js';
import type { Engine, Episode } from '../../src/engine/engine.js';
import { openSettled, settleEngine, withFallback } from '../../src/engine/fallback.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import { GraphBuilder } from '../../src/program/builder.js';
import type { Program } from '../../src/program/ir.js';

/** w ← 3w, read out as it is. */
function tripling(): Program {
  const b = new GraphBuilder();
  const w = b.input('w', [1, 1]);
  const step = b.build('step', [{ name: 'w', node: b.multiply(b.constant(3), w) }]);
  const readout = b.build('readout', [{ name: 'loss', node: w }]);
  return {
    name: 'tripling',
    parameters: [],
    discrete: [],
    states: [{ name: 'w', shape: [1, 1] }],
    constants: [],
    stepInputs: [],
    queryInputs: [],
    observed: [],
    schedule: [],
    initial: {},
    step,
    readout,
    stepAdjoint: step,
    readoutAdjoint: readout,
  };
}

const episode = (start: number): Episode => ({
  start: { w: Float64Array.of(start) },
  steps: 1,
  stepInputs: {},
  queryInputs: {},
});
const plain = { gradient: false };

/** An engine that throws, and counts how often it was asked. */
function failing(error: Error, where: 'prepare' | 'run'): { engine: Engine; asked(): number } {
  let asked = 0;
  const fail = (): never => {
    asked += 1;
    throw error;
  };
  const prepare: Engine['prepare'] = async (program) =>
    where === 'prepare' ? fail() : { program, run: async () => fail(), dispose: () => {} };
  const engine: Engine = { name: 'fused', backend: null, precision: 'float32', prepare };
  return { engine, asked: () => asked };
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('an engine that does not start here', () => {
  it('is replaced by the interpreter, with the reason', () => {
    const { message: reason } = noSimd({ missing: 'SIMD', node: process.version });
    expect(settleEngine({ name: 'fused' }, false)).toEqual({
      engine: { name: 'interpret', backend: null },
      warning: interpreterInstead({ engine: 'fused', reason }),
    });
  });

  it.each(['interpret', 'tfjs'] as const)('matters to the fused engine only, not to %s', (name) => {
    const { engine, warning } = settleEngine({ name }, false);
    expect(engine.name).toBe(name);
    expect(warning).toBeNull();
  });

  it('is not replaced where it starts', () => {
    const asked = { name: 'fused', precision: 'float64' } as const;
    expect(settleEngine(asked, true).engine).toEqual({ ...asked, backend: null });
    expect(settleEngine({ name: 'tfjs' }).engine.backend).toBe('wasm');
  });
});

describe('an engine that refuses a program', () => {
  const memory = outOfMemory({ backend: 'fused', batch: 1, bytes: 5e9 });
  const refusals: [string, Error, string][] = [
    ['out of memory', new EngrammarError(memory), memory.message],
    ['a form it cannot compile', new RangeError('sweeps wait'), 'sweeps wait'],
    ['a fault of the module', named('RuntimeError', 'unreachable'), 'unreachable'],
  ];

  describe.each(['prepare', 'run'] as const)('in %s', (where) => {
    it.each(refusals)('hands it on, with the reason: %s', async (_, error, reason) => {
      const { engine, asked } = failing(error, where);
      const told: Diagnostic[] = [];
      const both = withFallback(engine, interpreter, (warning) => told.push(warning));
      const runner = await both.prepare(tripling());
      const [first] = await runner.run([episode(7)], [], plain);
      const [second] = await runner.run([episode(5)], [], plain);
      expect([first?.loss, second?.loss]).toEqual([21, 15]);
      // It is not asked again.
      expect(asked()).toBe(1);
      expect(told).toEqual([programRefused({ engine: 'fused', reason })]);
      runner.dispose();
    });

    it('does not hide other errors', async () => {
      const misfit = new EngrammarError(wrongSteps({ program: 'tripling', steps: [1, 2] }));
      for (const error of [misfit, new TypeError('a mistake')]) {
        const told: Diagnostic[] = [];
        const both = withFallback(failing(error, where).engine, interpreter, (warning) =>
          told.push(warning),
        );
        const run = async () => (await both.prepare(tripling())).run([episode(7)], [], plain);
        await expect(run()).rejects.toBe(error);
        expect(told).toEqual([]);
      }
    });
  });

  it('leaves what the other engine throws as it is', async () => {
    const second = failing(new RangeError('neither'), 'run');
    const both = withFallback(failing(new RangeError('no'), 'run').engine, second.engine, () => {});
    const runner = await both.prepare(tripling());
    await expect(runner.run([episode(7)], [], plain)).rejects.toThrow('neither');
    await expect(runner.run([episode(7)], [], plain)).rejects.toThrow('neither');
    expect(second.asked()).toBe(2);
  });
});

describe('a settled engine', () => {
  it.each(['interpret', 'fused'] as const)('computes: %s', async (name) => {
    const engine = await openSettled({ name, backend: null }, () => {});
    expect(engine.name).toBe(name);
    const [result] = await (await engine.prepare(tripling())).run([episode(7)], [], plain);
    expect(result?.loss).toBe(21);
  });
});

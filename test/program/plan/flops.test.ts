import { describe, expect, it } from 'vitest';
import { shortened } from '../../../src/bench/cases/shorten.js';
import { smallPool } from '../../../src/bench/cases.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import { canonicalGraph } from '../../../src/program/plan/canonical.js';
import { flopsOf } from '../../../src/program/plan/flops.js';
import { fuseGraph } from '../../../src/program/plan/fuse.js';

const [M, N] = [12, 20];

describe('additions and multiplications', () => {
  it('of a product with a vector, an update by an outer product, and a function', () => {
    const b = new GraphBuilder();
    const w = b.input('w', [M, N]);
    const x = b.input('x', [1, N]);
    const y = b.unary('tanh', b.matmul(x, w, false, true));
    const after = b.add(w, b.matmul(y, x, true, false));
    const graph = b.build('step', [{ name: 'w', node: after }]);
    expect(flopsOf(fuseGraph(canonicalGraph(graph)))).toBe(2 * M * N + 2 * M * N);
  });

  it('of an episode are those of its steps, and of what is done once', async () => {
    const whole = smallPool();
    const spentOn = async (steps: number) => {
      const { program, episode, parameters } = shortened(whole, steps);
      const runner = await createFusedEngine({ skipIdle: false }).prepare(program);
      await runner.run([episode], parameters, { gradient: true });
      return runner.spent!();
    };
    const [one, two, eight] = [await spentOn(1), await spentOn(2), await spentOn(8)];
    const step = two.flops - one.flops;
    expect(eight.flops - one.flops).toBe(7 * step);
    // The weights of the five layers, each of which takes part in some 30 operations a step.
    const weights = 196 * 48 + 48 * 36 + 36 * 28 + 28 * 20 + 20 * 10;
    expect(step / weights).toBeGreaterThan(26);
    expect(step / weights).toBeLessThan(42);
    expect(eight.memoryBytes).toBeLessThan(4e6);
  });
});

import { expect, it } from 'vitest';
import { fullPool } from '../../../src/bench/cases.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { relativeDistance } from '../tfjs/episodes.js';

it('an episode of ten terms at the size of the paper is that of the interpreter', async () => {
  const { program, episode, parameters } = fullPool();
  const options = { gradient: true, states: true };
  const [wanted] = await prepareInterpreter(program).run([episode], parameters, options);
  for (const [precision, bound, mebibytes] of [
    ['float64', 1e-11, 32],
    ['float32', 1e-5, 32],
  ] as const) {
    const engine = createFusedEngine({ precision, skipIdle: false });
    const runner = await engine.prepare(program);
    const [got] = await runner.run([episode], parameters, options);
    const distance = relativeDistance(got!.gradient!, wanted!.gradient!);
    console.log(`${precision}: ${distance.toExponential(1)}, ${runner.spent!().memoryBytes} bytes`);
    expect(Math.abs(got!.loss / wanted!.loss - 1)).toBeLessThan(bound);
    expect(distance).toBeLessThan(bound);
    for (const [name, values] of Object.entries(wanted!.states!)) {
      expect(relativeDistance(got!.states![name]!, values)).toBeLessThan(bound);
    }
    expect(runner.spent!().memoryBytes).toBeLessThan(mebibytes * 2 ** 20);
  }
}, 120_000);

import { expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { tangentName, withTangents } from '../../src/program/with-tangents.js';
import { randomEpisode } from '../support/random-episode.js';
import { randomProgram } from '../support/random-program.js';

const STEPS = 6;

/** The read-out of a random program is the sum of tanh of its states. */
function lossBy(states: Readonly<Record<string, Float64Array>>, direction: string): number {
  let sum = 0;
  for (const [name, values] of Object.entries(states)) {
    const tangent = states[tangentName(name, direction)];
    tangent?.forEach((change, k) => {
      sum += change * (1 - Math.tanh(values[k]!) ** 2);
    });
  }
  return sum;
}

it('what 200 random programs carry forward is what goes back through them', async () => {
  let compared = 0;
  for (let seed = 0; seed < 200; seed++) {
    const stream = new Stream(seed, 'with tangents');
    const program = randomProgram(stream);
    const episode = randomEpisode(program, STEPS, stream);
    const parameters = program.parameters.map(() => stream.uniform(0.1, 0.4));
    const options = { gradient: true, startGradient: true } as const;
    const [back] = await prepareInterpreter(program).run([episode], parameters, options);
    const directions = [
      ...program.parameters.map((parameter) => ({ name: parameter, parameter })),
      { name: 'start', parameter: null },
    ];
    const forward = withTangents(program, directions);
    const start: Record<string, Float64Array> = { ...episode.start };
    for (const { name, shape } of program.states) {
      for (const { name: direction } of directions) {
        const at = Float64Array.from({ length: shape[0] * shape[1] }, () =>
          direction === 'start' ? stream.uniform(-1, 1) : 0,
        );
        start[tangentName(name, direction)] = at;
      }
    }
    const both = { ...episode, start };
    const [there] = await prepareInterpreter(forward).run([both], parameters, {
      ...options,
      states: true,
    });
    if (back!.divergence) continue;
    compared += 1;
    const near = (found: number, wanted: number): void =>
      expect(Math.abs(found - wanted), `program ${seed}`).toBeLessThan(
        1e-9 * (1 + Math.abs(wanted)),
      );
    program.parameters.forEach((parameter, k) => {
      near(lossBy(there!.states!, parameter), back!.gradient![k]!);
    });
    const byStart = program.states.reduce((sum, { name }) => {
      const direction = start[tangentName(name, 'start')]!;
      return sum + back!.startGradient![name]!.reduce((s, g, k) => s + g * direction[k]!, 0);
    }, 0);
    near(lossBy(there!.states!, 'start'), byStart);
    // The gradient of the loss is what it was.
    expect(there!.loss).toBe(back!.loss);
    back!.gradient!.forEach((share, k) => {
      near(there!.gradient![k]!, share);
    });
  }
  expect(compared).toBeGreaterThan(150);
});

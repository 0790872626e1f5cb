import { expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import type { Arrays, Episode, EpisodeResult, RunOptions } from '../../../src/engine/engine.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { worstSlot } from '../../support/against-literal.js';
import { cataloguePrograms } from '../../support/catalogue-programs.js';
import { randomEpisode } from '../../support/random-episode.js';

/* Rules of the catalogue on circuits that offer what they read: all are fused, none is left to another engine. */

const STEPS = 15;
/** A third of all pairs; each in one of the precisions and one of the numbers of streams. */
const EVERY = 3;

const allOf = ({ states, record, outputs, gradient, startGradient }: EpisodeResult): Arrays => ({
  ...states,
  ...record,
  ...outputs,
  ...Object.fromEntries(Object.entries(startGradient!).map(([name, at]) => [`start ${name}`, at])),
  gradient: gradient!,
});

const largest = (arrays: Arrays): number =>
  Math.max(...Object.values(arrays).map((values) => Math.max(...values.map(Math.abs))));

/** With everything in single precision, which alone moves the results of some rules. */
function single({ start, steps, stepInputs, queryInputs }: Episode): Episode {
  const rounded = (arrays: Arrays): Arrays =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, values]) => [
        name,
        Float64Array.from(values, Math.fround),
      ]),
    );
  return {
    start: rounded(start),
    steps,
    stepInputs: rounded(stepInputs),
    queryInputs: rounded(queryInputs),
  };
}

it('rules of the catalogue, fused, give what the interpreter gives', async () => {
  const worst = { float64: 0, float32: 0 };
  let [compared, setAside] = [0, 0];
  for (const streams of [1, 2] as const) {
    const programs = cataloguePrograms(streams).filter((_, k) => k % (2 * EVERY) === streams);
    for (const [k, { rule, circuit, program }] of programs.entries()) {
      const precision = k % 2 === 0 ? 'float64' : 'float32';
      const name = `${rule} on ${circuit}, ${streams}, ${precision}`;
      const episode = randomEpisode(program, STEPS, new Stream(streams, name));
      const parameters = program.parameters.map((each) => program.initial[each] as number);
      const options: RunOptions = {
        gradient: true,
        startGradient: true,
        states: true,
        record: { slots: program.observed.map((slot) => slot.name), every: 1 },
      };
      const [wanted] = await prepareInterpreter(program).run([episode], parameters, options);
      const runner = await createFusedEngine({ precision }).prepare(program);
      const [got] = await runner.run([episode], parameters, options);
      // What grows without bound has no digits to compare.
      if (wanted!.divergence || largest(wanted!.states!) > 1e6) {
        setAside += 1;
        continue;
      }
      expect(got!.divergence, name).toBeNull();
      const { slot, distance } = worstSlot(allOf(got!), allOf(wanted!));
      if (precision === 'float64') expect(distance, `${name}: ${slot}`).toBeLessThan(1e-11);
      else {
        const [moved] = await prepareInterpreter(program).run(
          [single(episode)],
          parameters,
          options,
        );
        const shift = worstSlot(allOf(moved!), allOf(wanted!)).distance;
        expect(distance, `${name}: ${slot}`).toBeLessThan(2e-6 + 50 * shift);
      }
      worst[precision] = Math.max(worst[precision], distance);
      compared += 1;
    }
  }
  console.log(`catalogue, fused: ${compared} programs, worst ${JSON.stringify(worst)}`);
  expect(setAside / (compared + setAside)).toBeLessThan(0.05);
  expect(compared).toBeGreaterThan(100);
}, 120_000);

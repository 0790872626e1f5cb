import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import type { Arrays, EpisodeResult } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { worstSlot } from '../../support/against-literal.js';
import { cataloguePrograms } from '../../support/catalogue-programs.js';
import { runPlanned } from '../../support/planned.js';
import { randomEpisode } from '../../support/random-episode.js';

/* Every rule of the catalogue on every circuit that offers what it reads: plans mean what programs mean. */

const STEPS = 15;

const allOf = ({ states, record, gradient, outputs }: Partial<EpisodeResult>) => ({
  ...states,
  ...record,
  ...outputs,
  gradient: gradient!,
});

const largest = (arrays: Arrays): number =>
  Math.max(...Object.values(arrays).map((values) => Math.max(...values.map(Math.abs))));

describe.each([1, 2])('in %d streams', (streams) => {
  it.each([true, false])(
    'all give what the interpreter gives, lazy: %s',
    async (lazy) => {
      let [compared, worst, diverged] = [0, 0, 0];
      const programs = cataloguePrograms(streams);
      const every = streams === 1 && lazy ? 1 : 10;
      for (const { rule, circuit, program } of programs.filter((_, k) => k % every === 0)) {
        const name = `${rule} on ${circuit}`;
        const episode = randomEpisode(program, STEPS, new Stream(streams, name));
        const parameters = program.parameters.map((each) => program.initial[each] as number);
        const [wanted] = await prepareInterpreter(program).run([episode], parameters, {
          gradient: true,
          startGradient: true,
          states: true,
          record: { slots: program.observed.map((slot) => slot.name), every: 1 },
        });
        // What grows without bound has no digits to compare.
        if (wanted!.divergence || largest(wanted!.states!) > 1e6) {
          diverged += 1;
          continue;
        }
        const plan = planEpisode(program, { lazy });
        for (const segment of lazy ? [4, 1000] : [1000]) {
          const got = runPlanned(plan, episode, parameters, { segment });
          const found = worstSlot(allOf(got), allOf(wanted!));
          const start = worstSlot(got.startGradient, wanted!.startGradient!);
          const distance = Math.max(found.distance, start.distance);
          if (!(distance < 1e-10)) throw new Error(`${JSON.stringify({ name, found, start })}`);
          worst = Math.max(worst, distance);
        }
        compared += 1;
      }
      console.log(`${compared} programs, worst ${worst.toExponential(1)}; ${diverged} diverged`);
      expect(compared).toBeGreaterThanOrEqual(Math.floor((0.9 * programs.length) / every));
    },
    60_000,
  );
});

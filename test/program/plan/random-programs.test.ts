import { expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import type { Episode } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { printGraph } from '../../../src/program/print.js';
import { worstSlot } from '../../support/against-literal.js';
import { runPlanned } from '../../support/planned.js';
import { randomProgram, valuesFor } from '../../support/random-program.js';

const PROGRAMS = 90;
const STEPS = 11;
const PARAMETERS = [0.7, -0.4, 0.1];

it('plans of programs that are no rules give what the interpreter gives', async () => {
  const stream = new Stream(1, 'random programs');
  const roles = new Map<string, number>();
  let worst = 0;
  for (let k = 0; k < PROGRAMS; k++) {
    const program = randomProgram(stream.child('program', `${k}`));
    const own = stream.child('values', `${k}`);
    const inputs = (size: number, draw: () => number): Float64Array =>
      Float64Array.from({ length: STEPS * size }, draw);
    const episode: Episode = {
      start: valuesFor(program, own),
      steps: STEPS,
      stepInputs: {
        image: inputs(3, () => 0.5 * own.normal()),
        spikes: inputs(4, () => own.integer(2)),
        gate: inputs(1, () => own.integer(2)),
      },
      queryInputs: {},
    };
    const [wanted] = await prepareInterpreter(program).run([episode], PARAMETERS, {
      gradient: true,
      startGradient: true,
      states: true,
    });
    expect(wanted!.divergence).toBeNull();
    for (const lazy of [true, false]) {
      const plan = planEpisode(program, { lazy });
      for (const { role } of plan.states) roles.set(role, (roles.get(role) ?? 0) + 1);
      for (const segment of lazy ? [1, 4, 100] : [100]) {
        const got = runPlanned(plan, episode, PARAMETERS, { segment });
        const all = { ...got.states, gradient: got.gradient };
        const found = worstSlot(all, { ...wanted!.states, gradient: wanted!.gradient! });
        const start = worstSlot(got.startGradient, wanted!.startGradient!);
        const distance = Math.max(found.distance, start.distance);
        worst = Math.max(worst, distance);
        if (!(distance < 1e-10)) {
          const what = JSON.stringify({ k, lazy, segment, found, start, notes: plan.notes });
          throw new Error(`${what}\n${printGraph(program.step)}`);
        }
      }
    }
  }
  console.log(`${PROGRAMS} programs, worst ${worst.toExponential(1)}`, Object.fromEntries(roles));
  for (const role of ['rebuilt', 'kept', 'decay', 'lazy', 'pending']) {
    expect(roles.get(role) ?? 0).toBeGreaterThan(20);
  }
}, 60_000);

import type { Arrays } from '../engine/engine.js';
import type { Program } from '../program/ir.js';
import { FORWARD_SLOPES, withSlopes } from '../program/with-slopes.js';
import { type Direction, tangentName } from '../program/with-tangents.js';
import { engineOf, episodeOf, parametersOf, type Simulation, wovenFrom } from './simulate.js';

/** Derivatives that are carried in one run: more make larger programs, fewer make more runs. */
const AT_ONCE = 24;

/**
 * The derivatives of the loss by the starting values of some states, such as weights, carried forward with
 * the episode instead of back through it. Of recurrent weights that do not learn this is real-time recurrent
 * learning (Williams & Zipser 1989, Neural Comput 1:270): exact, without any memory of the past, and so
 * expensive that it is a reference, not a way to train: an episode for each of the values. The same numbers
 * as `startGradient` of `simulate`.
 *
 * Throws what `simulate` throws, and a `RangeError` for a state that the program has not, or that has no
 * derivative.
 */
export async function forwardGradient(
  simulation: Simulation,
  of: readonly string[],
): Promise<Readonly<Record<string, Float64Array>>> {
  const program = wovenFrom(simulation);
  const entries = of.flatMap((name) => entriesOf(program, name));
  const directions = Array.from(
    { length: Math.min(AT_ONCE, entries.length) },
    (_, k): Direction => ({ name: `direction ${k + 1}`, parameter: null }),
  );
  const found = Object.fromEntries(
    of.map((name) => [name, new Float64Array(sizeOf(program, name))]),
  );
  if (directions.length === 0) return found;
  const engine = await engineOf(simulation.engine);
  const runner = await engine.prepare(withSlopes(program, directions));
  try {
    const episode = episodeOf(program, simulation.circuit, simulation);
    for (let from = 0; from < entries.length; from += directions.length) {
      const part = entries.slice(from, from + directions.length);
      const start = { ...episode.start, ...unitStarts(program, directions, part) };
      const [result] = await runner.run([{ ...episode, start }], parametersOf(program), {
        gradient: false,
      });
      const slopes = result!.outputs[FORWARD_SLOPES] ?? new Float64Array(0);
      part.forEach(({ name, at }, k) => {
        found[name]![at] = slopes[k] ?? Number.NaN;
      });
    }
    return found;
  } finally {
    runner.dispose();
  }
}

interface Entry {
  readonly name: string;
  readonly at: number;
}

function entriesOf(program: Program, name: string): Entry[] {
  if (program.discrete.includes(name)) throw new RangeError(`${name} has no derivative`);
  return Array.from({ length: sizeOf(program, name) }, (_, at) => ({ name, at }));
}

function sizeOf({ states, name: program }: Program, name: string): number {
  const slot = states.find((each) => each.name === name);
  if (!slot) throw new RangeError(`${program} has no state ${name}`);
  return slot.shape[0] * slot.shape[1];
}

/** Every direction changes one starting value by 1; directions that are left over change nothing. */
function unitStarts(
  { states, discrete }: Program,
  directions: readonly Direction[],
  entries: readonly Entry[],
): Arrays {
  const smooth = states.filter(({ name }) => !discrete.includes(name));
  return Object.fromEntries(
    directions.flatMap(({ name: direction }, k) =>
      smooth.map(({ name, shape }) => {
        const values = new Float64Array(shape[0] * shape[1]);
        if (entries[k]?.name === name) values[entries[k].at] = 1;
        return [tangentName(name, direction), values];
      }),
    ),
  );
}

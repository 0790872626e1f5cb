import type { Stream } from '../../src/base/random.js';
import type { Arrays, Episode, EpisodeResult, RunOptions } from '../../src/engine/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { worstSlot } from './against-literal.js';
import type { Replayed } from './replayed.js';

export interface Compared {
  /** Largest difference, relative to the largest share of the gradient. */
  readonly distance: number;
  readonly what: string;
  readonly directions: number;
}

/** Of a number of size 1; rounding is about 1e-16 / STEP, the error of fourth order far below. */
const STEP = 2e-4;
/** Where the differences of second order with one and two steps are further apart, something has a kink. */
const SMOOTH = 3e-4;

/**
 * Compares the gradient by every parameter, and by a random direction in every state that is a weight or a
 * parameter of neurons or synapses, with central differences of fourth order. Null where these are none:
 * at kinks and thresholds.
 */
export async function differences(
  { program, episode, parameters, literal }: Replayed,
  exact: EpisodeResult,
  stream: Stream,
): Promise<Compared | null> {
  const runner = prepareInterpreter(program);
  const loss = async (start: Arrays, at: readonly number[]): Promise<number> => {
    const shifted: Episode = { ...episode, start };
    const [result] = await runner.run([shifted], at, { gradient: false });
    return result!.loss;
  };
  interface Direction {
    readonly what: string;
    readonly slope: number;
    at(shift: number): Promise<number>;
  }
  const directions: Direction[] = parameters.map((value, i) => {
    const scale = Math.max(Math.abs(value), 0.1);
    return {
      what: program.parameters[i]!,
      slope: exact.gradient![i]! * scale,
      at: (shift) =>
        loss(
          episode.start,
          parameters.map((each, k) => (k === i ? each + shift * scale : each)),
        ),
    };
  });
  const arrays = program.states.filter(({ name }) => literal.has(name) || name.includes(' of '));
  for (const { name } of arrays.filter((each) => !each.name.includes(': '))) {
    const start = episode.start[name]!;
    const way = start.map(() => stream.normal());
    directions.push({
      what: name,
      slope: way.reduce((sum, each, k) => sum + each * exact.startGradient![name]![k]!, 0),
      at: (shift) =>
        loss({ ...episode.start, [name]: start.map((x, k) => x + shift * way[k]!) }, parameters),
    });
  }
  const found: number[] = [];
  const noise = (1e-15 * Math.abs(exact.loss)) / STEP;
  const largest = Math.max(...directions.map(({ slope }) => Math.abs(slope)), 1e-3, 1e7 * noise);
  for (const { at } of directions) {
    const second = async (h: number): Promise<number> => ((await at(h)) - (await at(-h))) / (2 * h);
    const [narrow, wide] = [await second(STEP), await second(2 * STEP)];
    if (!(Math.abs(narrow - wide) < SMOOTH * largest)) return null;
    found.push((4 * narrow - wide) / 3);
  }
  let worst: Compared = { distance: 0, what: '', directions: directions.length };
  for (const [k, { what, slope }] of directions.entries()) {
    const distance = Math.abs(slope - found[k]!) / largest;
    if (distance > worst.distance) {
      worst = {
        distance,
        what: `${what}: ${slope} for ${found[k]!}`,
        directions: directions.length,
      };
    }
  }
  return worst;
}

/** How far everything moves when all inputs and weights move by about 1e-6 of themselves. */
export async function shaken(
  { program, episode, parameters }: Replayed,
  exact: EpisodeResult,
  options: RunOptions,
): Promise<{ states: number; gradient: number }> {
  let sign = 1;
  const shake = (arrays: Arrays): Arrays =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, values]) => [
        name,
        // Counts and masks stay what they are.
        values.map((x) => {
          sign = -sign;
          return Number.isInteger(x) ? x : x * (1 + sign * 1e-6);
        }),
      ]),
    );
  const moved: Episode = {
    ...episode,
    start: shake(episode.start),
    stepInputs: shake(episode.stepInputs),
  };
  const [result] = await prepareInterpreter(program).run([moved], parameters, options);
  return {
    states: worstSlot(result!.record!, exact.record!).distance,
    gradient: worstSlot(
      { ...result!.startGradient, gradient: result!.gradient ?? new Float64Array(0) },
      { ...exact.startGradient, gradient: exact.gradient! },
    ).distance,
  };
}

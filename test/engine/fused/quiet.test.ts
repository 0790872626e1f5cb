import { expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { EngrammarError } from '../../../src/base/result.js';
import type { Arrays, EpisodeResult, RunOptions } from '../../../src/engine/engine.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { rulesIn } from '../../support/corpus.js';
import { everything, type Replayed, randomTimeline, replayed } from '../../support/replayed.js';
import { wholeRule } from '../../support/whole-rules.js';

/* Steps in which nothing opens have kernels of their own: what they leave out changes no bit of any result. */

const everyArray = ({ loss, states, record, outputs, ...rest }: EpisodeResult): Arrays => ({
  ...states,
  ...record,
  ...outputs,
  ...Object.fromEntries(
    Object.entries(rest.startGradient ?? {}).map(([name, at]) => [`start ${name}`, at]),
  ),
  gradient: rest.gradient ?? new Float64Array(),
  loss: Float64Array.of(loss),
});

/** Names of what differs, 0 and −0 being one number. */
const different = (a: Arrays, b: Arrays): string[] =>
  Object.keys(a).filter((name) =>
    a[name]!.some((x, k) => x !== b[name]![k]! && !(Number.isNaN(x) && Number.isNaN(b[name]![k]))),
  );

/** With one number of one of the inputs made so large that something may overflow. */
function harmed<T extends Pick<Replayed, 'episode'>>(made: T, stream: Stream, seed: number): T {
  const { stepInputs } = made.episode;
  const names = Object.keys(stepInputs).filter((name) =>
    stepInputs[name]!.some((x) => x !== 0 && x !== 1),
  );
  if (names.length === 0) return made;
  const name = names[stream.integer(names.length)]!;
  const values = stepInputs[name]!.slice();
  values[stream.integer(values.length)] = [1e160, Number.POSITIVE_INFINITY][(seed >> 1) % 2]!;
  return { ...made, episode: { ...made.episode, stepInputs: { ...stepInputs, [name]: values } } };
}

async function both(
  { program, episode, parameters }: Pick<Replayed, 'program' | 'episode' | 'parameters'>,
  precision: 'float32' | 'float64',
  options: RunOptions,
) {
  const run = async (skipShut: boolean) => {
    const engine = createFusedEngine({ precision, skipShut, skipIdle: false });
    const runner = await engine.prepare(program);
    const [result] = await runner.run([episode], parameters, options);
    const { flops } = runner.spent!();
    runner.dispose();
    return { result: result!, flops };
  };
  return [await run(true), await run(false)] as const;
}

it('rules with schedules, made at random, give the same bits', async () => {
  let [compared, skipped, diverged] = [0, 0, 0];
  for (let seed = 0; seed < 60; seed++) {
    const stream = new Stream(seed, 'quiet');
    const setting = {
      ...{ preSize: 5, postSize: 6, stepLength: 2, masked: seed % 3 === 0 },
      ...{ streams: seed % 5 === 0 ? 2 : 1, timeline: randomTimeline(stream) },
    };
    const text = wholeRule(everything('forward', 2), seed, { kinds: ['whiten'], wide: true });
    if (!/\b(at|every|whiten|since)\b/.test(text)) continue;
    let made: Replayed;
    try {
      made = replayed(rulesIn({ name: 'made.rule', text }), setting, stream);
    } catch (error) {
      if (error instanceof EngrammarError) continue;
      throw error;
    }
    const precision = seed % 2 === 0 ? 'float32' : 'float64';
    for (const kind of ['values', 'gradient', 'overflow'] as const) {
      const gradient = kind === 'gradient';
      const options = { states: true, gradient, startGradient: gradient };
      const given = kind === 'overflow' ? harmed(made, stream, seed) : made;
      const [quiet, loud] = await both(given, precision, options);
      expect(quiet.result.divergence, text).toEqual(loud.result.divergence);
      expect(different(everyArray(quiet.result), everyArray(loud.result)), text).toEqual([]);
      compared += 1;
      if (quiet.flops < loud.flops) skipped += 1;
      if (quiet.result.divergence) diverged += 1;
    }
  }
  console.log(
    `quiet steps: ${compared} episodes, ${skipped} with less to do, ${diverged} diverged`,
  );
  expect(compared).toBeGreaterThan(60);
  expect(skipped).toBeGreaterThan(15);
  expect(diverged).toBeGreaterThan(5);
}, 120_000);

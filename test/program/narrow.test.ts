import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { feedForward } from '../../src/circuits/feed-forward.js';
import type { Episode, EpisodeResult } from '../../src/engine/engine.js';
import { Narrowing } from '../../src/engine/fused/narrowing.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import type { Program } from '../../src/program/ir.js';
import { idleAxesOf } from '../../src/program/narrow/idle-columns.js';
import { prepareRule } from '../../src/program/rule.js';
import { weave } from '../../src/program/weave.js';

import { checkedText } from '../support/checked-text.js';

/*
 * Inputs that are 0 throughout an episode are left out where no result depends on the weights from them:
 * that it is proven where it holds, refused where it does not, and that the numbers are the same.
 */

const PIXELS = 96;
const STEPS = 6;
const QUERIES = 4;

function programOf(update: string, feedback: 'random' | 'symmetric' = 'random'): Program {
  const circuit = feedForward({ sizes: [PIXELS, 7, 5], beta: 10, feedback, queries: QUERIES });
  const text = `rule made { param a = 0.05 fit, b = 0.01 fit, bar = 0.5
${update.replaceAll('; ', '\n')}  }`;
  const rule = checkedText(text, circuit.tables.forward!);
  return weave(circuit, { forward: prepareRule(rule) });
}

/** Images that leave two thirds of the pixels dark. */
function episodeOf(program: Program, seed: number): Episode {
  const stream = new Stream(seed, 'narrow');
  const image = () =>
    Array.from({ length: PIXELS }, (_, k) =>
      k % 3 === 1 && stream.uniform() < 0.8 ? stream.uniform() : 0,
    );
  const target = (k: number) => Array.from({ length: 5 }, (_, i) => (i === k % 5 ? 1 : 0));
  const many = <T>(count: number, make: (k: number) => readonly T[]): T[] =>
    Array.from({ length: count }, (_, k) => make(k)).flat();
  const isMemory = (name: string) => name.includes(':');
  return {
    start: Object.fromEntries(
      [...program.states, ...program.constants].map(({ name, shape }) => [
        name,
        Float64Array.from({ length: shape[0] * shape[1] }, () =>
          isMemory(name) ? 0 : 0.4 * stream.normal(),
        ),
      ]),
    ),
    steps: STEPS,
    stepInputs: Object.fromEntries(
      program.stepInputs.map(({ name }) => [
        name,
        Float64Array.from(
          name === 'image'
            ? many(STEPS, image)
            : name === 'target'
              ? many(STEPS, target)
              : new Array(STEPS).fill(1),
        ),
      ]),
    ),
    queryInputs: {
      'query images': Float64Array.from(many(QUERIES, image)),
      'query targets': Float64Array.from(many(QUERIES, target)),
    },
  };
}

const results = async (program: Program, episode: Episode): Promise<EpisodeResult> => {
  const options = { gradient: true, startGradient: true };
  const [result] = await prepareInterpreter(program).run([episode], [0.05, 0.01], options);
  return result!;
};

const worst = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!)), 0);

describe('inputs that are dark throughout an episode', () => {
  test.each([
    [
      "an error and Oja's subspace",
      'dw = -a * post.error * pre + b * post * (pre - sum_post(post * w))',
    ],
    ['the error below', 'dw = -a * post.error * pre - b * post * pre.error'],
    ['a change of dark weights', 'dw = -a * post.error * pre + b * (0.1 - w)'],
    ['a change that a bright pixel would make otherwise', 'dw = -a * post * (1 - pre) - b * w * w'],
    [
      'a trace of the input',
      'trace xbar = pre over 3 steps; dw = -a * post.error * xbar - b * xbar * w',
    ],
    ['bounds', 'dw = -a * post.error * pre - b * w; bound w in [-bar, bar]'],
  ])('are left out with the same results: %s', async (_, update) => {
    for (const feedback of ['random', 'symmetric'] as const) {
      const program = programOf(update, feedback);
      const episode = episodeOf(program, 3);
      const narrowing = new Narrowing(program);
      const narrow = narrowing.narrow(episode, { gradient: true, startGradient: true });
      expect(narrow, update).not.toBeNull();
      expect(narrow!.size).toBeLessThan(PIXELS / 2);
      const whole = await results(program, episode);
      const part = narrow!.widen(await results(narrowing.of(narrow!.size), narrow!.episode));
      expect(Math.abs(part.loss - whole.loss)).toBeLessThan(1e-12);
      expect(worst(part.gradient!, whole.gradient!)).toBeLessThan(1e-11);
      for (const { name } of program.states) {
        expect(worst(part.startGradient![name]!, whole.startGradient![name]!)).toBeLessThan(1e-11);
      }
    }
  });

  test.each([
    ['a mean of the weights', 'dw = -a * post.error * pre - b * mean_pre(w) * pre'],
    ['the length of the weights', 'dw = -a * post.error * pre - b * post * sum_pre(w^2) * pre'],
    ['the greatest weight', 'dw = -a * post.error * pre - b * max_pre(w) * pre'],
    ['how many pixels are dark', 'dw = -a * post.error * pre - b * sum_pre(exp(-pre)) * pre'],
  ])('stay where something else depends on them: %s', (_, update) => {
    const program = programOf(update);
    const pixels = idleAxesOf(program).filter(({ inputs }) => inputs.includes('image'));
    expect(pixels).toEqual([]);
  });

  test('stay where their weights are asked for, and where all are bright', () => {
    const program = programOf('dw = -a * post.error * pre');
    const narrowing = new Narrowing(program);
    const episode = episodeOf(program, 1);
    expect(narrowing.narrow(episode, { gradient: false })).not.toBeNull();
    expect(narrowing.narrow(episode, { gradient: false, states: true })).toBeNull();
    const record = { slots: ['W1'], every: 1 };
    expect(narrowing.narrow(episode, { gradient: false, record })).toBeNull();
    const bright = { ...episode.stepInputs, image: new Float64Array(STEPS * PIXELS).fill(0.1) };
    expect(narrowing.narrow({ ...episode, stepInputs: bright }, { gradient: false })).toBeNull();
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])('stay where a weight starts at %d', (value) => {
    const program = programOf('dw = -a * post.error * pre');
    const episode = episodeOf(program, 1);
    const weights = episode.start.W1!.slice();
    weights[PIXELS - 1] = value;
    const start = { ...episode.start, W1: weights };
    const narrowing = new Narrowing(program);
    expect(narrowing.narrow({ ...episode, start }, { gradient: true })).toBeNull();
  });
});

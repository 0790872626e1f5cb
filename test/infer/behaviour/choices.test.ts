import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { unwrap } from '../../../src/base/result.js';
import type { Choices } from '../../../src/infer/behaviour/choices.js';
import {
  type ChoicesRequest,
  inferFromAnimals,
  inferFromChoices,
} from '../../../src/infer/behaviour/from-choices.js';
import { likelihoodOf } from '../../../src/infer/behaviour/likelihood.js';
import { readChoices } from '../../../src/infer/behaviour/read-choices.js';
import type { InferResult } from '../../../src/infer/result.js';
import { npz } from '../numpy.js';
import { flies, type Setting } from './flies.js';

const library = { columns: ['pre', 'w', 'surprise'], degree: 3, maxPower: 1 };
const SURPRISE = '(chosen * (reward - expected@before))';

const learn: Setting['learn'] = ({ x, surprise }) => 0.5 * x * surprise;

async function inferred(
  choices: Choices,
  request: Partial<ChoicesRequest> = {},
): Promise<InferResult> {
  return unwrap(await inferFromAnimals(choices, { seed: 1, library, ...request }));
}

const folder = mkdtempSync(join(tmpdir(), 'engrammar-choices-'));

describe('a rule is found from choices and rewards', { timeout: 60_000 }, () => {
  it('learning from surprise, and how far to trust it', async () => {
    const result = await inferred(flies({ seed: 0, learn }));
    expect(result.terms.map(({ text, verdict }) => [text, verdict])).toEqual([
      [`pre * ${SURPRISE}`, 'established'],
    ]);
    expect(Math.abs(result.terms[0]!.coefficient / 0.5 - 1)).toBeLessThan(0.1);
    expect(result.nullTest).toMatchObject({ p: 0.005, shifts: 199, rows: 18 * 240 });
    expect(result.fit.resampled).toEqual({ by: 'animal', blocks: 18 });
    expect(result.heldOut!.r2).toBeGreaterThan(0.3);
    expect(Math.abs(result.heldOut!.r2 - result.metrics!.r2)).toBeLessThan(0.05);
    expect(result.baselines.map(({ name }) => name)).toEqual(['no-plasticity', 'constant']);
    expect(result.rule!.text).toContain('average expected = reward keeping 1 - chosen / window');
  });

  it('with the window of what is usual fitted, from a table, the same every time', async () => {
    const choices = flies({ seed: 1, learn, animals: 10, steps: 160 });
    const path = join(folder, 'flies.csv');
    const rows = choices.animals.flatMap(({ stimulus, choice, reward }, k) =>
      Array.from(
        choice,
        (chosen, t) => `fly${k},${stimulus[2 * t]},${stimulus[2 * t + 1]},${chosen},${reward[t]}`,
      ),
    );
    writeFileSync(path, ['animal,a,b,choice,reward', ...rows, ''].join('\n'));
    const request = { seed: 1, library, window: 'fit', alike: true } as const;
    const result = unwrap(await inferFromChoices(path, 'accept', request));
    expect(result.terms.map(({ text }) => text)).toEqual([`pre * ${SURPRISE}`]);
    const [window] = result.fitted!;
    expect(window!.name).toBe('window');
    expect(window!.interval[0]).toBeLessThan(10);
    expect(window!.interval[1]).toBeGreaterThan(10);
    expect(result.rule!.text).toMatch(/param window = [\d.]+ in \[1, 100\]/);
    const again = await inferred({ ...choices, name: path }, request);
    expect(again).toEqual(result);
  });

  it('none where animals have policies of their own that stay', async () => {
    const result = await inferred(
      flies({ seed: 2, learn: () => 0, spread: 1, animals: 8, steps: 160 }),
    );
    expect(result.rule).toBeNull();
    expect(result.terms).toEqual([]);
    expect(result.dropped.length).toBe(8);
  });

  it('none where choices have nothing to do with weights', async () => {
    const result = await inferred(flies({ seed: 3, learn: () => 0, bias: 0.8, animals: 8 }));
    expect(result.rule).toBeNull();
  });

  it('one of three options, each with a value that its outcomes change', async () => {
    const result = await inferred(bandits(4), {
      library: { columns: ['chosen', 'reward', 'w'], degree: 2, maxPower: 1 },
    });
    const found = new Map(result.terms.map(({ text, coefficient }) => [text, coefficient]));
    expect([...found.keys()].sort()).toEqual(['chosen * reward', 'chosen * w']);
    expect(Math.abs(found.get('chosen * reward')! / 0.9 - 1)).toBeLessThan(0.25);
    expect(Math.abs(found.get('chosen * w')! / -0.3 - 1)).toBeLessThan(0.25);
  });
});

/** Three options; which one pays changes; the value of the chosen one goes towards 3 × its reward. */
function bandits(seed: number): Choices {
  const [steps, options] = [200, 3];
  const stream = new Stream(seed, 'bandits');
  const animals = Array.from({ length: 12 }, (_, k) => {
    const own = stream.child(k);
    const value = [0, 0, 0];
    const choice = new Float64Array(steps);
    const reward = new Float64Array(steps);
    let good = own.integer(options);
    for (let t = 0; t < steps; t++) {
      if (t % 50 === 49) good = own.integer(options);
      const raised = value.map(Math.exp);
      let left = own.uniform() * raised.reduce((a, b) => a + b, 0);
      const chosen = Math.max(
        0,
        raised.findIndex((each) => {
          left -= each;
          return left < 0;
        }),
      );
      choice[t] = chosen;
      reward[t] = own.uniform() < (chosen === good ? 0.8 : 0.2) ? 1 : 0;
      value[chosen]! += 0.9 * reward[t]! - 0.3 * value[chosen]!;
    }
    return {
      stimulus: new Float64Array(steps).fill(1),
      choice,
      reward,
      w: new Float64Array(options),
    };
  });
  const name = 'bandits';
  return { name, decision: 'between', inputs: 1, options, steps, startsKnown: false, animals };
}

describe('the likelihood of choices', () => {
  it.each([1, 3])('has the derivatives that it says, %d option(s)', (options) => {
    const stream = new Stream(5, 'likelihood', options);
    const draw = (): Float64Array =>
      Float64Array.from({ length: 4 * options }, () => stream.normal());
    const recorded = new Float64Array(4 * options);
    for (let t = 0; t < 4; t++) {
      if (options === 1) recorded[t] = stream.integer(2);
      else recorded[t * options + stream.integer(options)] = 1;
    }
    const [course, tangent] = [draw(), draw()];
    const measure = likelihoodOf({ options });
    const at = (h: number): number =>
      measure.moments(
        recorded,
        course.map((u, k) => u + h * tangent[k]!),
        [],
      ).power;
    const { cross, gram, n } = measure.moments(recorded, course, [tangent]);
    expect(n).toBe(4);
    expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(-2 * cross[0]!, 6);
    // With this link the expected second derivatives are the second derivatives.
    expect((at(1e-3) - 2 * at(0) + at(-1e-3)) / 1e-6).toBeCloseTo(2 * gram[0]!, 4);
  });
});

describe('a file of choices', () => {
  let files = 0;
  const written = (text: string): string => {
    files += 1;
    const path = join(folder, `${files}.csv`);
    writeFileSync(path, text);
    return path;
  };
  const messages = async (path: string, decision: 'accept' | 'between'): Promise<string[]> => {
    const read = await readChoices(path, decision);
    return read.ok ? [] : read.diagnostics.map(({ code, message }) => `${code} ${message}`);
  };

  it.each<[string, 'accept' | 'between', string]>([
    ['there is no column reward (there are: choice, x)', 'accept', 'choice,x\n1,2\n'],
    ['there is no column with a stimulus', 'accept', 'choice,reward\n1,0\n0,0\n'],
    ['choice at step 2 of animal 1 is 2, not 0 or 1', 'accept', 'x,choice,reward\n1,1,0\n1,2,1\n'],
    [
      'choice at step 1 of animal 1 is 0.5, not a whole number from 0 to 1',
      'between',
      'x,choice,reward\n1,0.5,0\n1,1,1\n',
    ],
    ['choice holds numbers and names', 'between', 'x,choice,reward\n1,left,0\n1,1,1\n'],
    ['every choice is 1', 'accept', 'x,choice,reward\n1,1,0\n1,1,1\n'],
  ])('%s', async (what, decision, text) => {
    const path = written(text);
    expect(await messages(path, decision)).toEqual([`E475 ${path}: ${what}`]);
  });

  it('may name options', async () => {
    const path = written('x,choice,reward\n1,left,0\n1,right,1\n1,left,1\n');
    const { options, animals } = unwrap(await readChoices(path, 'between'));
    expect(options).toBe(2);
    expect([...animals[0]!.choice]).toEqual([0, 1, 0]);
  });

  it('may be arrays, with records of different lengths', async () => {
    const path = join(folder, 'arrays.npz');
    const nan = Number.NaN;
    writeFileSync(
      path,
      npz({
        stimulus: [[2, 3, 1], Float64Array.of(1, 2, 3, 4, nan, nan)],
        choice: [[2, 3], Float64Array.of(1, 0, 1, 0, nan, nan)],
        reward: [[2, 3], Float64Array.of(1, 0, 0, 0, nan, nan)],
        w: [[1, 1], Float64Array.of(0.5)],
      }),
    );
    const choices = unwrap(await readChoices(path, 'accept'));
    expect(choices).toMatchObject({ inputs: 1, options: 1, steps: 3, startsKnown: true });
    expect(choices.animals.map(({ w }) => [...w])).toEqual([[0.5], [0.5]]);
  });

  it('must have arrays that fit', async () => {
    const path = join(folder, 'misfit.npz');
    const zeros = (...shape: number[]) =>
      [shape, new Float64Array(shape.reduce((a, b) => a * b))] as const;
    writeFileSync(
      path,
      npz({ stimulus: zeros(2, 3, 1), choice: zeros(2, 4), reward: zeros(2, 3) }),
    );
    expect(await messages(path, 'accept')).toEqual([
      `E475 ${path}: stimulus is [2,3,1] and choice [2,4]: animals or steps differ`,
    ]);
  });
});

/**
 * The figures of docs/from-choices.md: how often the right rule is found from choices of simulated flies,
 * and how long it takes. `node --import ./scripts/run-typescript.mjs bench/choices.ts`, some minutes.
 */
import { unwrap } from '../src/base/result.js';
import { inferFromAnimals } from '../src/infer/behaviour/from-choices.js';
import { flies, type Setting } from '../test/infer/behaviour/flies.js';

interface Case {
  readonly name: string;
  readonly learn: Setting['learn'];
  /** Coefficients of the terms that are right. */
  readonly right: Readonly<Record<string, number>>;
  readonly maxPower: number;
  readonly spread: number;
  readonly seeds: readonly [from: number, to: number];
}

const SURPRISE = 'pre * (chosen * (reward - expected@before))';
const reward: Pick<Case, 'learn' | 'right'> = {
  learn: ({ x, surprise }) => 0.5 * x * surprise,
  right: { [SURPRISE]: 0.5 },
};
const fading: Pick<Case, 'learn' | 'right'> = {
  learn: ({ x, w, surprise }) => 0.5 * x * surprise - 0.05 * w,
  right: { [SURPRISE]: 0.5, w: -0.05 },
};
const none: Pick<Case, 'learn' | 'right'> = { learn: () => 0, right: {} };

const CASES: readonly Case[] = [
  { name: 'surprise, 8 terms', ...reward, maxPower: 1, spread: 0, seeds: [100, 120] },
  { name: 'surprise and fading, 8 terms', ...fading, maxPower: 1, spread: 0, seeds: [100, 120] },
  { name: 'surprise, flies differ', ...reward, maxPower: 1, spread: 1, seeds: [200, 205] },
  { name: 'surprise, 23 terms', ...reward, maxPower: 2, spread: 0, seeds: [0, 10] },
  { name: 'surprise and fading, 23 terms', ...fading, maxPower: 2, spread: 0, seeds: [0, 10] },
  { name: 'no learning', ...none, maxPower: 2, spread: 0, seeds: [0, 10] },
  { name: 'no learning, flies differ', ...none, maxPower: 2, spread: 1, seeds: [10, 20] },
];

for (const { name, learn, right, maxPower, spread, seeds } of CASES) {
  const [from, to] = seeds;
  let [exact, established, wrong, covered, intervals] = [0, 0, 0, 0, 0];
  const [seconds, errors]: number[][] = [[], []];
  for (let seed = from; seed < to; seed++) {
    const before = process.cpuUsage();
    const library = { columns: ['pre', 'w', 'surprise'], degree: 4, maxPower };
    const { terms } = unwrap(
      await inferFromAnimals(flies({ seed, learn, spread }), { seed: 1, library }),
    );
    const { user, system } = process.cpuUsage(before);
    seconds!.push((user + system) / 1e6);
    const isExact =
      terms.length === Object.keys(right).length && terms.every(({ text }) => text in right);
    exact += isExact ? 1 : 0;
    established += isExact && terms.every(({ verdict }) => verdict === 'established') ? 1 : 0;
    for (const { text, coefficient, interval, verdict } of terms) {
      const truth = right[text];
      if (truth === undefined) {
        wrong += verdict === 'established' ? 1 : 0;
        continue;
      }
      errors!.push(Math.abs(coefficient / truth - 1));
      intervals += interval ? 1 : 0;
      covered += interval && interval[0] <= truth && truth <= interval[1] ? 1 : 0;
    }
  }
  const middle = (values: readonly number[]): string =>
    values.length === 0
      ? '–'
      : [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!.toFixed(2);
  console.log(
    `${name}: exact ${exact} of ${to - from} (all established ${established}), wrong terms established ${wrong}, 90 % intervals that hold the truth ${covered} of ${intervals}, relative error ${middle(errors!)}, CPU ${middle(seconds!)} s`,
  );
}

import { Stream } from '../../../src/base/random.js';
import type { Choices } from '../../../src/infer/behaviour/choices.js';

export interface Setting {
  readonly seed: number;
  readonly animals?: number;
  readonly steps?: number;
  /** Change of the weight of an input that is `x`, after a stimulus was accepted (1) or not (0). */
  readonly learn: (now: {
    readonly x: number;
    readonly w: number;
    readonly choice: number;
    readonly reward: number;
    readonly surprise: number;
  }) => number;
  /** Of all animals; added to their urge. */
  readonly bias?: number;
  /** Standard deviation of what animals prefer before they learn. */
  readonly spread?: number;
  /** Of odours. */
  readonly inputs?: number;
}

/** Accepted stimuli over which a reward is expected. */
const WINDOW = 10;

/**
 * Flies are shown one of two odours after the other and accept it or not. Which odour is mostly rewarded
 * (80 % against 20 %) changes after each third; with which it begins differs from fly to fly.
 */
export function flies(setting: Setting): Choices {
  const { seed, animals = 18, steps = 240, learn, bias = 0, spread = 0, inputs = 2 } = setting;
  const stream = new Stream(seed, 'flies');
  return {
    name: 'flies',
    decision: 'accept',
    inputs,
    options: 1,
    steps,
    startsKnown: false,
    animals: Array.from({ length: animals }, (_, k) => {
      const own = stream.child(k);
      const odours = [0, 1].map(() => Float64Array.from({ length: inputs }, () => own.uniform()));
      if (inputs === 2) for (const o of [0, 1]) odours[o]!.set(o === 0 ? [1, 0] : [0, 1]);
      const first = own.integer(2);
      const w = Float64Array.from({ length: inputs }, () => spread * own.normal());
      const stimulus = new Float64Array(steps * inputs);
      const choice = new Float64Array(steps);
      const reward = new Float64Array(steps);
      let expected = 0;
      for (let t = 0; t < steps; t++) {
        const odour = own.integer(2);
        const x = odours[odour]!;
        stimulus.set(x, t * inputs);
        const urge = bias + x.reduce((sum, xj, j) => sum + xj * w[j]!, 0);
        choice[t] = own.uniform() < 1 / (1 + Math.exp(-urge)) ? 1 : 0;
        const better = (first + Math.floor((3 * t) / steps)) % 2;
        const pays = own.uniform() < (odour === better ? 0.8 : 0.2);
        reward[t] = choice[t] === 1 && pays ? 1 : 0;
        const surprise = choice[t]! * (reward[t]! - expected);
        for (let j = 0; j < inputs; j++) {
          w[j]! += learn({ x: x[j]!, w: w[j]!, choice: choice[t]!, reward: reward[t]!, surprise });
        }
        if (choice[t] === 1) expected += (reward[t]! - expected) / WINDOW;
      }
      return { stimulus, choice, reward, w: new Float64Array(inputs) };
    }),
  };
}

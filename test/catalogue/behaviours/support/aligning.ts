import type { Claim, Figure } from '../../behaviour.js';
import { atMost } from './figures.js';
import {
  angle,
  difference,
  drawn,
  type Feedback,
  layersOf,
  learns,
  lessons,
  networkWith,
  SIZES,
} from './network.js';
import { type Done, type RuleFor, written } from './run.js';
import { distance, type Matrix, mean, scaled, type Vector } from './vectors.js';

/** What one layer holds in a step. */
interface LayerInStep {
  readonly w: Matrix;
  readonly x: Vector;
  readonly y: Vector;
  /** Errors of this layer and of the one below. */
  readonly e: Vector;
  readonly d: Vector;
}

const LAYERS = SIZES.slice(1).map((_, l) => l + 1);

/** One step of a network of three layers is what an equation makes of the signals worked out by hand. */
export const oneStep = (
  says: string,
  feedback: Exclude<Feedback, 'symmetric'>,
  change: (layer: LayerInStep, value: (parameter: string) => number) => Matrix,
): Claim => ({
  says,
  async measure(rule) {
    const circuit = networkWith(feedback);
    const start = drawn(circuit, 1);
    const value = (name: string): number => written(rule(circuit.tables.forward!), name);
    const weights = LAYERS.map((l) => start[`W${l}`]!);
    const letter = feedback === 'direct' ? 'D' : 'B';
    const back = LAYERS.map((l) => start[`${letter}${l}`]!);
    const { image, target } = lessons(1, 1);
    const hand = layersOf(weights, back, image[0]!, target[0]!, feedback === 'direct');
    const done = await learns(circuit, { forward: rule }, { steps: 1, start });
    return LAYERS.map((l): Figure => {
      const [x, y] = [hand.activity[l - 1]!, hand.activity[l]!];
      const [d, e] = [hand.error[l - 1]!, hand.error[l]!];
      const wanted = change({ w: weights[l - 1]!, x, y, e, d }, value);
      const size = Math.max(...wanted.flat().map(Math.abs));
      const off = distance(difference(done.end(`W${l}`), weights[l - 1]!), wanted) / size;
      return atMost(`ΔW${l}, relative distance from the equation`, off, 1e-9);
    });
  },
});

/** The same text where feedback is symmetric: one step down the gradient as the engine computes it. */
export const isBackpropagation: Claim = {
  says: 'with symmetric feedback a step is −η times the gradient of the cross-entropy, in all layers',
  async measure(rule) {
    const circuit = networkWith('symmetric');
    const start = drawn(circuit, 1);
    const eta = written(rule(circuit.tables.forward!), 'eta');
    const [changed, still] = await Promise.all([
      learns(circuit, { forward: rule }, { steps: 1, start }),
      learns(circuit, {}, { steps: 1, start, gradient: true, askedAbout: 'the lesson' }),
    ]);
    return LAYERS.map((l) => {
      const step = difference(changed.end(`W${l}`), start[`W${l}`]!);
      const wanted = still.slopes(`W${l}`).map((row) => scaled(-eta, row));
      const size = Math.max(...wanted.flat().map(Math.abs));
      return atMost(`ΔW${l}, relative distance from −η ∂C/∂W`, distance(step, wanted) / size, 1e-9);
    });
  },
};

/** The forward weights while a network learns a teacher. */
export const learning = (
  feedback: Feedback,
  rules: Readonly<Record<string, RuleFor>>,
  options: {
    readonly steps: number;
    readonly seed: number;
    readonly values?: Readonly<Record<string, number>>;
    readonly every?: number;
  },
): Promise<Done> => {
  const { seed, ...rest } = options;
  const circuit = networkWith(feedback);
  const record = circuit.projections.map(({ name }) => name);
  return learns(circuit, rules, { start: drawn(circuit, seed), record, ...rest });
};

/** Loss and angles between W_l and B_l before and after learning, means over seeds. */
export async function alignment(
  rule: RuleFor,
  options: { readonly steps: number; readonly values?: Readonly<Record<string, number>> },
): Promise<{ losses: [number, number]; angles: Readonly<Record<number, [number, number]>> }> {
  const seeds = [1, 2, 3, 4];
  const each = await Promise.all(
    seeds.map(async (seed) => {
      const start = drawn(networkWith('random'), seed);
      const { steps } = options;
      const first = await learning('random', {}, { steps: 1, seed });
      const done = await learning('random', { forward: rule }, { ...options, seed, every: steps });
      const angles = LAYERS.slice(1).map((l) => [
        angle(start[`W${l}`]!, start[`B${l}`]!),
        angle(done.end(`W${l}`), start[`B${l}`]!),
      ]);
      return { losses: [first.loss, done.loss], angles };
    }),
  );
  const both = (of: (one: (typeof each)[number]) => readonly number[]): [number, number] => [
    mean(each.map((one) => of(one)[0]!)),
    mean(each.map((one) => of(one)[1]!)),
  ];
  return {
    losses: both(({ losses }) => losses),
    angles: Object.fromEntries(
      LAYERS.slice(1).map((l) => [l, both(({ angles }) => angles[l - 2]!)]),
    ),
  };
}

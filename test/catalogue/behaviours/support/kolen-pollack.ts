import type { Claim } from '../../behaviour.js';
import { learning } from './aligning.js';
import { atMost } from './figures.js';
import {
  angle,
  another,
  difference,
  drawn,
  layersOf,
  learns,
  lessons,
  networkWith,
  outer,
} from './network.js';
import { type Companion, type Done, type RuleFor, written } from './run.js';
import { distance, mean, scaled, transpose } from './vectors.js';

type Half = 'forward' | 'feedback';
const NAMES: Readonly<Record<Half, string>> = {
  forward: 'kolen_pollack',
  feedback: 'kolen_pollack_feedback',
};

/** The two rules, each on its projection. */
type Pair = Readonly<Record<Half, RuleFor>>;

/** The rule under test on its projection, the other half on the other. */
function pairOf(half: Half, rule: RuleFor, companion: Companion): Pair {
  const other = half === 'forward' ? 'feedback' : 'forward';
  return { [half]: rule, [other]: another(companion, NAMES[other]) } as Pair;
}

/** What each of the two halves is known to do. */
export const claimsOf = (half: Half): Claim[] => [
  firstStep(half),
  becomeAlike(half),
  alignAndLearn(half),
];

/** Forward and feedback weights W1, …, B1, … while a network learns, every 50 samples. */
export const trajectoryOf = (
  rules: Pair,
  options: { steps: number; seed: number; values?: Readonly<Record<string, number>> },
): Promise<Done> => learning('plastic', rules, { ...options, every: 50 });

const [STEPS, LAYERS] = [400, [1, 2, 3]];

/** Forward weights minus turned feedback weights of a layer. */
const apart = (of: (name: string) => number[][], l: number): number[][] =>
  difference(of(`W${l}`), transpose(of(`B${l}`)));

/** What the difference of two weights that always change alike must do. */
const becomeAlike = (half: Half): Claim => ({
  says: 'forward and feedback weights become alike: W − Bᵀ shrinks by the factor 1 − λ a step, exactly, whatever is learned',
  // Kolen & Pollack 1994: both change by the same −η e xᵀ, which leaves (W − Bᵀ) ← (1 − λ)(W − Bᵀ).
  async measure(rule, companion) {
    const pair = pairOf(half, rule, companion);
    const done = await trajectoryOf(pair, { steps: STEPS, seed: 1 });
    const start = drawn(networkWith('plastic'), 1);
    const lambda = written(rule(networkWith('plastic').tables[half]!), 'lambda');
    return LAYERS.map((l) => {
      const before = apart((name) => start[name]!, l);
      const wanted = before.map((row) => scaled((1 - lambda) ** STEPS, row));
      const off = distance(apart(done.end, l), wanted);
      // Some hundred roundings of weights of order 1.
      return atMost(`|(W${l} − B${l}ᵀ) − (1 − λ)ⁿ (W − Bᵀ) at first|`, off, 1e-11);
    });
  },
});

/** One step of either rule against its equation. */
const firstStep = (half: Half): Claim => ({
  says:
    half === 'forward'
      ? 'a step is −η e_l y_{l−1}ᵀ − λ W'
      : 'a step is −η y_{l−1} e_lᵀ − λ B: the change of the forward weights, turned',
  async measure(rule, companion) {
    const circuit = networkWith('plastic');
    const start = drawn(circuit, 1);
    const checked = rule(circuit.tables[half]!);
    const [eta, lambda] = [written(checked, 'eta'), written(checked, 'lambda')];
    const { image, target } = lessons(1, 1);
    const weights = LAYERS.map((l) => start[`W${l}`]!);
    const back = LAYERS.map((l) => transpose(start[`B${l}`]!));
    const hand = layersOf(weights, back, image[0]!, target[0]!);
    const pair = pairOf(half, rule, companion);
    const done = await learns(circuit, pair, { steps: 1, start });
    return LAYERS.map((l) => {
      const learned = outer(scaled(-eta, hand.error[l]!), hand.activity[l - 1]!);
      const change = half === 'forward' ? learned : transpose(learned);
      const name = `${half === 'forward' ? 'W' : 'B'}${l}`;
      const wanted = change.map((row, i) => row.map((x, j) => x - lambda * start[name]![i]![j]!));
      const off = distance(difference(done.end(name), start[name]!), wanted);
      return atMost(`Δ${name}, distance from the equation`, off, 1e-12);
    });
  },
});

/** What comes of it. */
const alignAndLearn = (half: Half): Claim => ({
  says: 'a network of three layers learns a teacher while feedback weights align with the forward weights (means of four)',
  // λ = 0.001, 4,000 samples: W − Bᵀ, at first √2 times as large as W, is down to e^{−4} of that, 0.026 |W|, or
  // 1.5° where the weights keep their size; twice that if they halve (Akrout et al. 2019).
  async measure(rule, companion) {
    const pair = pairOf(half, rule, companion);
    const values = Object.fromEntries(Object.values(NAMES).map((name) => [`${name}.eta`, 0.05]));
    const each = await Promise.all(
      [1, 2, 3, 4].map((seed) => trajectoryOf(pair, { steps: 4000, seed, values })),
    );
    const angles = LAYERS.map((l) =>
      mean(each.map((done) => angle(done.end(`W${l}`), transpose(done.end(`B${l}`))))),
    );
    return [
      atMost('cross-entropy of other samples', mean(each.map(({ loss }) => loss)), Math.log(3) / 2),
      ...LAYERS.map((l) => atMost(`angle between W${l} and B${l}ᵀ`, angles[l - 1]!, 3)),
    ];
  },
});

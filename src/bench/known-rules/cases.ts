import type { Stream } from '../../base/random.js';
import {
  correlatedInputs,
  positiveInputs,
  type RateNetwork,
  recordRateNetwork,
  type Signals,
  type Step,
  switchedInputs,
} from './rate-network.js';
import { recordSpikePairs, type SpikeSignals } from './spike-pairs.js';
import { type Monomial, monomials, monomialText, type Table } from './table.js';

/** A rule from a textbook, recordings of it, and the terms it is looked for among. */
export interface KnownRule {
  readonly id: string;
  readonly name: string;
  readonly formula: string;
  readonly library: readonly Monomial[];
  /** Coefficients by the text of the term; empty where there is no rule. */
  readonly truth: ReadonlyMap<string, number>;
  readonly record: (stream: Stream) => Table;
}

type Terms = readonly (readonly [Monomial, number])[];

interface Description {
  readonly id: string;
  readonly name: string;
  readonly formula: string;
  readonly library: readonly Monomial[];
  readonly terms: Terms;
}

const rectified = (drive: number): number => Math.max(0, drive);

/** A sum of products, evaluated term by term. */
const ruleOf =
  (terms: Terms) =>
  (signals: Signals): number =>
    terms.reduce(
      (sum, [monomial, coefficient]) =>
        sum +
        Object.entries(monomial).reduce(
          (product, [name, power]) => product * signals[name]! ** power,
          coefficient,
        ),
      0,
    );

type Layer = Partial<Omit<RateNetwork, 'rule' | 'inputs' | 'signals'>> & {
  readonly inputs?: (stream: Stream) => Float64Array[];
  readonly signals?: (stream: Stream) => NonNullable<RateNetwork['signals']>;
};

function inLayer(description: Description, layer: Layer): KnownRule {
  const { terms, ...rest } = description;
  const { inputs = correlatedInputs, signals, activation = Math.tanh, rate = 0.05 } = layer;
  return {
    ...rest,
    truth: truthOf(terms),
    record: (stream) =>
      recordRateNetwork(
        {
          rule: ruleOf(terms),
          inputs: inputs(stream.child('inputs')),
          activation,
          rate,
          ...(signals && { signals: signals(stream.child('signals')) }),
        },
        stream,
      ),
  };
}

function inPairs(description: Omit<Description, 'library'>): KnownRule {
  const { terms, ...rest } = description;
  const rule = ruleOf(terms);
  return {
    ...rest,
    library: PAIR_LIBRARY,
    truth: truthOf(terms),
    record: (stream) => recordSpikePairs((signals: SpikeSignals) => rule({ ...signals }), stream),
  };
}

const truthOf = (terms: Terms): Map<string, number> =>
  new Map(terms.map(([monomial, coefficient]) => [monomialText(monomial), coefficient]));

const RATE_LIBRARY = monomials(['x', 'y', 'w'], 4);
const PAIR_LIBRARY = ['pre', 'post'].flatMap((event) =>
  monomials(['xp', 'yp', 'x2', 'y2', 'w'], 2).map((monomial) => ({ [event]: 1, ...monomial })),
);
const REWARD_LIBRARY = monomials(['x', 'y', 'w', 'd'], 4);

/** Averages of both sides that move by a tenth at every step, this step included. */
const averages = (): NonNullable<RateNetwork['signals']> => {
  const means: Record<'x' | 'y', Float64Array> = { x: new Float64Array(0), y: new Float64Array(0) };
  const follow = (mean: Float64Array, now: Float64Array): Float64Array =>
    now.map((value, k) => 0.9 * (mean[k] ?? 0) + 0.1 * value);
  return ({ x, y }: Step) => {
    means.x = follow(means.x, x);
    means.y = follow(means.y, y);
    return ({ j, i }) => ({ xb: means.x[j]!, yb: means.y[i]! });
  };
};

/** A threshold that follows the square of the activity, as it was before this step. */
const slidingThreshold = (): NonNullable<RateNetwork['signals']> => {
  let next: Float64Array | null = null;
  return ({ y }: Step) => {
    const now = next ?? y.map(() => 0.25);
    next = now.map((threshold, i) => threshold + 0.05 * (y[i]! ** 2 - threshold));
    return ({ i }) => ({ th: now[i]! });
  };
};

/** Reward less its running average; rewards are likely in every other block of 60 steps. */
const surprise = (stream: Stream): NonNullable<RateNetwork['signals']> => {
  let mean = 0;
  return ({ t }: Step) => {
    const reward = stream.uniform() < (Math.floor(t / 60) % 2 === 0 ? 0.8 : 0.2) ? 1 : 0;
    const d = reward - mean;
    mean = 0.9 * mean + 0.1 * reward;
    return () => ({ d });
  };
};

/** A trace of the product of both sides, and a reward that comes at random. */
const eligibility = (stream: Stream): NonNullable<RateNetwork['signals']> => {
  const traces = new Map<string, number>();
  const keep = Math.exp(-1 / 5);
  return ({ x, y }: Step) => {
    const r = stream.normal();
    return ({ j, i }) => {
      const e = keep * (traces.get(`${j},${i}`) ?? 0) + x[j]! * y[i]!;
      traces.set(`${j},${i}`, e);
      return { e, r };
    };
  };
};

const errorsAtRandom = (stream: Stream): NonNullable<RateNetwork['signals']> => {
  return ({ y }: Step) => {
    const errors = y.map(() => 0.5 * stream.normal());
    return ({ i }) => ({ e: errors[i]! });
  };
};

const odours = (stream: Stream): Float64Array[] =>
  switchedInputs(stream, 240, { probability: 0.5, size: 0.75, noise: 0.1 });

const P = (
  id: string,
  name: string,
  formula: string,
  library: readonly Monomial[],
  terms: Terms,
) => ({
  id,
  name,
  formula,
  library,
  terms,
});

/** The sixteen public cases in which the change of the weight is observed. */
export const KNOWN_RULES: readonly KnownRule[] = [
  inLayer(P('P01', 'Hebb', 'x y', RATE_LIBRARY, [[{ x: 1, y: 1 }, 1]]), { rate: 0.01 }),
  inLayer(
    P('P02', 'Oja', 'y (x - y w)', RATE_LIBRARY, [
      [{ x: 1, y: 1 }, 1],
      [{ y: 2, w: 1 }, -1],
    ]),
    { rate: 0.1 },
  ),
  inLayer(
    P('P03', 'covariance', '(x - xb) (y - yb)', monomials(['x', 'y', 'xb', 'yb', 'w'], 2), [
      [{ x: 1, y: 1 }, 1],
      [{ y: 1, xb: 1 }, -1],
      [{ x: 1, yb: 1 }, -1],
      [{ xb: 1, yb: 1 }, 1],
    ]),
    { rate: 0.02, inputs: positiveInputs, signals: averages },
  ),
  inLayer(
    P('P04', 'BCM', 'x y (y - th)', monomials(['x', 'y', 'th', 'w'], 3), [
      [{ x: 1, y: 2 }, 1],
      [{ x: 1, y: 1, th: 1 }, -1],
    ]),
    {
      rate: 0.02,
      inputs: (stream) => positiveInputs(stream, 300),
      activation: rectified,
      signals: slidingThreshold,
    },
  ),
  inLayer(
    P('P05', 'anti-Hebb and decay', '-x y - 0.1 w', RATE_LIBRARY, [
      [{ x: 1, y: 1 }, -1],
      [{ w: 1 }, -0.1],
    ]),
    {},
  ),
  inLayer(
    P('P06', 'instar', 'y (x - w)', RATE_LIBRARY, [
      [{ x: 1, y: 1 }, 1],
      [{ y: 1, w: 1 }, -1],
    ]),
    { inputs: positiveInputs, activation: rectified },
  ),
  inLayer(P('P07', 'delta', 'e x', monomials(['x', 'y', 'w', 'e'], 3), [[{ x: 1, e: 1 }, 1]]), {
    rate: 0.02,
    signals: errorsAtRandom,
  }),
  inLayer(P('P08', 'reward', 'x (r - mean r)', REWARD_LIBRARY, [[{ x: 1, d: 1 }, 1]]), {
    inputs: odours,
    signals: surprise,
  }),
  inLayer(
    P('P09', 'reward and forgetting', 'x (r - mean r) - 0.05 w', REWARD_LIBRARY, [
      [{ x: 1, d: 1 }, 1],
      [{ w: 1 }, -0.05],
    ]),
    { inputs: odours, signals: surprise },
  ),
  inLayer(
    P('P10', 'eligibility', 'r e', monomials(['x', 'y', 'w', 'e', 'r'], 3), [[{ e: 1, r: 1 }, 1]]),
    { rate: 0.002, signals: eligibility },
  ),
  inPairs({
    id: 'P11',
    name: 'additive STDP',
    formula: '[post] xp - 1.05 [pre] yp',
    terms: [
      [{ post: 1, xp: 1 }, 1],
      [{ pre: 1, yp: 1 }, -1.05],
    ],
  }),
  inPairs({
    id: 'P12',
    name: 'soft-bound STDP',
    formula: '[post] xp (1 - w) - 1.05 [pre] yp w',
    terms: [
      [{ post: 1, xp: 1 }, 1],
      [{ post: 1, xp: 1, w: 1 }, -1],
      [{ pre: 1, yp: 1, w: 1 }, -1.05],
    ],
  }),
  inPairs({
    id: 'P13',
    name: 'triplet STDP',
    formula: '[post] xp (0.6 + 1.2 y2) - 0.8 [pre] yp',
    terms: [
      [{ post: 1, xp: 1 }, 0.6],
      [{ post: 1, xp: 1, y2: 1 }, 1.2],
      [{ pre: 1, yp: 1 }, -0.8],
    ],
  }),
  inPairs({
    id: 'P14',
    name: 'inhibitory STDP',
    formula: '[pre] (yp - 0.4) + [post] xp',
    terms: [
      [{ pre: 1, yp: 1 }, 1],
      [{ pre: 1 }, -0.4],
      [{ post: 1, xp: 1 }, 1],
    ],
  }),
  inLayer(P('P15', 'none', '0', RATE_LIBRARY, []), { rate: 0.1 }),
  inLayer(
    P('P16', 'binary inputs', 'x y - 0.5 y', RATE_LIBRARY, [
      [{ x: 1, y: 1 }, 1],
      [{ y: 1 }, -0.5],
    ]),
    { rate: 0.02, inputs: (stream) => switchedInputs(stream, 200, { probability: 0.4 }) },
  ),
];

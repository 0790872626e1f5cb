import { expect, test } from 'vitest';
import { knownRules } from '../../src/catalogue/known.js';
import '../../src/testing/vitest.js';
import type {
  ExpectedUpdate,
  GivenStep,
  Numbers,
  UpdateOptions,
} from '../../src/testing/vitest.js';

/*
 * What one step, or two, of each rule without spikes makes of two presynaptic and two postsynaptic
 * neurons, by hand.
 */

const W = [
  [0.5, -0.25],
  [1, 0],
];
const [pre, post] = [
  [1, 2],
  [2, -1],
];
const [preError, postError] = [
  [1, -2],
  [0.5, -1],
];
const errors = { pre, 'post.error': postError };
const still = { pre: [0, 1], post: 0 };

/** Free, then with a teacher. */
const states = [
  { pre, post },
  { pre: [1, 1], post: [1, 1] },
];
const taught = (phase: string): UpdateOptions => ({
  timeline: {
    trials: [
      {
        steps: 2,
        phases: [
          { name: 'free', steps: 1 },
          { name: phase, steps: 1 },
        ],
      },
    ],
  },
});

/** e is 0.1 (1, 2), then 0.9 · 0.1 (1, 2) + 0.1 (0, 1), for both neurons. */
const traced = [
  { pre, 'post.slope': 1, 'post.feedback': [1, -1] },
  { pre: still.pre, 'post.slope': 1, 'post.feedback': [2, 1] },
];

/** The second input is silent, and the reward is 3 higher with the perturbation than without. */
const noises = {
  'post.noise': [0.5, -1],
  'w.noise': [
    [0.1, -0.05],
    [0.2, 0.15],
  ],
};
const perturbed = [
  { ...noises, pre: [7, 0], reward: -2 },
  { ...noises, pre: [1, 0], reward: 1 },
];
const comparing: UpdateOptions = {
  timeline: {
    trials: [
      {
        steps: 2,
        phases: [
          { name: 'baseline', steps: 1 },
          { name: 'perturbed', steps: 1 },
        ],
      },
    ],
  },
  values: { eta: 0.25, sigma: 0.5 },
};

/** The same ten times: only the tenth counts. P is I/10, so that k = 0.1 x / (1 + 0.1 |x|²) = x / 15. */
const tenth = (step: GivenStep): GivenStep[] => Array.from({ length: 10 }, () => step);
const TEN: UpdateOptions = { timeline: { trials: [{ steps: 10 }] } };

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const [tag, signal] = [1 - Math.exp(-10 / 1500), 1 - Math.exp(-10 / 500)];
const overlap = 40 * tag * signal;

type Case = [
  given: GivenStep | readonly GivenStep[],
  expected: Numbers | ExpectedUpdate,
  options?: UpdateOptions,
];

// biome-ignore format: a row a matrix
const UPDATES: Readonly<Record<string, Case>> = {
  hebb: [{ pre, post }, [[0.02, 0.04], [-0.01, -0.02]]],
  anti_hebb: [{ pre, post }, [[-0.02, -0.04], [0.01, 0.02]]],
  hebb_decay: [{ w: W, pre, post }, [[0.0195, 0.04025], [-0.011, -0.02]]],
  // Means take in 0.1 of the present value: what is left is 0.9 of it on both sides.
  covariance: [{ pre, post }, { dw: [[0.0162, 0.0324], [-0.0081, -0.0162]], memory: { x_mean: [0.1, 0.2], y_mean: [0.2, -0.1] } }],
  heterosynaptic: [{ w: W, pre, post }, [[-0.46, 0.76], [-0.09, 0]]],
  instar: [{ w: W, pre, post }, [[0.05, 0.225], [0, -0.1]]],
  outstar: [{ w: W, pre, post }, [[0.075, 0.225], [-0.1, -0.1]]],
  subtractive_normalisation: [{ pre, post }, [[-0.01, 0.01], [0.005, -0.005]]],
  hebb_normalised: [{ w: W, pre, post }, { w: [[0.52 / 0.73, -0.21 / 0.73], [0.99 / 1.01, -0.02 / 1.01]] }],
  hebb_unit_length: [{ w: W, pre, post }, { w: [
    [0.52 / Math.sqrt(0.3145), -0.21 / Math.sqrt(0.3145)],
    [0.99 / Math.sqrt(0.9805), -0.02 / Math.sqrt(0.9805)],
  ] }],
  // In the second step only the first neuron has changed, by 1.
  differential_hebb: [[{ pre, post }, { pre: [1, 1], post: [3, -1] }], [[0.03, 0.05], [-0.01, -0.02]]],
  bcm: [{ pre, post }, { dw: [[0.07, 0.14], [0.025, 0.05]], memory: { theta: [0.4375, 0.2875] } }],
  abs_rule: [{ pre, post: [0.6, 0.3] }, [[0.01, 0.02], [-0.01, -0.02]]],
  winner_takes_all: [{ w: W, pre, post }, [[0.025, 0.1125], [0, 0]]],
  soft_hebb: [{ w: W, pre, post, 'post.input': [1, 3] }, [[0.01, 0.045], [0.02, -0.02]]],
  oja: [{ w: W, pre, post }, [[0, 0.05], [-0.02, -0.02]]],
  oja_subspace: [{ w: W, pre, post }, [[0.02, 0.05], [-0.01, -0.025]]],
  sanger: [{ w: W, pre, post }, [[0, 0.05], [-0.01, -0.025]]],
  hopfield: [{ pre, post }, [[1, 2], [-0.5, -1]]],
  storkey: [{ w: W, pre, post, 'pre.input': [0.5, 1], 'post.input': [1, 3] }, [[1.25, -1], [-0.75, -3.5]]],
  contrastive: [states, [[-0.1, -0.3], [0.2, 0.3]], taught('clamped')],
  contrastive_nudged: [states, [[-0.05, -0.15], [0.1, 0.15]], { ...taught('nudged'), values: { gamma: 2 } }],
  boltzmann: [states, [[-0.01, -0.03], [0.02, 0.03]], taught('clamped')],
  feedback_alignment: [errors, [[-0.005, -0.01], [0.01, 0.02]]],
  direct_feedback_alignment: [errors, [[-0.005, -0.01], [0.01, 0.02]]],
  pseudo_gradient: [errors, [[-0.0005, -0.001], [0.001, 0.002]]],
  kolen_pollack: [{ w: W, ...errors }, [[-0.0055, -0.00975], [0.009, 0.02]]],
  kolen_pollack_feedback: [{ w: W, post, 'pre.error': preError }, [[-0.0205, 0.04025], [0.009, -0.02]]],
  error_hebb: [{ 'pre.error': preError, 'post.error': postError }, [[0.025, -0.05], [-0.05, 0.1]]],
  f_bio: [{ w: W, post, ...errors, 'pre.error': preError }, [[0.0354, -0.0287], [-0.0477, 0.11515]]],
  delta: [{ pre, post, 'post.target': 1 }, [[-0.05, -0.1], [0.1, 0.2]]],
  predictive_coding: [[errors, errors], [[-0.05, -0.1], [0.1, 0.2]], { timeline: { trials: [{ steps: 2, events: [{ name: 'relax.end', step: 1 }] }] } }],
  perceptron: [{ pre, 'post.input': [1, -3], 'post.target': [0, 1] }, [[-1, -2], [1, 2]]],
  reward_hebb: [{ pre, 'post.noise': [0.5, -1], reward: 2 }, { dw: [[0.01, 0.02], [-0.02, -0.04]], memory: { usual: 0.2 } }],
  weight_perturbation: [perturbed, [[0.3, -0.15], [0.6, 0.45]], comparing],
  weight_perturbation_active: [perturbed, [[0.3, 0], [0.6, 0]], comparing],
  node_perturbation: [perturbed, [[1.5, 0], [-3, 0]], comparing],
  force: [tenth({ pre, 'post.error': postError }), [[-0.5 / 15, -1 / 15], [1 / 15, 2 / 15]], TEN],
  // Means take in a fifth: the cost is 16 below its own, of which the fourth root is 2.
  rmhl: [{ pre, post, cost: -20 }, { dw: [[0.008, 0.016], [-0.004, -0.008]], memory: { usual: -4, lately: [0.4, -0.2] } }],
  supertrex: [tenth({ pre, 'post.partner': post, cost: 0 }), [[1 / 15, 2 / 15], [-0.5 / 15, -1 / 15]], TEN],
  // The reward comes a step after the coincidence.
  eligibility_reward: [
    [{ pre, post, reward: 0 }, { ...still, reward: 1 }],
    [[0.004, 0.008], [-0.002, -0.004]].map((row) => row.map((each) => each * Math.exp(-1 / 5))),
  ],
  rflo: [traced, [[-0.0042, -0.0114], [0.00015, -0.0012]]],
  rflo_online: [traced, [[-0.0084, -0.0228], [0.0003, -0.0024]]],
  rflo_readout: [
    [{ pre, 'post.error': [1, -1] }, { pre: still.pre, 'post.error': [2, 1] }],
    [[-0.015, -0.06], [0.015, 0.015]],
  ],
  btsp: [
    { w: 2, pre: 40, 'post.plateau': 1 },
    0.01 * (3 * logistic(20 * (overlap - 0.3)) - 0.3 * 2 * logistic(20 * (overlap - 0.1))),
    { dt: 10 },
  ],
};

test.each(Object.entries(UPDATES))('%s', async (rule, [given, expected, options]) => {
  await expect(rule).toUpdate(given, expected, { within: 1e-12, ...options });
});

test('every rule without spikes is here', () => {
  const rates = knownRules().filter(
    ({ reads }) => !reads.some((name) => /spike|voltage/.test(name)),
  );
  expect(Object.keys(UPDATES).sort()).toEqual(rates.map(({ rule }) => rule.name).sort());
});

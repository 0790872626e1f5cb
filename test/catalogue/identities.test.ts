import { describe, expect, test } from 'vitest';
import { knownRules } from '../../src/catalogue/known.js';
import { GRADES, type Grade } from '../../src/language/signals.js';
import '../../src/testing/vitest.js';

describe('the same rule', () => {
  test('under two names', () => {
    expect('feedback_alignment').toEqualRule('direct_feedback_alignment');
    expect('feedback_alignment').toEqualRule('pseudo_gradient', { upToRate: true });
    expect('hebb').toEqualRule('anti_hebb', { upTo: 'dw: + 0.02 * post * pre' });
  });

  test('with a change in every step, or a rate of change', () => {
    expect(`param goal = 5 Hz, tau = 100 s
      average rate = post.spike over 10 s
      dw = dt / tau * w - dt / tau * rate / goal * w`).toEqualRule('homeostatic_scaling');
    expect(`trace x = pre.spike over 20 ms
      trace y = post.spike over 20 ms
      trace e = 0.005 * post.spike * x - 0.00525 * pre.spike * y over 1 s
      dw = 0.1 * dt / 1 s * reward * e`).toEqualRule('reward_stdp');
  });

  test('on spikes, or times spikes', () => {
    expect(`trace x = pre.spike over 20 ms
      trace y = post.spike over 20 ms
      dw = 0.005 * x * post.spike - 0.00525 * y * pre.spike
      bound w in [0, 1]`).toEqualRule('stdp_pair');
    expect(`trace x = pre.spike over 20 ms
      trace y = post.spike over 20 ms
      dw = 1e-4 * (pre.spike * (y - 0.2) + post.spike * x)
      bound w keeping sign`).toEqualRule('vogels');
  });

  test('with sums in other brackets, and lets', () => {
    expect('dw = 0.01 * post * pre - 0.01 * sum_post(w * post^2 / post * post)').toEqualRule(
      'dw = 0.01 * (post * pre - sum_post(post^2 * w))',
    );
    expect(`let explained = sum_post(post * w)
      dw = 0.01 * post * pre - 0.01 * post * explained`).toEqualRule('oja_subspace');
    expect(`let agreement = post * pre - post * pre.input - post.input * pre
      dw = (agreement + w * (post^2 + pre^2)) / post.size`).toEqualRule('storkey');
    expect('dw = if post >= max_all(post) then 0.05 * pre - 0.05 * w else 0').toEqualRule(
      'winner_takes_all',
    );
  });
});

describe('known rules differ by', () => {
  test.each([
    ['oja', 'hebb', 'dw: - 0.01 * post^2 * w'],
    ['hebb_decay', 'hebb', 'dw: - 0.001 * w'],
    ['kolen_pollack', 'feedback_alignment', 'dw: - 0.001 * w'],
    ['hebb_unit_length', 'hebb', 'set w: + w / sqrt(sum_pre(w^2))'],
    ['oja', 'oja_subspace', 'dw: + 0.01 * post * (sum_post(post * w) - post * w)'],
  ])('%s from %s', (rule, other, upTo) => {
    expect(rule).toEqualRule(other, { upTo });
  });
});

/** What has to reach a synapse for each rule. */
const LOCALITY: Readonly<Record<Exclude<Grade, 'synapse'>, readonly string[]>> = {
  neuron: ['hebb_normalised', 'hebb_unit_length', 'subtractive_normalisation'],
  modulated: [
    ...['boltzmann', 'contrastive', 'contrastive_nudged'],
    ...['eligibility_reward', 'reward_hebb', 'reward_stdp', 'rmhl'],
    ...['node_perturbation', 'weight_perturbation', 'weight_perturbation_active'],
  ],
  feedback: [
    ...['delta', 'direct_feedback_alignment', 'eprop', 'error_hebb', 'feedback_alignment'],
    ...['kolen_pollack', 'kolen_pollack_feedback', 'perceptron', 'predictive_coding'],
    'pseudo_gradient',
    ...['rflo', 'rflo_online', 'rflo_readout'],
  ],
  transport: ['f_bio', 'oja_subspace', 'sanger'],
  global: ['force', 'supertrex', 'winner_takes_all'],
};

describe('what synapses must be told', () => {
  const graded = Object.entries(LOCALITY) as [Grade, readonly string[]][];

  test.each(graded)('%s', (grade, names) => {
    const below = GRADES[GRADES.indexOf(grade) - 1]!;
    for (const name of names) {
      expect(name).toHaveLocalityAtMost(grade);
      expect(name).not.toHaveLocalityAtMost(below);
    }
  });

  test('nothing, for all others', () => {
    const named = new Set(Object.values(LOCALITY).flat());
    for (const { rule } of knownRules()) {
      if (!named.has(rule.name)) expect(rule.name).toHaveLocalityAtMost('synapse');
    }
  });
});

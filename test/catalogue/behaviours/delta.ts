import { layer } from '../../../src/circuits/layer.js';
import type { Behaviour } from '../behaviour.js';
import { predictedWithin, ROUNDING } from './support/figures.js';
import { AXES, gaussian, inTurn, normals, VARIANCES } from './support/inputs.js';
import { type Done, type RuleFor, run, written } from './support/run.js';
import { dot, type Matrix, mean, minus } from './support/vectors.js';

/** What the targets follow: w* · x, and where the weights start. */
export const WANTED = [1, -0.5, 0.7];
export const START = [0.2, 0.3, -0.4];

const teach = (rule: RuleFor, patterns: Matrix, targets: Matrix, start: Matrix): Promise<Done> => {
  const circuit = layer({ inputs: 3, outputs: start.length, offers: ['target'] });
  return run({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
    inputs: { pattern: patterns, target: targets },
    start: { W: start },
    record: ['W'],
  });
};

/** The weights of a linear neuron that is taught by orthogonal patterns in turn, every step. */
export const trajectory = (rule: RuleFor, cycles: number): Promise<Done> => {
  const patterns = inTurn(VARIANCES, cycles);
  return teach(
    rule,
    patterns,
    patterns.map((x) => [dot(WANTED, x)]),
    [START],
  );
};

const rateOf = (rule: RuleFor): number =>
  written(rule(layer({ inputs: 3, outputs: 1, offers: ['target'] }).tables.forward!), 'eta');

export const behaviour: Behaviour = {
  rule: 'delta',
  claims: [
    {
      says: 'orthogonal patterns in turn: what is still to be learned along each falls by the factor 1 − ηnλ a cycle, exactly',
      // w + η x (w* − w)·x: each pattern x = √(nλ) v multiplies (w* − w) · v by 1 − ηnλ alone
      // (the modes of Widrow & Stearns 1985, Adaptive Signal Processing, chapter 6).
      async measure(rule) {
        const cycles = 30;
        const end = (await trajectory(rule, cycles)).end('W')[0]!;
        const eta = rateOf(rule);
        return AXES.map((axis, k) => {
          const left = (1 - eta * 3 * VARIANCES[k]!) ** cycles * dot(minus(WANTED, START), axis);
          return predictedWithin(
            `(w* − w) · v${k + 1}`,
            dot(minus(WANTED, end), axis),
            left,
            ROUNDING,
          );
        });
      },
    },
    {
      says: 'noisy targets, Gaussian inputs: the squared error stays above the least possible by the misadjustment S / (1 − S)',
      // With independent Gaussian inputs the variances v_k of w along the axes obey
      // v ← (1 − 2ηλ + 2η²λ²) v + η²λ (σ² + Σ λ v), whose fixed point gives Σ λ v = σ² S / (1 − S),
      // S = Σ ηλ / 2(1 − ηλ) (Horowitz & Senne 1981, IEEE Trans Acoust Speech Signal Process 29:722).
      async measure(rule) {
        const [steps, outputs] = [3000, 16];
        const patterns = gaussian(steps);
        const noise = normals(steps, outputs, 2);
        const targets = patterns.map((x, t) => noise[t]!.map((xi) => dot(WANTED, x) + xi));
        const start = Array.from({ length: outputs }, () => WANTED);
        const weights = (await teach(rule, patterns, targets, start)).moments('W').slice(500);
        const excess = AXES.map((axis, k) => {
          const squares = weights.flat().map((w) => dot(minus(w, WANTED), axis) ** 2);
          return VARIANCES[k]! * mean(squares);
        }).reduce((a, b) => a + b);
        const eta = rateOf(rule);
        const s = VARIANCES.map((v) => (eta * v) / 2 / (1 - eta * v)).reduce((a, b) => a + b);
        // 16 weight vectors, each forgotten within 1 / ηλ steps: about 1,500 independent ones along the
        // axes that matter, so that the mean square is good to √(2 / 1,500) = 4 %.
        return [predictedWithin('misadjustment', excess, s / (1 - s), 0.12)];
      },
    },
  ],
};

/** Adam (Kingma & Ba 2015) on a few coefficients, with an L1 penalty in either of two forms. */

export interface AdamState {
  /** Updates made. */
  readonly count: number;
  /** Running means of the gradient and of its square. */
  readonly first: readonly number[];
  readonly second: readonly number[];
}

export interface AdamOptions {
  readonly rate: number;
  /** λ; what it is a penalty on depends on the form. */
  readonly penalty: number;
  /**
   * 'subgradient': λ·sign is part of the gradient of loss + λ·Σ|coefficient|, as in Shervani-Tabar &
   * Rosenbaum 2023; nothing becomes exactly zero.
   *
   * 'proximal': after Adam's step each coefficient moves towards zero by rate·λ and stops there, so
   * zeros are exact. Adam divides a gradient by its root mean square, so λ is in units of each
   * coefficient's own gradient noise: a coefficient whose mean gradient is below λ of that is zero.
   * A single λ in units of the loss would let terms with noisy gradients in and keep quiet ones out
   * (on the digits: F5 in, F2 out).
   */
  readonly form: 'subgradient' | 'proximal';
  /** Which coefficients the penalty is on; all if not given. */
  readonly penalised?: readonly boolean[];
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export function startAdam(size: number): AdamState {
  return { count: 0, first: new Array(size).fill(0), second: new Array(size).fill(0) };
}

/** The coefficients and the optimiser's state after one update. */
export function adamStep(
  coefficients: readonly number[],
  gradient: ArrayLike<number>,
  state: AdamState,
  options: AdamOptions,
): { coefficients: number[]; state: AdamState } {
  const { rate, form, penalised } = options;
  const count = state.count + 1;
  const first: number[] = [];
  const second: number[] = [];
  const next = coefficients.map((value, k) => {
    const penalty = penalised?.[k] === false ? 0 : options.penalty;
    const slope = gradient[k]! + (form === 'subgradient' ? penalty * Math.sign(value) : 0);
    first[k] = BETA1 * state.first[k]! + (1 - BETA1) * slope;
    second[k] = BETA2 * state.second[k]! + (1 - BETA2) * slope * slope;
    const scale = rate / (Math.sqrt(second[k]! / (1 - BETA2 ** count)) + EPSILON);
    const moved = value - (scale * first[k]!) / (1 - BETA1 ** count);
    return form === 'proximal' ? shrink(moved, rate * penalty) : moved;
  });
  return { coefficients: next, state: { count, first, second } };
}

/** The proximal map of threshold·|x|. */
function shrink(value: number, threshold: number): number {
  return Math.sign(value) * Math.max(Math.abs(value) - threshold, 0);
}

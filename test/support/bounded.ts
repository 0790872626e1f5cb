/**
 * A float64 with a bound on how far rounding may have taken it from the exact value (running error
 * analysis, Higham 2002, ch. 3). It tells an ill-conditioned point from a wrong result.
 */
export interface Bounded {
  readonly value: number;
  readonly error: number;
}

const ROUNDING = 2 ** -52;

export const number = (value: number): Bounded => ({ value, error: ROUNDING * Math.abs(value) });

function result(value: number, propagated: number): Bounded {
  const error = propagated + ROUNDING * Math.abs(value);
  return Number.isFinite(value) ? { value, error } : { value: Number.NaN, error: Number.NaN };
}

const lipschitz =
  (f: (x: number) => number, slope: (x: number) => number) =>
  (a: Bounded): Bounded =>
    result(f(a.value), a.error * slope(a.value) + 4 * ROUNDING * Math.abs(f(a.value)));

/** Functions that jump: unknown where the argument may lie on either side. */
const jumping =
  (f: (x: number) => number) =>
  (a: Bounded): Bounded =>
    Math.abs(a.value) > 4 * a.error ? result(f(a.value), 0) : result(Number.NaN, 0);

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

type Operation = (...args: Bounded[]) => Bounded;

const operation = (f: (a: Bounded, b: Bounded, c: Bounded) => Bounded): Operation => f as Operation;

export const FUNCTIONS: Readonly<Record<string, Operation>> = {
  '+': operation((a, b) => result(a.value + b.value, a.error + b.error)),
  '-': operation((a, b) => result(a.value - b.value, a.error + b.error)),
  '*': operation((a, b) =>
    result(a.value * b.value, Math.abs(a.value) * b.error + Math.abs(b.value) * a.error),
  ),
  '/': operation((a, b) => {
    const least = Math.abs(b.value) - b.error;
    if (!(least > 0)) return result(Number.NaN, 0);
    const value = a.value / b.value;
    return result(value, (a.error + Math.abs(value) * b.error) / least);
  }),
  negate: operation((a) => ({ value: -a.value, error: a.error })),
  abs: operation((a) => ({ value: Math.abs(a.value), error: a.error })),
  relu: operation((a) => ({ value: Math.max(0, a.value), error: a.error })),
  step: operation(jumping((x) => (x > 0 ? 1 : 0))),
  sign: operation(jumping(Math.sign)),
  tanh: operation(lipschitz(Math.tanh, () => 1)),
  sigmoid: operation(lipschitz(logistic, () => 0.25)),
  softplus: operation(
    lipschitz(
      (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
      () => 1,
    ),
  ),
  exp: operation((a) => {
    const value = Math.exp(a.value);
    return result(value, value * (Math.expm1(a.error) + 4 * ROUNDING));
  }),
  min: (...args) => extreme(args, Math.min),
  max: (...args) => extreme(args, Math.max),
  clip: operation((x, low, high) =>
    result(Math.max(low.value, Math.min(high.value, x.value)), x.error + low.error + high.error),
  ),
};

function extreme(args: readonly Bounded[], f: (...values: number[]) => number): Bounded {
  return result(f(...args.map((a) => a.value)), Math.max(...args.map((a) => a.error)));
}

export function SUM(values: readonly Bounded[]): Bounded {
  return values.reduce((a, b) => FUNCTIONS['+']!(a, b), { value: 0, error: 0 });
}

/** Whole powers by repeated multiplication or division; others of a positive base. */
export function raisedTo(base: Bounded, exponent: Bounded): Bounded {
  const n = exponent.value;
  if (Number.isInteger(n)) {
    let power: Bounded = { value: 1, error: 0 };
    for (let k = 0; k < Math.abs(n); k++) power = FUNCTIONS['*']!(power, base);
    return n < 0 ? FUNCTIONS['/']!({ value: 1, error: 0 }, power) : power;
  }
  if (!(base.value > 2 * base.error)) return result(Number.NaN, 0);
  const value = base.value ** n;
  const relative =
    Math.abs(n) * (base.error / (base.value - base.error)) +
    Math.abs(Math.log(base.value)) * exponent.error;
  return result(value, Math.abs(value) * (relative + 4 * ROUNDING));
}

export type Comparison = 'same' | 'different' | 'unclear';

/**
 * `unclear` where either is not finite or rounding alone could explain more than 1e-9 of the
 * value's size; else whether they agree to 1e-9.
 */
export function compareBounded(a: Bounded, b: Bounded): Comparison {
  const size = Math.max(Math.abs(a.value), Math.abs(b.value));
  if (!Number.isFinite(size) || !Number.isFinite(a.error + b.error)) return 'unclear';
  if (size > 1e100 || a.error + b.error > 0.5e-9 * Math.max(size, 1e-9)) return 'unclear';
  return Math.abs(a.value - b.value) <= 1e-9 * Math.max(size, 1e-9) ? 'same' : 'different';
}

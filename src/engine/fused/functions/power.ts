import { DOUBLE, type Lanes } from '../lanes.js';
import type { Code } from '../wasm/code.js';
import { type Arithmetic, arithmetic, type Value } from './arithmetic.js';
import { nearest, nearZero, scaled } from './exponential.js';
import { formats } from './formats.js';
import { normalParts, parts, shortfall } from './logarithm.js';

const format = formats.f64x2;

/**
 * Base and exponent on the stack, replaced by the power: as `**` has it, that is NaN for negative bases at
 * exponents that are not whole, 1 at the exponent 0, NaN for ±1 at infinite ones.
 */
export function emitPower(code: Code, lanes: Lanes): void {
  const a = arithmetic(code, lanes);
  const y = a.pop();
  const x = a.pop();
  const magnitude = a.keep(a.abs(x));
  const power =
    lanes.shape === 'f64x2'
      ? doublePower(a, magnitude, y)
      : singlePower(code, a, lanes, magnitude, y);
  const whole = a.keep(a.compare('eq', a.truncate(y), y));
  const half = a.keep(a.multiply(y, a.constant(0.5)));
  const odd = a.and(whole, a.compare('ne', a.truncate(half), half));
  const signed = a.or(power, a.and(a.and(x, a.constant(-0)), odd));
  const negative = a.and(
    a.compare('lt', x, a.constant(0)),
    a.compare('gt', x, a.constant(Number.NEGATIVE_INFINITY)),
  );
  const undefinedThere = a.and(negative, a.not(whole));
  a.choose(a.compare('eq', y, a.constant(0)), a.constant(1), a.or(signed, undefinedThere))();
}

/** log₂ at 0 and where there are no finite numbers, given what it is elsewhere. */
const withLimits = (a: Arithmetic, magnitude: Value, log2: Value): Value =>
  a.add(
    a.choose(a.compare('lt', magnitude, a.constant(Number.POSITIVE_INFINITY)), log2, magnitude),
    a.and(a.compare('eq', magnitude, a.constant(0)), a.constant(Number.NEGATIVE_INFINITY)),
  );

// For single precision, the same fits with errors of 2^−37.6 and (of eʳ) 2^−32.6.
const SHORT_LOGARITHM = [
  0.6666666564337652, 0.40000335704840917, 0.2853727343873717, 0.23582860155669946,
];
const SHORT_EXPONENTIAL = [
  0.5000000067681971, 0.1666666382754147, 0.04166628653874476, 0.008333674806316806,
  0.0013945988649099992, 0.0001981409898976303,
];

/** 2^(y·log₂ x) in double precision, lanes 0 and 1, then 2 and 3. */
function singlePower(
  code: Code,
  single: Arithmetic,
  { relaxed }: Lanes,
  magnitude: Value,
  y: Value,
): Value {
  const a = single.inLanes({ ...DOUBLE, relaxed });
  const half = (which: 0 | 1, x: Value): Value =>
    a.keep(() => {
      x();
      if (which === 1) {
        x();
        code.shuffle64(1, 1);
      }
      code.op('f64x2.promote_low_f32x4');
    });
  const halves = ([0, 1] as const).map((which) => {
    const base = half(which, magnitude);
    const { exponent, mantissa } = normalParts(a, format, base);
    const f = a.keep(a.subtract(mantissa, a.constant(1)));
    const log = a.subtract(f, shortfall(a, SHORT_LOGARITHM, f));
    const log2 = withLimits(a, base, a.multiplyAdd(log, a.constant(Math.LOG2E), exponent));
    // Any power beyond 2^±200 is 0 or infinite in single precision, and still normal in double.
    const product = a.multiply(log2, half(which, y));
    const bounded = a.keep(a.atMost(a.atLeast(product, a.constant(-200)), a.constant(200)));
    const whole = nearest(a, format, (large) => a.add(bounded, large));
    const r = a.keep(a.multiply(a.subtract(bounded, whole.n), a.constant(Math.LN2)));
    const scale = a.shiftLeft(whole.integer(format.bias), format.fraction);
    const result = a.multiply(a.add(nearZero(a, SHORT_EXPONENTIAL, r), a.constant(1)), scale);
    return a.keep(() => {
      result();
      code.op('f32x4.demote_f64x2_zero');
    });
  });
  return () => {
    halves[0]!();
    halves[1]!();
    code.shuffle64(0, 2);
  };
}

/**
 * (3/2)(2 artanh(s) − 2s − 2s³/3)/s⁵ as a polynomial in s², for (1 + s)/(1 − s) from √½ to √2; the error of the
 * logarithm is 2^−66.3.
 */
const TAIL = [
  0.600000000000034, 0.42857142855143765, 0.33333333780933916, 0.27272676454863587,
  0.23080140570325294, 0.19885116993400007, 0.19795534586032798,
];

/** 2/(3·ln 2) in two parts, the first of 26 bits. */
const LOG2_SCALE = [0.9617966860532761, 7.872699542894897e-9] as const;

/**
 * 2^(y·log₂ x) with log₂ x to 2^−64, because an error in it comes out multiplied by what may be 1,000. The
 * logarithm and its product with y are sums of two numbers, of which the first has 26 bits or fewer, so that
 * products of first parts are exact (after K. C. Ng's pow in FDLIBM, 1993). Not in relaxed arithmetic: the
 * second parts are rounding errors.
 */
function doublePower(relaxable: Arithmetic, magnitude: Value, y: Value): Value {
  const a = relaxable.inLanes(DOUBLE);
  const first = (x: Value): Value => a.keep(a.and(x, a.bits(-(1n << 27n))));
  const one = a.constant(1);
  const { exponent, mantissa } = parts(a, format, magnitude);

  // s = (m − 1)/(m + 1) = s1 + s2, by one step of long division.
  const numerator = a.keep(a.subtract(mantissa, one));
  const denominator = a.keep(a.add(mantissa, one));
  const d1 = first(denominator);
  const d2 = a.subtract(mantissa, a.subtract(d1, one));
  const s = a.keep(a.divide(numerator, denominator));
  const s1 = first(s);
  const remainder = a.subtract(a.subtract(numerator, a.multiply(s1, d1)), a.multiply(s1, d2));
  const s2 = a.keep(a.divide(remainder, denominator));

  // 3/2·log m = s·(3 + s² + s⁴·tail) = (s1 + s2)(t1 + t2)
  const square = a.keep(a.multiply(s, s));
  const square1 = a.keep(a.multiply(s1, s1));
  const square2 = a.multiply(s2, a.add(s1, s));
  const rest = a.keep(
    a.add(a.multiply(a.multiply(square, square), a.polynomial(TAIL, square)), square2),
  );
  const t1 = first(a.add(a.add(a.constant(3), square1), rest));
  const t2 = a.subtract(rest, a.subtract(a.subtract(t1, a.constant(3)), square1));
  const u = a.keep(a.multiply(s1, t1));
  const v = a.keep(a.add(a.multiply(s2, t1), a.multiply(s, t2)));
  const p1 = first(a.add(u, v));
  const p2 = a.subtract(v, a.subtract(p1, u));

  // log₂ x = n + 2/(3 ln 2)·(p1 + p2)
  const [scale1, scale2] = LOG2_SCALE;
  const z1 = a.keep(a.multiply(p1, a.constant(scale1)));
  const z2 = a.keep(
    a.add(a.multiply(p1, a.constant(scale2)), a.multiply(p2, a.constant(scale1 + scale2))),
  );
  const log1 = first(a.add(a.add(z1, z2), exponent));
  const log2 = a.subtract(z2, a.subtract(a.subtract(log1, exponent), z1));

  // y·log₂ x: what is far beyond the range, infinite or undefined has no second part.
  const product = a.keep(a.multiply(y, a.keep(withLimits(a, magnitude, log1))));
  const y1 = first(y);
  const product1 = a.multiply(y1, log1);
  const product2 = a.add(a.multiply(a.subtract(y, y1), log1), a.multiply(y, log2));
  const bounded = a.keep(a.atMost(a.atLeast(product, a.constant(-1080)), a.constant(1080)));
  const whole = nearest(a, format, (large) => a.add(bounded, large));
  const inRange = a.compare('lt', a.abs(product), a.constant(1080));
  const r = a.choose(
    inRange,
    a.add(a.subtract(product1, whole.n), product2),
    a.subtract(bounded, whole.n),
  );
  const z = a.keep(a.multiply(r, a.constant(Math.LN2)));
  return scaled(a, format, nearZero(a, format.exponential, z), whole);
}

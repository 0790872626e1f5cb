/**
 * What the formulas need to know about a floating-point format: its bits, and polynomials that are as
 * accurate as it. Those are minimax by the Remez exchange in 60 digits, coefficients rounded to the format
 * one after the other and the rest fitted again each time; errors in brackets are relative.
 */
export interface Format {
  /** Bits of the fraction; the exponent is above them. */
  readonly fraction: 23 | 52;
  readonly bias: bigint;
  /** ln 2 in two parts; the first so short that its product with an exponent is exact. */
  readonly logOfTwo: readonly [high: number, low: number];
  /** Below, exp rounds to 0; above, to infinity. Their exponents of two fit into two factors. */
  readonly expRange: readonly [lowest: number, highest: number];
  /** From here on tanh rounds to 1. */
  readonly tanhIsOne: number;
  /** (eʳ − 1 − r)/r² for |r| ≤ ln 2 / 2; the error is that of r + r²·polynomial against eʳ − 1. */
  readonly exponential: readonly number[];
  /**
   * (2 artanh(s)/s − 2)/s² as a polynomial in s², s = f/(2 + f), for 1 + f from √½ to √2; the error is
   * that of log(1 + f).
   */
  readonly logarithm: readonly number[];
  /** The same for f from 0 to 1. */
  readonly logarithmOfOnePlus: readonly number[];
}

export const formats: Readonly<Record<'f32x4' | 'f64x2', Format>> = {
  f32x4: {
    fraction: 23,
    bias: 127n,
    logOfTwo: [0.693145751953125, 1.428606765330187e-6],
    expRange: [-104, 89],
    tanhIsOne: 10,
    // [2^−26.1]
    exponential: [
      0.4999999701976776, 0.16666539013385773, 0.04166775569319725, 0.008367126807570457,
      0.0013835582649335265,
    ],
    // [2^−30.2]
    logarithm: [0.6666677594184875, 0.39977577328681946, 0.29871073365211487],
    // [2^−27.7]
    logarithmOfOnePlus: [
      0.6666641235351562, 0.4002175033092499, 0.27998292446136475, 0.28028565645217896,
    ],
  },
  f64x2: {
    fraction: 52,
    bias: 1023n,
    logOfTwo: [0.6931471803691238, 1.9082149292705877e-10],
    expRange: [-746, 710],
    tanhIsOne: 20,
    // [2^−58.2]
    exponential: [
      0.5, 0.16666666666666677, 0.04166666666666669, 0.008333333333321738, 0.0013888888888884624,
      0.0001984126988544351, 2.4801587301010296e-5, 2.755724290758525e-6, 2.7557298999944394e-7,
      2.5110654509129844e-8, 2.0909637401167157e-9,
    ],
    // [2^−59.4]
    logarithm: [
      0.6666666666666735, 0.3999999999940935, 0.2857142874368663, 0.2222219842896249,
      0.18183572294822983, 0.15313837013307877, 0.14798162606308488,
    ],
    // [2^−57.5]
    logarithmOfOnePlus: [
      0.6666666666666631, 0.40000000000156266, 0.28571428547899475, 0.22222223971273242,
      0.18181743751807258, 0.15386565438815783, 0.1330087603493883, 0.12107145935848802,
      0.08333611763685211, 0.17035304446607252,
    ],
  },
};

import type { UnaryFunction } from '../../../program/ir.js';
import { DOUBLE, type Lanes } from '../lanes.js';
import type { Callable, Code, ModuleWriter } from '../wasm/code.js';
import { emitExp, emitSigmoid, emitTanh } from './exponential.js';
import { emitLight, emitLightNumber, type LightFunction } from './light.js';
import { emitLog, emitSoftplus } from './logarithm.js';
import { emitPower } from './power.js';

/**
 * The elementwise functions of the intermediate representation, in lanes and for lone numbers, with the
 * values of `engine/interpret/kernels.ts` at zeros, infinities and NaN, and below the normal numbers.
 *
 * Largest differences in units in the last place; the others are exact or correctly rounded:
 *
 *                       exp   log   tanh   sigmoid   softplus   power
 *   single precision     1     1     3       2          2         1     from f in float64, rounded
 *   double precision     1     1     4       3          3         2     from `Math`
 *                       0.9   0.8   2.2     1.8        1.8       1.1    from the true value, measured
 *
 * (Single: every seventh of all 2³² numbers; double: 10⁶ of all sizes, the true value in 45 digits for
 * 8,000 of them. A relaxed multiplication with addition changes low bits, not these bounds.)
 *
 * In single precision they are written in place: called, exp, log, tanh, sigmoid and softplus take 1.6 to 2
 * times as long, because calls keep neither constants nor several vectors under way. The power is long and
 * loses an eighth only; it and everything of double precision are functions of the module, defined when
 * first needed. One object per module.
 */
export interface Functions {
  /** Operand (v128) on the stack, replaced by the result. */
  unary(code: Code, fn: UnaryFunction, lanes: Lanes): void;
  /** Base and exponent (v128) on the stack, replaced by the power. */
  power(code: Code, lanes: Lanes): void;
  /** Operand (f64) on the stack, replaced by the result. */
  numberUnary(code: Code, fn: UnaryFunction): void;
  /** Base and exponent (f64) on the stack, replaced by the power. */
  numberPower(code: Code): void;
}

type HeavyFunction = Exclude<UnaryFunction, LightFunction>;

const HEAVY: Readonly<Record<HeavyFunction, (code: Code, lanes: Lanes) => void>> = {
  exp: emitExp,
  log: emitLog,
  tanh: emitTanh,
  sigmoid: emitSigmoid,
  softplus: emitSoftplus,
};

const isHeavy = (fn: UnaryFunction): fn is HeavyFunction => fn in HEAVY;

/** The functions for the bodies that are written into a module. */
export function functionsOf(writer: ModuleWriter): Functions {
  const defined = new Map<string, Callable>();

  /** Operands v128, result v128. */
  const inLanes = (fn: HeavyFunction | 'power', lanes: Lanes): Callable => {
    const name = `${fn}_${lanes.shape}${lanes.relaxed ? '_relaxed' : ''}`;
    let callable = defined.get(name);
    if (callable === undefined) {
      const operands = fn === 'power' ? ['base', 'exponent'] : ['x'];
      const parameters = operands.map((operand) => ({ type: 'v128', name: operand }) as const);
      callable = writer.define({ name, parameters, results: ['v128'] }, (code) => {
        for (const parameter of code.parameters) code.get(parameter);
        (fn === 'power' ? emitPower : HEAVY[fn])(code, lanes);
      });
      defined.set(name, callable);
    }
    return callable;
  };

  /** Operands f64, result f64. */
  const ofNumbers = (fn: HeavyFunction | 'power'): Callable => {
    const name = `${fn}_f64`;
    let callable = defined.get(name);
    if (callable === undefined) {
      const wide = inLanes(fn, DOUBLE);
      const operands = fn === 'power' ? ['base', 'exponent'] : ['x'];
      const parameters = operands.map((operand) => ({ type: 'f64', name: operand }) as const);
      callable = writer.define({ name, parameters, results: ['f64'] }, (code) => {
        for (const parameter of code.parameters) {
          code.get(parameter);
          code.op('f64x2.splat');
        }
        code.call(wide);
        code.lane('f64x2.extract_lane', 0);
      });
      defined.set(name, callable);
    }
    return callable;
  };

  return {
    unary(code, fn, lanes) {
      if (!isHeavy(fn)) emitLight(code, fn, lanes);
      else if (lanes.shape === 'f32x4') HEAVY[fn](code, lanes);
      else code.call(inLanes(fn, lanes));
    },
    power: (code, lanes) => code.call(inLanes('power', lanes)),
    numberUnary(code, fn) {
      if (isHeavy(fn)) code.call(ofNumbers(fn));
      else emitLightNumber(code, fn);
    },
    numberPower: (code) => code.call(ofNumbers('power')),
  };
}

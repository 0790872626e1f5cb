import type { UnaryFunction } from '../../../program/ir.js';
import type { Lanes } from '../lanes.js';
import type { Code, ModuleWriter } from '../wasm/code.js';
import { emitLight, isLight, numberOfLight } from './light.js';

/**
 * The elementwise functions of the intermediate representation, in lanes and for lone numbers. One object
 * per module: what is too long to be written in place is a function of the module, defined when first
 * needed.
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

/** The functions for the bodies that are written into a module. */
export function functionsOf(_writer: ModuleWriter): Functions {
  return {
    unary(code, fn, lanes) {
      if (isLight(fn)) emitLight(code, fn, lanes);
      else throw new TypeError(`${fn} is not written yet`);
    },
    power() {
      throw new TypeError('power is not written yet');
    },
    numberUnary(code, fn) {
      if (isLight(fn)) numberOfLight(code, fn);
      else throw new TypeError(`${fn} is not written yet`);
    },
    numberPower() {
      throw new TypeError('power is not written yet');
    },
  };
}

import type { UnaryFunction } from '../../../program/ir.js';
import type { Lanes } from '../lanes.js';
import type { Code } from '../wasm/code.js';
import { arithmetic } from './arithmetic.js';
import { temporary } from './temporaries.js';

/** Functions of a few instructions, exact or correctly rounded. */
export type LightFunction = Exclude<UnaryFunction, 'exp' | 'log' | 'tanh' | 'sigmoid' | 'softplus'>;

/** Operand (v128) on the stack, replaced by the result. */
export function emitLight(code: Code, fn: LightFunction, lanes: Lanes): void {
  const { shape } = lanes;
  const a = arithmetic(code, lanes);
  switch (fn) {
    case 'negate':
      code.op(`${shape}.neg`);
      return;
    case 'abs':
    case 'sqrt':
      code.op(`${shape}.${fn}`);
      return;
    case 'relu': {
      // + 0 makes −0 to 0, as the interpreter does.
      const x = a.pop();
      a.add(a.atLeast(x, a.constant(0)), a.constant(0))();
      return;
    }
    case 'reciprocal': {
      const x = a.pop();
      a.divide(a.constant(1), x)();
      return;
    }
    case 'step': {
      // All bits set is a NaN: so it is where x is one.
      const x = a.pop();
      const one = a.and(a.compare('gt', x, a.constant(0)), a.constant(1));
      a.or(one, a.compare('ne', x, x))();
      return;
    }
    case 'sign': {
      // 1 with the sign of x; zeros and NaN are themselves.
      const x = a.pop();
      const one = a.or(a.and(x, a.constant(-0)), a.constant(1));
      a.choose(a.compare('gt', a.abs(x), a.constant(0)), one, x)();
      return;
    }
  }
}

/** Operand (f64) on the stack, replaced by the result. */
export function emitLightNumber(code: Code, fn: LightFunction): void {
  const x = temporary(code, 'f64', 0);
  switch (fn) {
    case 'negate':
      code.op('f64.neg');
      return;
    case 'abs':
    case 'sqrt':
      code.op(`f64.${fn}`);
      return;
    case 'relu':
      code.f64(0);
      code.op('f64.max');
      return;
    case 'reciprocal':
      code.set(x);
      code.f64(1);
      code.get(x);
      code.op('f64.div');
      return;
    case 'step':
      code.tee(x);
      code.f64(0);
      code.op('f64.gt');
      code.op('f64.convert_i32_s');
      code.get(x);
      code.get(x);
      code.get(x);
      code.op('f64.eq');
      code.op('select');
      return;
    case 'sign':
      code.set(x);
      code.f64(1);
      code.get(x);
      code.op('f64.copysign');
      code.get(x);
      code.get(x);
      code.op('f64.abs');
      code.f64(0);
      code.op('f64.gt');
      code.op('select');
      return;
  }
}

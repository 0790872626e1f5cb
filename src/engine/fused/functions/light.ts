import type { UnaryFunction } from '../../../program/ir.js';
import type { Lanes } from '../lanes.js';
import type { Code } from '../wasm/code.js';
import { temporaries } from './temporaries.js';

/** Functions of an instruction or a few, exact or correctly rounded. */
export type LightFunction = Exclude<UnaryFunction, 'exp' | 'log' | 'tanh' | 'sigmoid' | 'softplus'>;

const HEAVY: ReadonlySet<UnaryFunction> = new Set(['exp', 'log', 'tanh', 'sigmoid', 'softplus']);

export const isLight = (fn: UnaryFunction): fn is LightFunction => !HEAVY.has(fn);

/** The same number in all lanes. */
export function splat(code: Code, { shape }: Lanes, value: number): void {
  if (shape === 'f32x4') code.f32x4(value);
  else code.f64x2(value);
}

/** Operand (v128) on the stack, replaced by the result. */
export function emitLight(code: Code, fn: LightFunction, lanes: Lanes): void {
  const { shape } = lanes;
  switch (fn) {
    case 'negate':
      code.op(`${shape}.neg`);
      return;
    case 'abs':
    case 'sqrt':
      code.op(`${shape}.${fn}`);
      return;
    case 'relu':
      // max, not pmax: NaN stays.
      splat(code, lanes, 0);
      code.op(`${shape}.max`);
      return;
    case 'reciprocal': {
      const [x] = temporaries(code, 'v128', 1);
      code.set(x!);
      splat(code, lanes, 1);
      code.get(x!);
      code.op(`${shape}.div`);
      return;
    }
    case 'step': {
      // Where x > 0: 1, else 0; x + ... only matters for NaN, which 0·x brings in. Not for infinities:
      // so the masked value is chosen by x ≠ x.
      const [x] = temporaries(code, 'v128', 1);
      code.tee(x!);
      splat(code, lanes, 0);
      code.op(`${shape}.gt`);
      splat(code, lanes, 1);
      code.op('v128.and');
      orNaN(code, lanes);
      return;
    }
    case 'sign': {
      // The sign bit of x on a 1, where x is not 0.
      const [x] = temporaries(code, 'v128', 1);
      code.tee(x!);
      splat(code, lanes, -0);
      code.op('v128.and');
      splat(code, lanes, 1);
      code.op('v128.or');
      code.get(x!);
      splat(code, lanes, 0);
      code.op(`${shape}.ne`);
      code.op('v128.and');
      orNaN(code, lanes);
      return;
    }
  }
}

/** Sets all bits, a NaN, of the vector on the stack where the first temporary is NaN. */
function orNaN(code: Code, { shape }: Lanes): void {
  const [x] = temporaries(code, 'v128', 1);
  code.get(x!);
  code.get(x!);
  code.op(`${shape}.ne`);
  code.op('v128.or');
}

/** Operand (f64) on the stack, replaced by the result. */
export function numberOfLight(code: Code, fn: LightFunction): void {
  const [x] = temporaries(code, 'f64', 1);
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
      code.set(x!);
      code.f64(1);
      code.get(x!);
      code.op('f64.div');
      return;
    case 'step':
    case 'sign':
      // 1 or 0 (or −1) where x is a number; x − x is NaN where it is not one, but so it is for infinities.
      code.tee(x!);
      code.f64(0);
      code.op('f64.gt');
      code.op('f64.convert_i32_s');
      if (fn === 'sign') {
        code.get(x!);
        code.f64(0);
        code.op('f64.lt');
        code.op('f64.convert_i32_s');
        code.op('f64.sub');
      }
      code.get(x!);
      code.get(x!);
      code.get(x!);
      code.op('f64.eq');
      code.op('select');
      return;
  }
}

import { moduleWriter } from './wasm/module.js';

/** Whether this JavaScript engine takes modules with 128-bit vectors; with multiply-and-add in one. */
export function offers(feature: 'SIMD' | 'relaxed SIMD'): boolean {
  const writer = moduleWriter();
  writer.define({ name: 'probe', results: ['v128'] }, (code) => {
    code.f32x4(1);
    code.f32x4(2);
    code.f32x4(3);
    if (feature === 'relaxed SIMD') {
      code.op('f32x4.relaxed_madd');
      return;
    }
    code.op('f32x4.mul');
    code.op('f32x4.add');
  });
  return WebAssembly.validate(writer.binary(1));
}

import { setFlagsFromString } from 'node:v8';
import { offers } from '../engine/fused/features.js';

/** Has Node 20 take relaxed SIMD, which it knows but does not offer by itself; later ones do. */
export function enableRelaxedSimd(): void {
  if (!offers('relaxed SIMD')) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

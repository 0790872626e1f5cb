export { enableRelaxedSimd } from '../src/bench/relaxed-simd.js';

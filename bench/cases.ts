export { fullPool, smallPool } from '../src/bench/cases.js';

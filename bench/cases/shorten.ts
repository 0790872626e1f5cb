export { shortened } from '../../src/bench/cases/shorten.js';

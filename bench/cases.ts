import type { BenchCase } from './cases/case.js';
import {
  DIGITS,
  digitsRig,
  duplicated,
  PAPER,
  permuted,
  poolSummands,
  renamed,
  sumCase,
  THREE_TERMS,
} from './cases/pool.js';

export type { BenchCase } from './cases/case.js';

/** The ten terms of Shervani-Tabar & Rosenbaum 2023 on the paper's network, 250 real digits. */
export function fullPool(): BenchCase {
  const rig = digitsRig(PAPER);
  return sumCase('ten terms, paper size', rig, poolSummands(rig));
}

/** What the ten terms are compared with: fewer terms, and the same function written differently. */
export function fullPoolVariants(): BenchCase[] {
  const rig = digitsRig(PAPER);
  const ten = poolSummands(rig);
  return [
    sumCase('three terms, paper size', rig, poolSummands(rig, THREE_TERMS)),
    sumCase('ten terms renamed', rig, renamed(ten)),
    sumCase('ten terms permuted', rig, permuted(ten)),
    sumCase('ten terms, each twice', rig, duplicated(ten)),
  ];
}

/** The ten terms on the network and task of the standard experiment `digits`. */
export function smallPool(): BenchCase {
  const rig = digitsRig(DIGITS);
  return sumCase('ten terms, small network', rig, poolSummands(rig));
}

export { catalogueRules } from './cases/catalogue.js';

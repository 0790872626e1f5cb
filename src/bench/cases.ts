import type { BenchCase } from './cases/case.js';
import { catalogueCase, catalogueRules } from './cases/catalogue.js';
import {
  DIGITS,
  type DigitsRig,
  digitsRig,
  duplicated,
  PAPER,
  permuted,
  poolSummands,
  renamed,
  type Summand,
  sumCase,
  THREE_TERMS,
} from './cases/pool.js';
import type { VariantName } from './variants.js';

/** A case under the name that the command line knows it by. */
export interface CaseKind {
  readonly name: string;
  readonly about: string;
  /** What it is timed on when nothing else is asked for. */
  readonly variants: readonly VariantName[];
  /** Whether it is of a crowd that is timed one after the other. */
  readonly isOneOfMany: boolean;
  readonly make: () => BenchCase;
}

/** The ten terms of Shervani-Tabar & Rosenbaum 2023 on the paper's network, 250 real digits. */
export function fullPool(): BenchCase {
  return onPaper('ten terms, paper size', (rig) => poolSummands(rig));
}

/** The ten terms on the network and task of the standard experiment `digits`. */
export function smallPool(): BenchCase {
  const rig = digitsRig(DIGITS);
  return sumCase('ten terms, small network', rig, poolSummands(rig));
}

const DIFFERENTLY = {
  variants: ['fused all inputs'],
  isOneOfMany: false,
} as const;

/** The ten terms, fewer of them, and the same function written differently. */
export const POOL_CASES: readonly CaseKind[] = [
  {
    name: 'ten-terms',
    about: 'the ten terms of Shervani-Tabar & Rosenbaum 2023 on their network, 250 real digits',
    variants: [
      'fused',
      'fused relaxed',
      'fused all inputs',
      'fused relaxed all inputs',
      'fused, threads: 1',
      'fused, threads: 2',
      'interpret',
      'tfjs wasm',
    ],
    isOneOfMany: false,
    make: fullPool,
  },
  {
    name: 'three-terms',
    about: 'the three terms that survive in the paper, on the same network',
    ...DIFFERENTLY,
    make: () => onPaper('three terms, paper size', (rig) => poolSummands(rig, THREE_TERMS)),
  },
  {
    name: 'renamed',
    about: 'the ten terms under other names',
    ...DIFFERENTLY,
    make: () => onPaper('ten terms renamed', (rig) => renamed(poolSummands(rig))),
  },
  {
    name: 'permuted',
    about: 'the ten terms in another order',
    ...DIFFERENTLY,
    make: () => onPaper('ten terms permuted', (rig) => permuted(poolSummands(rig))),
  },
  {
    name: 'duplicated',
    about: 'the ten terms, each written twice',
    ...DIFFERENTLY,
    make: () => onPaper('ten terms, each twice', (rig) => duplicated(poolSummands(rig))),
  },
  {
    name: 'small',
    about: 'the ten terms on the network and task of the standard experiment digits',
    variants: ['fused', 'fused relaxed', 'interpret', 'tfjs wasm', 'tfjs wasm, 8 tasks'],
    isOneOfMany: false,
    make: smallPool,
  },
];

let ofCatalogue: readonly CaseKind[] | undefined;

/** Every rule of the catalogue that has a circuit here, by its name. Read once: it takes a moment. */
export function catalogueCases(): readonly CaseKind[] {
  ofCatalogue ??= readCatalogue();
  return ofCatalogue;
}

function readCatalogue(): CaseKind[] {
  return catalogueRules().map((rule) => ({
    name: rule.item.name,
    about: 'a rule of the catalogue, on a circuit that offers what it reads',
    variants: ['fused', 'interpret', 'tfjs wasm', 'tfjs wasm planned'],
    isOneOfMany: true,
    make: () => {
      const made = catalogueCase(rule);
      if (!made) throw new RangeError(`${rule.item.name} has no circuit here`);
      return made;
    },
  }));
}

export function caseNamed(name: string): CaseKind | undefined {
  const isNamed = (kind: CaseKind): boolean => kind.name === name;
  return POOL_CASES.find(isNamed) ?? catalogueCases().find(isNamed);
}

function onPaper(name: string, summands: (rig: DigitsRig) => readonly Summand[]): BenchCase {
  const rig = digitsRig(PAPER);
  return sumCase(name, rig, summands(rig));
}

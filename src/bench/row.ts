import type { CaseKind } from './cases.js';
import type { Peak } from './peak.js';
import { median } from './statistics.js';
import type { Variant } from './variants.js';
import type { Begun, Turn } from './worker.js';

/** All that was found out about a case on an engine. */
export interface Measured {
  readonly kind: CaseKind;
  readonly variant: Variant;
  /** The gradient by the float64 interpreter. */
  readonly reference: readonly number[] | null;
  begun: Begun | null;
  readonly turns: Turn[];
  error: string | null;
}

/** A case on an engine as it stands in tables. Null where something is not known or makes no sense. */
export interface Row {
  readonly case: string;
  readonly engine: string;
  /** Why there are no figures. */
  readonly error: string | null;
  /** Processor time of an episode with its meta-gradient; the median over the rounds. */
  readonly msPerEpisode: number | null;
  /** Least and most. */
  readonly spread: readonly [number, number] | null;
  readonly wallMsPerEpisode: number | null;
  /** Additions and multiplications of an episode. */
  readonly flops: number | null;
  readonly gflops: number | null;
  /** Of what the same instructions come to in registers. */
  readonly fractionOfPeak: number | null;
  /** WebAssembly memory. */
  readonly memoryMB: number | null;
  /** Resident memory of the process beyond what Node, the package and the data take. */
  readonly rssMB: number | null;
  /** Processor time until the first step is done, in a process that has compiled nothing yet. */
  readonly compileMs: number | null;
  readonly compileWallMs: number | null;
  /** Of the gradient, by norm, from that of the float64 interpreter. */
  readonly relativeError: number | null;
}

export function rowOf(
  { kind, variant, reference, begun, turns, error }: Measured,
  peak: Peak,
): Row {
  const head = { case: kind.name, engine: variant.name };
  if (!begun || error !== null || turns.length === 0) return { ...NOTHING, ...head, error };
  const times = turns.map(({ cpuMs }) => cpuMs);
  const msPerEpisode = median(times);
  const gflops = begun.flops === null ? null : begun.flops / msPerEpisode / 1e6;
  const reachable = variant.engine.relaxed ? peak.multiplyAdd : peak.multiplyThenAdd;
  const bytes = Math.max(...turns.map(({ memoryBytes }) => memoryBytes ?? 0));
  const grown = Math.max(...turns.map(({ grownBytes }) => grownBytes));
  return {
    ...head,
    error: null,
    msPerEpisode: tidy(msPerEpisode),
    spread: [tidy(Math.min(...times)), tidy(Math.max(...times))],
    wallMsPerEpisode: tidy(median(turns.map(({ wallMs }) => wallMs))),
    flops: begun.flops,
    gflops: gflops && tidy(gflops),
    fractionOfPeak: gflops && reachable && tidy(gflops / reachable),
    memoryMB: bytes === 0 ? null : tidy(bytes / 1e6),
    // In a process that has had other cases before, neither would mean anything.
    rssMB: kind.isOneOfMany ? null : tidy(grown / 1e6),
    compileMs: kind.isOneOfMany ? null : tidy(begun.compileMs),
    compileWallMs: kind.isOneOfMany ? null : tidy(begun.compileWallMs),
    relativeError: reference && distance(begun.gradient, reference),
  };
}

const NOTHING = {
  error: null,
  msPerEpisode: null,
  spread: null,
  wallMsPerEpisode: null,
  flops: null,
  gflops: null,
  fractionOfPeak: null,
  memoryMB: null,
  rssMB: null,
  compileMs: null,
  compileWallMs: null,
  relativeError: null,
};

/** Relative, by norm; 0 where both are nothing. */
function distance(found: readonly number[], wanted: readonly number[]): number | null {
  const apart = Math.hypot(...found.map((value, k) => value - wanted[k]!));
  if (apart === 0) return 0;
  const norm = Math.hypot(...wanted);
  return norm === 0 ? null : tidy(apart / norm);
}

/** Digits beyond the fourth say nothing. */
const tidy = (value: number): number => Number(value.toPrecision(4));

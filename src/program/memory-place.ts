import { ofAtom } from '../algebra/polynomial.js';
import type { MemoryForm } from '../algebra/types.js';
import type { Extent } from '../language/signals.js';
import { gateNode } from './gates.js';
import type { Node } from './ir.js';
import { lowerValue } from './lower.js';
import type { ProjectionSignals } from './projection-signals.js';
import type { Making } from './slots.js';

/** Where the memory of a rule is: one projection in one stream. */
export interface MemoryPlace {
  readonly making: Making;
  /** In milliseconds; null where the circuit counts steps. */
  readonly stepLength: number | null;
  readonly signals: ProjectionSignals;
  /** The name of a slot of this place: `recurrent: e`. */
  slot(name: string): string;
  shape(extent: Extent): readonly [number, number];
}

/** A memory of a rule at one place. What its reads give has its shape or stretches to it. */
export interface PlacedMemory {
  /** As it would be had this step's input not come. */
  before(): Node;
  /** With this step's input taken in. */
  now(): Node;
  /** Says what comes next. */
  takeIn(): void;
}

/** Not 0 where and when a line acts; undefined where it always does. */
export function actingNode(
  { gates, spikes, extent }: Pick<MemoryForm, 'gates' | 'spikes' | 'extent'>,
  { making, stepLength, signals }: MemoryPlace,
): Node | undefined {
  const gate = gateNode(making, gates, stepLength);
  const counts = spikes.map((spike) => lowerValue(making.builder, ofAtom(spike), extent, signals));
  const all = gate ? [gate, ...counts] : counts;
  return all.length === 0 ? undefined : all.reduce((a, b) => making.builder.multiply(a, b));
}

/** 0 where there is no synapse. */
export function whereSynapsesAre(
  value: Node,
  { extent }: Pick<MemoryForm, 'extent'>,
  { making, signals: { mask } }: Pick<MemoryPlace, 'making' | 'signals'>,
): Node {
  if (!mask || extent !== 'synapse') return value;
  return making.builder.select(mask, value, making.builder.constant(0));
}

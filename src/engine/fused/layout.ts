import { adjointOf, type Shape, type Slot } from '../../program/ir.js';
import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import { arrayBytes, type Place } from './emit/memory.js';
import type { Lanes } from './lanes.js';

/** An array in memory. */
export interface Placed extends Slot {
  readonly place: Place;
}

/** Arrays by name. */
export type Places = ReadonlyMap<string, Placed>;

/** A run of bytes. */
export interface Region {
  readonly from: number;
  readonly bytes: number;
}

/**
 * Where everything is that an episode needs: the same for every episode. Step inputs, tape and snapshots,
 * of which there are as many as steps, lie behind it.
 */
export interface Layout {
  readonly parameters: Places;
  readonly constants: Places;
  readonly queryInputs: Places;
  /** States of the program: at the start of a segment, and at its end. */
  readonly states: Places;
  /** Planned states, and whether what does not last was finite. */
  readonly planned: Places;
  readonly observed: Places;
  readonly results: Places;
  /** `adjoint STATE` of the program's states. */
  readonly adjoints: Places;
  /** What the backward iteration carries; rebuilt matrices are where the planned states are. */
  readonly carried: Places;
  /** Relative to the inputs of a step. */
  readonly stepInputs: Places;
  /** Relative to the tape of a step. */
  readonly tape: Places;
  readonly stateRegion: Region;
  readonly plannedRegion: Region;
  /** Bytes from the inputs of one step to those of the next. */
  readonly stepBytes: number;
  readonly tapeBytes: number;
  /** Where arrays begin that live within one graph only. */
  readonly scratch: number;
}

/** Arrays begin where cache lines do. */
const ALIGNMENT = 64;

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export function layOut(plan: EpisodePlan, planned: readonly Slot[], lanes: Lanes): Layout {
  const { program } = plan;
  // Nothing is at address 0: a forgotten address would go unnoticed there.
  let end = ALIGNMENT;
  const memory = (slots: readonly Slot[]): Places => {
    const places = stacked(slots, lanes, 'memory', end);
    end += aligned(bytesOf(slots, lanes));
    return places;
  };
  const region = (slots: readonly Slot[]): { places: Places; region: Region } => {
    const from = end;
    const places = memory(slots);
    return { places, region: { from, bytes: end - from } };
  };
  const numbers = program.parameters.map((name) => ({ name, shape: [1, 1] as Shape }));
  const parameters = memory(numbers);
  const states = region(program.states);
  const held = region(planned);
  const constants = memory(program.constants);
  const queryInputs = memory(program.queryInputs);
  const observed = memory(program.observed);
  const results = memory(
    program.readout.outputs.map(({ name, node: { shape } }) => ({ name, shape })),
  );
  const adjoints = memory(
    program.states.map(({ name, shape }) => ({ name: adjointOf(name), shape })),
  );
  const own = memory(plan.carried.filter(({ name }) => !held.places.has(name)));
  const shared = plan.carried.flatMap(({ name }) => held.places.get(name) ?? []);
  const carried = new Map([...own, ...shared.map((each) => [each.name, each] as const)]);
  for (const { name, shape } of plan.carried) {
    if (!sameShape(shape, carried.get(name)!.shape)) {
      throw new RangeError(`${name} has another shape on the way back`);
    }
  }
  return {
    parameters,
    constants,
    queryInputs,
    states: states.places,
    planned: held.places,
    observed,
    results,
    adjoints,
    carried,
    stepInputs: stacked(program.stepInputs, lanes, 'step', 0),
    tape: stacked(plan.tape, lanes, 'tape', 0),
    stateRegion: states.region,
    plannedRegion: held.region,
    stepBytes: aligned(bytesOf(program.stepInputs, lanes)),
    tapeBytes: aligned(bytesOf(plan.tape, lanes)),
    scratch: end,
  };
}

/** Bytes of arrays one after the other. */
function bytesOf(slots: readonly Slot[], lanes: Lanes): number {
  return slots.reduce((sum, { shape }) => sum + spaceFor(shape, lanes), 0);
}

/** What an array takes up: those longer than a cache line begin with one. */
export function spaceFor(shape: Shape, lanes: Lanes): number {
  const bytes = arrayBytes(shape, lanes);
  return bytes < ALIGNMENT ? bytes : aligned(bytes);
}

function stacked(
  slots: readonly Slot[],
  lanes: Lanes,
  base: Place['base'],
  from: number,
): Map<string, Placed> {
  // Large ones first, so that those that follow begin where cache lines do, too.
  const bySize = [...slots].sort((a, b) => spaceFor(b.shape, lanes) - spaceFor(a.shape, lanes));
  const offsets = new Map<Slot, number>();
  let offset = from;
  for (const slot of bySize) {
    offsets.set(slot, offset);
    offset += spaceFor(slot.shape, lanes);
  }
  return new Map(
    slots.map((slot) => {
      const { name, shape } = slot;
      return [name, { name, shape, place: { base, offset: offsets.get(slot)! } }];
    }),
  );
}

const sameShape = (a: Shape, b: Shape): boolean => a[0] === b[0] && a[1] === b[1];

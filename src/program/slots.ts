import type { GraphBuilder } from './builder.js';
import type { Node, Output, Scheduled, Shape, Slot } from './ir.js';
import type { Names } from './names.js';

/**
 * The slots of a program, found out while its step is made: whoever needs a state or an input asks for
 * it, and it is entered when it is asked for first.
 */
export class Slots {
  readonly parameters: string[] = [];
  readonly states: Slot[] = [];
  /** Names of states that no derivative goes through. */
  readonly discrete: string[] = [];
  readonly constants: Slot[] = [];
  readonly stepInputs: Slot[] = [];
  readonly observed: Slot[] = [];
  readonly schedule: Scheduled[] = [];
  /** Without a prototype: a parameter may be called `constructor`. */
  readonly initial: Record<string, number | Float64Array> = Object.create(null);

  /** Where a parameter, state or constant starts unless the task says otherwise. */
  startAt(name: string, value: number | Float64Array): void {
    this.initial[name] = value;
  }
}

/**
 * The making of one step: the same slots whatever graph they are put in. What rules ask for here must not
 * have the name of anything that is the circuit's own (an `EngrammarError` otherwise).
 */
export class Making {
  readonly builder: GraphBuilder;
  private readonly names: Names;
  private readonly slots: Slots;
  private readonly nextStates = new Map<string, Node>();
  private readonly observations = new Map<string, Node>();

  constructor(builder: GraphBuilder, slots: Slots, names: Names) {
    this.builder = builder;
    this.slots = slots;
    this.names = names;
  }

  /** A parameter of the program, `[1, 1]`, that starts at `value`. */
  parameter(name: string, value: number): Node {
    if (!this.slots.parameters.includes(name)) this.slots.parameters.push(name);
    this.slots.startAt(name, value);
    return this.builder.input(name, [1, 1]);
  }

  /** A state as it was after the last step. Somebody must say what comes next. */
  state(name: string, shape: Shape): Node {
    return this.entered(this.slots.states, name, shape);
  }

  /** A state that takes whole numbers only, such as a count, or a copy: no derivative goes through it. */
  discrete(name: string, shape: Shape): Node {
    if (!this.slots.discrete.includes(name)) this.slots.discrete.push(name);
    return this.state(name, shape);
  }

  /** What a state becomes in this step; smaller values are stretched to its shape. */
  next(name: string, value: Node): void {
    const slot = this.slots.states.find((state) => state.name === name);
    if (!slot) throw new RangeError(`no state ${name}`);
    this.nextStates.set(name, this.builder.broadcast(value, slot.shape));
  }

  /** A state that never changes: what the task gives, and a gradient of its start. */
  kept(name: string, shape: Shape): Node {
    const node = this.state(name, shape);
    this.next(name, node);
    return node;
  }

  constant(name: string, shape: Shape): Node {
    return this.entered(this.slots.constants, name, shape);
  }

  stepInput(name: string, shape: Shape): Node {
    return this.entered(this.slots.stepInputs, name, shape);
  }

  startAt(name: string, value: number | Float64Array): void {
    this.slots.startAt(name, value);
  }

  /** `[1, 1]`: 1 in the step in which an event falls, else 0. */
  at(event: string): Node {
    return this.scheduled({ slot: `at ${event}`, when: { kind: 'event', event } });
  }

  /** `[1, 1]`: 1 in the steps of a phase, else 0. */
  during(phase: string): Node {
    return this.scheduled({ slot: `during ${phase}`, when: { kind: 'during', phase } });
  }

  /** `[1, 1]`: 1 in steps n, 2n, … of a trial, else 0. */
  every(steps: number): Node {
    return this.scheduled({ slot: `every ${steps} steps`, when: { kind: 'every', steps } });
  }

  /** `[1, 1]`: 1 in the first step of what does not go on from an earlier episode. */
  first(): Node {
    return this.scheduled({ slot: 'first step', when: { kind: 'first' } });
  }

  /** Random numbers, fresh in every step. */
  drawn(slot: string, shape: Shape, distribution: 'normal' | 'uniform'): Node {
    return this.scheduled({ slot, when: { kind: 'drawn', distribution } }, shape);
  }

  /** The identity matrix: a constant that the program brings along. */
  identity(size: number): Node {
    const name = `identity ${size}`;
    const values = new Float64Array(size * size);
    for (let k = 0; k < size; k++) values[k * size + k] = 1;
    this.startAt(name, values);
    return this.constant(name, [size, size]);
  }

  observe(name: string, value: Node): void {
    const isNew = !this.slots.observed.some((slot) => slot.name === name);
    if (isNew || this.observations.has(name)) this.names.give(name, 'observed quantity');
    if (isNew) this.slots.observed.push({ name, shape: value.shape });
    this.observations.set(name, value);
  }

  /** The results of the step, in the order of the slots. */
  outputs(): Output[] {
    const { states, observed } = this.slots;
    const named =
      (values: ReadonlyMap<string, Node>) =>
      ({ name }: Slot): Output => {
        const node = values.get(name);
        if (!node) throw new RangeError(`nothing says what ${name} becomes`);
        return { name, node };
      };
    return [...states.map(named(this.nextStates)), ...observed.map(named(this.observations))];
  }

  private scheduled(scheduled: Scheduled, shape: Shape = [1, 1]): Node {
    const { schedule } = this.slots;
    if (!schedule.some(({ slot }) => slot === scheduled.slot)) schedule.push(scheduled);
    return this.stepInput(scheduled.slot, shape);
  }

  private entered(list: Slot[], name: string, shape: Shape): Node {
    this.names.refuse(name, 'part of a rule');
    if (!list.some((slot) => slot.name === name)) list.push({ name, shape });
    return this.builder.input(name, shape);
  }
}

/** The name of a slot in one of several streams (from 0). */
export const ofStream = (name: string, stream: number): string =>
  stream === 0 ? name : `${name} (stream ${stream + 1})`;

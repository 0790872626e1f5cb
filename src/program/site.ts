import { machineForm } from '../algebra/machine-form.js';
import type { MemoryForm, RuleForm } from '../algebra/types.js';
import { sentTooEarly } from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';
import type { Moment } from '../language/ast.js';
import { type Circuit, type CircuitStep, maskOf, type Projection, shapeOf } from './circuit.js';
import { DrawnMemory } from './draw.js';
import type { Node } from './ir.js';
import { lowerUpdate } from './lower.js';
import { FadingMemory } from './memory.js';
import type { MemoryPlace, PlacedMemory } from './memory-place.js';
import { atMoment } from './moments.js';
import type { AttachedRules } from './parameters.js';
import type { ProjectionSignals } from './projection-signals.js';
import { type Making, ofStream } from './slots.js';
import { WhitenedMemory } from './whiten.js';

/** One projection in one stream: what its synapses see, remember and send in this step. */
export class Site implements ProjectionSignals {
  readonly projection: Projection;
  readonly preSize: number;
  readonly postSize: number;
  readonly weight: Node;
  readonly mask?: Node;
  readonly stepLength: number;
  private readonly circuit: Circuit;
  private readonly making: Making;
  private readonly attached: AttachedRules;
  private readonly stream: number;
  private readonly memories = new Map<string, PlacedMemory>();
  private circuitStep: CircuitStep | null = null;

  constructor(
    projection: Projection,
    stream: number,
    circuit: Circuit,
    attached: AttachedRules,
    making: Making,
  ) {
    this.projection = projection;
    this.preSize = projection.preSize;
    this.postSize = projection.postSize;
    this.circuit = circuit;
    this.attached = attached;
    this.making = making;
    this.stream = stream;
    this.stepLength = circuit.stepLength ?? 1;
    const shape = shapeOf('synapse', projection);
    this.weight = making.builder.input(projection.name, shape);
    if (projection.masked) this.mask = making.builder.input(maskOf(projection.name), shape);
    for (const form of this.form?.memory ?? []) {
      // Entered before anything reads it: memory stands in the order of the rule.
      making.state(this.slot(form.name), shapeOf(form.extent, projection));
      const memory = placed(form, {
        making,
        stepLength: circuit.stepLength,
        signals: this,
        slot: (name) => this.slot(name),
        shape: (extent) => shapeOf(extent, projection),
      });
      this.memories.set(form.name, memory);
    }
  }

  private slot(name: string): string {
    return ofStream(`${this.projection.name}: ${name}`, this.stream);
  }

  get form(): RuleForm | null {
    return this.attached.ruleOf(this.projection)?.form ?? null;
  }

  /** What its synapses send: the weights, or what the rule says instead. */
  sent(): Node {
    const transmit = this.form?.transmit;
    if (!transmit) return this.weight;
    const { builder: b } = this.making;
    const value = lowerUpdate(b, machineForm(transmit), this);
    return this.mask ? b.select(this.mask, value, b.constant(0)) : value;
  }

  /** From here on its signals are known. */
  connect(step: CircuitStep): void {
    this.circuitStep = step;
  }

  signal(name: string, moment: Moment | null): Node {
    const now = this.present(name);
    if (moment === null) return now;
    const { making, stream } = this;
    const { stepLength } = this.circuit;
    const known = `${this.projection.name}: ${name}`;
    return atMoment({ making, name: known, stream, stepLength, now }, moment);
  }

  parameter(name: string): Node {
    return this.attached.node(this.making, name, this.projection);
  }

  memory(name: string, reading: 'now' | 'before'): Node {
    const memory = this.memories.get(name);
    if (!memory) throw new RangeError(`no memory ${name}`);
    return memory[reading]();
  }

  /** Says what comes next of all memory. */
  takeIn(): void {
    for (const memory of this.memories.values()) memory.takeIn();
  }

  private present(name: string): Node {
    const { builder: b } = this.making;
    if (name === 'w') return this.weight;
    if (name === 'dt') return b.constant(this.stepLength);
    if (name === 'pre.size') return b.constant(this.preSize);
    if (name === 'post.size') return b.constant(this.postSize);
    if (!this.circuitStep) {
      throw new EngrammarError(sentTooEarly({ signal: name, projection: this.projection.name }));
    }
    // A circuit may have been written without types.
    const node = this.circuitStep.signal(this.projection, name) as Node | undefined;
    if (node) return node;
    throw new TypeError(
      `the circuit offers \`${name}\` on ${this.projection.name}, but its step gives none`,
    );
  }
}

function placed(form: MemoryForm, place: MemoryPlace): PlacedMemory {
  if (form.kind === 'draw') return new DrawnMemory(form, place);
  return form.kind === 'whiten' ? new WhitenedMemory(form, place) : new FadingMemory(form, place);
}

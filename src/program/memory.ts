import { machineForm } from '../algebra/machine-form.js';
import { ofAtom } from '../algebra/polynomial.js';
import type { MemoryForm, Polynomial } from '../algebra/types.js';
import { joinExtents } from '../language/signals.js';
import { isNumber } from './builder.js';
import { gateNode } from './gates.js';
import type { Node } from './ir.js';
import { lowerUpdate, lowerValue } from './lower.js';
import {
  actingNode,
  type MemoryPlace,
  type PlacedMemory,
  whereSynapsesAre,
} from './memory-place.js';
import { type ProjectionSignals, signalsWith } from './projection-signals.js';

/**
 * A trace, average or state at one place, in the order of a step: it starts again at a scheduled event,
 * fades (that is `before`), starts again at a spike and takes in its input (`now`).
 */
export class FadingMemory implements PlacedMemory {
  private readonly form: MemoryForm;
  private readonly place: MemoryPlace;
  private readonly made = new Map<string, Node>();

  constructor(form: MemoryForm, place: MemoryPlace) {
    this.form = form;
    this.place = place;
  }

  /** As it would be had this step's input not come. */
  before(): Node {
    return this.once('before', () => {
      if (this.form.kind !== 'trace') return this.started();
      const kept = this.kept();
      if (!kept) return this.started();
      const acts = this.form.fading?.kind === 'keeping' ? this.acts() : undefined;
      const faded = this.faded(kept);
      return acts ? this.place.making.builder.select(acts, faded, this.started()) : faded;
    });
  }

  /** With this step's input taken in. */
  now(): Node {
    return this.once('now', () => {
      const { form } = this;
      const taken =
        form.kind === 'trace'
          ? this.jumped()
          : form.kind === 'average'
            ? this.averaged()
            : this.become();
      return whereSynapsesAre(taken, form, this.place);
    });
  }

  /** Says what comes next. */
  takeIn(): void {
    this.place.making.next(this.place.slot(this.form.name), this.now());
  }

  private jumped(): Node {
    const { builder: b } = this.place.making;
    const gate = gateNode(this.place.making, this.form.gates, this.place.stepLength);
    const input = this.input();
    return b.add(this.base(), gate ? b.select(gate, input, b.constant(0)) : input);
  }

  /** A plain mean is a running one that takes in 1/n of its n-th input. */
  private averaged(): Node {
    const { builder: b } = this.place.making;
    const kept = this.kept();
    const part = kept ? this.fractionTaken(kept) : b.unary('reciprocal', this.count());
    const rest = kept ?? b.subtract(b.constant(1), part);
    const old =
      this.form.since?.kind === 'spike' ? b.multiply(rest, this.base()) : this.faded(rest);
    const rate = b.constant(1 / (this.place.stepLength ?? 1));
    const input = this.input(this.form.ofSpikes ? b.multiply(rate, part) : part);
    return this.whenActing(b.add(old, input));
  }

  private become(): Node {
    return this.whenActing(this.input());
  }

  private whenActing(value: Node): Node {
    const acts = this.acts();
    return acts ? this.place.making.builder.select(acts, value, this.base()) : value;
  }

  /** The value after the last step, or where it starts again at a scheduled event of this one. */
  private started(): Node {
    const restarts = this.restarts();
    const state = this.state();
    return restarts ? this.place.making.builder.select(restarts, this.from(), state) : state;
  }

  /** What is kept of it. One number is set to 0 more cheaply than all that it multiplies. */
  private faded(kept: Node): Node {
    const { builder: b } = this.place.making;
    const restarts = this.restarts();
    return restarts && this.isFromZero && isNumber(kept)
      ? b.multiply(b.select(restarts, b.constant(0), kept), this.state())
      : b.multiply(kept, this.started());
  }

  private state(): Node {
    const { form, place } = this;
    return place.making.state(place.slot(form.name), place.shape(form.extent));
  }

  /** Not 0 in the steps that begin with it starting again; undefined where there are none. */
  private restarts(): Node | undefined {
    const { making } = this.place;
    const { since } = this.form;
    const event = since?.kind === 'scheduled' ? since.event : null;
    const starts = event === null ? [] : [making.at(event)];
    // The first step of all is the start of a trial too.
    if (!this.isFromZero && event !== 'trial.start') starts.push(making.first());
    return starts.length === 0
      ? undefined
      : starts.reduce((any, node) => making.builder.binary('maximum', any, node));
  }

  private get isFromZero(): boolean {
    return this.form.from.monomials.length === 0;
  }

  /** What the input is added to: `before`, or where a spike of this step makes it start again. */
  private base(): Node {
    return this.once('base', () => {
      const { since } = this.form;
      if (since?.kind !== 'spike') return this.before();
      const { builder: b } = this.place.making;
      return b.select(this.value(ofAtom(since.spike)), this.from(), this.before());
    });
  }

  private from(): Node {
    return this.once('from', () => this.value(this.form.from));
  }

  /** The fraction kept in a step; undefined for a sum or plain mean, and for states. */
  private kept(): Node | undefined {
    const { fading } = this.form;
    if (!fading) return undefined;
    const { builder: b } = this.place.making;
    return this.once('kept', () => {
      const value = this.value(fading.value);
      if (fading.kind === 'keeping') return value;
      const step = b.constant(-(this.place.stepLength ?? 1));
      return b.unary('exp', b.binary('divide', step, value));
    });
  }

  /**
   * What is left of 1. Where little fades in a step the difference of 1 and a number near 1 has few
   * digits in single precision; 1 − e^(−x) = (1 + e^(−x)) tanh(x/2) has all.
   */
  private fractionTaken(kept: Node): Node {
    const { builder: b } = this.place.making;
    const fading = this.form.fading!;
    if (fading.kind === 'keeping') return b.subtract(b.constant(1), kept);
    const halfStep = b.constant((this.place.stepLength ?? 1) / 2);
    const half = b.binary('divide', halfStep, this.value(fading.value));
    return b.multiply(b.add(b.constant(1), kept), b.unary('tanh', half));
  }

  private acts(): Node | undefined {
    return actingNode(this.form, this.place);
  }

  /** What it takes in, times `scale`. */
  private input(scale?: Node): Node {
    const { form, place } = this;
    const { builder: b } = place.making;
    const signals = this.ownSignals();
    if (form.extent === 'synapse') {
      const update = machineForm(form.value);
      if (!scale || isNumber(scale)) return lowerUpdate(b, update, signals, scale);
      return b.multiply(scale, lowerUpdate(b, update, signals));
    }
    const value = lowerValue(b, form.value, form.extent, signals);
    return scale ? b.multiply(scale, value) : value;
  }

  /** In its own line its name is the value it goes on from, also where a spike has just made it start again. */
  private ownSignals(): ProjectionSignals {
    const { signals } = this.place;
    const { form } = this;
    if (form.since?.kind !== 'spike') return signals;
    return signalsWith(signals, {
      memory: (name, reading) =>
        name === form.name ? this.base() : signals.memory!(name, reading),
    });
  }

  /** How often the line has acted since it started, this step included. At least 1. */
  private count(): Node {
    const { form, place } = this;
    const { builder: b } = place.making;
    const { since } = form;
    const restarts = since?.kind === 'spike' ? [since.spike] : [];
    const varying = [...form.spikes, ...restarts].map((atom) => atom.extent);
    const counter = { ...form, extent: varying.reduce(joinExtents, 'global') };
    const slot = place.slot(`count of ${form.name}`);
    let counted = place.making.discrete(slot, place.shape(counter.extent));
    const zero = b.constant(0);
    if (since?.kind === 'scheduled') {
      counted = b.select(place.making.at(since.event), zero, counted);
    }
    for (const spike of restarts) {
      const value = lowerValue(b, ofAtom(spike), counter.extent, place.signals);
      counted = b.select(value, zero, counted);
    }
    const acts = actingNode(counter, place);
    const more = b.add(counted, b.constant(1));
    const next = acts ? b.select(acts, more, counted) : more;
    place.making.next(slot, next);
    const atLeastOne = acts ? b.binary('maximum', next, b.constant(1)) : next;
    // One number a neuron lies in a row; beside synapses it must stand as they do.
    const isAside = counter.extent === 'post' && form.extent === 'synapse';
    return isAside ? b.transpose(atLeastOne) : atLeastOne;
  }

  private value(value: Polynomial): Node {
    const { making, signals } = this.place;
    return lowerValue(making.builder, value, this.form.extent, signals);
  }

  private once(name: string, make: () => Node): Node {
    let node = this.made.get(name);
    if (!node) {
      node = make();
      this.made.set(name, node);
    }
    return node;
  }
}

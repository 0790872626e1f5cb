import type { MemoryForm } from '../algebra/types.js';
import type { Node } from './ir.js';
import {
  actingNode,
  type MemoryPlace,
  type PlacedMemory,
  whereSynapsesAre,
} from './memory-place.js';

/** A random number that is drawn anew whenever its line acts: chance comes in as a step input. */
export class DrawnMemory implements PlacedMemory {
  private readonly form: MemoryForm;
  private readonly place: MemoryPlace;

  constructor(form: MemoryForm, place: MemoryPlace) {
    this.form = form;
    this.place = place;
  }

  before(): Node {
    const { making, slot, shape } = this.place;
    return making.state(slot(this.form.name), shape(this.form.extent));
  }

  now(): Node {
    const { form, place } = this;
    const { making } = place;
    const shape = place.shape(form.extent);
    const fresh = making.drawn(place.slot(`fresh ${form.name}`), shape, form.distribution!);
    const acts = actingNode(form, place);
    const taken = acts ? making.builder.select(acts, fresh, this.before()) : fresh;
    return whereSynapsesAre(taken, form, place);
  }

  takeIn(): void {
    this.place.making.next(this.place.slot(this.form.name), this.now());
  }
}

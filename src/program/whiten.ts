import type { MemoryForm, Polynomial } from '../algebra/types.js';
import type { Node } from './ir.js';
import { lowerValue } from './lower.js';
import { actingNode, type MemoryPlace, type PlacedMemory } from './memory-place.js';

/**
 * Recursive least squares: P starts at I / r; when the line acts k becomes c·P·E with
 * c = 1 / (1 + EᵀPE), and P loses g·c·(PE)(PE)ᵀ (Haykin 2014, Adaptive Filter Theory, ch. 10;
 * Sussillo & Abbott 2009). P is symmetric, so rows can be multiplied from either side.
 */
export class WhitenedMemory implements PlacedMemory {
  private readonly form: MemoryForm;
  private readonly place: MemoryPlace;
  private made: { readonly k: Node; readonly P: Node } | null = null;

  constructor(form: MemoryForm, place: MemoryPlace) {
    this.form = form;
    this.place = place;
  }

  before(): Node {
    const { making, slot, shape } = this.place;
    return making.state(slot(this.form.name), shape(this.form.extent));
  }

  now(): Node {
    return this.step().k;
  }

  takeIn(): void {
    const { making, slot } = this.place;
    const { k, P } = this.step();
    making.next(slot(this.form.name), k);
    making.next(this.inverse(), P);
  }

  private inverse(): string {
    return this.place.slot(`inverse correlations of ${this.form.name}`);
  }

  private step(): { readonly k: Node; readonly P: Node } {
    if (this.made) return this.made;
    const { form, place } = this;
    const { making } = place;
    const { builder: b } = making;
    const before = this.before();
    const [, n] = before.shape;
    const { ridge, gate } = form.whitening!;
    const started = b.binary('divide', making.identity(n), this.value(ridge));
    const P = b.select(making.first(), started, making.state(this.inverse(), [n, n]));
    const E = b.broadcast(this.value(form.value), [1, n]);
    const PE = b.matmul(E, P);
    const squared = b.sum(b.multiply(PE, E), 'columns');
    const c = b.unary('reciprocal', b.add(b.constant(1), squared));
    const k = b.multiply(c, PE);
    const loss = b.matmul(b.multiply(this.value(gate), k), PE, true, false);
    const next = b.subtract(P, loss);
    const acts = actingNode(form, place);
    this.made = acts
      ? { k: b.select(acts, k, before), P: b.select(acts, next, P) }
      : { k, P: next };
    return this.made;
  }

  private value(value: Polynomial): Node {
    const { making, signals } = this.place;
    return lowerValue(making.builder, value, this.form.extent, signals);
  }
}

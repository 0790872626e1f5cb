import { GraphBuilder } from '../builder.js';
import type { BinaryFunction, Node } from '../ir.js';

/** A builder for which a·b is b·a, and that finds sums and products again whatever their order. */
export class CommutingBuilder extends GraphBuilder {
  private readonly found = new Map<string, Node>();

  override binary(fn: BinaryFunction, a: Node, b: Node): Node {
    if (fn !== 'add' && fn !== 'multiply') return super.binary(fn, a, b);
    const key = a.id < b.id ? `${fn} ${a.id} ${b.id}` : `${fn} ${b.id} ${a.id}`;
    return this.once(key, () => super.binary(fn, a, b));
  }

  /** What was made under this key before. */
  once(key: string, make: () => Node): Node {
    const had = this.found.get(key);
    if (had) return had;
    const made = make();
    this.found.set(key, made);
    return made;
  }
}

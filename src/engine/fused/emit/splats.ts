import { isNumber } from '../../../program/builder.js';
import type { Node } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import type { Frame } from './frame.js';
import { NumberValues } from './numbers.js';

/** Numbers in all lanes of local variables, made before the loops that use them. */
export class Splats {
  private readonly frame: Frame;
  private readonly numbers: NumberValues;
  private readonly known = new Map<Node, Local>();

  constructor(frame: Frame) {
    this.frame = frame;
    this.numbers = new NumberValues(frame);
  }

  /** Writes code for those of the nodes that are numbers. */
  prepare(nodes: Iterable<Node>): void {
    const { code, lanes } = this.frame;
    for (const node of nodes) {
      if (!isNumber(node) || this.known.has(node)) continue;
      if (node.operation.op === 'constant') this.frame.constant(node.operation.value);
      else {
        this.numbers.push(node);
        lanes.splatNumber(code);
      }
      const local = this.frame.localOf(node);
      code.set(local);
      this.known.set(node, local);
    }
  }

  get(node: Node): Local {
    const local = this.known.get(node);
    if (!local) throw new RangeError(`number node ${node.id} was not prepared`);
    return local;
  }
}

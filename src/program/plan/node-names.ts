import type { Graph, Node } from '../ir.js';
import { numberText } from './pieces.js';
import { isMatrix } from './vectors.js';

/** A longer formula is taken apart. */
const MOST_OPERANDS = 5;

/** What an operand is written as, and whether its rows and columns are exchanged by that. */
export interface Seen {
  readonly node: Node;
  readonly turned: boolean;
}

/**
 * What the nodes of a graph are called: inputs and outputs by their names, what is used several times or
 * stored by letters. The rest is written into the formula that uses it.
 */
export class NodeNames {
  private readonly inputs: ReadonlySet<string>;
  private readonly given = new Map<Node, string>();
  private readonly letters = new Map<Node, string>();
  /** With the number of their operands. */
  private readonly inlined = new Map<Node, number>();

  /**
   * @param outputs Nodes that are outputs, by the names of these.
   * @param stored Nodes that have memory and therefore a name.
   */
  constructor(
    graph: Graph,
    outputs: ReadonlyMap<Node, string>,
    stored: { has(node: Node): boolean } = new Set(),
  ) {
    this.inputs = new Set(graph.inputs.map(({ name }) => name));
    for (const node of graph.nodes) {
      if (node.operation.op === 'input') this.given.set(node, plainName(node.operation.name));
    }
    for (const [node, name] of outputs) {
      if (node.operation.op !== 'input') this.given.set(node, this.ofOutput(name));
    }
    const uses = usesIn(graph);
    const taken = new Set([...this.given.values(), 'i', 'j']);
    let count = 0;
    for (const node of graph.nodes) {
      if (this.given.has(node)) continue;
      if (node.operation.op === 'constant' && !stored.has(node)) continue;
      if (isAlias(node) && !(isMatrix(node) && stored.has(node))) continue;
      const operands = this.operandsOf(node);
      const isShort = isElementwise(node) && operands <= MOST_OPERANDS;
      if (isShort && uses.get(node) === 1 && !stored.has(node)) this.inlined.set(node, operands);
      else {
        let letter = letterOf(count++);
        while (taken.has(letter)) letter = letterOf(count++);
        this.letters.set(node, letter);
      }
    }
  }

  /** Whether a node is written as part of others only. */
  isInlined(node: Node): boolean {
    return !this.given.has(node) && !this.letters.has(node);
  }

  /** `W`, `W′` (what becomes of W), `a`; of what is part of a formula `t12`. */
  of(node: Node): string {
    const { operation } = node;
    const name = this.given.get(node) ?? this.letters.get(node);
    if (name !== undefined) return name;
    return operation.op === 'constant' ? numberText(operation.value) : `t${node.id}`;
  }

  /** What becomes of an input has its name with a prime. */
  ofOutput(name: string): string {
    return `${plainName(name)}${this.inputs.has(name) ? '′' : ''}`;
  }

  seen(operand: Node): Seen {
    return seenThrough(operand, (node) => this.letters.has(node));
  }

  private operandsOf(node: Node): number {
    const ofOperand = (operand: Node): number => {
      const { node: held } = this.seen(operand);
      return held.operation.op === 'constant' ? 0 : (this.inlined.get(held) ?? 1);
    };
    return node.operands.reduce((sum, operand) => sum + ofOperand(operand), 0);
  }
}

/** Names of a program without spaces: `adjoint_W`. */
export const plainName = (name: string): string => name.replaceAll(': ', ':').replace(/[ -]/g, '_');

/** What holds the same values as its operand, stretched or with rows and columns exchanged. */
export function isAlias({ operation }: Node): boolean {
  return operation.op === 'broadcast' || operation.op === 'transpose';
}

/** Stretched and transposed arrays as what they are made of, unless they have a name of their own. */
function seenThrough(operand: Node, hasName: (node: Node) => boolean): Seen {
  let [node, turned] = [operand, false];
  while (isAlias(node) && !hasName(node)) {
    if (node.operation.op === 'transpose') turned = !turned;
    node = node.operands[0]!;
  }
  return { node, turned };
}

/** How often a node is an operand of others; more than once where it cannot be part of a formula. */
function usesIn({ nodes }: Graph): ReadonlyMap<Node, number> {
  const uses = new Map<Node, number>();
  for (const node of nodes) {
    if (isAlias(node)) continue;
    const isOpaque =
      !isElementwise(node) && node.operation.op !== 'sum' && node.operation.op !== 'max';
    for (const operand of node.operands) {
      const { node: held } = seenThrough(operand, () => false);
      uses.set(held, (uses.get(held) ?? 0) + (isOpaque && isMatrix(held) ? 2 : 1));
    }
  }
  return uses;
}

/** What is computed number by number; an outer product is, too. */
export function isElementwise({ operation, operands }: Node): boolean {
  switch (operation.op) {
    case 'unary':
    case 'binary':
    case 'select':
      return true;
    case 'matmul':
      return operands[0]!.shape[operation.transposeA ? 0 : 1] === 1;
    default:
      return false;
  }
}

/** a … z, aa, ab, … */
function letterOf(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letterOf(rest - 1) : '') + String.fromCharCode(97 + (index % 26));
}

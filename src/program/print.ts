import type { Graph, Node, Operation } from './ir.js';

/** A graph as readable text, one line per operation, for people and for snapshots. */
export function printGraph(graph: Graph): string {
  const names = new Map<Node, string>();
  const lines: string[] = [];
  const used = new Set(graph.nodes.flatMap((node) => inputName(node.operation) ?? []));
  let count = 0;
  const fresh = (): string => {
    for (;;) {
      const name = letters(count++);
      if (!used.has(name)) return name;
    }
  };
  for (const { name, shape } of graph.inputs) {
    if (used.has(name)) lines.push(`  input ${name} [${shape.join(', ')}]`);
  }
  for (const node of graph.nodes) {
    const { operation } = node;
    if (operation.op === 'input') names.set(node, quoteIfSpaced(operation.name));
    else if (operation.op === 'constant') names.set(node, String(operation.value));
    else {
      const name = fresh();
      const operands = node.operands.map((operand) => names.get(operand)!);
      lines.push(`  ${name} = ${printOperation(operation, operands)} [${node.shape.join(', ')}]`);
      names.set(node, name);
    }
  }
  const outputs = graph.outputs.map(({ name, node }) => `  output ${name} = ${names.get(node)}`);
  return [`graph ${graph.name}`, ...lines, ...outputs].join('\n');
}

function inputName(operation: Operation): string | undefined {
  return operation.op === 'input' ? operation.name : undefined;
}

const quoteIfSpaced = (name: string): string => (name.includes(' ') ? `"${name}"` : name);

/** a … z, aa, ab, … */
function letters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCharCode(97 + (index % 26));
}

const INFIX = { add: '+', subtract: '-', multiply: '*', divide: '/' } as const;

function printOperation(operation: Operation, operands: readonly string[]): string {
  const [a, b] = operands as [string, string];
  switch (operation.op) {
    case 'input':
      return operation.name;
    case 'constant':
      return String(operation.value);
    case 'unary':
      return operation.fn === 'negate' ? `-${a}` : `${operation.fn}(${a})`;
    case 'binary':
      return operation.fn in INFIX
        ? `${a} ${INFIX[operation.fn as keyof typeof INFIX]} ${b}`
        : `${operation.fn}(${a}, ${b})`;
    case 'matmul':
      return `matmul(${a}${operation.transposeA ? "'" : ''}, ${b}${operation.transposeB ? "'" : ''})`;
    case 'sum':
    case 'max':
      return `${operation.op}(${a}, over ${operation.axis})`;
    case 'cumsum':
      return `cumsum(${a}${operation.reverse ? ', from below' : ''})`;
    case 'slice':
      return `slice(${a}, from ${operation.start})`;
    default:
      return `${operation.op}(${operands.join(', ')})`;
  }
}

import type { Graph, Node, Shape } from '../ir.js';
import { Formulas } from './formulas.js';
import { NodeNames, plainName } from './node-names.js';

/** A graph as formulas, one a line, with the shapes of their results; what it reads comes first. */
export function printFormulas(graph: Graph): string {
  const outputs = new Map<Node, string>();
  for (const { name, node } of graph.outputs) if (!outputs.has(node)) outputs.set(node, name);
  const formulas = new Formulas(new NodeNames(graph, outputs));
  const read = new Set(
    graph.nodes.flatMap(({ operation }) => (operation.op === 'input' ? [operation.name] : [])),
  );
  const inputs = graph.inputs.filter(({ name }) => read.has(name));
  const reads = inputs.map(({ name, shape }) => `${plainName(name)} ${shapeText(shape)}`.trim());
  const lines = graph.nodes
    .filter((node) => isComputed(node) && !formulas.names.isInlined(node))
    .map((node) => ({ text: formulas.line(node), shape: shapeText(node.shape) }));
  for (const { name, node } of graph.outputs) {
    if (isComputed(node) && outputs.get(node) === name) continue;
    lines.push({ text: formulas.outputLine(name, node), shape: shapeText(node.shape) });
  }
  return [
    ...(reads.length > 0 ? [`reads ${reads.join(', ')}`] : []),
    ...lines.map(({ text, shape }) => `${text}  ${shape}`.trimEnd()),
  ].join('\n');
}

const isComputed = ({ operation }: Node): boolean =>
  operation.op !== 'input' && operation.op !== 'constant';

/** `[3, 4]`; of a number nothing. */
export const shapeText = ([rows, columns]: Shape): string =>
  rows === 1 && columns === 1 ? '' : `[${rows}, ${columns}]`;

/** The same, of a number `number`. */
export const sizeText = (shape: Shape): string => shapeText(shape) || 'number';

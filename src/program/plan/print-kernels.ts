import type { Node } from '../ir.js';
import { Formulas } from './formulas.js';
import type { Kernel, KernelPlan, Stage, Sweep } from './kernels.js';
import { matricesOf } from './matrices.js';
import { NodeNames } from './node-names.js';
import { shapeText } from './print-formulas.js';

/** A kernel plan as text, kernel after kernel: over what it goes, and the formulas of what it leaves. */
export function printKernelPlan(plan: KernelPlan): string {
  const { kernels } = plan;
  const formulas = formulasOf(plan);
  const copies = copyLines(plan, formulas);
  const texts = kernels.map((kernel) => kernelLines(plan, kernel, formulas));
  if (copies.length > 0) texts.push(['copies', ...copies]);
  const width = String(texts.length).length;
  return texts
    .flatMap(([heading, ...lines], k) => [
      `${String(k + 1).padStart(width)}. ${heading}`,
      ...lines.map((line) => `${' '.repeat(width + 2)}${line}`),
    ])
    .join('\n');
}

/** The names of a plan's nodes, and formulas in terms of them. */
export function formulasOf({ graph, homes }: KernelPlan): Formulas {
  const outputs = new Map<Node, string>();
  for (const [node, home] of homes) if (home.kind === 'output') outputs.set(node, home.name);
  return new Formulas(new NodeNames(graph, outputs, homes));
}

/** What one kernel does: over what it goes, then what it computes. */
export function kernelLines(plan: KernelPlan, kernel: Kernel, formulas: Formulas): string[] {
  const shown = (nodes: readonly Node[]): string[] =>
    nodes.filter((node) => !formulas.names.isInlined(node)).map((node) => formulas.line(node));
  switch (kernel.kind) {
    case 'numbers':
      return ['numbers', ...shown(kernel.nodes)];
    case 'line':
      return [
        `one pass over vectors of ${kernel.length}`,
        ...shown(kernel.nodes),
        ...shown(kernel.reductions),
      ];
    case 'whole':
      return ['one array as a whole', formulas.line(kernel.node)];
    case 'sweep':
      return [
        `one pass over matrices ${shapeText(kernel.shape)}: ${touched(plan, kernel, formulas)}`,
        ...kernel.stages.flatMap((stage, k) => [
          ...(k === 0 ? [] : ['then, while these rows are at hand,']),
          ...stageLines(stage, formulas),
        ]),
      ];
  }
}

function stageLines(stage: Stage, formulas: Formulas): string[] {
  const { elements, rowReductions, columnReductions, rows } = stage;
  return [
    ...elements
      .filter((node) => !formulas.names.isInlined(node))
      .map((node) => formulas.line(node)),
    ...[...rowReductions, ...columnReductions].map((node) => formulas.line(node)),
    ...rows
      .filter((node) => !formulas.names.isInlined(node))
      .map((node) => formulas.line(node, true)),
  ];
}

/** Which matrices a sweep reads and writes. */
function touched(plan: KernelPlan, sweep: Sweep, formulas: Formulas): string {
  const { read, written } = matricesOf(plan, sweep);
  const names = (nodes: ReadonlySet<Node>): string =>
    [...nodes].map((node) => formulas.names.of(node)).join(', ');
  return [
    ...(read.size > 0 ? [`reads ${names(read)}`] : []),
    ...(written.size > 0 ? [`writes ${names(written)}`] : []),
  ].join('; ');
}

/** Outputs that no kernel writes in place. */
export const copyLines = ({ copies }: KernelPlan, formulas: Formulas): string[] =>
  copies.map(({ from, output }) => formulas.outputLine(output, from));

import type { Graph, Slot } from '../ir.js';
import { canonicalGraph } from './canonical.js';
import type { EpisodePlan, PlannedState } from './episode-plan.js';
import { fuseGraph } from './fuse.js';
import type { KernelPlan } from './kernels.js';
import { plainName } from './node-names.js';
import { sizeText } from './print-formulas.js';
import { type Work, workOf } from './work.js';

/** The kernels of a step and of its adjoint, as an engine carries them out. */
export interface StepKernels {
  readonly forward: KernelPlan;
  readonly backward: KernelPlan;
}

/**
 * A plan as text: what was decided, what is carried from step to step and why, what is kept for the way
 * back, and what a step takes, as the program is written and as it is planned.
 */
export function printEpisodePlan(plan: EpisodePlan, { forward, backward }: StepKernels): string {
  const { program, notes, states, tape, carried } = plan;
  return [
    ...section('Decisions', notes),
    ...section('Carried from step to step', columns(states.map(stateRow))),
    ...section('Left on the tape by every step', columns(tape.map(slotRow))),
    ...section('Carried on the way back', columns(carried.map(stateRow))),
    ...section(
      'What it takes',
      columns([
        ['', 'flops', 'functions', 'passes over matrices'],
        workRow('a step as written', workOf(kernelsOf(program.step))),
        workRow('a step as planned', workOf(forward)),
        workRow('its adjoint as derived', workOf(kernelsOf(program.stepAdjoint))),
        workRow('its adjoint as planned', workOf(backward)),
      ]),
    ),
  ].join('\n');
}

const kernelsOf = (graph: Graph): KernelPlan => fuseGraph(canonicalGraph(graph));

const section = (heading: string, lines: readonly string[]): string[] => [
  heading,
  ...(lines.length > 0 ? lines : ['nothing']).map((line) => `  ${line}`),
];

const slotRow = ({ name, shape }: Slot): string[] => [plainName(name), sizeText(shape)];

const stateRow = (state: PlannedState): string[] => [...slotRow(state), meaningOf(state)];

function meaningOf({ role, shape }: PlannedState): string {
  switch (role) {
    case 'rebuilt':
      return 'weights, rebuilt on the way back';
    case 'kept':
      return shape[0] > 1 && shape[1] > 1
        ? 'as in the program, kept on the tape'
        : 'as in the program';
    case 'decay':
      return 'how much of the weights is left';
    case 'lazy':
      return 'one side of an outer product';
    case 'pending':
      return 'put off until the next step';
    case 'adjoint':
      return 'derivative of the loss';
    case 'gradient':
      return 'derivative of the loss, so far';
  }
}

const workRow = (what: string, { flops, functions, passes }: Work): string[] => [
  what,
  String(flops),
  String(functions),
  passes.map(({ matrix, passes: times }) => `${plainName(matrix)} ${times}`).join(', '),
];

/** Columns of equal width; what is a number stands flush right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, k) => Math.max(found[k] ?? 0, cell.length)),
    [],
  );
  const isCount = widths.map((_, k) => rows.slice(1).every((row) => /^\d+$/.test(row[k] ?? '')));
  return rows.map((row) =>
    row
      .map((cell, k) => (isCount[k] ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd(),
  );
}

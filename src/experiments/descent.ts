import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { descentBesideRule, descentWithoutLoss } from '../base/diagnostics/experiment.js';
import { noSuchProjection } from '../base/diagnostics/program.js';
import { failure, type Result, success } from '../base/result.js';
import type { Arrays } from '../engine/engine.js';
import { type Circuit, maskOf } from '../program/circuit.js';
import type { Program } from '../program/ir.js';
import type { SimulationResult } from '../tasks/simulate.js';
import type { Experiment } from './experiment.js';

/** Weights that go down the gradient of each trial's loss: plain data, for a thread of its own. */
export interface Descent {
  /** Kinds of projections. */
  readonly kinds: readonly string[];
  /** Learning rate: what the gradient is multiplied with. */
  readonly rate: number;
}

/** What an experiment says of it, held against its circuit; null: it says nothing. */
export function descentOf(
  { config: { descent, rules = {} }, where }: Pick<Experiment, 'config' | 'where'>,
  circuit: Circuit,
): Result<Descent | null> {
  if (!descent) return success(null);
  const known = [...new Set(circuit.projections.map(({ kind }) => kind))];
  const ruled = Object.keys(rules);
  const kinds = descent.kinds ?? known.filter((kind) => !ruled.includes(kind));
  const mistakes = kinds.flatMap((kind, k): Diagnostic[] => {
    const at = where(['descent', 'kinds', k], 'value');
    if (!known.includes(kind))
      return [noSuchProjection({ kind, circuit: circuit.name, known }, at)];
    return ruled.includes(kind) ? [descentBesideRule({ kind }, at)] : [];
  });
  return mistakes.length > 0 ? failure(...mistakes) : success({ kinds, rate: descent.rate });
}

/** What keeps a program from going down the gradient of each trial; undefined: nothing. */
export function descentMistake(
  { readout, queryInputs }: Program,
  circuit: Circuit,
  together: number | null,
): Diagnostic | undefined {
  const isOfTrials =
    together !== null &&
    queryInputs.length === 0 &&
    readout.outputs.find(({ name }) => name === 'loss')!.node.operation.op !== 'constant';
  return isOfTrials ? undefined : descentWithoutLoss({ circuit: circuit.name });
}

/**
 * The states after a trial, with w ← w − rate · ∂(loss of the trial)/∂w for the weights that go down;
 * the derivative is that by the weights with which the trial began, through all of its steps. Synapses
 * that do not exist stay at 0.
 */
export function descended(
  { states, startGradient }: SimulationResult,
  { circuit, start }: { readonly circuit: Circuit; readonly start: Arrays },
  { kinds, rate }: Descent,
): Arrays {
  const moved = circuit.projections
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name, masked }) => {
      const mask = masked ? start[maskOf(name)] : undefined;
      const slope = startGradient[name]!;
      const next = states[name]!.map((w, at) => w - rate * slope[at]! * (mask?.[at] ?? 1));
      return [name, next] as const;
    });
  return { ...states, ...Object.fromEntries(moved) };
}

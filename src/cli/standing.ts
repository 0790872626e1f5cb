import { fitsNoCircuit } from '../base/diagnostics/circuit.js';
import { EngrammarError, failure, type Result, success } from '../base/result.js';
import type { CircuitKind } from '../circuits/kind.js';
import { CIRCUITS } from '../circuits/registry.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import type { Circuit } from '../program/circuit.js';
import type { Program } from '../program/ir.js';
import { prepareRule } from '../program/rule.js';
import { weave } from '../program/weave.js';
import { type CircuitFlags, circuitNamed, tableAt } from './circuit.js';
import { type GivenSettings, settingsFor } from './settings.js';
import { SMALL_CIRCUITS } from './small-circuits.js';

/** A rule on a circuit. */
export interface Standing {
  /** The kind of circuit. */
  readonly circuit: string;
  readonly projections: readonly string[];
  readonly program: Program;
}

/**
 * The rule on the circuit that was named, or on the simplest that offers all it reads, small enough to
 * be read; settings that were given count. It stands on the projections it is for, or on the first.
 */
export function standingOf(
  rule: CheckedRule,
  { circuit, projection }: CircuitFlags,
  given: GivenSettings,
): Result<Standing> {
  if (circuit !== undefined && projection !== undefined) {
    tableAt(circuitNamed(circuit), projection);
  }
  const kinds = circuit === undefined ? kindsWith(given) : [circuitNamed(circuit)];
  let problem: Result<never> | undefined;
  for (const kind of kinds) {
    for (const settings of SMALL_CIRCUITS[kind.name]?.(rule.reads) ?? [{}]) {
      const made = kind.make({ ...settings, ...settingsFor(kind, given) });
      const found = made.ok ? onCircuit(rule, kind, made.value, projection) : made;
      if (found.ok) return found;
      // A setting that this circuit cannot have is no reason to take another.
      const usual = made.ok ? made : kind.make(settings);
      if (!made.ok && usual.ok && onCircuit(rule, kind, usual.value, projection).ok) return made;
      problem = found;
    }
  }
  if (problem && (circuit !== undefined || given.size > 0)) return problem;
  return failure(fitsNoCircuit({ rule: rule.rule.name, reads: rule.reads }));
}

/** Kinds in the order of simplicity; those that have all of the settings, if any do. */
function kindsWith(given: GivenSettings): CircuitKind[] {
  const ordered = Object.keys(SMALL_CIRCUITS).flatMap(
    (name) => CIRCUITS.find((kind) => kind.name === name) ?? [],
  );
  const fitting = ordered.filter(({ settings }) =>
    [...given.keys()].every((name) => Object.hasOwn(settings, name)),
  );
  return fitting.length > 0 ? fitting : ordered.slice(0, 1);
}

function onCircuit(
  { rule, source }: CheckedRule,
  { name }: CircuitKind,
  circuit: Circuit,
  projection: string | undefined,
): Result<Standing> {
  const there = [...new Set(circuit.projections.map(({ kind }) => kind))];
  const meant =
    projection !== undefined
      ? [projection]
      : rule.targets.length > 0
        ? there.filter((kind) => rule.targets.includes(kind))
        : there;
  const tried = (meant.length > 0 ? meant : there).map((kind) => {
    const table = circuit.tables[kind];
    return { kind, checked: table ? checkRule(rule, source, table) : null };
  });
  const fitting = tried.filter(({ checked }) => checked?.ok);
  // A rule that is for nothing in particular stands on one kind of projection, as in experiments.
  const projections = (rule.targets.length > 0 ? fitting : fitting.slice(0, 1)).map(
    ({ kind }) => kind,
  );
  const first = fitting[0]?.checked;
  if (!first?.ok) {
    const problem = tried.find(({ checked }) => checked !== null)?.checked;
    return problem && !problem.ok
      ? problem
      : failure(fitsNoCircuit({ rule: rule.name, reads: [] }));
  }
  try {
    const prepared = prepareRule(first.value);
    const attached = Object.fromEntries(projections.map((kind) => [kind, prepared]));
    return success({ circuit: name, projections, program: weave(circuit, attached) });
  } catch (error) {
    if (error instanceof EngrammarError) return failure(...error.diagnostics);
    throw error;
  }
}

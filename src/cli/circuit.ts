import { projectionWithoutCircuit } from '../base/diagnostics/circuit.js';
import { unknownWord } from '../base/diagnostics/usage.js';
import type { Result } from '../base/result.js';
import { loadRule } from '../catalogue/load.js';
import type { CircuitKind } from '../circuits/kind.js';
import { CIRCUITS } from '../circuits/registry.js';
import type { Item, Rule } from '../language/ast.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import type { SignalTable } from '../language/signals.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { UsageError } from './outcome.js';

/** The option with which a rule is held against what one circuit offers. */
export const CIRCUIT_OPTION = [
  '--circuit <name>',
  'check against what this circuit offers (default: the whole vocabulary)',
] as const;

/** Which of the circuit's tables. */
export const PROJECTION_OPTION = [
  '--projection <kind>',
  'the kind of projection meant (default: those the rule is `for`, or the first of the circuit)',
] as const;

/** The two options as commander gives them. */
export interface CircuitFlags {
  readonly circuit?: string;
  readonly projection?: string;
}

/** The circuit of this name. */
export function circuitNamed(name: string): CircuitKind {
  const found = CIRCUITS.find((each) => each.name === name);
  if (found) return found;
  const known = CIRCUITS.map((each) => each.name);
  throw new UsageError(
    unknownWord({ what: 'circuit', given: name, known, listedBy: 'engrammar circuits' }),
  );
}

/** What the projections of this kind offer. */
export function tableAt({ name, projections }: CircuitKind, kind: string): SignalTable {
  const found = projections.find((each) => each.kind === kind);
  if (found) return found.table;
  throw new UsageError(
    unknownWord({
      what: `projection of the circuit ${name} called`,
      given: kind,
      known: projections.map((each) => each.kind),
      listedBy: `engrammar signals ${name}`,
    }),
  );
}

/** What a space is checked against: the table asked for, else the circuit's first, else everything. */
export function tableOf({ circuit, projection }: CircuitFlags): SignalTable {
  if (circuit === undefined) {
    if (projection !== undefined) throw new UsageError(projectionWithoutCircuit({ projection }));
    return wholeVocabulary;
  }
  const kind = circuitNamed(circuit);
  return tableAt(kind, projection ?? kind.projections[0]!.kind);
}

/** What a rule is checked against: as a space, but on its own a circuit means all the rule is `for`. */
function tablesOf(rule: Rule, flags: CircuitFlags): SignalTable[] {
  const { circuit, projection } = flags;
  if (circuit === undefined || projection !== undefined) return [tableOf(flags)];
  const meant = circuitNamed(circuit).projections.filter(({ kind }) => rule.targets.includes(kind));
  return meant.length === 0 ? [tableOf(flags)] : meant.map(({ table }) => table);
}

/** A rule or space held against its tables in turn: what the first says, if it fits the others too. */
export function againstAll<T>(
  item: Item,
  flags: CircuitFlags,
  check: (table: SignalTable) => Result<T>,
): Result<T> {
  const tables = item.kind === 'rule' ? tablesOf(item, flags) : [tableOf(flags)];
  const [first, ...others] = tables.map(check);
  return [first!, ...others].find(({ ok }) => !ok) ?? first!;
}

/** A circuit on which a rule can stand, and on which of its projections. */
export interface Fitting {
  readonly circuit: string;
  readonly projections: readonly string[];
}

/** The circuits that offer all a rule reads, with the projections it is for (or any that do). */
export function circuitsFor({ rule, source }: CheckedRule): Fitting[] {
  const { targets } = rule;
  return CIRCUITS.map(({ name, projections }) => ({
    circuit: name,
    projections: projections
      .filter(({ kind }) => targets.length === 0 || targets.includes(kind))
      .filter(({ table }) => checkRule(rule, source, table).ok)
      .map(({ kind }) => kind),
  })).filter(({ projections }) => projections.length > 0);
}

/** FILE, FILE#NAME or a name of the catalogue → text → syntax tree → a rule that fits the circuit named. */
export function readRuleFor(reference: string, flags: CircuitFlags): Result<CheckedRule> {
  const loaded = loadRule(reference);
  if (!loaded.ok) return loaded;
  const { item, source } = loaded.value;
  return againstAll(item, flags, (table) => checkRule(item, source, table));
}

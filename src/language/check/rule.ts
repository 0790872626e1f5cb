import { changesNothing, twoChanges, unknownProjection } from '../../base/diagnostics/language.js';
import { nearest } from '../../base/nearest.js';
import { failure, type Result, success } from '../../base/result.js';
import { placeOf, type Source } from '../../base/source.js';
import type { ChangeLine, Rule } from '../ast.js';
import type { CheckedRule } from '../checked.js';
import { printClause } from '../print.js';
import type { SignalTable } from '../signals.js';
import {
  checkBounds,
  checkChange,
  checkOnlyOnce,
  checkTransmission,
  stepWarnings,
} from './changes.js';
import { join } from './inferred.js';
import { openWorkshop, type Workshop } from './workshop.js';

/**
 * A rule whose names, extents, units and locality are in order for what a circuit offers. All mistakes
 * are reported together; warnings come with the value.
 */
export function checkRule(rule: Rule, source: Source, table: SignalTable): Result<CheckedRule> {
  const workshop = openWorkshop(rule.lines, source, table);
  const { mistakes, scope } = workshop;
  checkTargets(rule, workshop);
  const changes = rule.lines
    .filter((line) => line.kind === 'change')
    .map((line) => ({ line, ...checkChange(line, workshop) }));
  const sent = rule.lines
    .filter((line) => line.kind === 'transmit')
    .map((line) => checkTransmission(line, workshop));
  const bounds = checkBounds(rule.lines, workshop);
  checkOnlyOnce(rule.lines, workshop);
  checkTwice(rule, workshop);
  const transmit = sent[0]?.value ?? null;
  const update = changes[0]?.value.value ?? transmit;
  if (update === null) mistakes.push(changesNothing({}, { source, span: rule.nameSpan }));
  if (update === null || mistakes.length > 0) return failure(...sorted(mistakes));
  const whole = [...changes, ...sent, bounds].map(({ facts }) => facts).reduce(join);
  const checked: CheckedRule = {
    rule,
    source,
    scope,
    memory: workshop.memory,
    changes: changes.map(({ value }) => value),
    bounds: bounds.value,
    transmit,
    update,
    locality: { grade: whole.grade, because: whole.because },
    reads: table.signals.map((signal) => signal.name).filter((name) => whole.reads.has(name)),
  };
  return success(checked, sorted([...workshop.unused(), ...stepWarnings(changes, workshop)]));
}

function checkTargets(rule: Rule, { source, scope, mistakes }: Workshop): void {
  const available = scope.table.projections;
  if (available.length === 0) return;
  for (const name of rule.targets) {
    if (available.includes(name)) continue;
    const facts = { name, circuit: scope.table.name, available, meant: nearest(name, available) };
    mistakes.push(unknownProjection(facts, { source, span: rule.nameSpan }));
  }
}

/** Two `dw` lines under the same clauses, in any order of the clauses. */
function checkTwice(rule: Rule, { source, mistakes }: Workshop): void {
  const first = new Map<string, ChangeLine>();
  for (const line of rule.lines) {
    if (line.kind !== 'change' || line.form === 'set') continue;
    const key = [line.form, ...line.clauses.map(printClause).sort()].join('; ');
    const earlier = first.get(key);
    if (earlier) {
      const facts = { form: line.form, line: placeOf(source, earlier.span.start).line };
      mistakes.push(twoChanges(facts, { source, span: line.span }));
    } else {
      first.set(key, line);
    }
  }
}

/** In the order of the text. */
export function sorted<T extends { span?: { start: number } }>(diagnostics: readonly T[]): T[] {
  return [...diagnostics].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

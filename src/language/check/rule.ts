import {
  changeNotPlain,
  changesNothing,
  twoChanges,
  unknownProjection,
} from '../../base/diagnostics/language.js';
import { describeDimension } from '../../base/dimension.js';
import { nearest } from '../../base/nearest.js';
import { failure, type Result, success } from '../../base/result.js';
import { placeOf, type Source } from '../../base/source.js';
import type { ChangeLine, Rule } from '../ast.js';
import type { CheckedRule } from '../checked.js';
import { printLine } from '../print.js';
import type { SignalTable } from '../signals.js';
import { type Facts, isPlain } from './inferred.js';
import { inferOtherLine } from './lines.js';
import { refuseLine } from './not-yet.js';
import { openWorkshop, type Workshop } from './workshop.js';

/**
 * A rule whose names, extents, units and locality are in order for what a circuit offers. All mistakes
 * are reported together; warnings come with the value.
 */
export function checkRule(rule: Rule, source: Source, table: SignalTable): Result<CheckedRule> {
  const workshop = openWorkshop(rule.lines, source, table);
  const { mistakes, scope } = workshop;
  checkTargets(rule, workshop);
  let update: { line: ChangeLine; facts: Facts } | null = null;
  for (const line of rule.lines) {
    mistakes.push(...refuseLine(line, source));
    if (line.kind === 'change') {
      const facts = inferChange(line, workshop);
      if (line.form === 'dw') update ??= { line, facts };
    } else {
      inferOtherLine(line, workshop);
    }
  }
  checkChanges(rule, workshop);
  const replaced = update && workshop.replaced(update.line.value);
  if (!update || !replaced || mistakes.length > 0) return failure(...sorted(mistakes));
  const { grade, because, reads } = update.facts;
  const checked: CheckedRule = {
    rule,
    source,
    scope,
    memory: [],
    changes: [{ form: 'dw', clauses: [], value: replaced, span: update.line.span }],
    bounds: { range: null, keepsSign: false },
    transmit: null,
    update: replaced,
    locality: { grade, because },
    reads: table.signals.map((signal) => signal.name).filter((name) => reads.has(name)),
  };
  return success(checked, workshop.unused());
}

function inferChange(line: ChangeLine, workshop: Workshop): Facts {
  const facts = workshop.infer(line.value);
  if (line.form === 'dw' && !isPlain(facts)) {
    const given = describeDimension(facts.dimension);
    const where = { source: workshop.source, span: line.value.span };
    workshop.mistakes.push(changeNotPlain({ given }, where));
  }
  return facts;
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

function checkChanges(rule: Rule, { source, mistakes }: Workshop): void {
  const first = new Map<string, ChangeLine>();
  let changes = 0;
  for (const line of rule.lines) {
    if (line.kind === 'transmit') changes += 1;
    if (line.kind !== 'change') continue;
    changes += 1;
    const key = `${line.form} ${clausesOf(line)}`;
    const earlier = first.get(key);
    if (earlier) {
      const facts = { form: line.form, line: placeOf(source, earlier.span.start).line };
      mistakes.push(twoChanges(facts, { source, span: line.span }));
    } else {
      first.set(key, line);
    }
  }
  if (changes === 0) mistakes.push(changesNothing({}, { source, span: rule.nameSpan }));
}

/** The same for the same clauses in any order. */
function clausesOf(line: ChangeLine): string {
  const zero = { ...line, clauses: [] };
  const bare = printLine(zero);
  return line.clauses
    .map((clause) => printLine({ ...zero, clauses: [clause] }).slice(0, -bare.length))
    .sort()
    .join('');
}

/** In the order of the text. */
export function sorted<T extends { span?: { start: number } }>(diagnostics: readonly T[]): T[] {
  return [...diagnostics].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { timeInSteps } from '../../base/diagnostics/memory.js';
import { sameDimension, TIME } from '../../base/dimension.js';
import type { Source, Span } from '../../base/source.js';
import type { Measure, NameExpression, RuleLine, SpaceLine } from '../ast.js';
import { isConstant, type SignalTable, signalNamed } from '../signals.js';
import type { Facts } from './inferred.js';
import { expressionsOf } from './parts-of-lines.js';
import { visit } from './walk.js';

const WITH_LENGTH = ['ms', 's', 'Hz'];

/** Refuses milliseconds and the like where a circuit counts steps (docs/language.md §9). */
export function checkUnitsOfTime(
  lines: readonly (RuleLine | SpaceLine)[],
  table: SignalTable,
  source: Source,
  report: (diagnostic: Diagnostic) => void,
): void {
  if (table.time !== 'steps') return;
  const check = ({ unit, per }: Measure, span: Span): void => {
    const odd = [unit, ...per].find((each) => each !== null && WITH_LENGTH.includes(each));
    if (odd) report(timeInSteps({ unit: odd, circuit: table.name }, { source, span }));
  };
  const checkDelay = ({ moment, span }: NameExpression): void => {
    if (moment?.kind === 'delay') check(moment.delay, span);
  };
  for (const line of lines) {
    if (line.kind === 'param') {
      for (const { value, span } of line.definitions) check(value, span);
    }
    for (const clause of 'clauses' in line ? line.clauses : []) {
      if (clause.kind === 'every') check(clause.interval, clause.span);
      else if (clause.kind !== 'during') checkDelay(clause.event);
    }
    if ('since' in line && line.since) checkDelay(line.since);
    for (const expression of expressionsOf(line)) {
      visit(expression, (node) => {
        if (node.kind === 'number') check(node.measure, node.span);
        else if (node.kind === 'name') checkDelay(node);
      });
    }
  }
}

/** Whether the length of a step stands in an expression, so that it was surely thought of. */
export function readsStepLength({ reads }: Facts, table: SignalTable): boolean {
  return [...reads].some((name) => {
    const signal = signalNamed(table, name);
    return signal !== undefined && isConstant(signal) && sameDimension(signal.dimension, TIME);
  });
}

import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { phaseNotOver } from '../../base/diagnostics/memory.js';
import type { Source } from '../../base/source.js';
import type { Clause, Expression } from '../ast.js';
import { printClause, printExpression } from '../print.js';
import type { SignalTable } from '../signals.js';
import { visit } from './walk.js';

/**
 * Refuses `post@free` in lines that can act only before the phase ends: at the start of the trial, of
 * that phase or of an earlier one, at the end of an earlier one, or during an earlier one. Which phase
 * is earlier is known only of a circuit, whose table lists its phases in their order. Lines that act
 * both before and after the end are accepted.
 */
export function checkPhases(
  clauses: readonly Clause[],
  expression: Expression,
  table: SignalTable,
  source: Source,
  report: (diagnostic: Diagnostic) => void,
): void {
  if (clauses.length === 0) return;
  visit(expression, (node) => {
    if (node.kind !== 'name' || node.moment?.kind !== 'named') return;
    const phase = node.moment.name;
    if (!table.phases.includes(phase)) return;
    const early = clauses.find((clause) => actsBeforeEnd(clause, phase, table));
    if (!early) return;
    const facts = { name: printExpression(node), acts: `\`${printClause(early)}:\`` };
    report(phaseNotOver(facts, { source, span: node.span }));
  });
}

function actsBeforeEnd(clause: Clause, phase: string, { phases, time }: SignalTable): boolean {
  const isEarlier = (other: string): boolean =>
    time !== 'either' && phases.includes(other) && phases.indexOf(other) < phases.indexOf(phase);
  if (clause.kind === 'during') return isEarlier(clause.phase);
  if (clause.kind !== 'at') return false;
  const { name, member } = clause.event;
  if (member === 'start') return name === 'trial' || name === phase || isEarlier(name);
  return member === 'end' && isEarlier(name);
}

import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { notYet } from '../../base/diagnostics/language.js';
import type { Source, Span } from '../../base/source.js';
import type { Expression, NameExpression, RuleLine, SpaceLine } from '../ast.js';

/**
 * What the language has and engines cannot run yet: one function for each family of constructs. When a
 * family can be run, its function (and its line in the checker) goes.
 */

type Refusal = Diagnostic | null;

function refuse(
  what: string,
  source: Source | undefined,
  span: Span,
  instead?: string,
): Diagnostic {
  return notYet({ what, instead }, source ? { source, span } : {});
}

/** The family that a whole line belongs to, if it is one that cannot be run. */
export function refuseLine(line: RuleLine | SpaceLine, source: Source): Diagnostic[] {
  const refusals = [
    refuseMemory(line, source),
    refuseClauses(line, source),
    refuseOtherChanges(line, source),
    refuseBounds(line, source),
    refuseTransmission(line, source),
    ...refuseScopes(line, source),
  ];
  return refusals.filter((each) => each !== null);
}

const MEMORY = ['trace', 'average', 'state', 'whiten', 'draw'];

function refuseMemory(line: RuleLine | SpaceLine, source: Source): Refusal {
  if (!MEMORY.includes(line.kind)) return null;
  return refuse(`memory (\`${line.kind}\`)`, source, line.span);
}

function refuseClauses(line: RuleLine | SpaceLine, source: Source): Refusal {
  if (!('clauses' in line) || MEMORY.includes(line.kind)) return null;
  const clause = line.clauses[0];
  return clause ? refuse(`a clause (\`${clause.kind}\`)`, source, clause.span) : null;
}

function refuseOtherChanges(line: RuleLine | SpaceLine, source: Source): Refusal {
  if (line.kind !== 'change' || line.form === 'dw') return null;
  const instead = 'a change in every step is written `dw = …`';
  return refuse(line.form === 'set' ? '`set w`' : '`dw/dt`', source, line.span, instead);
}

function refuseBounds(line: RuleLine | SpaceLine, source: Source): Refusal {
  if (line.kind !== 'bound' && line.kind !== 'keeping sign') return null;
  return refuse('`bound w`', source, line.span);
}

function refuseTransmission(line: RuleLine | SpaceLine, source: Source): Refusal {
  return line.kind === 'transmit' ? refuse('`transmit`', source, line.span) : null;
}

function refuseScopes(line: RuleLine | SpaceLine, source: Source): Diagnostic[] {
  if (line.kind !== 'param') return [];
  return line.definitions
    .filter(({ scope }) => scope !== null)
    .map(({ scope, span }) =>
      refuse(`a parameter \`per ${scope}\``, source, span, 'give it one value for all synapses'),
    );
}

export function refuseMoment(expression: NameExpression, source: Source | undefined): Refusal {
  if (expression.moment === null) return null;
  return refuse('a moment (`@`)', source, expression.span);
}

export function refuseIf(expression: Expression, source: Source | undefined): Refusal {
  if (expression.kind !== 'if') return null;
  const instead = '`if a > b then x else 0` is `step(a - b) * x`';
  return refuse('`if`', source, expression.span, instead);
}

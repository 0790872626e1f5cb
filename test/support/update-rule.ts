import { normalForm } from '../../src/algebra/normal-form.js';
import type { Expression } from '../../src/language/ast.js';
import type { Scope } from '../../src/language/checked.js';
import type { RuleForCircuit } from '../../src/program/rule.js';

/** A rule that is one `dw` without clauses and memory, as circuits take it. */
export function updateRule(
  name: string,
  update: Expression,
  scope: Scope,
  searched: readonly string[],
): RuleForCircuit {
  const value = normalForm(update, scope);
  return {
    name,
    form: {
      changes: value.monomials.length === 0 ? [] : [{ form: 'dw', gates: [], spikes: [], value }],
      memory: [],
      range: null,
      keepsSign: false,
      transmit: null,
    },
    parameters: scope.parameters,
    searched,
    targets: [],
  };
}

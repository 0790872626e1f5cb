import { machineForm } from '../algebra/machine-form.js';
import { normalForm } from '../algebra/normal-form.js';
import type { MachineForm } from '../algebra/types.js';
import type { CheckedRule } from '../language/checked.js';

/** A rule as circuits take it: its update planned, its parameters either searched or fixed. */
export interface RuleForCircuit {
  readonly name: string;
  readonly update: MachineForm;
  /** Names that become parameters of the program, in the order of its gradient. */
  readonly searched: readonly string[];
  /** The value of every parameter as written, the searched ones included. */
  readonly values: ReadonlyMap<string, number>;
}

/** Plans a checked rule. What its text marks `fit` is searched. */
export function prepareRule(checked: CheckedRule): RuleForCircuit {
  const parameters = [...checked.scope.parameters.values()];
  return {
    name: checked.rule.name,
    update: machineForm(normalForm(checked.update, checked.scope)),
    searched: parameters.filter((parameter) => parameter.fit).map(({ name }) => name),
    values: new Map(parameters.map(({ name, value }) => [name, value])),
  };
}

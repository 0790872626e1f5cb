import { ruleForm } from '../algebra/rule-form.js';
import type { RuleForm } from '../algebra/types.js';
import type { Measure } from '../language/ast.js';
import type { CheckedRule, Parameter } from '../language/checked.js';

/** A rule as circuits take it. */
export interface RuleForCircuit {
  readonly name: string;
  readonly form: RuleForm;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Parameters that a search may change (`fit`), in the order of the text. */
  readonly searched: readonly string[];
  /** Kinds of projection named after `for`; empty: any. */
  readonly targets: readonly string[];
}

/** Plans a checked rule. What its text marks `fit` is searched. */
export function prepareRule(checked: CheckedRule): RuleForCircuit {
  const { parameters } = checked.scope;
  return {
    name: checked.rule.name,
    form: ruleForm(checked),
    parameters,
    searched: [...parameters.values()].filter(({ fit }) => fit).map(({ name }) => name),
    targets: checked.rule.targets,
  };
}

/**
 * The value a parameter has as written, in base units, where a step lasts `stepLength` milliseconds
 * (null: where steps are counted, one base unit of time each).
 */
export function writtenValue({ value, definition }: Parameter, stepLength: number | null): number {
  return value * (stepLength ?? 1) ** powerOfStep(definition.value);
}

function powerOfStep({ unit, per }: Measure): number {
  return (unit === 'step' ? 1 : 0) - per.filter((each) => each === 'step').length;
}

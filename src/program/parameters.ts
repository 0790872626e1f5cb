import {
  noSuchParameter,
  noSuchProjection,
  rulesShareName,
  wrongNumberOfValues,
} from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';
import type { Parameter } from '../language/checked.js';
import { type Circuit, type Projection, shapeOf } from './circuit.js';
import type { Node } from './ir.js';
import type { Names } from './names.js';
import { type RuleForCircuit, writtenValue } from './rule.js';
import type { Making } from './slots.js';

/** Values of parameters by the names they have in the program. */
export type Values = Readonly<Record<string, number | Float64Array>>;

/** The rules on a circuit, and what their parameters are called and start from in its program. */
export class AttachedRules {
  /** Each once, in the order in which they were given. */
  readonly rules: readonly RuleForCircuit[];
  private readonly circuit: Circuit;
  private readonly byKind: ReadonlyMap<string, RuleForCircuit>;
  private readonly values: Values;
  private readonly names: Names;

  /** Throws an `EngrammarError` for unknown kinds of projection and unknown or misshapen values. */
  constructor(
    circuit: Circuit,
    rules: Readonly<Record<string, RuleForCircuit>>,
    names: Names,
    values: Values = {},
  ) {
    this.circuit = circuit;
    this.names = names;
    this.values = values;
    const known = [...new Set(circuit.projections.map(({ kind }) => kind))];
    for (const kind of Object.keys(rules)) {
      if (known.includes(kind)) continue;
      throw new EngrammarError(noSuchProjection({ kind, circuit: circuit.name, known }));
    }
    this.byKind = distinctRules(rules);
    this.rules = [...new Set(this.byKind.values())];
    this.refuseUnknownValues();
  }

  ruleOf({ kind }: Projection): RuleForCircuit | null {
    return this.byKind.get(kind) ?? null;
  }

  /** Enters every searched number into the program, used or not, in the order of the gradient. */
  enterSearched(making: Making): void {
    for (const rule of this.rules) {
      for (const name of rule.searched) {
        const parameter = rule.parameters.get(name)!;
        if (isArray(parameter)) continue;
        for (const projection of this.projectionsOf(rule)) this.node(making, name, projection);
      }
    }
  }

  /** A parameter of the rule of a projection: `[1, 1]`, or of the shape of its extent. */
  node(making: Making, name: string, projection: Projection): Node {
    const rule = this.ruleOf(projection)!;
    const parameter = rule.parameters.get(name)!;
    const known = this.nameOf(rule, parameter, projection);
    // A parameter may be called `constructor`.
    const given = Object.hasOwn(this.values, known) ? this.values[known] : undefined;
    const value = given ?? writtenValue(parameter, this.circuit.stepLength);
    if (!isArray(parameter)) {
      const number = typeof value === 'number' ? value : value[0]!;
      return rule.searched.includes(name)
        ? making.parameter(known, number)
        : making.builder.constant(number);
    }
    making.startAt(known, value);
    const shape = shapeOf(parameter.extent, projection);
    return rule.searched.includes(name) ? making.kept(known, shape) : making.constant(known, shape);
  }

  private projectionsOf(rule: RuleForCircuit): Projection[] {
    return this.circuit.projections.filter((projection) => this.ruleOf(projection) === rule);
  }

  /** A name says of which rule it is where there are several rules, or where it is one of the circuit's. */
  private nameOf(rule: RuleForCircuit, parameter: Parameter, projection: Projection): string {
    const named = (own: string): string =>
      parameter.definition.scope === null ? own : `${own} of ${projection.name}`;
    const short = named(parameter.name);
    const isShort = this.rules.length === 1 && !this.names.has(short);
    return isShort ? short : named(`${rule.name}.${parameter.name}`);
  }

  private refuseUnknownValues(): void {
    const sizes = new Map<string, number>();
    for (const rule of this.rules) {
      for (const parameter of rule.parameters.values()) {
        for (const projection of this.projectionsOf(rule)) {
          const [rows, columns] = shapeOf(parameter.extent, projection);
          sizes.set(this.nameOf(rule, parameter, projection), rows * columns);
        }
      }
    }
    for (const [name, value] of Object.entries(this.values)) {
      const needed = sizes.get(name);
      if (needed === undefined) {
        throw new EngrammarError(noSuchParameter({ name, known: [...sizes.keys()] }));
      }
      if (typeof value !== 'number' && value.length !== needed) {
        throw new EngrammarError(wrongNumberOfValues({ name, given: value.length, needed }));
      }
    }
  }
}

/** One value for each neuron of a side or each synapse. */
const isArray = ({ extent }: Parameter): boolean => extent !== 'global';

/** Rules prepared from one checked rule are one rule, on whatever kinds of projection they stand. */
function distinctRules(
  rules: Readonly<Record<string, RuleForCircuit>>,
): ReadonlyMap<string, RuleForCircuit> {
  const byName = new Map<string, RuleForCircuit>();
  const byKind = new Map<string, RuleForCircuit>();
  for (const [kind, rule] of Object.entries(rules)) {
    const had = byName.get(rule.name);
    if (had && had.parameters !== rule.parameters) {
      throw new EngrammarError(rulesShareName({ name: rule.name }));
    }
    byName.set(rule.name, had ?? rule);
    byKind.set(kind, had ?? rule);
  }
  return byKind;
}

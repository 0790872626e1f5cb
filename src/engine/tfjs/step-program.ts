import type { CheckedRule } from '../../language/checked.js';
import { isConstant, WEIGHT } from '../../language/signals.js';
import { type Circuit, shapeOf } from '../../program/circuit.js';
import type { Program, Shape } from '../../program/ir.js';
import { prepareRule } from '../../program/rule.js';
import { weave } from '../../program/weave.js';

export interface StepSizes {
  readonly preSize: number;
  readonly postSize: number;
  /** Milliseconds; null (the default): steps are counted. */
  readonly stepLength?: number | null;
}

/** Something that a step is given, by its name for people and by that of its slot. */
export interface Given {
  readonly name: string;
  readonly slot: string;
  readonly shape: Shape;
}

/** A rule at one projection as a program whose adjoint step has the derivative by all that comes in. */
export interface StepProgram {
  readonly program: Program;
  /** What lives from step to step: the weights `w`, then memory. */
  readonly carried: readonly Given[];
  /** All by which a derivative is known: what is carried, signals, parameters. */
  readonly smooth: readonly Given[];
  /** What says when lines of the rule act, and what they draw at random. */
  readonly scheduled: readonly Given[];
  /** What the program brings along. */
  readonly constants: readonly Given[];
}

/** The step input that is 1 where nothing went before. */
export const FIRST_STEP = 'first step';

const KIND = 'projection';

/**
 * One step of a rule. Signals are made states that are 0 afterwards: programs have the derivative of the loss
 * by every state before a step. All parameters count as searched, for the same reason.
 */
export function stepProgram(rule: CheckedRule, sizes: StepSizes): StepProgram {
  const { preSize, postSize, stepLength = null } = sizes;
  const projection = { name: WEIGHT, kind: KIND, preSize, postSize, masked: false };
  const { table, parameters } = rule.scope;
  const signals = table.signals
    .filter((signal) => rule.reads.includes(signal.name))
    .filter((signal) => signal.name !== WEIGHT && !isConstant(signal))
    .map(({ name, extent }) => ({ name, shape: shapeOf(extent, projection) }));
  const circuit: Circuit = {
    name: `${preSize}-${postSize}`,
    projections: [projection],
    tables: { [KIND]: table },
    states: signals,
    constants: [],
    stepInputs: [],
    queryInputs: [],
    stepLength,
    step: (b, now) => ({
      states: signals.map(({ name, shape }) => ({ name, node: b.constant(0, shape) })),
      signal: (_, name) => now.value(name),
    }),
    readout: (b) => [{ name: 'loss', node: b.constant(0) }],
    draw: () => ({}),
  };
  const searched = [...parameters.keys()];
  const program = weave(circuit, { [KIND]: { ...prepareRule(rule), searched, targets: [] } });

  const given = ({ name, shape }: { name: string; shape: Shape }): Given => ({
    name: name.replace(/^w: /, '').replace(/ of w$/, ''),
    slot: name,
    shape,
  });
  const states = program.states.map(given);
  const isSignal = ({ slot }: Given): boolean => signals.some(({ name }) => name === slot);
  const carried = states.filter((each) => !isSignal(each) && !parameters.has(each.name));
  const others = states.filter((each) => !carried.includes(each));
  const scalars = program.parameters.map((name) => given({ name, shape: [1, 1] }));
  return {
    program,
    carried,
    smooth: [...carried, ...others, ...scalars],
    scheduled: program.stepInputs.map(given),
    constants: program.constants.map(given),
  };
}

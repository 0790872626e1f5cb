import { GraphBuilder, isNumber } from '../builder.js';
import type { Graph, Node, Program, Shape, Slot } from '../ir.js';
import { Distributor } from './distribute.js';
import type { PlannedState } from './episode-plan.js';
import type { FactoredStates, MatrixChange } from './factor.js';
import type { FixedOuter } from './fixed-outers.js';
import { type MatrixForm, MatrixForms } from './matrix-form.js';

/** A matrix among the states of a program as decay · (held + Σ lazy outer products). */
export interface Holding {
  readonly state: Slot;
  readonly held: string;
  /** The number that the whole matrix is multiplied by. */
  readonly decay: string | undefined;
  readonly lazy: readonly LazyOuter[];
}

/** An outer product with one side that never changes: only the other side is a state. */
export interface LazyOuter {
  readonly name: string;
  readonly side: FixedOuter['side'];
  /** Of constants. */
  readonly unchanging: Node;
  readonly shape: Shape;
}

/** A state as it goes through the steps, before updates are put off. */
export interface HeldState extends PlannedState {
  readonly next: Node;
  /** What a step adds to a rebuilt matrix; undefined: nothing. */
  readonly added?: Node;
  /** What rows or columns of a rebuilt matrix are multiplied by before that; undefined: 1. */
  readonly factor?: Node;
  /** Whether a derivative goes through it. */
  readonly isSmooth: boolean;
}

/** The step in terms of held states. */
export interface HeldStep {
  readonly builder: GraphBuilder;
  readonly holdings: readonly Holding[];
  readonly states: readonly HeldState[];
  readonly observed: readonly { readonly name: string; readonly node: Node }[];
}

/**
 * Writes the step so that a decay of a whole matrix is one number that is multiplied, and an outer
 * product with an unchanging side one vector that is added to.
 */
export function holdStates(program: Program, step: Graph, factored: FactoredStates): HeldStep {
  const builder = new GraphBuilder();
  const { changes } = factored;
  const plain = new Distributor(builder, []);
  const holdings = [...changes.values()].map((change) => holdingOf(change, plain));
  const held = new Map(
    holdings.map((holding) => [holding.state.name, heldForm(builder, holding)] as const),
  );
  const results = [
    ...step.outputs.map(({ node }) => node),
    ...[...changes.values()].flatMap(nodesOf),
  ];
  const distributor = new Distributor(builder, results, held);
  const next = new Map(step.outputs.map(({ name, node }) => [name, node]));
  const isSmooth = ({ name }: Slot): boolean => !program.discrete.includes(name);
  const states = program.states.flatMap((state): HeldState[] => {
    const holding = holdings.find((each) => each.state === state);
    if (holding) {
      return advance(distributor, holding, changes.get(state.name)!, isSmooth(state));
    }
    const node = distributor.value(next.get(state.name)!);
    return [{ ...state, role: 'kept', next: node, isSmooth: isSmooth(state) }];
  });
  const observed = program.observed.map(({ name }) => ({
    name,
    node: distributor.value(next.get(name)!),
  }));
  return { builder, holdings, states, observed };
}

/** The matrix of the program, as a sum over what is held. */
export function heldForm(b: GraphBuilder, holding: Holding): MatrixForm {
  const { state, held, decay, lazy } = holding;
  const forms = new MatrixForms(b);
  const outers = lazy.map(({ name, side, unchanging, shape }) => {
    const fixed = b.adopt(unchanging, new Map());
    const changing = b.input(name, shape);
    return side === 'left' ? { left: fixed, right: changing } : { left: changing, right: fixed };
  });
  const sum = { ...forms.whole(b.input(held, state.shape)), outers };
  return decay === undefined ? sum : forms.scaled(sum, b.input(decay, [1, 1]));
}

function holdingOf({ state, scale, fixed }: MatrixChange, plain: Distributor): Holding {
  const { name } = state;
  return {
    state,
    held: `held ${name}`,
    decay: scale && isNumber(scale) ? decayOf(name) : undefined,
    lazy: fixed.map(({ side, unchanging, changing }, k) => ({
      name: `lazy ${k + 1} of ${name}`,
      side,
      unchanging: plain.value(unchanging),
      shape: changing.shape,
    })),
  };
}

const decayOf = (name: string): string => `decay of ${name}`;

function nodesOf({ mask, scale, outers, fixed, rest }: MatrixChange): Node[] {
  return [
    ...(mask ? [mask] : []),
    ...(scale ? [scale] : []),
    ...outers.flatMap(({ left, right }) => [left, right]),
    ...fixed.map(({ changing }) => changing),
    ...rest.parts.keys(),
    ...rest.parts.values(),
  ];
}

/** What becomes of the held matrix, its decay and its lazy vectors. */
function advance(
  distributor: Distributor,
  { state, held, decay, lazy }: Holding,
  change: MatrixChange,
  isSmooth: boolean,
): HeldState[] {
  const { builder: b, forms } = distributor;
  const faded =
    decay === undefined
      ? undefined
      : b.multiply(distributor.value(change.scale!), b.input(decay, [1, 1]));
  // All that is added counts as decayed already.
  const scaled = (value: Node): Node =>
    faded ? b.multiply(b.unary('reciprocal', faded), value) : value;
  const matrix = b.input(held, state.shape);
  let form = forms.zero(state.shape);
  for (const [part, times] of change.rest.parts) {
    const rest = forms.scaled(distributor.form(part), scaled(distributor.value(times)));
    form = forms.add(form, rest);
  }
  for (const { left, right } of change.outers) {
    const outer = forms.outer(distributor.value(left), scaled(distributor.value(right)));
    form = forms.add(form, outer);
  }
  const mask = change.mask && distributor.value(change.mask);
  const factor = change.scale && !faded ? distributor.value(change.scale) : undefined;
  const existing = (sum: MatrixForm): Node => {
    const written = forms.written(sum);
    return mask ? b.select(mask, written, b.constant(0)) : written;
  };
  const changes = form.parts.size > 0 || form.outers.length > 0;
  const states: HeldState[] = [
    {
      name: held,
      shape: state.shape,
      role: 'rebuilt',
      next: existing(forms.add(forms.whole(b.multiply(factor ?? b.constant(1), matrix)), form)),
      ...(changes && { added: existing(form) }),
      ...(factor && { factor }),
      isSmooth,
    },
  ];
  if (decay !== undefined) {
    states.push({ name: decay, shape: [1, 1], role: 'decay', next: faded!, isSmooth });
  }
  if (factor) states.push(leastFactor(b, decayOf(state.name), factor));
  change.fixed.forEach(({ changing }, k) => {
    const { name, shape } = lazy[k]!;
    const next = b.add(b.input(name, shape), scaled(distributor.value(changing)));
    states.push({ name, shape, role: 'lazy', next, isSmooth });
  });
  return states;
}

/**
 * A bound on how much the rows or columns of a matrix have faded: the product of the smallest factors, of
 * those below 1. Nothing is computed from it.
 */
function leastFactor(b: GraphBuilder, name: string, factor: Node): HeldState {
  const inverse = b.unary('abs', b.unary('reciprocal', factor));
  const largest = b.max(b.max(inverse, 'rows'), 'columns');
  const bound = b.binary(
    'divide',
    b.input(name, [1, 1]),
    b.binary('maximum', largest, b.constant(1)),
  );
  return { name, shape: [1, 1], role: 'decay', next: bound, isSmooth: false };
}

import { GraphBuilder, isConstant } from '../builder.js';
import type { Graph, Node, Program, Slot } from '../ir.js';
import { Distributor } from './distribute.js';
import { needsEveryBit } from './exactness.js';
import type { MatrixForm } from './matrix-form.js';
import {
  collectOuters,
  collectTerms,
  type Outer,
  type OuterTerm,
  rankOf,
  termsApart,
  termsOf,
} from './outers.js';
import { isMatrix } from './vectors.js';

/**
 * How a matrix among the states changes in a step: to scale · itself + Σ leftᵀ right + the rest, where the
 * mask is not 0, and to 0 elsewhere.
 */
export interface MatrixChange {
  readonly state: Slot;
  /** A constant: where there are synapses; what there is none of starts at 0. Undefined: everywhere. */
  readonly mask: Node | undefined;
  /** A number; undefined: 1. */
  readonly scale: Node | undefined;
  readonly outers: readonly Outer[];
  /** Outer products one side of which depends on constants only. */
  readonly fixed: readonly FixedOuter[];
  /** A sum of matrices that can be found again from other matrices as they were before the step. */
  readonly rest: MatrixForm;
}

/** An outer product with a side that is the same in every step. */
export interface FixedOuter {
  readonly side: 'left' | 'right';
  readonly unchanging: Node;
  readonly changing: Node;
}

export interface FactoredStates {
  /** In terms of nodes of this builder, with the names of the step. */
  readonly builder: GraphBuilder;
  /** Those that change so; all other states are kept as they are. */
  readonly changes: ReadonlyMap<string, MatrixChange>;
  /** Why some matrices are not among them. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Finds the matrices that can be held as a number times a matrix that changes by outer products. With
 * `lazy` false none that fades, and no outer product is treated apart.
 */
export function factorStates(program: Program, step: Graph, lazy: boolean): FactoredStates {
  const builder = new GraphBuilder();
  const next = new Map(step.outputs.map(({ name, node }) => [name, node]));
  const distributor = new Distributor(
    builder,
    step.outputs.map(({ node }) => node),
  );
  const kinds = kindsOf(program);
  const changes = new Map<string, MatrixChange>();
  const reasons = new Map<string, string>();
  for (const state of program.states) {
    const input = builder.input(state.name, state.shape);
    if (!isMatrix(input)) continue;
    const { mask, inner } = unmasked(next.get(state.name)!, kinds);
    const form = distributor.form(inner);
    const scale = form.parts.get(input);
    const rest: MatrixForm = {
      shape: form.shape,
      parts: new Map([...form.parts].filter(([matrix]) => matrix !== input)),
      outers: [],
    };
    const reason = needsEveryBit(program.step, state.name)
      ? 'must be exact to the last bit'
      : reasonToKeep(scale, rest, input, lazy, kinds);
    if (reason) reasons.set(state.name, reason);
    else {
      const scaling = isConstant(scale!, 1) ? undefined : scale;
      changes.set(state.name, {
        state,
        mask: mask && distributor.value(mask),
        scale: scaling,
        // Beside a mask an outer product with an unchanging side is no vector.
        ...(lazy && !mask
          ? splitOuters(builder, form.outers, kinds)
          : { outers: collectOuters(builder, form.outers), fixed: [] }),
        rest,
      });
    }
  }
  for (const name of inCircles(changes)) {
    changes.delete(name);
    reasons.set(name, 'changes by what changes by it');
  }
  return { builder, changes, reasons };
}

/** What a matrix is where a constant mask is not 0; it is 0 elsewhere. */
function unmasked(
  node: Node,
  kinds: ReadonlyMap<string, Kind>,
): { readonly mask: Node | undefined; readonly inner: Node } {
  const { operation, operands } = node;
  const [mask, inner, otherwise] = operands as [Node, Node, Node];
  if (operation.op !== 'select' || !isConstant(otherwise, 0) || !isMatrix(mask)) {
    return { mask: undefined, inner: node };
  }
  if (!isUnchanging(mask, kinds)) return { mask: undefined, inner: node };
  const further = unmasked(inner, kinds);
  return further.mask === undefined || further.mask === mask
    ? { mask, inner: further.inner }
    : { mask, inner };
}

type Kind = 'parameter' | 'state' | 'constant' | 'step input';

function kindsOf(program: Program): ReadonlyMap<string, Kind> {
  const of = (names: readonly string[], kind: Kind): [string, Kind][] =>
    names.map((name) => [name, kind]);
  const namesOf = (slots: readonly Slot[]): string[] => slots.map(({ name }) => name);
  return new Map([
    ...of(program.parameters, 'parameter'),
    ...of(namesOf(program.states), 'state'),
    ...of(namesOf(program.constants), 'constant'),
    ...of(namesOf(program.stepInputs), 'step input'),
  ]);
}

function reasonToKeep(
  scale: Node | undefined,
  rest: MatrixForm,
  input: Node,
  lazy: boolean,
  kinds: ReadonlyMap<string, Kind>,
): string | undefined {
  if (!scale) return 'does not go on from its old value';
  const fades = !isConstant(scale, 1);
  if (fades && !lazy) return 'fades';
  if (fades && mayVanish(scale, kinds)) return 'may start again from nothing';
  if ([...rest.parts.keys()].some((part) => matricesIn(part).has(input))) {
    return 'changes by a function of itself';
  }
  return undefined;
}

/** Whether a number is likely to be exactly 0 in some step, by how it is computed. */
function mayVanish(node: Node, kinds: ReadonlyMap<string, Kind>): boolean {
  const { operation, operands } = node;
  const some = (): boolean => operands.some((operand) => mayVanish(operand, kinds));
  switch (operation.op) {
    case 'input':
      return !['parameter', 'constant'].includes(kinds.get(operation.name) ?? '');
    case 'constant':
      return operation.value === 0;
    case 'select':
      return operands.slice(1).some((operand) => mayVanish(operand, kinds));
    case 'unary':
      if (operation.fn === 'exp' || operation.fn === 'sigmoid') return false;
      return operation.fn === 'negate' || operation.fn === 'reciprocal' ? some() : true;
    case 'binary':
      if (operation.fn === 'add' || operation.fn === 'subtract') {
        return operands.every((operand) => mayVanish(operand, kinds));
      }
      return operation.fn === 'divide' || operation.fn === 'power'
        ? mayVanish(operands[0]!, kinds)
        : some();
    default:
      return true;
  }
}

/** Outer products with an unchanging side apart, if that leaves fewer that change the matrix. */
function splitOuters(
  b: GraphBuilder,
  outers: readonly Outer[],
  kinds: ReadonlyMap<string, Kind>,
): Pick<MatrixChange, 'outers' | 'fixed'> {
  const collected = collectOuters(b, outers);
  const sideOf = ({ left, right }: Outer): FixedOuter['side'] | undefined =>
    isUnchanging(left, kinds) ? 'left' : isUnchanging(right, kinds) ? 'right' : undefined;
  const rankWithout = (terms: readonly OuterTerm[]): number =>
    rankOf(terms.filter((term) => !sideOf(term)));
  const [whole, apart] = [termsOf(b, outers), termsApart(b, outers)];
  const terms = rankWithout(apart) < rankWithout(whole) ? apart : whole;
  const changing = terms.filter((term) => !sideOf(term));
  if (rankOf(changing) >= collected.length) return { outers: collected, fixed: [] };
  const fixed = new Map<Node, FixedOuter>();
  for (const { left, right, factor } of terms) {
    const side = sideOf({ left, right });
    if (!side) continue;
    const [unchanging, other] = side === 'left' ? [left, right] : [right, left];
    const share = b.multiply(factor, other);
    const had = fixed.get(unchanging);
    // The same vector may stand on the left of one and on the right of another.
    if (had && had.side !== side) return { outers: collected, fixed: [] };
    const sum = had ? b.add(had.changing, share) : share;
    fixed.set(unchanging, { side, unchanging, changing: sum });
  }
  return { outers: collectTerms(b, changing), fixed: [...fixed.values()] };
}

function isUnchanging(node: Node, kinds: ReadonlyMap<string, Kind>): boolean {
  const { operation, operands } = node;
  if (operation.op === 'input') return kinds.get(operation.name) === 'constant';
  return operands.every((operand) => isUnchanging(operand, kinds));
}

/** The matrices among the inputs that a matrix is computed from synapse by synapse. */
export function matricesIn(node: Node): Set<Node> {
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (each: Node): void => {
    if (seen.has(each) || !isMatrix(each)) return;
    seen.add(each);
    if (each.operation.op === 'input') found.add(each);
    each.operands.forEach(visit);
  };
  visit(node);
  return found;
}

/** Matrices that could only be found again one from the other. */
function inCircles(changes: ReadonlyMap<string, MatrixChange>): string[] {
  const needs = new Map(
    [...changes].map(([name, { rest }]) => [
      name,
      new Set(
        [...rest.parts.keys()]
          .flatMap((part) => [...matricesIn(part)])
          .flatMap(({ operation }) => (operation.op === 'input' ? [operation.name] : [])),
      ),
    ]),
  );
  const open = new Set(changes.keys());
  const kept: string[] = [];
  while (open.size > 0) {
    const free = [...open].find((name) => ![...needs.get(name)!].some((other) => open.has(other)));
    const next = free ?? [...open][0]!;
    if (free === undefined) kept.push(next);
    open.delete(next);
  }
  return kept;
}

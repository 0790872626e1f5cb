import { GraphBuilder, isConstant, isNumber } from '../builder.js';
import type { Graph, Node, Program, Slot } from '../ir.js';
import { Distributor } from './distribute.js';
import { needsEveryBit } from './exactness.js';
import { type FixedOuter, splitOuters } from './fixed-outers.js';
import { linearParts, matricesIn } from './linear.js';
import { type MatrixForm, MatrixForms } from './matrix-form.js';
import { Origins } from './origins.js';
import { collectOuters, type Outer } from './outers.js';
import { isMatrix } from './vectors.js';

/**
 * How a matrix among the states changes in a step: to scale · itself + Σ leftᵀ right + the rest, where the
 * mask is not 0, and to 0 elsewhere.
 */
export interface MatrixChange {
  readonly state: Slot;
  /** A constant: where there are synapses; what there is none of starts at 0. Undefined: everywhere. */
  readonly mask: Node | undefined;
  /** A number, or a vector for rows or columns that fade each at its own rate; undefined: 1. */
  readonly scale: Node | undefined;
  readonly outers: readonly Outer[];
  /** Outer products one side of which depends on constants only. */
  readonly fixed: readonly FixedOuter[];
  /** A sum of matrices that can be found again from other matrices as they were before the step. */
  readonly rest: MatrixForm;
}

export interface FactoredStates {
  /** Those that change so, in terms of the names of the step; all other states are kept as they are. */
  readonly changes: ReadonlyMap<string, MatrixChange>;
  /** Why some matrices are not among them. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Finds the matrices that can be found again from what they become: those that change by outer products
 * and by other matrices, and fade by numbers or vectors that are not 0. With `lazy` false none that
 * fades, and no outer product is treated apart.
 */
export function factorStates(program: Program, step: Graph, lazy: boolean): FactoredStates {
  const results = new Map(step.outputs.map(({ name, node }) => [name, node]));
  const factoring = new Factoring(program, [...results.values()], lazy);
  const changes = new Map<string, MatrixChange>();
  const reasons = new Map<string, string>();
  for (const state of program.states) {
    const next = results.get(state.name)!;
    if (!isMatrix(next)) continue;
    const found = needsEveryBit(program.step, state.name)
      ? 'must be exact to the last bit'
      : factoring.changeOf(state, next);
    if (typeof found === 'string') reasons.set(state.name, found);
    else changes.set(state.name, found);
  }
  for (const name of inCircles(changes)) {
    changes.delete(name);
    reasons.set(name, 'changes by what changes by it');
  }
  return { changes, reasons };
}

class Factoring {
  private readonly b = new GraphBuilder();
  private readonly forms = new MatrixForms(this.b);
  private readonly distributor: Distributor;
  /** For what has been copied already. */
  private readonly again = new Distributor(this.b, []);
  private readonly origins: Origins;
  private readonly lazy: boolean;

  constructor(program: Program, results: readonly Node[], lazy: boolean) {
    this.distributor = new Distributor(this.b, results);
    this.origins = new Origins(program);
    this.lazy = lazy;
  }

  /** The change of a matrix, or why it has to be kept. */
  changeOf(state: Slot, next: Node): MatrixChange | string {
    const { b, forms, origins, lazy } = this;
    const { mask, inner } = this.unmasked(next);
    const matrix = b.input(state.name, state.shape);
    let scale = b.constant(0);
    const form = this.distributor.form(inner);
    let rest: MatrixForm = { ...form, parts: new Map() };
    for (const [part, factor] of form.parts) {
      const split = linearParts(b, part, matrix);
      if (!split) return 'changes by a function of itself';
      if (split.scale) scale = b.add(scale, b.multiply(factor, split.scale));
      if (split.rest) rest = forms.add(rest, forms.scaled(this.again.form(split.rest), factor));
    }
    if (isConstant(scale, 0)) return 'does not go on from its old value';
    const fades = !isConstant(scale, 1);
    if (fades && !lazy) return 'fades';
    if (fades && isMatrix(scale)) return 'fades in each synapse at another rate';
    if (fades && origins.mayVanish(scale)) return 'may start again from nothing';
    // Only what counts for the whole matrix goes beside a vector that stands for an outer product.
    const isPlain = lazy && !mask && (!fades || isNumber(scale));
    const { outers, ...others } = rest;
    return {
      state,
      mask: mask && this.distributor.value(mask),
      scale: fades ? scale : undefined,
      ...(isPlain
        ? splitOuters(b, outers, origins)
        : { outers: collectOuters(b, outers), fixed: [] }),
      rest: { ...others, outers: [] },
    };
  }

  /** What a matrix is where a constant mask is not 0; it is 0 elsewhere. */
  private unmasked(node: Node): { readonly mask: Node | undefined; readonly inner: Node } {
    const whole = { mask: undefined, inner: node };
    const [mask, inner, otherwise] = node.operands as [Node, Node, Node];
    if (node.operation.op !== 'select' || !isConstant(otherwise, 0)) return whole;
    if (!isMatrix(mask) || !this.origins.isConstant(mask)) return whole;
    const further = this.unmasked(inner);
    const isSame = further.mask === undefined || further.mask === mask;
    return { mask, inner: isSame ? further.inner : inner };
  }
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

import type { Where } from '../base/diagnostics/diagnostic.js';
import { boundTooLarge, growingChoice, tooManyDerivations } from '../base/diagnostics/enumerate.js';
import { EngrammarError } from '../base/result.js';
import type { Expression } from '../language/ast.js';
import { partsOf, withParts } from '../language/check/walk.js';
import type { CheckedSpace } from '../language/checked.js';
import { printExpression } from '../language/print.js';
import { signalNamed } from '../language/signals.js';
import {
  type ChoiceUse,
  choicesReferringToThemselves,
  choiceUse,
  substitute,
} from './derive-choices.js';
import { normalForm } from './normal-form.js';

/** More ways of choosing than this are refused. */
export const MOST_DERIVATIONS = 1_000_000;
/** Fewer where a choice refers to itself: there each is compared with all before on the way. */
const MOST_COMPARED = 200_000;
/** A choice with different formals counts as a different one; more of them than this are refused. */
const MOST_INSTANCES = 5_000;
/** Formals longer than this, as text, grow without end. */
const LONGEST_USE = 2_000;

/** A larger `keep complexity` is refused where a choice refers to itself. */
const LARGEST_BOUND = 200;

/** One way of choosing. */
export interface Derivation {
  readonly expression: Expression;
  /** The numbers of the alternatives chosen, from left to right: sorts derivations in their order. */
  readonly path: string;
}

/** A use of a choice with its formals replaced. Uses with the same text share one. */
interface Instance {
  readonly name: string;
  readonly alternatives: readonly Expression[];
  readonly bySize: Map<number, readonly Derivation[]>;
  /** Normal forms derived so far, for choices that refer to themselves. */
  readonly known: Set<string> | null;
  /** Place on the stack of what is being derived, by size. */
  readonly open: Map<number, number>;
  extent: Reach | null;
}

/** How much there is to derive. */
interface Reach {
  /** A choice that refers to itself is among it: only the space's bound ends it. */
  readonly endless: boolean;
  readonly derivations: number;
  /** The largest complexity as derived. */
  readonly largest: number;
}

const ENDLESS: Reach = {
  endless: true,
  derivations: Number.POSITIVE_INFINITY,
  largest: Number.POSITIVE_INFINITY,
};

const either = (a: Reach, b: Reach): Reach => ({
  endless: a.endless || b.endless,
  derivations: a.derivations + b.derivations,
  largest: Math.max(a.largest, b.largest),
});

const both = (a: Reach, b: Reach): Reach => ({
  endless: a.endless || b.endless,
  derivations: a.derivations * b.derivations,
  largest: a.largest + b.largest,
});

function inOrder(derivations: readonly Derivation[]): Derivation[] {
  return [...derivations].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function tooMany(most: number): EngrammarError {
  return new EngrammarError(tooManyDerivations({ derived: Number.POSITIVE_INFINITY, most }));
}

const NONE: readonly Derivation[] = [];

/**
 * Derives all ways of choosing from expressions of one space, smaller ones first: what has been
 * derived of a size is kept and used again, so that choices may refer to themselves. There, of
 * derivations that are equal only the smallest goes on, else the same products would come back in
 * every order and bracketing.
 */
export class Deriver {
  private readonly space: CheckedSpace;
  private readonly recursive: ReadonlySet<string>;
  private readonly instances = new Map<string, Instance>();
  private readonly kept = new WeakMap<Expression, Map<number, readonly Derivation[]>>();
  private readonly fixed = new WeakMap<Expression, number>();
  private depth = 0;
  /** The lowest place on the stack that a derivation came back to; what rests on it is not kept. */
  private lowest = Number.POSITIVE_INFINITY;
  private made = 0;
  private compared = 0;

  constructor(space: CheckedSpace) {
    this.space = space;
    this.recursive = choicesReferringToThemselves(space.choices);
  }

  /**
   * Every way of choosing in `expression`, leftmost choice slowest. Where a choice refers to itself,
   * only those whose complexity as derived is within the space's bound.
   * Throws an `EngrammarError` when there are more than `MOST_DERIVATIONS`.
   */
  derive(expression: Expression): Derivation[] {
    const { endless, derivations, largest } = this.reach(expression);
    if (!endless && derivations > MOST_DERIVATIONS) {
      throw new EngrammarError(
        tooManyDerivations({ derived: derivations, most: MOST_DERIVATIONS }, this.at(expression)),
      );
    }
    const most = endless ? this.boundOf(expression) : largest;
    const all: Derivation[] = [];
    for (let size = 0; size <= most; size++) {
      for (const derivation of this.ofSize(expression, size)) all.push(derivation);
    }
    return inOrder(all);
  }

  private boundOf(expression: Expression): number {
    const bound = this.space.limits.complexity ?? 0;
    if (bound <= LARGEST_BOUND) return bound;
    throw new EngrammarError(boundTooLarge({ bound, most: LARGEST_BOUND }, this.at(expression)));
  }

  private at({ span }: Expression): Where {
    return { source: this.space.source, span };
  }

  private reach(expression: Expression): Reach {
    const use = choiceUse(expression, this.space.choices);
    if (use) {
      if (this.recursive.has(use.choice.name)) return ENDLESS;
      const instance = this.instanceOf(use);
      instance.extent ??= instance.alternatives.map((each) => this.reach(each)).reduce(either);
      return instance.extent;
    }
    const own = { endless: false, derivations: 1, largest: this.ownSize(expression) };
    return partsOf(expression)
      .map((part) => this.reach(part))
      .reduce(both, own);
  }

  /** Names other than parameters and spikes, sums, functions and ifs count one each (docs/language.md §12). */
  private ownSize(expression: Expression): number {
    if (expression.kind === 'call' || expression.kind === 'if') return 1;
    if (expression.kind !== 'name') return 0;
    const { name, member } = expression;
    const { parameters, table } = this.space.scope;
    const whole = member === null ? name : `${name}.${member}`;
    const isSpike = signalNamed(table, whole)?.event === true;
    return isSpike || (member === null && parameters.has(name)) ? 0 : 1;
  }

  private ofSize(expression: Expression, size: number): readonly Derivation[] {
    if (size < 0) return NONE;
    const fixed = this.fixedSize(expression);
    if (fixed >= 0) return fixed === size ? [{ expression, path: '' }] : NONE;
    const use = choiceUse(expression, this.space.choices);
    if (use) return this.ofChoice(this.instanceOf(use), size);
    let sizes = this.kept.get(expression);
    if (!sizes) {
      sizes = new Map();
      this.kept.set(expression, sizes);
    }
    const had = sizes.get(size);
    if (had) return had;
    const outer = this.lowest;
    this.lowest = Number.POSITIVE_INFINITY;
    const found = this.ofParts(expression, size - this.ownSize(expression));
    if (this.lowest === Number.POSITIVE_INFINITY) sizes.set(size, found);
    this.lowest = Math.min(outer, this.lowest);
    return found;
  }

  /** The size of an expression without choices, −1 for one with choices. */
  private fixedSize(expression: Expression): number {
    let size = this.fixed.get(expression);
    if (size !== undefined) return size;
    size = choiceUse(expression, this.space.choices) ? -1 : this.ownSize(expression);
    for (const part of partsOf(expression)) {
      const own = this.fixedSize(part);
      size = size < 0 || own < 0 ? -1 : size + own;
    }
    this.fixed.set(expression, size);
    return size;
  }

  /** Ways of sharing a size among the parts, each part's ways of choosing multiplied. */
  private ofParts(expression: Expression, size: number): readonly Derivation[] {
    const parts = partsOf(expression);
    const found: Derivation[] = [];
    const chosen: Expression[] = [];
    const choose = (index: number, left: number, path: string): void => {
      const part = parts[index]!;
      const last = index === parts.length - 1;
      const fixed = this.fixedSize(part);
      const [from, to] = fixed >= 0 ? [fixed, Math.min(fixed, left)] : [last ? left : 0, left];
      for (let own = from; own <= to; own++) {
        if (last && own !== left) continue;
        for (const derivation of this.ofSize(part, own)) {
          chosen[index] = derivation.expression;
          const soFar = path + derivation.path;
          if (last) found.push({ expression: this.withChosen(expression, chosen), path: soFar });
          else choose(index + 1, left - own, soFar);
        }
      }
    };
    if (size >= 0) choose(0, size, '');
    return found;
  }

  private withChosen(expression: Expression, chosen: readonly Expression[]): Expression {
    this.made += 1;
    if (this.made > 4 * MOST_DERIVATIONS) {
      throw tooMany(MOST_DERIVATIONS);
    }
    let index = 0;
    return withParts(expression, () => chosen[index++]!);
  }

  private ofChoice(instance: Instance, size: number): readonly Derivation[] {
    const had = instance.bySize.get(size);
    if (had) return had;
    const place = instance.open.get(size);
    if (place !== undefined) {
      // A circle that adds nothing, as `1 * x` for x: what it derives is derived without it too.
      this.lowest = Math.min(this.lowest, place);
      return NONE;
    }
    if (instance.known)
      for (let smaller = 0; smaller < size; smaller++) this.ofChoice(instance, smaller);
    const outer = this.lowest;
    this.lowest = Number.POSITIVE_INFINITY;
    this.depth += 1;
    const own = this.depth;
    instance.open.set(size, own);
    const all = this.fromAlternatives(instance, size);
    instance.open.delete(size);
    this.depth -= 1;
    const whole = this.lowest >= own;
    this.lowest = whole ? outer : Math.min(outer, this.lowest);
    // What rests on a circle still open is not all there is of this size; it is derived again later.
    if (!whole) return all;
    const found = instance.known ? this.newOnes(all, instance.known) : all;
    instance.bySize.set(size, found);
    return found;
  }

  private fromAlternatives({ alternatives }: Instance, size: number): readonly Derivation[] {
    return alternatives.flatMap((alternative, number) => {
      const step = String.fromCharCode(number + 1);
      return this.ofSize(alternative, size).map(({ expression, path }) => ({
        expression,
        path: step + path,
      }));
    });
  }

  /** Those that are equal to none before; `known` learns them. */
  private newOnes(found: readonly Derivation[], known: Set<string>): readonly Derivation[] {
    this.compared += found.length;
    if (this.compared > MOST_COMPARED) throw tooMany(MOST_COMPARED);
    return inOrder(found).filter(({ expression, path }) => {
      const key = this.keyOf(expression) ?? path;
      if (known.has(key)) return false;
      known.add(key);
      return true;
    });
  }

  /** null for what has no normal form: whoever asked for the derivations will find out why. */
  private keyOf(expression: Expression): string | null {
    try {
      return normalForm(expression, this.space.scope).key;
    } catch (error) {
      if (error instanceof EngrammarError) return null;
      throw error;
    }
  }

  private instanceOf(use: ChoiceUse): Instance {
    const { choice, args } = use;
    const text =
      args.length === 0 ? choice.name : `${choice.name}(${args.map(printExpression).join(', ')})`;
    let instance = this.instances.get(text);
    if (instance) return instance;
    if (text.length > LONGEST_USE || this.instances.size > MOST_INSTANCES) {
      throw new EngrammarError(
        growingChoice(
          { choice: choice.name },
          { source: this.space.source, span: choice.nameSpan },
        ),
      );
    }
    const actual = new Map(choice.formals.map((formal, i) => [formal, args[i]!]));
    instance = {
      name: choice.name,
      alternatives: choice.alternatives.map((each) => substitute(each, actual)),
      bySize: new Map(),
      known: this.recursive.has(choice.name) ? new Set() : null,
      open: new Map(),
      extent: null,
    };
    this.instances.set(text, instance);
    return instance;
  }
}

import type { Expression, Measure, Rule, RuleLine } from '../../../src/language/ast.js';

/**
 * What the text of a rule says, looked up by name, with nothing worked out: the literal interpreter's
 * view of a rule. Written from the definition of the language alone.
 */

export type MemoryText = Extract<
  RuleLine,
  { kind: 'trace' | 'average' | 'state' | 'whiten' | 'draw' }
>;
export type ChangeText = Extract<RuleLine, { kind: 'change' }>;
type NameText = Extract<Expression, { kind: 'name' }>;

/** What a quantity has one value of; an empty set: one for the projection. */
export type Sides = ReadonlySet<'pre' | 'post'>;

const SIGNAL =
  /^(w|w\.noise|dt|reward|cost|gain|sample_weight|(pre|post)(\.(input|slope|spike|voltage|plateau|noise|partner|feedback|error|target|size))?)$/;

/** `pre`, `post.error`: a name with its member. */
export const fullName = (name: Pick<NameText, 'name' | 'member'>): string =>
  name.member === null ? name.name : `${name.name}.${name.member}`;

export const isSpikeName = (name: string): boolean => name === 'pre.spike' || name === 'post.spike';

/** The sides a signal has values on, as its name says. */
function sidesOfSignal(name: string): Sides {
  if (name === 'w' || name === 'w.noise') return new Set(['pre', 'post']);
  if (name.endsWith('.size')) return new Set();
  if (name.startsWith('pre')) return new Set(['pre']);
  return name.startsWith('post') ? new Set(['post']) : new Set();
}

export class RuleText {
  readonly lines: readonly RuleLine[];
  readonly memories: readonly MemoryText[];
  readonly changes: readonly ChangeText[];
  private readonly lets = new Map<string, Expression>();
  private readonly scopes = new Map<string, string | null>();
  private readonly measures = new Map<string, Measure>();
  private readonly sidesOfMemory = new Map<string, Sides>();

  constructor(rule: Rule) {
    this.lines = rule.lines;
    this.memories = rule.lines.filter((line): line is MemoryText =>
      ['trace', 'average', 'state', 'whiten', 'draw'].includes(line.kind),
    );
    this.changes = rule.lines.filter((line): line is ChangeText => line.kind === 'change');
    for (const line of rule.lines) {
      if (line.kind === 'let') this.lets.set(line.name, line.value);
      if (line.kind !== 'param') continue;
      for (const { name, scope, value } of line.definitions) {
        this.scopes.set(name, scope);
        this.measures.set(name, value);
      }
    }
    this.inferSides();
  }

  letValue(name: string): Expression | undefined {
    return this.lets.get(name);
  }

  parameterDefault(name: string): Measure | undefined {
    return this.measures.get(name);
  }

  isMemory(name: string): boolean {
    return this.memories.some((line) => line.name === name);
  }

  /** Signals have names of their own: no line of a rule may take one. */
  isSignal(name: NameText): boolean {
    return SIGNAL.test(fullName(name));
  }

  memorySides(name: string): Sides {
    return this.sidesOfMemory.get(name) ?? new Set();
  }

  /** Made of spikes (§9): spikes, sums of spikes, products with spikes, and what chooses between them. */
  isSpikes(e: Expression): boolean {
    switch (e.kind) {
      case 'number':
        return false;
      case 'name': {
        const value = e.member === null ? this.lets.get(e.name) : undefined;
        return value ? this.isSpikes(value) : isSpikeName(fullName(e));
      }
      case 'negate':
        return this.isSpikes(e.operand);
      case 'call':
        return /^(sum|mean)_/.test(e.callee) && this.isSpikes(e.args[0]!);
      case 'if':
        return this.areSpikesOrNothing(e.then, e.otherwise);
      case 'binary':
        if (e.operator === '*') return this.isSpikes(e.left) || this.isSpikes(e.right);
        if (e.operator === '/') return this.isSpikes(e.left);
        return e.operator !== '^' && this.areSpikesOrNothing(e.left, e.right);
    }
  }

  /** Both are spikes, or one is and the other is written 0. */
  private areSpikesOrNothing(a: Expression, b: Expression): boolean {
    const isZero = (e: Expression): boolean => e.kind === 'number' && e.measure.number === 0;
    const [first, second] = [this.isSpikes(a), this.isSpikes(b)];
    return (first && (second || isZero(b))) || (second && isZero(a));
  }

  /** The extent of an expression: the union of its parts' (§5). */
  sides(e: Expression): Sides {
    switch (e.kind) {
      case 'number':
        return new Set();
      case 'name':
        return this.sidesOfName(e);
      case 'negate':
        return this.sides(e.operand);
      case 'binary':
        return join(this.sides(e.left), this.sides(e.right));
      case 'if':
        return join(
          this.sidesOfCondition(e.condition),
          join(this.sides(e.then), this.sides(e.otherwise)),
        );
      case 'call':
        if (e.callee === 'sum_upto_post') return new Set(['pre', 'post']);
        if (/^(sum|mean|max)_all$/.test(e.callee)) return new Set();
        if (/^(sum|mean|max)_pre$/.test(e.callee)) return new Set(['post']);
        if (/^(sum|mean|max)_post$/.test(e.callee)) return new Set(['pre']);
        return e.args.map((arg) => this.sides(arg)).reduce(join);
    }
  }

  private sidesOfName(e: NameText): Sides {
    if (this.isSignal(e)) return sidesOfSignal(fullName(e));
    const value = this.lets.get(e.name);
    if (value) return this.sides(value);
    const scope = this.scopes.get(e.name);
    if (scope !== undefined) return sidesOfScope(scope);
    return this.memorySides(e.name);
  }

  private sidesOfCondition(c: Extract<Expression, { kind: 'if' }>['condition']): Sides {
    if (c.kind === 'compare') return join(this.sides(c.left), this.sides(c.right));
    return join(this.sidesOfCondition(c.left), this.sidesOfCondition(c.right));
  }

  /** Memories may read one another: widened until nothing changes. */
  private inferSides(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const line of this.memories) {
        const sides = this.sidesOfLine(line);
        if (sides.size !== this.memorySides(line.name).size) changed = true;
        this.sidesOfMemory.set(line.name, sides);
      }
    }
  }

  private sidesOfLine(line: MemoryText): Sides {
    const events = line.clauses.flatMap((clause) =>
      clause.kind === 'on' ? [sidesOfSignal(fullName(clause.event))] : [],
    );
    if (line.kind === 'draw') return [sidesOfScope(line.scope), ...events].reduce(join);
    const parts: (Expression | null)[] = [line.value];
    if (line.kind === 'trace' || line.kind === 'average') {
      parts.push(line.fading?.value ?? null, line.from);
    }
    if (line.kind === 'state') parts.push(line.start);
    if (line.kind !== 'whiten' && line.since && isSpikeName(fullName(line.since))) {
      events.push(sidesOfSignal(fullName(line.since)));
    }
    const read = parts.flatMap((part) => (part ? [this.sides(part)] : []));
    return [...read, ...events].reduce(join);
  }
}

function sidesOfScope(scope: string | null): Sides {
  if (scope === 'pre' || scope === 'post') return new Set([scope]);
  return scope === 'synapse' ? new Set(['pre', 'post']) : new Set();
}

function join(a: Sides, b: Sides): Sides {
  return new Set([...a, ...b]);
}

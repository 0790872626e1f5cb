import type { ChoiceLine, Expression } from '../language/ast.js';
import { visit, withParts } from '../language/check/walk.js';

type Choices = ReadonlyMap<string, ChoiceLine>;

/** A place where a choice is to be made. */
export interface ChoiceUse {
  readonly choice: ChoiceLine;
  readonly args: readonly Expression[];
}

/** The choice that an expression stands for, or null. */
export function choiceUse(expression: Expression, choices: Choices): ChoiceUse | null {
  if (expression.kind === 'call') {
    const choice = choices.get(expression.callee);
    return choice ? { choice, args: expression.args } : null;
  }
  if (expression.kind !== 'name' || expression.member !== null) return null;
  const choice = choices.get(expression.name);
  return choice ? { choice, args: [] } : null;
}

/**
 * The expression with formals replaced by what is written at the use. Before a dot a formal stands
 * for `pre` or `post` (the checker saw to that); a moment written after it stays.
 */
export function substitute(
  expression: Expression,
  actual: ReadonlyMap<string, Expression>,
): Expression {
  if (actual.size === 0) return expression;
  const replace = (node: Expression): Expression => {
    if (node.kind !== 'name') return withParts(node, replace);
    const value = actual.get(node.name);
    if (!value) return node;
    if (value.kind !== 'name') return value;
    return { ...value, member: node.member ?? value.member, moment: node.moment ?? value.moment };
  };
  return replace(expression);
}

/** Names of the choices that can be reached from themselves. */
export function choicesReferringToThemselves(choices: Choices): ReadonlySet<string> {
  const uses = new Map<string, Set<string>>();
  for (const { name, alternatives } of choices.values()) {
    const found = new Set<string>();
    for (const alternative of alternatives) {
      visit(alternative, (node) => {
        const use = choiceUse(node, choices);
        if (use) found.add(use.choice.name);
      });
    }
    uses.set(name, found);
  }
  return new Set([...uses.keys()].filter((name) => reaches(name, name, uses)));
}

function reaches(
  from: string,
  goal: string,
  uses: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const seen = new Set<string>();
  const waiting = [...(uses.get(from) ?? [])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === goal) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(uses.get(name) ?? []));
  }
  return false;
}

/** Without the factors and divisors 1 that choices such as `1 | w` leave behind: `1 * pre * 1` is `pre`. */
export function withoutOnes(expression: Expression): Expression {
  const inner = withParts(expression, withoutOnes);
  if (inner.kind !== 'binary') return inner;
  const { operator, left, right } = inner;
  if ((operator === '*' || operator === '/') && isOne(right)) return left;
  if (operator === '*' && isOne(left)) return right;
  return inner;
}

function isOne(expression: Expression): boolean {
  if (expression.kind !== 'number') return false;
  const { text, unit, per } = expression.measure;
  return text === '1' && unit === null && per.length === 0;
}

import type { Expression, IfExpression } from '../ast.js';
import type { Scope } from '../checked.js';
import { reductionNamed } from '../functions.js';
import { type SignalTable, signalNamed } from '../signals.js';
import { fullName } from './names.js';
import { conditionWith, withParts } from './walk.js';
import { writtenValue } from './written-value.js';

/**
 * The expression with every read of memory saying which value is meant: `x@before` where memory is
 * next to a spike (docs/language.md §6), `x` where the present value is meant. Lets and choices must
 * have been replaced; what is written `@before` stays so. Tagging twice changes nothing.
 *
 * @param nextToSpike whether the whole expression is: a line `on` a spike
 */
export function tagReads(
  expression: Expression,
  scope: Pick<Scope, 'table' | 'memories'>,
  nextToSpike: boolean,
): Expression {
  return tag(expression, scope.table, new Set(scope.memories.keys()), null, nextToSpike);
}

/** As `tagReads`; a memory's `own` name is its old value wherever it stands in its own line. */
export function tag(
  expression: Expression,
  table: SignalTable,
  memories: ReadonlySet<string>,
  own: string | null,
  nextToSpike: boolean,
): Expression {
  if (memories.size === 0) return expression;
  const spikes = spikeFinder(table);
  const walk = (node: Expression, before: boolean): Expression => {
    switch (node.kind) {
      case 'name': {
        const unsaid = node.member === null && node.moment === null && memories.has(node.name);
        if (!unsaid || !(before || node.name === own)) return node;
        return { ...node, moment: { kind: 'named', name: 'before' } };
      }
      case 'binary': {
        if (node.operator !== '*' && node.operator !== '/') break;
        const left = walk(node.left, before || spikes(node.right));
        const right = walk(node.right, before || spikes(node.left));
        return left === node.left && right === node.right ? node : { ...node, left, right };
      }
      case 'if': {
        const inside = before || spikes(node);
        const condition = conditionWith(node.condition, (part) => walk(part, inside));
        const then = walk(node.then, inside);
        const otherwise = walk(node.otherwise, inside);
        return { ...node, condition, then, otherwise };
      }
    }
    return withParts(node, (part) => walk(part, before));
  };
  return walk(expression, nextToSpike);
}

/** Whether an expression is made of spikes: a spike, a product with one, a sum or `if` of such. */
function spikeFinder(table: SignalTable): (expression: Expression) => boolean {
  const known = new Map<Expression, boolean>();
  const find = (node: Expression): boolean => {
    switch (node.kind) {
      case 'number':
        return false;
      case 'name':
        return signalNamed(table, fullName(node))?.event ?? false;
      case 'negate':
        return spikes(node.operand);
      case 'call':
        return reductionNamed(node.callee) !== undefined && node.args.some(spikes);
      case 'if':
        return allOrZero(node);
      case 'binary':
        if (node.operator === '^') return false;
        if (node.operator === '*') return spikes(node.left) || spikes(node.right);
        if (node.operator === '/') return spikes(node.left);
        return fits(node.left, node.right);
    }
  };
  const fits = (a: Expression, b: Expression): boolean =>
    spikes(a) ? spikes(b) || literal(b) === 0 : spikes(b) && literal(a) === 0;
  const allOrZero = ({ then, otherwise }: IfExpression): boolean => fits(then, otherwise);
  const spikes = (node: Expression): boolean => {
    let found = known.get(node);
    if (found === undefined) {
      found = find(node);
      known.set(node, found);
    }
    return found;
  };
  return spikes;
}

/** The value of an expression of numbers alone; null for any other. */
const literal = (node: Expression): number | null => writtenValue(node);

import type { Expression, LetLine } from '../ast.js';
import { partsOf, visit, withParts } from './walk.js';

export type Lets = ReadonlyMap<string, LetLine>;

/** Parts of an expression with its lets written out. */
export const MOST_PARTS = 20_000;

/**
 * The expression with every let's text in the place of its name, as if it had been written there. The
 * lets must not be in a circle (`sortLets`) nor too large (`sizeWithLets`).
 */
export function replaceLets(expression: Expression, lets: Lets): Expression {
  if (lets.size === 0) return expression;
  const done = new Map<string, Expression>();
  const replace = (node: Expression): Expression => {
    const line = letIn(node, lets);
    if (!line) return withParts(node, replace);
    let value = done.get(line.name);
    if (!value) {
      value = replace(line.value);
      done.set(line.name, value);
    }
    return value;
  };
  return replace(expression);
}

function letIn(node: Expression, lets: Lets): LetLine | undefined {
  if (node.kind !== 'name' || node.member !== null || node.moment !== null) return undefined;
  return lets.get(node.name);
}

/** Whether a let among these is named in the expression. */
export function needsOneOf(
  expression: Expression,
  lets: Lets,
  these: ReadonlySet<string>,
): boolean {
  let found = false;
  visit(expression, (node) => {
    const line = letIn(node, lets);
    found ||= line !== undefined && these.has(line.name);
  });
  return found;
}

/** Size of a tree: its nodes, and the longest way down. */
export interface TreeSize {
  readonly parts: number;
  readonly depth: number;
}

/** The size of an expression with its lets written out, from the sizes of the lets, without writing them out. */
export function sizeWithLets(
  expression: Expression,
  lets: Lets,
  sizes: ReadonlyMap<string, TreeSize>,
): TreeSize {
  const line = letIn(expression, lets);
  if (line) return sizes.get(line.name) ?? { parts: 1, depth: 1 };
  let parts = 1;
  let depth = 0;
  for (const part of partsOf(expression)) {
    const size = sizeWithLets(part, lets, sizes);
    parts += size.parts;
    depth = Math.max(depth, size.depth);
  }
  return { parts, depth: depth + 1 };
}

/** Lets sorted so that each comes after those it uses, and the circles among them. */
export function sortLets(lets: Lets): { order: LetLine[]; circles: string[][] } {
  const uses = new Map<string, readonly string[]>();
  for (const line of lets.values()) {
    const found = new Set<string>();
    visit(line.value, (node) => {
      const used = letIn(node, lets);
      if (used) found.add(used.name);
    });
    uses.set(line.name, [...found]);
  }
  const { order, circles } = sortNames(uses);
  return { order: order.map((name) => lets.get(name)!), circles };
}

/**
 * Names sorted so that each comes after those it uses, and the circles, each once as the names along
 * it. Not recursive: chains may be long.
 */
export function sortNames(uses: ReadonlyMap<string, readonly string[]>): {
  order: string[];
  circles: string[][];
} {
  const found: string[][] = [];
  const finished = new Set<string>();
  for (const start of uses.keys()) {
    if (finished.has(start)) continue;
    const path = [{ name: start, next: 0 }];
    const onPath = new Set([start]);
    while (path.length > 0) {
      const here = path.at(-1)!;
      const name = uses.get(here.name)?.[here.next];
      here.next += 1;
      if (name === undefined) {
        path.pop();
        onPath.delete(here.name);
        finished.add(here.name);
      } else if (onPath.has(name)) {
        const names = path.map((step) => step.name);
        found.push([...names.slice(names.indexOf(name)), name]);
      } else if (!finished.has(name)) {
        path.push({ name, next: 0 });
        onPath.add(name);
      }
    }
  }
  return { order: [...finished], circles: found };
}

import type { ChoiceLine } from '../ast.js';
import { visit } from './walk.js';

/** Formals written before a dot, as in `s.error`: they stand for `pre` or `post`. */
export function formalsBeforeDot(choice: ChoiceLine): ReadonlySet<string> {
  const found = new Set<string>();
  for (const alternative of choice.alternatives) {
    visit(alternative, (node) => {
      if (node.kind === 'name' && node.member !== null && choice.formals.includes(node.name)) {
        found.add(node.name);
      }
    });
  }
  return found;
}

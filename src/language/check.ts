import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { changeNotPlain, sameNameTwice } from '../base/diagnostics/language.js';
import { describeDimension } from '../base/dimension.js';
import { failure, type Result, success } from '../base/result.js';
import { placeOf, type Source, type Span } from '../base/source.js';
import type { Expression, Item } from './ast.js';
import { infer } from './check/infer.js';
import { type Facts, type Inferred, isPlain, NUMBER } from './check/inferred.js';
import type { Names } from './check/names.js';
import type { Scope } from './checked.js';

export type { Inferred } from './check/inferred.js';
export { checkRule } from './check/rule.js';
export { checkSpace } from './check/space.js';
export { tagReads } from './check/tag.js';

/**
 * Extent, unit, grade and reads of an expression in which lets and choices are replaced. Mistakes in it
 * are passed over; `checkExpression` reports them.
 */
export function inferExpression(expression: Expression, scope: Scope): Inferred {
  return infer(expression, namesOf(scope, undefined, []));
}

/** As `inferExpression`, for an expression that must be fit to be a weight's change. */
export function checkExpression(
  expression: Expression,
  scope: Scope,
  source?: Source,
): Result<Inferred> {
  const mistakes: Diagnostic[] = [];
  const facts = infer(expression, namesOf(scope, source, mistakes));
  if (!isPlain(facts)) {
    const where = source ? { source, span: expression.span } : {};
    mistakes.push(changeNotPlain({ given: describeDimension(facts.dimension) }, where));
  }
  return mistakes.length > 0 ? failure(...mistakes) : success(facts);
}

function namesOf(scope: Scope, source: Source | undefined, mistakes: Diagnostic[]): Names {
  const { table, parameters, memories } = scope;
  return {
    table,
    source,
    local(name): Facts | undefined {
      const memory = memories.get(name);
      if (memory) return { ...NUMBER, ...memory, kind: 'plain', readsMemory: true, varies: name };
      const parameter = parameters.get(name);
      if (!parameter) return undefined;
      return { ...NUMBER, extent: parameter.extent, dimension: parameter.dimension };
    },
    localNames: [...parameters.keys(), ...memories.keys()],
    choices: new Map(),
    formals: new Set(),
    memories: new Set(memories.keys()),
    own: null,
    use: () => undefined,
    report: (diagnostic) => mistakes.push(diagnostic),
  };
}

/** Items of one file that cannot be told apart by name. */
export function checkItemNames(items: readonly Item[], source: Source): Diagnostic[] {
  const seen = new Map<string, Span>();
  const mistakes: Diagnostic[] = [];
  for (const { name, nameSpan } of items) {
    const earlier = seen.get(name);
    if (earlier) {
      const line = placeOf(source, earlier.start).line;
      mistakes.push(sameNameTwice({ name, line }, { source, span: nameSpan }));
    }
    seen.set(name, earlier ?? nameSpan);
  }
  return mistakes;
}

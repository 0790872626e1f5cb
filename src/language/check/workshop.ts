import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { letsTooLarge, unusedName } from '../../base/diagnostics/language.js';
import type { Source } from '../../base/source.js';
import type { Expression, RuleLine, SpaceLine } from '../ast.js';
import type { Scope } from '../checked.js';
import type { SignalTable } from '../signals.js';
import { type Definitions, gatherDefinitions, isTooLarge } from './definitions.js';
import { infer } from './infer.js';
import { type Facts, NUMBER, UNKNOWN } from './inferred.js';
import { MOST_PARTS, replaceLets, sizeWithLets } from './lets.js';
import type { Names } from './names.js';

/** One rule or space on the bench: its definitions, its names and the mistakes found so far. */
export interface Workshop {
  readonly source: Source;
  readonly definitions: Definitions;
  readonly scope: Scope;
  readonly mistakes: Diagnostic[];
  /** The facts of an expression; mistakes in it are reported. */
  infer(expression: Expression, formals?: readonly string[]): Facts;
  /** The expression with its lets written out. */
  replaced(expression: Expression): Expression;
  /** Warnings about names that nothing reads. */
  unused(): Diagnostic[];
}

export function openWorkshop(
  lines: readonly (RuleLine | SpaceLine)[],
  source: Source,
  table: SignalTable,
): Workshop {
  const mistakes: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    mistakes.push(diagnostic);
  };
  const definitions = gatherDefinitions(lines, source, table, report);
  const used = new Set<string>();
  const locals = localFacts(definitions);
  const names: Names = {
    table,
    source,
    local: (name) => locals.get(name),
    localNames: [...locals.keys()],
    choices: definitions.choices,
    formals: new Set(),
    use: (name) => used.add(name),
    report,
  };
  const inferWith = (expression: Expression, formals: readonly string[] = []): Facts =>
    infer(expression, formals.length > 0 ? { ...names, formals: new Set(formals) } : names);

  // In order: the facts of the lets a let uses are there before its own.
  for (const line of definitions.sortedLets) locals.set(line.name, inferWith(line.value));

  const { lets, letSizes, spans } = definitions;
  return {
    source,
    definitions,
    scope: { table, parameters: definitions.parameters, memories: new Map() },
    mistakes,
    infer: inferWith,
    replaced(expression) {
      // With a broken let there is nothing sound to write out, and the mistake is reported already.
      if (definitions.sortedLets.length < lets.size) return expression;
      if (isTooLarge(sizeWithLets(expression, lets, letSizes))) {
        report(letsTooLarge({ limit: MOST_PARTS }, { source, span: expression.span }));
        return expression;
      }
      return replaceLets(expression, lets);
    },
    unused() {
      const kinds: [string, Iterable<string>][] = [
        ['parameter', definitions.parameters.keys()],
        ['let', lets.keys()],
        ['choice', definitions.choices.keys()],
      ];
      return kinds.flatMap(([kind, defined]) =>
        [...defined]
          .filter((name) => !used.has(name))
          .map((name) => unusedName({ name, kind }, { source, span: spans.get(name)! })),
      );
    },
  };
}

/** What each name of the rule's own lines is; of lets and memories only that they exist. */
function localFacts(definitions: Definitions): Map<string, Facts> {
  const facts = new Map<string, Facts>();
  for (const name of definitions.spans.keys()) {
    if (!definitions.choices.has(name)) facts.set(name, UNKNOWN);
  }
  for (const name of definitions.memories) facts.set(name, { ...UNKNOWN, readsMemory: true });
  for (const { name, extent, dimension } of definitions.parameters.values()) {
    facts.set(name, { ...NUMBER, extent, dimension });
  }
  return facts;
}

import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { letsTooLarge, unusedName } from '../../base/diagnostics/language.js';
import { keepsByItself, memoryCircle } from '../../base/diagnostics/memory.js';
import type { Source } from '../../base/source.js';
import type { Clause, Expression, RuleLine, SpaceLine } from '../ast.js';
import type { CheckedMemory, Memory, Scope } from '../checked.js';
import type { SignalTable } from '../signals.js';
import { inferClauses, isOnSpike } from './clauses.js';
import { inferConstant } from './constants.js';
import { type Definitions, gatherDefinitions, isTooLarge } from './definitions.js';
import { infer } from './infer.js';
import { type Facts, NUMBER, UNKNOWN } from './inferred.js';
import { MOST_PARTS, replaceLets, sizeWithLets } from './lets.js';
import { checkMemories, inEvaluationOrder } from './memory.js';
import type { Names } from './names.js';
import { checkPhases } from './phases.js';
import { reportMemory, settleFacts } from './settle.js';
import { tag } from './tag.js';
import { checkUnitsOfTime } from './time.js';
import { checkWritten } from './written-value.js';

/** One rule or space on the bench: its definitions, its names and the mistakes found so far. */
export interface Workshop {
  readonly source: Source;
  readonly definitions: Definitions;
  readonly scope: Scope;
  /** In the order in which they take in their inputs. */
  readonly memory: readonly CheckedMemory[];
  /** Facts of what each memory takes in. */
  readonly inputs: ReadonlyMap<string, Facts>;
  readonly names: Names;
  readonly mistakes: Diagnostic[];
  /** The facts of an expression; mistakes in it are reported. */
  infer(expression: Expression, formals?: readonly string[]): Facts;
  /** As `infer`, for what must be known before the first step. */
  inferConstant(what: string, expression: Expression): Facts;
  /** What clauses bring to a line. */
  inferClauses(clauses: readonly Clause[]): Facts;
  /** The expression with its lets written out. */
  replaced(expression: Expression): Expression;
  /**
   * The expression of a line under these clauses with its lets written out and its reads of memory
   * tagged; reads of phases that are not over are reported.
   */
  finished(expression: Expression, clauses: readonly Clause[], nextToSpike?: boolean): Expression;
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
  checkUnitsOfTime(lines, table, source, report);
  const { lets, letSizes, memories, parameters, choices, spans, sortedLets } = definitions;
  const used = new Set<string>();
  const locals = localFacts(definitions);
  const names: Names = {
    table,
    source,
    local: (name) => locals.get(name),
    localNames: [...locals.keys()],
    choices,
    formals: new Set(),
    memories: new Set(memories.keys()),
    own: null,
    use: (name) => used.add(name),
    report,
  };
  const settling = {
    lets: new Map(sortedLets.map((line) => [line.name, line])),
    memories,
    locals,
    names,
  };
  settleFacts(settling);
  const inputs = reportMemory(settling);

  const replaced = (expression: Expression): Expression => {
    // With a broken let there is nothing sound to write out, and the mistake is reported already.
    if (sortedLets.length < lets.size) return expression;
    if (isTooLarge(sizeWithLets(expression, lets, letSizes))) {
      report(letsTooLarge({ limit: MOST_PARTS }, { source, span: expression.span }));
      return expression;
    }
    return replaceLets(expression, lets);
  };
  const finish = (
    expression: Expression,
    clauses: readonly Clause[],
    own: string | null,
    nextToSpike = isOnSpike(clauses),
  ): Expression => {
    const written = replaced(expression);
    checkPhases(clauses, written, table, source, report);
    return tag(written, table, names.memories, own, nextToSpike);
  };
  const unsorted = checkMemories(memories, inputs, names, finish);
  for (const each of unsorted) checkWritten(each, parameters, names);
  const { memory, circles, keepingCircles } = inEvaluationOrder(unsorted);
  for (const circle of circles) {
    report(memoryCircle({ names: circle }, { source, span: spans.get(circle[0]!)! }));
  }
  for (const circle of keepingCircles) {
    const name = circle.find((each) => each.includes('@'))!.split('@')[0]!;
    report(keepsByItself({ name, names: circle }, { source, span: spans.get(name)! }));
  }
  const scope: Scope = {
    table,
    parameters,
    memories: new Map(
      memory.map(({ name, kind }): [string, Memory] => {
        const { extent, dimension, grade, because, reads, readsPost } = locals.get(name)!;
        return [name, { name, kind, extent, dimension, grade, because, reads, readsPost }];
      }),
    ),
  };
  return {
    source,
    definitions,
    scope,
    memory,
    inputs,
    names,
    mistakes,
    infer: (expression, formals = []) =>
      infer(expression, formals.length > 0 ? { ...names, formals: new Set(formals) } : names),
    inferConstant: (what, expression) => inferConstant(what, expression, names),
    inferClauses: (clauses) => inferClauses(clauses, names),
    replaced,
    finished: (expression, clauses, nextToSpike) => finish(expression, clauses, null, nextToSpike),
    unused() {
      const kinds: [string, Iterable<string>][] = [
        ['parameter', parameters.keys()],
        ['let', lets.keys()],
        ['choice', choices.keys()],
      ];
      for (const { name, kind } of memories.values()) kinds.push([kind, [name]]);
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
  for (const { name, extent, dimension } of definitions.parameters.values()) {
    facts.set(name, { ...NUMBER, extent, dimension });
  }
  return facts;
}

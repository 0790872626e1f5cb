import { choiceMisplaced } from '../../base/diagnostics/space.js';
import type { ChoiceLine, Clause, Expression, MemoryLine } from '../ast.js';
import type { CheckedMemory } from '../checked.js';
import { printExpression } from '../print.js';
import type { Facts } from './inferred.js';
import { sortNames } from './lets.js';
import { at, type Names } from './names.js';
import { visit } from './walk.js';

/** Writes out lets and tags the reads of memory in an expression of a line with this `own` name. */
type Finish = (
  expression: Expression,
  clauses: readonly Clause[],
  own: string,
  nextToSpike?: boolean,
) => Expression;

/** A draw takes in nothing. */
const NOTHING: Expression = {
  kind: 'number',
  measure: { text: '0', number: 0, unit: null, per: [] },
  span: { start: 0, end: 0 },
};

/** Memory lines with their lets written out and their reads tagged, in the order of the text. */
export function checkMemories(
  lines: ReadonlyMap<string, MemoryLine>,
  inputs: ReadonlyMap<string, Facts>,
  names: Names,
  finish: Finish,
): CheckedMemory[] {
  return [...lines.values()].map((line): CheckedMemory => {
    const { name, kind, clauses } = line;
    const finished = (expression: Expression): Expression => {
      const written = finish(expression, clauses, name);
      refuseChoices(written, `the ${kind} \`${name}\``, names);
      return written;
    };
    const fading = 'fading' in line ? line.fading : null;
    const start = line.kind === 'state' ? line.start : 'from' in line ? line.from : null;
    const since = 'since' in line ? line.since : null;
    return {
      name,
      kind,
      line,
      clauses,
      value: line.kind === 'draw' ? NOTHING : finished(line.value),
      fading: fading && { kind: fading.kind, value: finished(fading.value) },
      since: since && printExpression(since),
      from: start && finished(start),
      ridge: line.kind === 'whiten' ? finished(line.ridge) : null,
      gate: line.kind === 'whiten' && line.gate ? finished(line.gate) : null,
      ofSpikes: inputs.get(name)?.kind === 'event',
    };
  });
}

/** Choices are made in terms only. */
export function refuseChoices(expression: Expression, where: string, names: Names): void {
  const choice = firstChoice(expression, names.choices);
  if (choice !== null) {
    names.report(choiceMisplaced({ choice, where }, at(names, expression.span)));
  }
}

function firstChoice(
  expression: Expression,
  choices: ReadonlyMap<string, ChoiceLine>,
): string | null {
  let found: string | null = null;
  visit(expression, (node) => {
    const name = node.kind === 'call' ? node.callee : node.kind === 'name' ? node.name : '';
    if (choices.has(name) && (node.kind === 'call' || isAlone(node))) found ??= name;
  });
  return found;
}

const isAlone = (node: Expression): boolean => node.kind === 'name' && node.member === null;

/**
 * Sorted so that each comes after those whose present value it reads; the circles among these reads;
 * and those of traces of which what they keep depends on what is kept.
 */
export function inEvaluationOrder(memory: readonly CheckedMemory[]): {
  memory: CheckedMemory[];
  circles: string[][];
  keepingCircles: string[][];
} {
  const byName = new Map(memory.map((each) => [each.name, each]));
  const reads = (expressions: readonly (Expression | null | undefined)[]): string[] => [
    ...new Set(expressions.flatMap((each) => (each ? memoryReads(each, byName) : []))),
  ];
  const ofNow = memory.map((each): [string, string[]] => [
    each.name,
    reads([each.value, each.fading?.value, each.gate]),
  ]);
  // A trace has faded in its `@before` value, which so depends on the fraction kept.
  const ofBefore = memory.map((each): [string, string[]] => {
    const keeps = each.kind === 'trace' && each.fading?.kind === 'keeping';
    return [each.name + BEFORE, keeps ? reads([each.fading.value]) : []];
  });
  const isNow = (name: string): boolean => !name.endsWith(BEFORE);
  const { order, circles } = sortNames(
    new Map(ofNow.map(([name, used]) => [name, used.filter(isNow)])),
  );
  const ofAll = [
    ...ofNow.map(([name, used]): [string, string[]] => [name, [...used, name + BEFORE]]),
    ...ofBefore,
  ];
  const keepingCircles = circles.length > 0 ? [] : sortNames(new Map(ofAll)).circles;
  return { memory: order.map((name) => byName.get(name)!), circles, keepingCircles };
}

const BEFORE = '@before';

/** The memories that an expression reads, with the moment where it is `@before`. */
function memoryReads(expression: Expression, memory: ReadonlyMap<string, unknown>): string[] {
  const found: string[] = [];
  visit(expression, (node) => {
    if (node.kind !== 'name' || !isAlone(node) || !memory.has(node.name)) return;
    found.push(node.moment === null ? node.name : node.name + BEFORE);
  });
  return found;
}

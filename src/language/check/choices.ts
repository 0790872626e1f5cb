import { nameTaken } from '../../base/diagnostics/language.js';
import { barrenChoice, endlessChoice, formalTwice } from '../../base/diagnostics/space.js';
import type { ChoiceLine, Expression } from '../ast.js';
import type { Limits } from '../checked.js';
import { takenBy } from './definitions.js';
import { sortNames } from './lets.js';
import { visit } from './walk.js';
import type { Workshop } from './workshop.js';

type Choices = ReadonlyMap<string, ChoiceLine>;

/** Formals, names in the alternatives, and that deriving from every choice comes to an end. */
export function checkChoices(workshop: Workshop, limits: Limits): void {
  const { definitions, mistakes, source, scope } = workshop;
  const { choices, spans } = definitions;
  for (const line of choices.values()) {
    const seen = new Set<string>();
    for (const name of line.formals) {
      const where = { source, span: line.span };
      const taken = takenBy(name, scope.table) ?? (spans.has(name) ? 'line of this space' : null);
      if (taken) mistakes.push(nameTaken({ name, by: taken }, where));
      else if (seen.has(name)) mistakes.push(formalTwice({ name, choice: line.name }, where));
      seen.add(name);
    }
    for (const alternative of line.alternatives) workshop.infer(alternative, line.formals);
  }
  const barren = barrenChoices(choices, workshop);
  for (const line of barren) {
    mistakes.push(barrenChoice({ name: line.name }, { source, span: line.nameSpan }));
  }
  if (limits.complexity !== undefined || barren.length > 0) return;
  const uses = new Map(
    [...choices.values()].map((line) => [
      line.name,
      [...new Set(line.alternatives.flatMap((each) => choicesIn(each, workshop)))],
    ]),
  );
  for (const names of sortNames(uses).circles) {
    const span = choices.get(names[0]!)!.nameSpan;
    mistakes.push(endlessChoice({ names }, { source, span }));
  }
}

export function refersToChoice(expression: Expression, choices: Choices): boolean {
  let found = false;
  visit(expression, (node) => {
    if (node.kind === 'name') found ||= node.member === null && choices.has(node.name);
    if (node.kind === 'call') found ||= choices.has(node.callee);
  });
  return found;
}

/** The choices an expression needs, through its lets. */
function choicesIn(expression: Expression, { definitions, replaced }: Workshop): string[] {
  const found: string[] = [];
  visit(replaced(expression), (node) => {
    const name = node.kind === 'name' ? node.name : node.kind === 'call' ? node.callee : '';
    if (definitions.choices.has(name)) found.push(name);
  });
  return found;
}

/** Choices from which nothing can be derived, because every alternative needs another such choice. */
function barrenChoices(choices: Choices, workshop: Workshop): ChoiceLine[] {
  const needs = new Map(
    [...choices.values()].map((line) => [
      line,
      line.alternatives.map((each) => choicesIn(each, workshop)),
    ]),
  );
  const fertile = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const [line, alternatives] of needs) {
      if (fertile.has(line.name)) continue;
      if (alternatives.some((names) => names.every((name) => fertile.has(name)))) {
        fertile.add(line.name);
        grown = true;
      }
    }
  }
  return [...choices.values()].filter((line) => !fertile.has(line.name));
}

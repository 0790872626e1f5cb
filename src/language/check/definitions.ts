import type { Diagnostic, Where } from '../../base/diagnostics/diagnostic.js';
import {
  definedTwice,
  emptyRange,
  letCircle,
  letsTooLarge,
  nameTaken,
  unknownScope,
  unlikeUnits,
  valueOutsideRange,
} from '../../base/diagnostics/language.js';
import { describeDimension, sameDimension } from '../../base/dimension.js';
import { nearest } from '../../base/nearest.js';
import { placeOf, type Source, type Span } from '../../base/source.js';
import { inBaseUnits } from '../../base/units.js';
import type {
  ChoiceLine,
  LetLine,
  Measure,
  MemoryLine,
  ParameterDefinition,
  RuleLine,
  SpaceLine,
} from '../ast.js';
import type { Parameter } from '../checked.js';
import { functionNames } from '../functions.js';
import { printMeasure } from '../print.js';
import type { Extent, SignalTable } from '../signals.js';
import { wholeVocabulary } from '../vocabulary.js';
import { MOST_PARTS, needsOneOf, sizeWithLets, sortLets, type TreeSize } from './lets.js';

/** What the lines of a rule or space define, each name once. */
export interface Definitions {
  readonly parameters: Map<string, Parameter>;
  readonly lets: Map<string, LetLine>;
  /** Lets in an order in which each comes after those it uses; those that need a circle or grow too large are left out. */
  readonly sortedLets: readonly LetLine[];
  readonly letSizes: ReadonlyMap<string, TreeSize>;
  readonly memories: ReadonlyMap<string, MemoryLine>;
  readonly choices: Map<string, ChoiceLine>;
  readonly spans: ReadonlyMap<string, Span>;
}

/** Expressions with their lets written out are not deeper than this. */
const DEEPEST_WITH_LETS = 1000;

/** Gathers definitions, reporting names that are taken or defined twice, and parameters out of order. */
export function gatherDefinitions(
  lines: readonly (RuleLine | SpaceLine)[],
  source: Source,
  table: SignalTable,
  report: (diagnostic: Diagnostic) => void,
): Definitions {
  const parameters = new Map<string, Parameter>();
  const lets = new Map<string, LetLine>();
  const memories = new Map<string, MemoryLine>();
  const choices = new Map<string, ChoiceLine>();
  const spans = new Map<string, Span>();

  /** Whether this is the first and rightful definition of the name. */
  const define = (name: string, span: Span): boolean => {
    const where = { source, span };
    const taken = takenBy(name, table);
    const earlier = spans.get(name);
    if (taken) report(nameTaken({ name, by: taken }, where));
    else if (earlier) {
      report(definedTwice({ name, line: placeOf(source, earlier.start).line }, where));
    }
    // A name that is taken keeps its meaning.
    if (!taken && !earlier) spans.set(name, span);
    return !taken && !earlier;
  };

  for (const line of lines) {
    switch (line.kind) {
      case 'param':
        for (const definition of line.definitions) {
          const first = define(definition.name, definition.nameSpan);
          const parameter = parameterOf(definition, source, report);
          if (first) parameters.set(definition.name, parameter);
        }
        break;
      case 'let':
        if (define(line.name, line.nameSpan)) lets.set(line.name, line);
        break;
      case 'choice':
        if (define(line.name, line.nameSpan)) choices.set(line.name, line);
        break;
      case 'trace':
      case 'average':
      case 'state':
      case 'whiten':
      case 'draw':
        if (define(line.name, line.nameSpan)) memories.set(line.name, line);
        break;
    }
  }
  const { sortedLets, letSizes } = checkLets(lets, source, report);
  return { parameters, lets, sortedLets, letSizes, memories, choices, spans };
}

/** What already has this name: a signal (of any circuit) or a function. */
export function takenBy(name: string, table: SignalTable): string | null {
  const isSignal = (each: { readonly name: string }): boolean =>
    each.name === name || each.name.startsWith(`${name}.`);
  if (table.signals.some(isSignal) || wholeVocabulary.signals.some(isSignal)) return 'signal';
  return functionNames.includes(name) ? 'function' : null;
}

const SCOPES: Readonly<Record<string, Extent>> = {
  projection: 'global',
  pre: 'pre',
  post: 'post',
  synapse: 'synapse',
};
const UNITS_FOR_SCOPES: Readonly<Record<string, string>> = {
  sec: 's',
  second: 's',
  seconds: 's',
  layer: 'projection',
  matrix: 'projection',
  neuron: 'post',
  weight: 'synapse',
};

function parameterOf(
  definition: ParameterDefinition,
  source: Source,
  report: (diagnostic: Diagnostic) => void,
): Parameter {
  const { name, scope, span } = definition;
  const where: Where = { source, span };
  const { value, dimension } = inBaseUnits(definition.value);
  const extent = scope === null ? 'global' : SCOPES[scope];
  if (scope !== null && extent === undefined) {
    const meant = UNITS_FOR_SCOPES[scope] ?? nearest(scope, Object.keys(SCOPES));
    report(
      unknownScope({ scope, what: 'a parameter', available: Object.keys(SCOPES), meant }, where),
    );
  }
  const odd = [definition.spread, ...(definition.range ?? [])].find(
    (measure) =>
      measure !== null &&
      measure.number !== 0 &&
      Number.isFinite(measure.number) &&
      !sameDimension(inBaseUnits(measure).dimension, dimension),
  );
  if (odd) {
    const facts = {
      what: `the value of \`${name}\` and its spread or range must be alike`,
      left: describeDimension(dimension),
      right: describeDimension(inBaseUnits(odd).dimension),
    };
    report(unlikeUnits(facts, where));
  } else if (definition.range) {
    checkRange(definition, definition.range, value, source, report);
  }
  return { name, value, dimension, extent: extent ?? 'global', fit: definition.fit, definition };
}

function checkRange(
  { name, value, span }: ParameterDefinition,
  range: readonly [Measure, Measure],
  inBase: number,
  source: Source,
  report: (diagnostic: Diagnostic) => void,
): void {
  const where: Where = { source, span };
  const [low, high] = range.map((edge) => inBaseUnits(edge).value) as [number, number];
  const text = `[${range.map(printMeasure).join(', ')}]`;
  if (low > high) {
    report(emptyRange({ range: text }, where));
  } else if (inBase < low || inBase > high) {
    report(valueOutsideRange({ name, value: printMeasure(value), range: text }, where));
  }
}

function checkLets(
  lets: ReadonlyMap<string, LetLine>,
  source: Source,
  report: (diagnostic: Diagnostic) => void,
): { sortedLets: readonly LetLine[]; letSizes: ReadonlyMap<string, TreeSize> } {
  const { order, circles } = sortLets(lets);
  const inCircle = new Set(circles.flat());
  for (const names of circles) {
    const line = lets.get(names[0]!)!;
    report(letCircle({ names }, { source, span: line.span }));
  }
  const letSizes = new Map<string, TreeSize>();
  const sortedLets: LetLine[] = [];
  const broken = inCircle;
  for (const line of order) {
    // One mistake, one diagnostic: what needs a broken let is not reported again.
    if (broken.has(line.name) || needsOneOf(line.value, lets, broken)) {
      broken.add(line.name);
      continue;
    }
    const size = sizeWithLets(line.value, lets, letSizes);
    if (isTooLarge(size)) {
      broken.add(line.name);
      report(letsTooLarge({ limit: MOST_PARTS }, { source, span: line.span }));
    } else {
      letSizes.set(line.name, size);
      sortedLets.push(line);
    }
  }
  return { sortedLets, letSizes };
}

export function isTooLarge({ parts, depth }: TreeSize): boolean {
  return parts > MOST_PARTS || depth > DEEPEST_WITH_LETS;
}

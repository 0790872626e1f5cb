import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { changeNotPlain, emptyRange, spikeInside } from '../../base/diagnostics/language.js';
import {
  changeNotPerTime,
  changesWithStep,
  onlyOnce,
  sentTooEarly,
  traceWithStep,
} from '../../base/diagnostics/memory.js';
import {
  describeDimension,
  multiplyDimension,
  PLAIN,
  sameDimension,
  TIME,
} from '../../base/dimension.js';
import { placeOf } from '../../base/source.js';
import type {
  BoundLine,
  ChangeLine,
  Clause,
  Expression,
  RuleLine,
  SpaceLine,
  TransmitLine,
} from '../ast.js';
import type { CheckedBounds, CheckedChange } from '../checked.js';
import { printExpression } from '../print.js';
import { signalNamed, WEIGHT } from '../signals.js';
import { type Facts, isPlain, join, NUMBER } from './inferred.js';
import { refuseChoices } from './memory.js';
import { refuseMoments } from './memory-facts.js';
import { at, fullName } from './names.js';
import { readsStepLength } from './time.js';
import { visit } from './walk.js';
import type { Workshop } from './workshop.js';
import { writtenValue } from './written-value.js';

/** A line in order, with the facts of all it reads. */
interface Checked<T> {
  readonly value: T;
  readonly facts: Facts;
}

const PER_TIME = multiplyDimension(PLAIN, TIME, -1);

/** `dw`, `dw/dt` and `set w` (docs/language.md §8, §9). */
export function checkChange(line: ChangeLine, workshop: Workshop): Checked<CheckedChange> {
  const { names } = workshop;
  const clauses = workshop.inferClauses(line.clauses);
  const facts = workshop.infer(line.value);
  const where = at(names, line.value.span);
  if (line.form === 'dw/dt') {
    refuseMoments(line, '`dw/dt`', names);
    if (facts.kind !== 'plain') {
      const instead = 'write what spikes do in a `dw` line of its own';
      names.report(spikeInside({ where: 'in `dw/dt`', instead }, where));
    } else if (facts.known && facts.literal !== 0 && !sameDimension(facts.dimension, PER_TIME)) {
      names.report(changeNotPerTime({ given: describeDimension(facts.dimension) }, where));
    }
  } else {
    if (line.form === 'set' && facts.kind !== 'plain') {
      const instead = 'put the spike before the line: `on post.spike: set w = …`';
      names.report(spikeInside({ where: 'in a new weight', instead }, where));
    }
    const what = line.form === 'set' ? { what: 'the new weight' } : {};
    if (!isPlain(facts)) {
      names.report(changeNotPlain({ given: describeDimension(facts.dimension), ...what }, where));
    }
  }
  const value = workshop.finished(line.value, line.clauses);
  const { form, span } = line;
  return {
    value: { form, clauses: line.clauses, value, span },
    facts: join(facts, clauses),
  };
}

/** What is sent: made of the weight, parameters and memory, which is read as it was before. */
export function checkTransmission(line: TransmitLine, workshop: Workshop): Checked<Expression> {
  const { names } = workshop;
  const facts = workshop.infer(line.value);
  const where = at(names, line.value.span);
  if (!isPlain(facts)) {
    const given = describeDimension(facts.dimension);
    names.report(changeNotPlain({ given, what: 'what is sent' }, where));
  }
  const value = workshop.finished(line.value, [], true);
  visit(value, (node) => {
    if (node.kind !== 'name') return;
    const name = fullName(node);
    const early = signalNamed(names.table, name) && (name !== WEIGHT || node.moment !== null);
    if (early) names.report(sentTooEarly({ name: printExpression(node) }, at(names, node.span)));
  });
  return { value, facts };
}

/** The limits of the weight, from the lines of a rule or space. */
export function checkBounds(
  lines: readonly (RuleLine | SpaceLine)[],
  workshop: Workshop,
): Checked<CheckedBounds> {
  const { names } = workshop;
  let facts: Facts = NUMBER;
  let range: CheckedBounds['range'] = null;
  let keepsSign = false;
  for (const line of lines) {
    if (line.kind === 'keeping sign') keepsSign = true;
    if (line.kind !== 'bound') continue;
    for (const edge of [line.low, line.high]) {
      const found = workshop.inferConstant('a bound of the weight', edge);
      facts = join(facts, found);
      if (isPlain(found)) continue;
      const given = describeDimension(found.dimension);
      names.report(changeNotPlain({ given, what: 'a bound of the weight' }, at(names, edge.span)));
    }
    range ??= checkRange(line, workshop);
  }
  return { value: { range, keepsSign }, facts };
}

function checkRange(line: Extract<BoundLine, { kind: 'bound' }>, workshop: Workshop) {
  const { names, scope } = workshop;
  const [low, high] = [line.low, line.high].map((edge) => {
    const written = workshop.finished(edge, []);
    refuseChoices(written, 'a bound', names);
    return { written, value: writtenValue(written, scope.parameters) };
  });
  if (low!.value !== null && high!.value !== null && low!.value > high!.value) {
    const text = `[${printExpression(line.low)}, ${printExpression(line.high)}]`;
    const values = `[${low!.value}, ${high!.value}]`;
    const range = text === values ? text : `${text} = ${values}`;
    names.report(emptyRange({ range }, at(names, line.span)));
  }
  return { low: low!.written, high: high!.written };
}

/** Reports the second line of each kind that a rule can have only once. */
export function checkOnlyOnce(
  lines: readonly (RuleLine | SpaceLine)[],
  { source, mistakes }: Workshop,
): void {
  const first = new Map<string, number>();
  for (const line of lines) {
    const what = singleOf(line);
    if (what === null) continue;
    const earlier = first.get(what);
    if (earlier === undefined) first.set(what, line.span.start);
    else {
      const place = placeOf(source, earlier).line;
      mistakes.push(onlyOnce({ what, line: place }, { source, span: line.span }));
    }
  }
}

function singleOf(line: RuleLine | SpaceLine): string | null {
  switch (line.kind) {
    case 'bound':
      return '`bound w in`';
    case 'keeping sign':
      return '`bound w keeping sign`';
    case 'transmit':
      return '`transmit`';
    case 'change':
      return line.form === 'set' ? '`set w`' : null;
    default:
      return null;
  }
}

const isDuring = (clause: Clause): boolean => clause.kind === 'during';

/** Warnings about what changes with the length of a step, in circuits whose steps have one. */
export function stepWarnings(
  changes: readonly { readonly line: ChangeLine; readonly facts: Facts }[],
  { source, scope, memory, inputs }: Workshop,
): Diagnostic[] {
  const { table } = scope;
  if (table.time !== 'milliseconds') return [];
  const adds = (facts: Facts): boolean => facts.kind !== 'event' && !readsStepLength(facts, table);
  const ofChanges = changes
    .filter(({ line, facts }) => line.form === 'dw' && line.clauses.length === 0 && adds(facts))
    .map(({ line }) => changesWithStep({}, { source, span: line.span }));
  const ofTraces = memory
    .filter(({ kind, clauses }) => kind === 'trace' && clauses.every(isDuring))
    .filter(({ name }) => adds(inputs.get(name)!))
    .map(({ name, line }) => traceWithStep({ name }, { source, span: line.nameSpan }));
  return [...ofChanges, ...ofTraces];
}

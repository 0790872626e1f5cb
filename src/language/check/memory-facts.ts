import { spikeInside, unknownScope, unlikeUnits } from '../../base/diagnostics/language.js';
import {
  mixedInput,
  needsTime,
  notPositive,
  rateNeedsTime,
  runsInTime,
  unknownDistribution,
} from '../../base/diagnostics/memory.js';
import {
  type Dimension,
  describeDimension,
  multiplyDimension,
  sameDimension,
  TIME,
} from '../../base/dimension.js';
import { nearest } from '../../base/nearest.js';
import type { Span } from '../../base/source.js';
import type { Expression, MemoryLine } from '../ast.js';
import { printClause } from '../print.js';
import type { Extent } from '../signals.js';
import { inferClauses, inferSince } from './clauses.js';
import { checkPlain, inferConstant } from './constants.js';
import { infer } from './infer.js';
import { alike, type Facts, join, NUMBER } from './inferred.js';
import { at, type Names } from './names.js';
import { inferWhiten } from './whiten.js';

type Of<K extends MemoryLine['kind']> = Extract<MemoryLine, { readonly kind: K }>;

/** What a memory line makes of itself, and of what it takes in. */
export interface MemoryFacts {
  /** As readers see it. */
  readonly facts: Facts;
  /** Of what it takes in. */
  readonly input: Facts;
}

/**
 * The facts of a memory from those of what it reads (docs/language.md §6); its mistakes are reported.
 * Its own name is looked up too: called again until nothing changes, this is the fixpoint.
 */
export function inferMemory(line: MemoryLine, outer: Names): MemoryFacts {
  const names = { ...outer, own: line.name };
  const clauses = inferClauses(line.clauses, names);
  const { facts, input } = inferLine(line, clauses, names);
  const whole = join(facts, clauses);
  checkOwnUnit(line, whole, names);
  return {
    input,
    facts: {
      ...whole,
      kind: 'plain',
      event: false,
      literal: null,
      parts: null,
      readsMemory: true,
      varies: line.name,
    },
  };
}

function inferLine(line: MemoryLine, clauses: Facts, names: Names): MemoryFacts {
  switch (line.kind) {
    case 'trace':
    case 'average':
      return inferFading(line, names);
    case 'state':
      return inferState(line, names);
    case 'whiten':
      return inferWhiten(line, clauses, names);
    case 'draw':
      return inferDraw(line, names);
  }
}

function inferFading(line: Of<'trace' | 'average'>, names: Names): MemoryFacts {
  const { kind, name, fading, since, from, value } = line;
  const where = at(names, line.span);
  const input = infer(value, names);
  let facts: Facts = input;
  if (input.kind === 'mixed') {
    names.report(mixedInput({ kind, name }, at(names, value.span)));
  } else if (kind === 'average' && input.kind === 'event') {
    if (fading?.kind === 'keeping') names.report(rateNeedsTime({ name }, where));
    facts = { ...facts, dimension: multiplyDimension(input.dimension, TIME, -1) };
  }
  if (fading) facts = join(facts, inferSpan(fading.kind, fading.value, names));
  if (kind === 'average' && fading?.kind === 'over') {
    refuseMoments(line, `the average \`${name}\` over a time`, names);
  }
  if (since) facts = join(facts, inferSince(since, names));
  if (from) {
    const start = inferConstant('what `from` takes', from, names);
    if (!alike(start, facts))
      reportUnlike(`what \`${name}\` starts from`, start, facts, from, names);
    facts = join(facts, start);
  }
  return { facts, input };
}

function inferState(line: Of<'state'>, names: Names): MemoryFacts {
  const { name, start, value, since } = line;
  const first = inferConstant('the start of a state', start, names);
  const input = infer(value, names);
  const fit = alike(first, input);
  if (!fit) reportUnlike(`what \`${name}\` starts from`, first, input, value, names);
  // The unit is that of the start, whatever the value makes of it; a 0 has none.
  const hasUnit = first.known && first.literal !== 0;
  let facts = hasUnit ? join(first, input) : join(input, first);
  if (hasUnit && input.open) facts = { ...facts, known: true, open: false };
  if (!fit) facts = { ...facts, known: false, open: false };
  return { facts: since ? join(facts, inferSince(since, names)) : facts, input };
}

const DISTRIBUTIONS = ['normal', 'uniform'];
const DRAW_SCOPES: readonly Extent[] = ['synapse', 'pre', 'post', 'global'];

function inferDraw({ distribution, scope, span }: Of<'draw'>, names: Names): MemoryFacts {
  const where = at(names, span);
  if (!DISTRIBUTIONS.includes(distribution)) {
    const meant = nearest(distribution, DISTRIBUTIONS);
    const facts = { name: distribution, available: DISTRIBUTIONS, meant };
    names.report(unknownDistribution(facts, where));
  }
  const extent = DRAW_SCOPES.find((each) => each === scope);
  if (!extent) {
    const meant = scope === 'projection' ? 'global' : nearest(scope, DRAW_SCOPES);
    names.report(unknownScope({ scope, what: 'a draw', available: DRAW_SCOPES, meant }, where));
  }
  const facts = { ...NUMBER, extent: extent ?? 'synapse' };
  return { facts, input: facts };
}

/** The facts of what follows `over` or `keeping`. */
function inferSpan(kind: 'over' | 'keeping', value: Expression, names: Names): Facts {
  const where = at(names, value.span);
  if (kind === 'keeping') {
    const facts = infer(value, names);
    if (facts.kind !== 'plain') names.report(spikeInside({ where: 'after `keeping`' }, where));
    else checkPlain('what `keeping` takes', facts, value, names);
    return facts;
  }
  const facts = inferConstant('what `over` takes', value, names);
  if (facts.known && !sameDimension(facts.dimension, TIME)) {
    names.report(needsTime({ what: '`over`', given: describeDimension(facts.dimension) }, where));
  } else if (facts.literal !== null && !(facts.literal > 0)) {
    names.report(notPositive({ what: '`over`' }, where));
  }
  return facts;
}

/** Refuses clauses that pick moments, for what runs on from step to step. */
export function refuseMoments(line: Pick<MemoryLine, 'clauses'>, what: string, names: Names): void {
  const clause = line.clauses.find((each) => each.kind !== 'during');
  if (!clause) return;
  names.report(runsInTime({ what, clause: printClause(clause) }, at(names, clause.span)));
}

/** A memory that reads itself must come out in the unit it went in with. */
function checkOwnUnit(line: MemoryLine, facts: Facts, names: Names): void {
  const before = names.local(line.name);
  if (!before?.known || !facts.known || sameDimension(before.dimension, facts.dimension)) return;
  const span = 'value' in line ? line.value.span : line.span;
  const what = `\`${line.name}\` and what it becomes must be alike`;
  names.report(unlikeUnits(unlike(what, before.dimension, facts.dimension), at(names, span)));
}

function reportUnlike(
  what: string,
  start: Facts,
  value: Facts,
  { span }: { readonly span: Span },
  names: Names,
): void {
  const text = `${what} and what it takes in must be alike`;
  names.report(unlikeUnits(unlike(text, start.dimension, value.dimension), at(names, span)));
}

function unlike(what: string, left: Dimension, right: Dimension) {
  return { what, left: describeDimension(left), right: describeDimension(right) };
}

/** Whether two rounds found out the same. */
export function sameFacts(a: Facts, b: Facts): boolean {
  return (
    a.known === b.known &&
    a.open === b.open &&
    a.extent === b.extent &&
    a.grade === b.grade &&
    a.kind === b.kind &&
    a.readsPost === b.readsPost &&
    a.readsMemory === b.readsMemory &&
    a.reads.size === b.reads.size &&
    a.varies === b.varies &&
    (a.parts?.size ?? 0) === (b.parts?.size ?? 0) &&
    sameDimension(a.dimension, b.dimension)
  );
}

/** Its unit is taken to be what was found so far; where nothing was, a plain number. */
export function settled(facts: Facts): Facts {
  return { ...facts, known: true, open: false };
}

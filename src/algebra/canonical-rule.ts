import {
  type Clause,
  type Expression,
  type Measure,
  type MemoryLine,
  type NameExpression,
  NOWHERE,
  type Rule,
  type RuleLine,
} from '../language/ast.js';
import { withParts } from '../language/check/walk.js';
import type { Parameter } from '../language/checked.js';
import { type Extent, joinExtents, WEIGHT } from '../language/signals.js';
import { binary, called, measured, named } from './build-expression.js';
import { canonicalExpression, partsForPeople } from './canonical.js';
import { insideOf, visitAtoms } from './inside.js';
import { divideMonomials, type Factor, monomial, splitMonomial } from './monomial.js';
import type { Part } from './parts.js';
import { multiplyByMonomial, polynomial, UNIT } from './polynomial.js';
import * as Q from './rational.js';
import { spikeProduct, sumsIn } from './rule-form.js';
import type {
  Atom,
  ChangeForm,
  Gate,
  MemoryForm,
  Monomial,
  Polynomial,
  RuleForm,
} from './types.js';
import { writeSum } from './write.js';

/** What a rule is called and whom it is for, besides what it does. */
export interface RuleHead {
  readonly name: string;
  readonly targets: readonly string[];
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/**
 * The normal form of a rule as a rule again: parameters by name, memory in the order in which it takes
 * in, one `dw` for each set of clauses. Equal rules print the same, up to their names. What stands in
 * one bracket has the same spikes as factors, so that memory next to them is read as it was meant.
 */
export function canonicalRule(form: RuleForm, head: RuleHead): Rule {
  return ruleOf(form, head, partsForPeople);
}

/** The same with nothing factored: the normal form as it is. */
export function multipliedOutRule(form: RuleForm, head: RuleHead): Rule {
  return ruleOf(form, head, ({ monomials }) =>
    monomials.map((monomial) => ({ monomial, brackets: [] })),
  );
}

/** How a sum is taken apart to be written. */
type TakeApart = (p: Polynomial) => readonly Part[];

function ruleOf(form: RuleForm, head: RuleHead, apart: TakeApart): Rule {
  const lines: RuleLine[] = [
    ...parameterLines(form, head.parameters),
    ...form.memory.map((memory) => memoryLine(memory, apart)),
    ...form.changes
      .filter(({ form: kind }) => kind === 'dw')
      .flatMap((each) => changeLines(each, apart)),
    ...form.changes.filter(({ form: kind }) => kind === 'set').map((each) => setLine(each, apart)),
  ];
  if (form.range) {
    const [low, high] = [form.range.low, form.range.high].map(canonicalExpression);
    lines.push({ kind: 'bound', low: low!, high: high!, span: NOWHERE });
  }
  if (form.keepsSign) lines.push({ kind: 'keeping sign', span: NOWHERE });
  if (form.transmit) {
    const value = writeValue(form.transmit, () => true, apart);
    lines.push({ kind: 'transmit', value, span: NOWHERE });
  }
  if (form.changes.length === 0 && !form.transmit) lines.push(NO_CHANGE);
  const { name, targets } = head;
  return { kind: 'rule', name, nameSpan: NOWHERE, targets, lines, span: NOWHERE };
}

/** Every rule says something about the weight. */
const NO_CHANGE: RuleLine = {
  kind: 'change',
  form: 'dw',
  clauses: [],
  value: measured('0'),
  span: NOWHERE,
};

/** Every sum of a rule. */
function sumsOfRule({ changes, memory, range, transmit }: RuleForm): Polynomial[] {
  return [
    ...changes.map(({ value }) => value),
    ...memory.flatMap(sumsIn),
    ...(range ? [range.low, range.high] : []),
    ...(transmit ? [transmit] : []),
  ];
}

function parameterLines(form: RuleForm, parameters: ReadonlyMap<string, Parameter>): RuleLine[] {
  const read = new Set<string>();
  for (const sum of sumsOfRule(form)) {
    visitAtoms(sum, (atom) => {
      if (atom.kind === 'parameter') read.add(atom.name);
    });
  }
  const definitions = [...read].sort().flatMap((name) => parameters.get(name)?.definition ?? []);
  return definitions.length > 0 ? [{ kind: 'param', definitions, span: NOWHERE }] : [];
}

/** Which reads of memory need no `@before`, since the place where they stand says so. */
type Unsaid = (name: string) => boolean;

function memoryLine(form: MemoryForm, apart: TakeApart): MemoryLine {
  const { name, kind, gates, spikes, fading, since, from, whitening, distribution } = form;
  const onSpike = spikes.length > 0;
  const unsaid: Unsaid = (read) => onSpike || read === name;
  const clauses = clausesOf(gates, spikes);
  const isTrace = kind === 'trace';
  const input = isTrace
    ? multiplyByMonomial(form.value, inverse(spikeProduct(spikes)))
    : form.value;
  const value = ofExtent(form, writeValue(input, unsaid, apart));
  const start = from.monomials.length > 0 ? canonicalExpression(from) : null;
  const again = since && restart(since.kind === 'spike' ? since.spike : since.event);
  const common = { clauses, name, nameSpan: NOWHERE, span: NOWHERE };
  switch (kind) {
    case 'state': {
      const first = canonicalExpression(from);
      return { kind, ...common, start: first, value, since: again };
    }
    case 'whiten': {
      const { ridge, gate } = whitening!;
      return {
        kind,
        ...common,
        value,
        ridge: canonicalExpression(ridge),
        gate: gate.key === UNIT.key ? null : writeValue(gate, unsaid, apart),
      };
    }
    case 'draw':
      return { kind, ...common, distribution: distribution!, scope: form.extent };
    default: {
      const span = fading && { kind: fading.kind, value: writeValue(fading.value, unsaid, apart) };
      return { kind, ...common, value, fading: span, since: again, from: start };
    }
  }
}

/**
 * What a memory takes in with a factor that is 1 and has the memory's extent, where nothing in the
 * line has it any more: what is written decides what `_all` sums range over.
 */
function ofExtent(form: MemoryForm, value: Expression): Expression {
  const { extent, spikes, since } = form;
  if (form.kind === 'draw') return value;
  const written = sumsIn(form)
    .map((sum) => extentWithout(sum, form.name))
    .concat(spikes.map((spike) => spike.extent))
    .concat(since?.kind === 'spike' ? [since.spike.extent] : [])
    .reduce(joinExtents, 'global');
  if (written === extent) return value;
  const zero = binary('*', measured('0'), OF_EXTENT[extent]);
  return binary('*', value, binary('+', measured('1'), zero));
}

/** The extent of all but the reads of one memory. */
function extentWithout(p: Polynomial, own: string): Extent {
  const ofAtom = (atom: Atom): Extent => {
    if (atom.kind === 'memory' && atom.name === own) return 'global';
    const inside = atom.kind === 'reduction' ? [] : insideOf(atom);
    if (inside.length === 0) return atom.extent;
    return inside.map((each) => extentWithout(each, own)).reduce(joinExtents, 'global');
  };
  return p.monomials
    .flatMap(({ factors }) => factors.map(({ atom }) => ofAtom(atom)))
    .reduce(joinExtents, 'global');
}

const OF_EXTENT: Readonly<Record<Extent, Expression>> = {
  global: measured('1'),
  pre: called('sum_post', [measured('1')]),
  post: called('sum_pre', [measured('1')]),
  synapse: named(WEIGHT),
};

const inverse = (m: Monomial): Monomial => divideMonomials(monomial(Q.ONE, []), m);

const restart = (event: Atom | string): NameExpression =>
  typeof event === 'string' ? named(event) : spikeName(event);

function spikeName(atom: Atom): NameExpression {
  if (atom.kind !== 'signal') throw new Error('a spike is a signal');
  return named(atom.name.split('@')[0]!, atom.moment);
}

function clausesOf(gates: readonly Gate[], spikes: readonly Atom[]): Clause[] {
  return [
    ...spikes.map((spike): Clause => ({ kind: 'on', event: spikeName(spike), span: NOWHERE })),
    ...gates.map(clauseOf),
  ];
}

function clauseOf(gate: Gate): Clause {
  switch (gate.kind) {
    case 'at':
      return { kind: 'at', event: restart(gate.event), span: NOWHERE };
    case 'during':
      return { kind: 'during', phase: gate.phase, span: NOWHERE };
    case 'every': {
      const { time: number, unit } = gate;
      const interval: Measure = { text: String(number), number, unit, per: [] };
      return { kind: 'every', interval, span: NOWHERE };
    }
  }
}

/** Lines of one set of gates, one for each set of spikes on which something happens. */
function changeLines(change: ChangeForm, apart: TakeApart): RuleLine[] {
  const { gates, value } = change;
  const perTimeAllowed = gates.every(({ kind }) => kind === 'during');
  const lines = new Map<string, { spikes: readonly Atom[]; perTime: boolean; parts: Monomial[] }>();
  for (const m of value.monomials) {
    const spikes = m.factors
      .filter(({ atom, exponent }) => atom.kind === 'signal' && atom.event && exponent > 0)
      .map(({ atom }) => atom);
    const dt = perTimeAllowed ? stepFactor(m) : null;
    const key = `${dt ? 1 : 0} ${spikes.map((spike) => spike.key).join(' ')}`;
    const line = lines.get(key) ?? { spikes, perTime: dt !== null, parts: [] };
    lines.set(key, line);
    const gated = spikeProduct(spikes);
    line.parts.push(divideMonomials(m, dt ? monomial(Q.ONE, [dt]) : gated));
  }
  return [...lines.keys()].sort().map((key): RuleLine => {
    const { spikes, perTime, parts } = lines.get(key)!;
    return {
      kind: 'change',
      form: perTime ? 'dw/dt' : 'dw',
      clauses: clausesOf(gates, spikes),
      value: writeValue(polynomial(parts), () => spikes.length > 0, apart),
      span: NOWHERE,
    };
  });
}

/** The factor dt of a product that is a change per time. */
function stepFactor({ factors }: Monomial): Factor | null {
  if (factors.some(({ atom }) => atom.event)) return null;
  const found = factors.find(({ atom }) => atom.kind === 'signal' && atom.name === 'dt');
  return found?.exponent === 1 ? found : null;
}

function setLine({ gates, spikes, value }: ChangeForm, apart: TakeApart): RuleLine {
  return {
    kind: 'change',
    form: 'set',
    clauses: clausesOf(gates, spikes),
    value: writeValue(value, () => spikes.length > 0, apart),
    span: NOWHERE,
  };
}

/** The canonical expression of a sum in which spikes are factors: memory next to them is written plainly. */
export function canonicalSum(p: Polynomial): Expression {
  return writeValue(p, () => false, partsForPeople);
}

/**
 * A sum with spikes in it. What is gated by different spikes is factored apart: factored together, a
 * memory that is read now could come to stand next to a spike.
 */
function writeValue(p: Polynomial, unsaid: Unsaid, apart: TakeApart): Expression {
  if (p.monomials.length === 0) return canonicalExpression(p);
  const groups = new Map<string, Monomial[]>();
  for (const m of p.monomials) {
    const { key } = splitMonomial(m, (atom) => atom.event).kept;
    groups.set(key, [...(groups.get(key) ?? []), m]);
  }
  const gated = new Set<Part>();
  const parts = [...groups].flatMap(([key, monomials]) => {
    const found = apart(polynomial(monomials));
    if (key !== '') for (const part of found) gated.add(part);
    return found;
  });
  return writeSum(parts, canonicalExpression, (written, part) =>
    withoutBefore(written, gated.has(part) ? () => true : unsaid),
  );
}

function withoutBefore(expression: Expression, unsaid: Unsaid): Expression {
  const strip = (node: Expression): Expression => {
    if (node.kind !== 'name') return withParts(node, strip);
    const { moment, name } = node;
    const isBefore = moment?.kind === 'named' && moment.name === 'before';
    return isBefore && unsaid(name) ? { ...node, moment: null } : node;
  };
  return strip(expression);
}

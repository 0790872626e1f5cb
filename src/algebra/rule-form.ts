import type { Clause, Expression, NameExpression } from '../language/ast.js';
import { withParts } from '../language/check/walk.js';
import type { CheckedBounds, CheckedMemory, CheckedRule, Scope } from '../language/checked.js';
import { measured } from './build-expression.js';
import { settle } from './conditionals.js';
import { gatesKey, gatesOf } from './gates.js';
import { visitAtoms } from './inside.js';
import { atomMonomial, constantMonomial, multiplyMonomials } from './monomial.js';
import { resolveName, signalAtomNamed, stepLength } from './names.js';
import { normalForm, placed } from './normal-form.js';
import { addPolynomials, multiplyByMonomial, NOTHING, UNIT } from './polynomial.js';
import * as Q from './rational.js';
import type {
  Atom,
  ChangeForm,
  MemoryForm,
  Monomial,
  Polynomial,
  RestartEvent,
  RuleForm,
} from './types.js';

/**
 * The normal form of a whole rule. `on` a spike and a spike as a factor are the same, so are `dw/dt`
 * and `dw` with the factor dt; changes under equal gates are one; memory that nothing reads is left
 * out. Throws an `EngrammarError` where an expression has no normal form.
 */
export function ruleForm(checked: CheckedRule): RuleForm {
  const { scope } = checked;
  const forms = checked.memory.map((each) => memoryForm(each, scope));
  const zeros = new Set(forms.filter(isAlwaysZero).map(({ name }) => name));
  if (zeros.size > 0) return ruleForm(withoutMemory(checked, zeros));
  return assembled({
    changes: changesOf(checked),
    memory: forms,
    range: rangeOf(checked.bounds, scope),
    keepsSign: checked.bounds.keepsSign,
    transmit: checked.transmit && normalForm(checked.transmit, scope),
  });
}

/** In order, without what does nothing: changes that are 0 and memory that nothing reads. */
export function assembled({ changes, memory, range, keepsSign, transmit }: RuleForm): RuleForm {
  // A weight that is set to 0 changes; one to which 0 is added does not.
  const acting = changes.filter(({ form, value }) => form === 'set' || value.monomials.length > 0);
  const read = [
    ...acting.map(({ value }) => value),
    ...(range ? [range.low, range.high] : []),
    ...(transmit ? [transmit] : []),
  ];
  return {
    changes: acting,
    memory: memoryRead(memory, read),
    range,
    keepsSign,
    transmit: transmit && transmit.key !== 'w' ? transmit : null,
  };
}

/** It starts at 0 and takes in nothing else. */
function isAlwaysZero({ kind, value, from }: MemoryForm): boolean {
  return kind !== 'draw' && value.monomials.length === 0 && from.monomials.length === 0;
}

/** The rule with 0 in the place of these memories. */
function withoutMemory(checked: CheckedRule, names: ReadonlySet<string>): CheckedRule {
  const zero = (node: Expression): Expression =>
    node.kind === 'name' && node.member === null && names.has(node.name)
      ? measured('0')
      : withParts(node, zero);
  const orNull = (value: Expression | null): Expression | null => value && zero(value);
  const { range } = checked.bounds;
  return {
    ...checked,
    memory: checked.memory
      .filter(({ name }) => !names.has(name))
      .map((each) => ({
        ...each,
        value: zero(each.value),
        fading: each.fading && { ...each.fading, value: zero(each.fading.value) },
        from: orNull(each.from),
        ridge: orNull(each.ridge),
        gate: orNull(each.gate),
      })),
    changes: checked.changes.map((each) => ({ ...each, value: zero(each.value) })),
    bounds: { ...checked.bounds, range: range && { low: zero(range.low), high: zero(range.high) } },
    transmit: orNull(checked.transmit),
  };
}

function changesOf({ changes, scope }: CheckedRule): ChangeForm[] {
  const found = new Map<string, ChangeForm>();
  for (const { form: written, clauses, value, span } of changes) {
    const form = written === 'set' ? 'set' : 'dw';
    const gates = gatesOf(clauses);
    const on = spikesOf(clauses, scope);
    const spikes = form === 'set' ? distinct(on) : [];
    const key = changeKey({ form, gates, spikes });
    let factor = spikeProduct(form === 'set' ? [] : on);
    if (written === 'dw/dt') factor = multiplyMonomials(factor, atomMonomial(stepLength(scope)));
    const own = multiplyByMonomial(normalForm(value, scope), factor);
    const sum = placed(span, () => settle(addPolynomials(found.get(key)?.value ?? NOTHING, own)));
    found.set(key, { form, gates, spikes, value: sum });
  }
  return [...found.keys()].sort().map((key) => found.get(key)!);
}

/** The same for changes of one form that act at the same time. */
export function changeKey({ form, gates, spikes }: Omit<ChangeForm, 'value'>): string {
  return [form, gatesKey(gates), ...spikes.map((spike) => spike.key)].join(' ');
}

/** The spikes of `on` clauses, one for each clause. */
export function spikesOf(clauses: readonly Clause[], scope: Scope): Atom[] {
  return clauses.flatMap((clause) =>
    clause.kind === 'on' ? [resolveName(clause.event, scope)] : [],
  );
}

export function spikeProduct(spikes: readonly Atom[]): Monomial {
  return spikes
    .map((spike) => atomMonomial(spike))
    .reduce(multiplyMonomials, constantMonomial(Q.ONE));
}

function rangeOf({ range }: CheckedBounds, scope: Scope): RuleForm['range'] {
  if (!range) return null;
  return { low: normalForm(range.low, scope), high: normalForm(range.high, scope) };
}

function memoryForm(checked: CheckedMemory, scope: Scope): MemoryForm {
  const { name, kind, clauses, line, fading, since, from, ofSpikes } = checked;
  const form = (expression: Expression): Polynomial => normalForm(expression, scope);
  const spikes = spikesOf(clauses, scope);
  const taken = kind === 'draw' ? NOTHING : form(checked.value);
  const isTrace = kind === 'trace';
  const { ridge, gate } = checked;
  return {
    name,
    kind,
    extent: scope.memories.get(name)!.extent,
    gates: gatesOf(clauses),
    spikes: isTrace && fading?.kind !== 'keeping' ? [] : distinct(spikes),
    value: isTrace ? multiplyByMonomial(taken, spikeProduct(spikes)) : taken,
    fading: fading && { kind: fading.kind, value: form(fading.value) },
    since: since === null ? null : restartEvent(since, line, scope),
    from: from ? form(from) : NOTHING,
    ofSpikes: kind === 'average' && ofSpikes && taken.monomials.length > 0,
    whitening: ridge && { ridge: form(ridge), gate: gate ? form(gate) : UNIT },
    distribution:
      line.kind === 'draw' ? (line.distribution === 'normal' ? 'normal' : 'uniform') : null,
  };
}

function distinct(atoms: readonly Atom[]): Atom[] {
  const byKey = new Map(atoms.map((atom) => [atom.key, atom]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}

function restartEvent(since: string, line: CheckedMemory['line'], scope: Scope): RestartEvent {
  const signal = signalAtomNamed(since, scope);
  const written: NameExpression | null = 'since' in line ? line.since : null;
  if (!signal) return { kind: 'scheduled', event: since };
  return { kind: 'spike', spike: written ? resolveName(written, scope) : signal };
}

/** What these sums read, directly or through other memory, in the order in which it takes in. */
function memoryRead(memory: readonly MemoryForm[], read: readonly Polynomial[]): MemoryForm[] {
  const wanted = new Set<string>();
  const byName = new Map(memory.map((each) => [each.name, each]));
  const want = (p: Polynomial): void =>
    visitAtoms(p, (atom) => {
      if (atom.kind !== 'memory' || wanted.has(atom.name)) return;
      wanted.add(atom.name);
      for (const each of sumsIn(byName.get(atom.name)!)) want(each);
    });
  read.forEach(want);
  return inOrder(memory.filter(({ name }) => wanted.has(name)));
}

/** Each after those whose present value it reads; by name where that leaves a choice. */
function inOrder(memory: readonly MemoryForm[]): MemoryForm[] {
  const waiting = new Map([...memory].sort(byName).map((each) => [each.name, each]));
  const sorted: MemoryForm[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].find((each) => !readsNow(each, waiting));
    const next = ready ?? [...waiting.values()][0]!;
    sorted.push(next);
    waiting.delete(next.name);
  }
  return sorted;
}

const byName = (a: MemoryForm, b: MemoryForm): number => (a.name < b.name ? -1 : 1);

function readsNow(form: MemoryForm, these: ReadonlyMap<string, MemoryForm>): boolean {
  let found = false;
  for (const each of sumsIn(form)) {
    visitAtoms(each, (atom) => {
      if (atom.kind !== 'memory' || atom.name === form.name) return;
      found ||= atom.reading === 'now' && these.has(atom.name);
    });
  }
  return found;
}

/** Every sum in a memory's line. */
export function sumsIn({ value, fading, from, whitening }: MemoryForm): Polynomial[] {
  return [
    value,
    ...(fading ? [fading.value] : []),
    from,
    ...(whitening ? [whitening.ridge, whitening.gate] : []),
  ];
}

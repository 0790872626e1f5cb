import type { Parameter } from '../language/checked.js';
import { memoryAtom } from './atoms.js';
import { equal } from './equal.js';
import { gatesKey } from './gates.js';
import { quantity } from './normal-form.js';
import { ofAtom } from './polynomial.js';
import { assembled, changeKey } from './rule-form.js';
import { type Replacement, substitute } from './substitute.js';
import type { ChangeForm, MemoryForm, RuleForm } from './types.js';

/**
 * Equality of whole rules. Memory has no identity but what it does: memories that take in the same at
 * the same times are one, whatever they are called, within a rule and between rules.
 */

/** The rule with all its names replaced. Throws an `EngrammarError` where a divisor becomes 0. */
function withReplaced(form: RuleForm, replace: Replacement): RuleForm {
  const inner = (p: ChangeForm['value']): ChangeForm['value'] => substitute(p, replace);
  const { range, transmit } = form;
  return assembled({
    ...form,
    changes: form.changes.map((each) => ({ ...each, value: inner(each.value) })),
    memory: form.memory.map((each) => memoryWith(each, inner)),
    range: range && { low: inner(range.low), high: inner(range.high) },
    transmit: transmit && inner(transmit),
  });
}

function memoryWith(
  form: MemoryForm,
  inner: (p: MemoryForm['value']) => MemoryForm['value'],
): MemoryForm {
  const { fading, whitening } = form;
  return {
    ...form,
    value: inner(form.value),
    fading: fading && { ...fading, value: inner(fading.value) },
    from: inner(form.from),
    whitening: whitening && { ridge: inner(whitening.ridge), gate: inner(whitening.gate) },
  };
}

/**
 * The rule with the default values of its parameters in their place, so that it does not matter what
 * they are called. Those whose value is 0 wait to be given one and keep their names.
 */
export function numericForm(form: RuleForm, parameters: ReadonlyMap<string, Parameter>): RuleForm {
  return withReplaced(form, (atom) => {
    if (atom.kind !== 'parameter') return null;
    const parameter = parameters.get(atom.name);
    return parameter && parameter.value !== 0 ? quantity(parameter.definition.value) : null;
  });
}

/** Whether two rules do the same; parameters are the same where they have the same name. */
export function equalRules(a: RuleForm, b: RuleForm): boolean {
  return sameForms(...(withSharedNames([a, b]) as [RuleForm, RuleForm]));
}

/** As `equalRules`, for rules whose memory has shared names. */
export function sameForms(one: RuleForm, two: RuleForm): boolean {
  return (
    one.keepsSign === two.keepsSign &&
    sameOrNull(one.range?.low ?? null, two.range?.low ?? null) &&
    sameOrNull(one.range?.high ?? null, two.range?.high ?? null) &&
    sameOrNull(one.transmit, two.transmit) &&
    sameChanges(one.changes, two.changes)
  );
}

function sameOrNull(a: ChangeForm['value'] | null, b: ChangeForm['value'] | null): boolean {
  return a === null || b === null ? a === b : equal(a, b);
}

function sameChanges(a: readonly ChangeForm[], b: readonly ChangeForm[]): boolean {
  const others = new Map(b.map((each) => [changeKey(each), each.value]));
  return (
    a.length === b.length &&
    a.every((each) => {
      const other = others.get(changeKey(each));
      return other !== undefined && equal(each.value, other);
    })
  );
}

/**
 * The rules with names for their memory that depend on nothing but what the memory does: the same
 * memory has the same name in all of them, and stands in each once. The coarsest partition in which
 * memories of one class take in the same, by refinement.
 *
 * `names` chooses the name of a class from the names of its members (in the order of the rules).
 */
export function withSharedNames(
  forms: readonly RuleForm[],
  names: (members: readonly { readonly rule: number; readonly name: string }[]) => string = () =>
    '',
): RuleForm[] {
  if (forms.every(({ memory }) => memory.length === 0)) return [...forms];
  let classes = forms.map(({ memory }) => new Map(memory.map(({ name }) => [name, 'm'])));
  for (let count = 0; ; ) {
    const renamed = forms.map((form, rule) => renamedMemory(form, classes[rule]!));
    const keys = renamed.map((memory, rule) => {
      const drawn = new Map<string, number>();
      return forms[rule]!.memory.map(({ name }, at) => {
        const key = `${classes[rule]!.get(name)} ${memoryKey(memory[at]!)}`;
        if (memory[at]!.kind !== 'draw') return [name, key] as const;
        // Two draws are never the same number.
        const number = (drawn.get(key) ?? 0) + 1;
        drawn.set(key, number);
        return [name, `${key} ${number}`] as const;
      });
    });
    const all = [...new Set(keys.flat().map(([, key]) => key))].sort();
    classes = keys.map(
      (of) => new Map(of.map(([name, key]) => [name, `m${all.indexOf(key) + 1}`])),
    );
    if (all.length === count) break;
    count = all.length;
  }
  const members = new Map<string, { rule: number; name: string }[]>();
  classes.forEach((of, rule) => {
    for (const [name, id] of of) members.set(id, [...(members.get(id) ?? []), { rule, name }]);
  });
  const chosen = new Map<string, string>();
  const taken = new Set<string>();
  for (const [id, of] of members) {
    let name = names(of) || id;
    while (taken.has(name)) name += '_';
    taken.add(name);
    chosen.set(id, name);
  }
  return forms.map((form, rule) => {
    const of = new Map([...classes[rule]!].map(([name, id]) => [name, chosen.get(id)!]));
    return withMemoryNamed(form, of);
  });
}

/** The rule with its memory called so; memories of one name must be the same. */
export function withMemoryNamed(form: RuleForm, names: ReadonlyMap<string, string>): RuleForm {
  const renamed = { ...form, memory: renamedMemory(form, names) };
  const once = new Map(renamed.memory.map((each) => [each.name, each]));
  const replace = renaming(names);
  const inner = (p: ChangeForm['value']): ChangeForm['value'] => substitute(p, replace);
  const { range, transmit } = form;
  return assembled({
    ...form,
    changes: form.changes.map((each) => ({ ...each, value: inner(each.value) })),
    memory: [...once.values()],
    range: range && { low: inner(range.low), high: inner(range.high) },
    transmit: transmit && inner(transmit),
  });
}

function renamedMemory(form: RuleForm, names: ReadonlyMap<string, string>): MemoryForm[] {
  const replace = renaming(names);
  return form.memory.map((each) => ({
    ...memoryWith(each, (p) => substitute(p, replace)),
    name: names.get(each.name) ?? each.name,
  }));
}

function renaming(names: ReadonlyMap<string, string>): Replacement {
  return (atom) => {
    const name = atom.kind === 'memory' ? names.get(atom.name) : undefined;
    if (name === undefined || atom.kind !== 'memory') return null;
    return ofAtom(memoryAtom(name, atom.reading, atom.extent));
  };
}

/** All that a memory line does, but for its name. */
function memoryKey(form: MemoryForm): string {
  const { kind, fading, since, from, whitening, distribution, extent } = form;
  return [
    kind,
    gatesKey(form.gates),
    ...form.spikes.map(({ key }) => key),
    form.value.key,
    fading ? `${fading.kind} ${fading.value.key}` : '',
    since ? (since.kind === 'spike' ? since.spike.key : since.event) : '',
    from.key,
    String(form.ofSpikes),
    whitening ? `${whitening.ridge.key} ${whitening.gate.key}` : '',
    distribution === null ? '' : `${distribution} ${extent}`,
  ].join('; ');
}

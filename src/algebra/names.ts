import { unknownInAlgebra } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import type { NameExpression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { memoryAtom, momentText, parameterAtom, signalAtom } from './atoms.js';
import { normalMoment } from './moments.js';
import type { Atom } from './types.js';

/** Atoms of a scope, made once each, so that most comparisons of atoms are by identity. */
const known = new WeakMap<Scope, Map<string, Atom>>();

/** The atom a name stands for. Throws an `EngrammarError` for a name the scope does not have. */
export function resolveName(expression: NameExpression, scope: Scope): Atom {
  let atoms = known.get(scope);
  if (!atoms) {
    atoms = new Map();
    known.set(scope, atoms);
  }
  const { name, member, moment } = expression;
  const whole = member === null ? name : `${name}.${member}`;
  const text = moment === null ? whole : whole + momentText(moment);
  let atom = atoms.get(text);
  if (!atom) {
    atom = makeAtom(expression, whole, scope);
    atoms.set(text, atom);
  }
  return atom;
}

function makeAtom(expression: NameExpression, whole: string, scope: Scope): Atom {
  const parameter = expression.moment === null ? scope.parameters.get(whole) : undefined;
  if (parameter) return parameterAtom(whole, parameter.extent);
  const memory = expression.member === null ? scope.memories.get(whole) : undefined;
  if (memory) {
    const before = expression.moment?.kind === 'named' && expression.moment.name === 'before';
    return memoryAtom(whole, before ? 'before' : 'now', memory.extent);
  }
  const position = scope.table.signals.findIndex((signal) => signal.name === whole);
  const signal = scope.table.signals[position];
  if (!signal) throw new EngrammarError(unknownInAlgebra({ name: whole }));
  return signalAtom(signal, normalMoment(expression.moment), position);
}

/** The signal with this name as an atom, or undefined when the table does not offer it. */
export function signalAtomNamed(name: string, scope: Scope): Atom | undefined {
  const position = scope.table.signals.findIndex((signal) => signal.name === name);
  const signal = scope.table.signals[position];
  return signal && signalAtom(signal, null, position);
}

/** The length of a step: every circuit has one, whether or not its table says so. */
export function stepLength(scope: Scope): Atom {
  const own = signalAtomNamed(DT, scope);
  if (own) return own;
  const signal = wholeVocabulary.signals.find(({ name }) => name === DT)!;
  return signalAtom(signal, null, scope.table.signals.length);
}

const DT = 'dt';

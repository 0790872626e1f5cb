import type { Diagnostic, Where } from '../../base/diagnostics/diagnostic.js';
import {
  functionWithoutArguments,
  signalNotOffered,
  unknownName,
} from '../../base/diagnostics/language.js';
import { wrongFormals } from '../../base/diagnostics/space.js';
import { nearest } from '../../base/nearest.js';
import type { Source, Span } from '../../base/source.js';
import type { ChoiceLine, NameExpression } from '../ast.js';
import { functionNames } from '../functions.js';
import { isConstant, type SignalTable, signalNamed } from '../signals.js';
import { wholeVocabulary } from '../vocabulary.js';
import { type Facts, NUMBER, raised, UNKNOWN } from './inferred.js';
import { sidesOf } from './sides.js';

/** Everything the names of one rule or space can mean, and where complaints go. */
export interface Names {
  readonly table: SignalTable;
  readonly source: Source | undefined;
  /** Parameters, lets, memories and formals. */
  local(name: string): Facts | undefined;
  readonly localNames: readonly string[];
  readonly choices: ReadonlyMap<string, ChoiceLine>;
  readonly formals: ReadonlySet<string>;
  /** Which of the local names are memory. */
  readonly memories: ReadonlySet<string>;
  /** The memory in whose line the expression stands: its name means its old value there. */
  readonly own: string | null;
  /** Called for every name of the rule that is read. */
  use(name: string): void;
  report(diagnostic: Diagnostic): void;
}

export function at(names: Names, span: Span): Where {
  return names.source ? { source: names.source, span } : {};
}

export function fullName({ name, member }: NameExpression): string {
  return member === null ? name : `${name}.${member}`;
}

/** The facts of a name without its moment; a name that means nothing is reported. */
export function lookUp(expression: NameExpression, names: Names): Facts {
  const { name, member } = expression;
  if (names.formals.has(name)) {
    if (member !== null) checkMember(expression, name, member, names);
    return UNKNOWN;
  }
  if (member === null) {
    const choice = names.choices.get(name);
    if (choice) return lookUpChoice(expression, choice, names);
    const local = names.local(name);
    if (local) {
      if (name === names.own) return { ...local, readsMemory: false };
      names.use(name);
      return local;
    }
  }
  const whole = fullName(expression);
  const signal = signalNamed(names.table, whole);
  if (signal) {
    const facts: Facts = {
      ...NUMBER,
      extent: signal.extent,
      dimension: signal.dimension,
      reads: new Set([whole]),
      event: signal.event,
      kind: signal.event ? 'event' : 'plain',
      readsPost: signal.extent === 'post',
      varies: isConstant(signal) ? null : whole,
    };
    return raised(facts, signal.grade, expression);
  }
  reportUnknown(expression, whole, names);
  return UNKNOWN;
}

/** `s.error`: the formal stands for one of the two neurons, so one of these must have such a signal. */
function checkMember(
  expression: NameExpression,
  formal: string,
  member: string,
  names: Names,
): void {
  const sides = sidesOf(names.table);
  const members = names.table.signals.flatMap((signal) => {
    const [side, of] = signal.name.split('.');
    return of !== undefined && sides.includes(side!) ? [of] : [];
  });
  if (members.includes(member)) return;
  const available = [...new Set(members)].map((each) => `${formal}.${each}`);
  const name = `${formal}.${member}`;
  const meant = nearest(name, available);
  const facts = { name, available, meant: meant === undefined ? [] : [meant] };
  names.report(unknownName(facts, at(names, expression.span)));
}

function lookUpChoice(expression: NameExpression, choice: ChoiceLine, names: Names): Facts {
  const { name: used, formals } = choice;
  names.use(used);
  if (formals.length > 0) {
    names.report(wrongFormals({ choice: used, formals, given: 0 }, at(names, expression.span)));
  }
  return UNKNOWN;
}

export function reportUnknown(expression: NameExpression, whole: string, names: Names): void {
  const where = at(names, expression.span);
  const signals = names.table.signals.map((signal) => signal.name);
  if (functionNames.includes(whole)) {
    names.report(functionWithoutArguments({ name: whole }, where));
  } else if (signalNamed(wholeVocabulary, whole)) {
    const facts = { name: whole, circuit: names.table.name, available: signals };
    names.report(signalNotOffered(facts, where));
  } else {
    const available = [...names.localNames, ...names.choices.keys(), ...signals];
    const instead = INSTEAD[whole.toLowerCase()];
    const facts = { name: whole, available, meant: meantNames(whole, available), instead };
    names.report(unknownName(facts, where));
  }
}

const UNBOUNDED =
  'numbers are finite: where nothing is bounded, take one beyond all weights, as 1e9';

/** Words of other notations that no name of ours is near to; in lower case. */
const INSTEAD: Readonly<Record<string, string>> = {
  inf: UNBOUNDED,
  infinity: UNBOUNDED,
  pi: 'write the number, 3.14159',
  deltat: 'the length of a step is `dt`',
};

/** `post.error` for `post.eror` and `post_error`; `pre.error` or `post.error` for `error`. */
function meantNames(word: string, available: readonly string[]): string[] {
  const near = nearest(word, available);
  if (near) return [near];
  return available.filter((name) => name.endsWith(`.${word}`) || name.replace('.', '_') === word);
}

import {
  mixedExtentsInSum,
  needsPlainNumber,
  notAFunction,
  nothingToSum,
  spikeInside,
  unknownFunction,
  unlikeUnits,
  wrongArity,
} from '../../base/diagnostics/language.js';
import { formalNeedsSide, wrongFormals } from '../../base/diagnostics/space.js';
import {
  type Dimension,
  describeDimension,
  multiplyDimension,
  PLAIN,
  sameDimension,
} from '../../base/dimension.js';
import { nearest } from '../../base/nearest.js';
import type { CallExpression, ChoiceLine, Expression } from '../ast.js';
import {
  functionNamed,
  functionNames,
  type LanguageFunction,
  type Reduction,
  reductionNamed,
} from '../functions.js';
import { type Extent, type Grade, isConstant, type Signal, signalNamed } from '../signals.js';
import { checkNumber } from './finite.js';
import { formalsBeforeDot } from './formals.js';
import { alike, type Facts, isPlain, join, partExtents, raised, UNKNOWN } from './inferred.js';
import { at, type Names } from './names.js';
import { sidesOf } from './sides.js';

type Infer = (expression: Expression, names: Names) => Facts;

/** A function, a sum, or (in a space) a choice with formals. */
export function inferCall(call: CallExpression, names: Names, infer: Infer): Facts {
  const choice = names.choices.get(call.callee);
  if (choice) return inferChoice(call, choice, names, infer);
  const args = call.args.map((arg) => infer(arg, names));
  const reduction = reductionNamed(call.callee);
  if (reduction) {
    if (!checkArity(call, ['E'], names)) return UNKNOWN;
    return inferReduction(call, reduction, args[0]!, names);
  }
  const named = functionNamed(call.callee);
  if (named) {
    if (!checkArity(call, named.arguments, names)) return UNKNOWN;
    return inferFunction(call, named, args, names);
  }
  reportCallee(call, names);
  return UNKNOWN;
}

function reportCallee(call: CallExpression, names: Names): void {
  const name = call.callee;
  const where = at(names, call.calleeSpan);
  const quantity = names.local(name) ?? signalNamed(names.table, name);
  if (quantity || names.formals.has(name)) {
    names.use(name);
    names.report(notAFunction({ name }, where));
    return;
  }
  const available = [...functionNames, ...names.choices.keys()];
  names.report(unknownFunction({ name, available, meant: nearest(name, available) }, where));
}

function checkArity(call: CallExpression, takes: readonly string[], names: Names): boolean {
  if (call.args.length === takes.length) return true;
  const facts = { callee: call.callee, takes, given: call.args.length };
  names.report(wrongArity(facts, at(names, call.span)));
  return false;
}

function inferFunction(
  call: CallExpression,
  { name, dimension }: LanguageFunction,
  args: readonly Facts[],
  names: Names,
): Facts {
  let fault = false;
  args.forEach((arg, index) => {
    const where = at(names, call.args[index]!.span);
    if (arg.kind !== 'plain') {
      names.report(spikeInside({ where: `inside \`${name}\`` }, where));
      fault = true;
    } else if (dimension === 'plain' && !isPlain(arg)) {
      const given = describeDimension(arg.dimension);
      names.report(needsPlainNumber({ what: `what \`${name}\` takes`, given }, where));
      fault = true;
    }
  });
  const odd = dimension === 'same' ? args.find((arg) => !alike(arg, unitGiver(args))) : undefined;
  if (odd && !fault) {
    const facts = {
      what: `the arguments of \`${name}\` must be alike`,
      left: describeDimension(unitGiver(args).dimension),
      right: describeDimension(odd.dimension),
    };
    names.report(unlikeUnits(facts, at(names, call.span)));
    fault = true;
  }
  const [literal = null] = args.map((arg) => arg.literal);
  const computed = COMPUTED[name];
  if (computed && literal !== null && !fault) checkNumber(call, computed(literal), names);
  const whole = args.slice(1).reduce(join, args[0]!);
  return {
    ...whole,
    dimension: resultOf(dimension, unitGiver(args).dimension),
    known: whole.known && !fault,
    kind: 'plain',
    event: false,
    literal: null,
    parts: null,
  };
}

/** The functions that do not have a finite value everywhere. */
const COMPUTED: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
};

/** The first argument that is not a literal 0, which fits any unit. */
function unitGiver(args: readonly Facts[]): Facts {
  return args.find((arg) => arg.literal !== 0) ?? args[0]!;
}

function resultOf(rule: LanguageFunction['dimension'], argument: Dimension): Dimension {
  if (rule === 'same') return argument;
  return rule === 'root' ? multiplyDimension(PLAIN, argument, 0.5) : PLAIN;
}

const GIVES: Readonly<Record<Reduction['over'], Extent>> = {
  pre: 'post',
  post: 'pre',
  all: 'global',
  upto_post: 'synapse',
};

function inferReduction(
  call: CallExpression,
  { name, operation, over }: Reduction,
  inner: Facts,
  names: Names,
): Facts {
  const where = at(names, call.span);
  let known = inner.known;
  if (operation === 'max' && inner.kind !== 'plain') {
    names.report(spikeInside({ where: `inside \`${name}\`` }, where));
    known = false;
  }
  if (over === 'all' && known) {
    const extents = partExtents(inner);
    if (extents.size === 0) {
      const sizes = names.table.signals.filter(isSize).map((signal) => signal.name);
      names.report(nothingToSum({ callee: name, sizes }, where));
      known = false;
    } else if (extents.size > 1) {
      names.report(mixedExtentsInSum({ callee: name, parts: [...extents] }, where));
      known = false;
    }
  }
  const extent = GIVES[over];
  const facts: Facts = {
    ...inner,
    extent,
    known,
    readsPost: extent === 'post',
    literal: null,
    parts: null,
  };
  return raised(facts, gradeOf(over, inner), call);
}

/** A number fixed in the circuit: the sizes of its populations. */
const isSize = (signal: Signal): boolean =>
  isConstant(signal) && sameDimension(signal.dimension, PLAIN);

/** docs/language.md §11. */
function gradeOf(over: Reduction['over'], inner: Facts): Grade {
  if (over === 'all') return 'global';
  if (over === 'upto_post') return 'transport';
  return over === 'post' && inner.readsPost ? 'transport' : 'neuron';
}

function inferChoice(call: CallExpression, choice: ChoiceLine, names: Names, infer: Infer): Facts {
  const { formals } = choice;
  names.use(call.callee);
  if (call.args.length !== formals.length) {
    const facts = { choice: choice.name, formals, given: call.args.length };
    names.report(wrongFormals(facts, at(names, call.span)));
    return UNKNOWN;
  }
  const dotted = formalsBeforeDot(choice);
  call.args.forEach((arg, index) => {
    const formal = formals[index]!;
    // Before a dot a neuron is named, whether or not it has a signal of that bare name.
    if (dotted.has(formal) && isSide(arg, names)) return;
    const facts = infer(arg, names);
    if (dotted.has(formal) && facts.known) {
      const text = names.source?.text.slice(arg.span.start, arg.span.end) ?? '…';
      const given = { choice: choice.name, formal, given: text, sides: sidesOf(names.table) };
      names.report(formalNeedsSide(given, at(names, arg.span)));
    }
  });
  return UNKNOWN;
}

/** `pre`, `post`, or a formal that will be one of them. */
function isSide(arg: Expression, names: Names): boolean {
  if (arg.kind !== 'name' || arg.member !== null || arg.moment !== null) return false;
  return sidesOf(names.table).includes(arg.name) || names.formals.has(arg.name);
}

import type { BinaryExpression, CallExpression, Condition, Expression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { isReduction } from './atoms.js';
import { writtenExtent } from './extent.js';
import { BARS, bracketed, SQUARE } from './latex-brackets.js';
import { numberLatex } from './latex-numbers.js';
import { EULER, indexOf, type Symbols, symbolsOf, withIndex, withMoment } from './latex-symbols.js';
import { resolveName } from './names.js';

/**
 * The synapse form: one line of LaTeX for the synapse from neuron j to neuron i, in the writer's
 * algebra. Indices that a sum runs over are k, m, p, … for postsynaptic neurons, as i, and
 * l, n, q, … for presynaptic ones, as j, so that \sum_k e_k and \sum_l e_l are different sums.
 */

/** An expression whose lets and choices are replaced, such as a term of a space, at synapse ij. */
export function latexTerm(expression: Expression, scope: Scope): string {
  return latexAtSynapse(expression, scope, symbolsOf(scope));
}

/**
 * The same with symbols that were chosen for a whole rule, at the synapse with these indices. `as`
 * says whether it has to stand as a factor of a product, in brackets where it is a sum.
 */
export function latexAtSynapse(
  expression: Expression,
  scope: Scope,
  symbols: Symbols,
  as: 'sum' | 'factor' = 'sum',
  { post = 'i', pre = 'j' } = {},
): string {
  const place = { scope, symbols, post, pre, used: [post, pre] };
  return write(expression, as === 'sum' ? SUM : PRODUCT, place);
}

/** A condition that is the same for all synapses. */
export function latexCondition(condition: Condition, scope: Scope, symbols: Symbols): string {
  return conditionLatex(condition, { scope, symbols, post: 'i', pre: 'j', used: ['i', 'j'] });
}

interface Place {
  readonly scope: Scope;
  readonly symbols: Symbols;
  /** The indices of the two neurons of the synapse that is being described. */
  readonly post: string;
  readonly pre: string;
  /** Indices of the sums around. */
  readonly used: readonly string[];
}

/** How tightly a text holds together. */
const SUM = 1;
const PRODUCT = 2;
const SIGNED = 3;
const POWER = 4;
const ATOM = 5;

interface Written {
  readonly text: string;
  readonly tightness: number;
  /** Whatever followed would seem to belong to it: a sum over an index. */
  readonly open?: boolean;
}

function write(expression: Expression, tightness: number, place: Place): string {
  const written = latex(expression, place);
  return written.tightness < tightness ? bracketed(written.text) : written.text;
}

function latex(expression: Expression, place: Place): Written {
  switch (expression.kind) {
    case 'number': {
      const { text, kind } = numberLatex(expression.measure);
      const tightness = { atom: ATOM, power: POWER, product: PRODUCT, signed: SIGNED }[kind];
      return { text, tightness };
    }
    case 'name': {
      const { text, raised } = nameLatex(expression, place);
      return { text, tightness: raised ? POWER : ATOM };
    }
    case 'negate': {
      const operand = latex(expression.operand, place);
      const text = operand.tightness < PRODUCT ? bracketed(operand.text) : operand.text;
      return { text: `-${text}`, tightness: SIGNED - 1, open: operand.open === true };
    }
    case 'binary':
      return binary(expression, place);
    case 'call':
      return isReduction(expression.callee)
        ? reduction(expression, place)
        : functionCall(expression, place);
    case 'if':
      return cases(expression, place);
  }
}

/** An `if` behind `else` is one more case. */
function cases(expression: Expression, place: Place): Written {
  const rows: string[] = [];
  let rest = expression;
  while (rest.kind === 'if') {
    const condition = conditionLatex(rest.condition, place);
    rows.push(`${write(rest.then, SUM, place)} & \\text{if } ${condition}`);
    rest = rest.otherwise;
  }
  rows.push(`${write(rest, SUM, place)} & \\text{otherwise}`);
  const text = `\\begin{cases} ${rows.join(' \\\\ ')} \\end{cases}`;
  return { text, tightness: ATOM, open: true };
}

function nameLatex(
  expression: Extract<Expression, { kind: 'name' }>,
  { scope, symbols, post, pre }: Place,
): { text: string; raised: boolean } {
  const atom = resolveName(expression, scope);
  const index = indexOf(atom.extent, post, pre);
  if (atom.kind === 'parameter') {
    return { text: withIndex(symbols.parameter(atom.name), index), raised: false };
  }
  const { name, member, moment } = expression;
  const { symbol } =
    atom.kind === 'memory'
      ? symbols.memory(atom.name)
      : symbols.signal(member === null ? name : `${name}.${member}`);
  const text = withMoment(withIndex(symbol, index), moment);
  // A prime or a moment is a superscript already.
  return { text, raised: moment !== null || symbol.includes("'") };
}

function binary(expression: BinaryExpression, place: Place): Written {
  const { operator, left, right } = expression;
  switch (operator) {
    case '+':
    case '-': {
      const end = latex(right, place);
      const minus = end.tightness <= SUM || end.text.startsWith('-');
      const after = minus ? bracketed(end.text) : end.text;
      return {
        text: `${write(left, SUM, place)} ${operator} ${after}`,
        tightness: SUM,
        open: end.open === true && !minus,
      };
    }
    case '*':
      return product(expression, place);
    case '/': {
      const [top, bottom] = [left, right].map((each) => write(each, SUM, place));
      const minus = left.kind === 'negate' && top?.startsWith('-');
      if (!minus) return { text: `\\frac{${top}}{${bottom}}`, tightness: POWER };
      return { text: `-\\frac{${top?.slice(1)}}{${bottom}}`, tightness: SIGNED - 1 };
    }
    case '^':
      return {
        text: `${write(left, ATOM, place)}^${inBraces(write(right, SUM, place))}`,
        tightness: POWER,
      };
  }
}

const inBraces = (text: string): string => (/^[A-Za-z0-9]$/.test(text) ? text : `{${text}}`);

function product(expression: BinaryExpression, place: Place): Written {
  const factors = factorsOf(expression).map((factor) => latex(factor, place));
  const last = factors.length - 1;
  let text = '';
  factors.forEach((factor, i) => {
    // Whatever followed a sum over an index would seem to be summed too.
    const loose = factor.tightness < PRODUCT || (factor.open === true && i < last);
    const own =
      loose || (i > 0 && factor.text.startsWith('-')) ? bracketed(factor.text) : factor.text;
    text += i === 0 ? own : `${between(text, own)}${own}`;
  });
  const end = factors[last]!;
  return { text, tightness: PRODUCT, open: end.open === true && end.tightness >= PRODUCT };
}

/** A word at the end, with its subscript and superscript. */
const LAST_WORD =
  /\\mathrm\{[^{}]*\}(_([^{}]|\{([^{}]|\{[^{}]*\})*\}))?(\^([^{}]|\{([^{}]|\{[^{}]*\})*\}))?$/;

/** A dot before digits, a thin space where a word stands next to something else. */
export function between(before: string, after: string): string {
  if (/^\d/.test(after)) return ' \\cdot ';
  const word = after.startsWith('\\mathrm') && !after.startsWith(EULER);
  if (before.endsWith('\\Delta t')) return ' \\, ';
  return word || (LAST_WORD.test(before) && !before.endsWith('(')) ? ' \\, ' : ' ';
}

/** Multiplication is associative, so a product within a product needs no brackets. */
function factorsOf(expression: Expression): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== '*') return [expression];
  return [...factorsOf(expression.left), ...factorsOf(expression.right)];
}

/** Fresh letters for each side, in the order they are used. */
const POST_INDICES = ['k', 'm', 'p', 'r', 'a', 'c'];
const PRE_INDICES = ['l', 'n', 'q', 's', 'b', 'd'];

/** Two letters that sums over one population may run over. */
export function freshIndices(side: 'post' | 'pre', symbols: Symbols): readonly [string, string] {
  const letters = side === 'post' ? POST_INDICES : PRE_INDICES;
  const first = fresh(letters, { symbols, used: [] });
  return [first, fresh(letters, { symbols, used: [first] })];
}

function fresh(
  letters: readonly string[],
  { symbols, used }: Pick<Place, 'symbols' | 'used'>,
): string {
  const free = letters.find((each) => !used.includes(each) && !symbols.letters.has(each));
  if (free !== undefined) return free;
  let primed = `${letters[0]}'`;
  while (used.includes(primed)) primed += "'";
  return primed;
}

function reduction({ callee, args }: CallExpression, place: Place): Written {
  const [argument] = args;
  const [operation = 'sum', ...over] = callee.split('_');
  const range = argument && over[0] === 'all' ? writtenExtent(argument, place.scope) : null;
  const post = over[0] === 'post' || over[0] === 'upto' || range === 'post' || range === 'synapse';
  const pre = over[0] === 'pre' || range === 'pre' || range === 'synapse';
  const k = post ? fresh(POST_INDICES, place) : place.post;
  const l = pre ? fresh(PRE_INDICES, place) : place.pre;
  const inside: Place = {
    ...place,
    post: k,
    pre: l,
    used: [...place.used, ...(post ? [k] : []), ...(pre ? [l] : [])],
  };
  const runs = [...(post ? [k] : []), ...(pre ? [l] : [])].join(', ');
  const index = over[0] === 'upto' ? `${k} \\le ${place.post}` : runs;
  if (!argument) return { text: '0', tightness: ATOM };
  if (operation === 'mean') {
    const text = `\\left\\langle ${write(argument, SUM, inside)} \\right\\rangle_${inBraces(index)}`;
    return { text, tightness: POWER };
  }
  const sign = operation === 'max' ? '\\max' : '\\sum';
  const inner = latex(argument, inside);
  const loose = inner.tightness < PRODUCT || inner.text.startsWith('-');
  const text = loose ? bracketed(inner.text) : inner.text;
  return { text: `${sign}_${inBraces(index)} ${text}`, tightness: PRODUCT, open: true };
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  tanh: '\\tanh',
  log: '\\log',
  min: '\\min',
  max: '\\max',
  sigmoid: '\\sigma',
};

function functionCall({ callee, args }: CallExpression, place: Place): Written {
  const inside = args.map((each) => write(each, SUM, place));
  const first = inside[0] ?? '';
  switch (callee) {
    case 'abs':
      return { text: bracketed(first, BARS), tightness: ATOM };
    case 'relu':
      return { text: `${bracketed(first, SQUARE)}_+`, tightness: POWER };
    case 'sqrt':
      return { text: `\\sqrt{${first}}`, tightness: ATOM };
    case 'exp': {
      const exponent = args[0] && inlineQuotient(args[0], place);
      if (!exponent || place.symbols.eulerTaken) {
        return { text: `\\exp${bracketed(first)}`, tightness: POWER };
      }
      return { text: `${EULER}^{${exponent}}`, tightness: POWER };
    }
    default: {
      const nice = callee === 'sigmoid' && place.symbols.sigmaTaken ? undefined : FUNCTIONS[callee];
      const name = nice ?? `\\operatorname{${callee.replaceAll('_', '\\_')}}`;
      return { text: `${name}${bracketed(inside.join(', '))}`, tightness: POWER };
    }
  }
}

/** -a/b on one line, as the exponent of a fading; null for what is no quotient. */
function inlineQuotient(expression: Expression, place: Place): string | null {
  if (expression.kind === 'negate') {
    const inner = inlineQuotient(expression.operand, place);
    return inner && `-${inner}`;
  }
  if (expression.kind !== 'binary' || expression.operator !== '/') return null;
  const { left, right } = expression;
  const below = latex(right, place);
  const bottom = below.tightness < POWER ? `(${below.text})` : below.text;
  if (left.kind === 'negate') return `-${write(left.operand, PRODUCT, place)}/${bottom}`;
  return `${write(left, PRODUCT, place)}/${bottom}`;
}

const COMPARISONS = { '<': '<', '>': '>', '<=': '\\le', '>=': '\\ge' } as const;

function conditionLatex(condition: Condition, place: Place): string {
  if (condition.kind === 'compare') {
    const [left, right] = [condition.left, condition.right].map((each) => write(each, SUM, place));
    return `${left} ${COMPARISONS[condition.operator]} ${right}`;
  }
  const word = condition.kind;
  const side = (inner: Condition): string => {
    const text = conditionLatex(inner, place);
    return word === 'and' && inner.kind === 'or' ? bracketed(text) : text;
  };
  return `${side(condition.left)} \\text{ ${word} } ${side(condition.right)}`;
}

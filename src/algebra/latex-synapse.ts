import type { BinaryExpression, CallExpression, Condition, Expression } from '../language/ast.js';
import type { CheckedRule, Scope } from '../language/checked.js';
import { isReduction } from './atoms.js';
import { writtenExtent } from './extent.js';
import {
  indexOf,
  numberLatex,
  type Symbols,
  symbolsOf,
  withIndex,
  withMoment,
} from './latex-symbols.js';
import { resolveName } from './names.js';

/**
 * The synapse form: one line of LaTeX for the synapse from neuron j to neuron i, in the writer's
 * algebra. Indices that a sum runs over are k, m, p, … for postsynaptic neurons, as i, and
 * l, n, q, … for presynaptic ones, as j, so that \sum_k e_k and \sum_l e_l are different sums.
 */

/** `\Delta w_{ij} = …` with lets replaced, as they are abbreviations. */
export function latexSynapse(rule: CheckedRule): string {
  return `\\Delta w_{ij} = ${latexTerm(rule.update, rule.scope)}`;
}

/** An expression whose lets and choices are replaced, such as a term of a space, at synapse ij. */
export function latexTerm(expression: Expression, scope: Scope): string {
  return write(expression, SUM, {
    scope,
    symbols: symbolsOf(scope),
    post: 'i',
    pre: 'j',
    used: [],
  });
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

const bracketed = (text: string): string => `\\left(${text}\\right)`;

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
    case 'if': {
      const [then, otherwise] = [expression.then, expression.otherwise].map((each) =>
        write(each, SUM, place),
      );
      const condition = conditionLatex(expression.condition, place);
      const cases = `${then} & \\text{if } ${condition} \\\\ ${otherwise} & \\text{otherwise}`;
      return { text: `\\begin{cases} ${cases} \\end{cases}`, tightness: ATOM, open: true };
    }
  }
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
  const { symbol } = symbols.signal(member === null ? name : `${name}.${member}`);
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
      return { text: `\\frac{${top}}{${bottom}}`, tightness: POWER };
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

/** A dot before digits, a thin space where a word stands next to something else. */
export function between(before: string, after: string): string {
  if (/^\d/.test(after)) return ' \\cdot ';
  return /^\\mathrm/.test(after) || /\\mathrm\{[^{}]*\}$/.test(before) ? ' \\, ' : ' ';
}

/** Multiplication is associative, so a product within a product needs no brackets. */
function factorsOf(expression: Expression): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== '*') return [expression];
  return [...factorsOf(expression.left), ...factorsOf(expression.right)];
}

/** Fresh letters for each side, in the order they are used. */
const POST_INDICES = ['k', 'm', 'p', 'r', 'a', 'c'];
const PRE_INDICES = ['l', 'n', 'q', 's', 'b', 'd'];

function fresh(letters: readonly string[], { symbols, used }: Place): string {
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
  const text = inner.tightness < PRODUCT ? bracketed(inner.text) : inner.text;
  return { text: `${sign}_${inBraces(index)} ${text}`, tightness: PRODUCT, open: true };
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  tanh: '\\tanh',
  exp: '\\exp',
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
      return { text: `\\left|${first}\\right|`, tightness: ATOM };
    case 'relu':
      return { text: `\\left[${first}\\right]_+`, tightness: POWER };
    case 'sqrt':
      return { text: `\\sqrt{${first}}`, tightness: ATOM };
    default: {
      const nice = callee === 'sigmoid' && place.symbols.sigmaTaken ? undefined : FUNCTIONS[callee];
      const name = nice ?? `\\operatorname{${callee.replaceAll('_', '\\_')}}`;
      return { text: `${name}\\left(${inside.join(', ')}\\right)`, tightness: POWER };
    }
  }
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

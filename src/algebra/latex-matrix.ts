import type { Expression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { BARS, bracketed, SQUARE } from './latex-brackets.js';
import { numberLatex, unitLatex } from './latex-numbers.js';
import { EULER, type Symbols, symbolsOf, withMoment } from './latex-symbols.js';
import { between } from './latex-synapse.js';
import { isScalar, type MatrixCondition, type MatrixExpression } from './matrix-expression.js';
import { matrixForm } from './matrix-form.js';
import * as Q from './rational.js';
import type { Rational } from './types.js';

/**
 * The matrix form: what a rule does to the whole weight matrix, with the quantities of neurons as
 * column vectors and sums over neurons as products. Every postsynaptic neuron is taken to be
 * connected to every presynaptic one. `\odot` and its powers act entry by entry.
 */

/** An expression whose lets and choices are replaced, such as a term of a space. */
export function latexMatrixTerm(expression: Expression, scope: Scope): string {
  return printMatrix(matrixForm(expression, scope), symbolsOf(scope));
}

const SUM = 1;
const ENTRYWISE = 2;
const PRODUCT = 3;
const POWER = 4;
const ATOM = 5;

interface Written {
  readonly text: string;
  readonly tightness: number;
}

/** LaTeX of a matrix expression; as a factor it has brackets where it is a sum. */
export function printMatrix(
  expression: MatrixExpression,
  symbols: Symbols,
  as: 'sum' | 'factor' = 'sum',
): string {
  return write(expression, as === 'sum' ? SUM : PRODUCT, symbols);
}

function write(expression: MatrixExpression, tightness: number, symbols: Symbols): string {
  const written = latex(expression, symbols);
  return written.tightness < tightness ? bracketed(written.text) : written.text;
}

function latex(expression: MatrixExpression, symbols: Symbols): Written {
  switch (expression.kind) {
    case 'number':
      return rational(expression.value);
    case 'measure': {
      const { text, kind } = numberLatex(expression.measure);
      const tightness = { atom: ATOM, power: POWER, product: PRODUCT, signed: SUM }[kind];
      return { text, tightness };
    }
    case 'symbol':
      return symbolLatex(expression, symbols);
    case 'ones':
      return { text: `\\mathbf{1}_{\\mathrm{${expression.rows}}}`, tightness: ATOM };
    case 'count':
      return { text: `n_{\\mathrm{${expression.of}}}`, tightness: ATOM };
    case 'sum':
      return { text: sumLatex(expression.parts, symbols), tightness: SUM };
    case 'product':
      return productLatex(expression.factors, symbols);
    case 'transpose':
      return { text: `${write(expression.inner, ATOM, symbols)}^\\top`, tightness: POWER };
    case 'diagonal':
      return applied('\\operatorname{diag}', [expression.inner], symbols);
    case 'triangle':
      return applied('\\operatorname{tril}', [expression.inner], symbols);
    case 'entrywise':
      return {
        text: expression.factors.map((each) => write(each, POWER, symbols)).join(' \\odot '),
        tightness: ENTRYWISE,
      };
    case 'power':
      return powerLatex(expression, symbols);
    case 'call':
      return callLatex(expression.callee, expression.args, symbols);
    case 'cases':
      return casesLatex(expression, symbols);
    case 'largest': {
      const along = {
        rows: '\\operatorname{rowmax}',
        columns: '\\operatorname{colmax}',
        all: '\\max',
      };
      return applied(along[expression.of], [expression.inner], symbols);
    }
  }
}

function applied(name: string, args: readonly MatrixExpression[], symbols: Symbols): Written {
  const inside = args.map((each) => write(each, SUM, symbols)).join(', ');
  return { text: `${name}${bracketed(inside)}`, tightness: ATOM };
}

function symbolLatex(
  { atom }: Extract<MatrixExpression, { kind: 'symbol' }>,
  symbols: Symbols,
): Written {
  if (atom.kind === 'unit') return { text: unitLatex(atom.name), tightness: ATOM };
  if (atom.kind === 'parameter') return { text: symbols.parameter(atom.name), tightness: ATOM };
  if (atom.kind === 'memory') {
    const text = symbols.memory(atom.name).matrixSymbol;
    if (atom.reading === 'now') return { text, tightness: ATOM };
    return { text: withMoment(text, { kind: 'named', name: 'before' }), tightness: POWER };
  }
  const bare = symbols.signal(atom.name.split('@')[0] ?? '').matrixSymbol;
  const text = withMoment(bare, atom.moment);
  return { text, tightness: atom.moment !== null || bare.includes("'") ? POWER : ATOM };
}

function rational(value: Rational): Written {
  const decimal = Q.decimalText(value);
  // A whole number is no shorter as a fraction.
  if (decimal !== null && (decimal.length <= 12 || value.denominator === 1n)) {
    const measure = { text: decimal, number: Q.toNumber(value), unit: null, per: [] };
    const { text, kind } = numberLatex(measure);
    return { text, tightness: kind === 'atom' ? ATOM : PRODUCT };
  }
  const sign = Q.isNegative(value) ? '-' : '';
  const { numerator, denominator } = Q.absolute(value);
  return { text: `${sign}\\frac{${numerator}}{${denominator}}`, tightness: PRODUCT };
}

function sumLatex(parts: readonly MatrixExpression[], symbols: Symbols): string {
  let text = '';
  for (const part of parts) {
    const own = latex(part, symbols).text;
    if (text === '') text = own;
    else text += own.startsWith('-') ? ` - ${own.slice(1)}` : ` + ${own}`;
  }
  return text;
}

function productLatex(factors: readonly MatrixExpression[], symbols: Symbols): Written {
  const divisors = factors.filter(isDivisor);
  const others = factors.filter((each) => !isDivisor(each));
  const scalars = others.filter(isScalarFactor);
  const matrices = others.filter((each) => !isScalarFactor(each));
  const [first] = scalars;
  const negative = first?.kind === 'number' && Q.isNegative(first.value);
  const magnitudes = negative
    ? [{ ...first, value: Q.absolute(first.value) }, ...scalars.slice(1)]
    : scalars;
  // An inner product next to something else gets brackets: (aᵀ b) y, but aᵀ b over n.
  const alone = scalars.length === 1 && (divisors.length > 0 || matrices.length === 0);
  const above = magnitudes.filter((each) => each.kind !== 'number' || each.value !== Q.ONE);
  const isFraction = divisors.length > 0;
  const bracketsIn = (each: MatrixExpression): number =>
    each.kind === 'product' && !alone ? POWER : PRODUCT;
  let text = numbersLatex(above, isFraction, bracketsIn, symbols);
  if (isFraction) {
    const bottom = numbersLatex(divisors.map(inverted), true, () => PRODUCT, symbols);
    text = `\\frac{${text === '' ? '1' : text}}{${bottom}}`;
  }
  // Numbers in front of a product entry by entry go with every entry, with or without brackets.
  const loosest = matrices.length === 1 ? ENTRYWISE : PRODUCT;
  const rest = matrices.map((each) => write(each, loosest, symbols));
  const whole = joined([...(text === '' ? [] : [text]), ...rest]);
  const entries = matrices.length === 1 && matrices[0]?.kind === 'entrywise';
  return {
    text: `${negative ? '-' : ''}${whole === '' ? '1' : whole}`,
    tightness: negative ? SUM : entries ? ENTRYWISE : PRODUCT,
  };
}

/** Numbers one behind the other; one that stands above or below a line by itself needs no brackets. */
function numbersLatex(
  numbers: readonly MatrixExpression[],
  inFraction: boolean,
  tightness: (each: MatrixExpression) => number,
  symbols: Symbols,
): string {
  const [only] = numbers;
  if (inFraction && only && numbers.length === 1) {
    return only.kind === 'product' ? write(only, PRODUCT, symbols) : write(only, SUM, symbols);
  }
  return joined(numbers.map((each) => write(each, tightness(each), symbols)));
}

const isScalarFactor = (each: MatrixExpression): boolean => isScalar(each);

/** A number's power with a negative whole exponent: it goes below the line. */
function isDivisor(each: MatrixExpression): boolean {
  return (
    each.kind === 'power' &&
    isScalar(each) &&
    each.exponent.kind === 'number' &&
    Q.isNegative(each.exponent.value)
  );
}

function inverted(each: MatrixExpression): MatrixExpression {
  if (each.kind !== 'power' || each.exponent.kind !== 'number') return each;
  const exponent = Q.negate(each.exponent.value);
  if (Q.equals(exponent, Q.ONE)) return each.base;
  return { ...each, exponent: { ...each.exponent, value: exponent } };
}

function joined(texts: readonly string[]): string {
  return texts.reduce(
    (before, own) => (before === '' ? own : before + between(before, own) + own),
    '',
  );
}

function powerLatex(
  expression: Extract<MatrixExpression, { kind: 'power' }>,
  symbols: Symbols,
): Written {
  if (isDivisor(expression)) {
    return { text: `\\frac{1}{${latex(inverted(expression), symbols).text}}`, tightness: POWER };
  }
  const { base, exponent } = expression;
  const raised = latex(exponent, symbols).text;
  const plain = isScalar(base) || base.kind === 'diagonal';
  const mark = plain ? raised : `\\odot ${raised}`;
  const braces = /^[A-Za-z0-9]$/.test(mark) ? mark : `{${mark}}`;
  return { text: `${write(base, ATOM, symbols)}^${braces}`, tightness: POWER };
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  tanh: '\\tanh',
  log: '\\log',
  min: '\\min',
  max: '\\max',
  sigmoid: '\\sigma',
};

function callLatex(callee: string, args: readonly MatrixExpression[], symbols: Symbols): Written {
  const [first] = args;
  if (first && (callee === 'abs' || callee === 'relu' || callee === 'sqrt')) {
    const inside = write(first, SUM, symbols);
    if (callee === 'abs') return { text: bracketed(inside, BARS), tightness: ATOM };
    if (callee === 'sqrt') return { text: `\\sqrt{${inside}}`, tightness: ATOM };
    return { text: `${bracketed(inside, SQUARE)}_+`, tightness: POWER };
  }
  if (first && callee === 'exp') {
    const exponent = symbols.eulerTaken ? null : inlineQuotient(first, symbols);
    if (exponent) return { text: `${EULER}^{${exponent}}`, tightness: POWER };
    return { ...applied('\\exp', args, symbols), tightness: POWER };
  }
  const nice = callee === 'sigmoid' && symbols.sigmaTaken ? undefined : FUNCTIONS[callee];
  const name = nice ?? `\\operatorname{${callee.replaceAll('_', '\\_')}}`;
  return { ...applied(name, args, symbols), tightness: POWER };
}

/** -a/b on one line, as the exponent of a fading; null for what is no quotient of numbers. */
function inlineQuotient(expression: MatrixExpression, symbols: Symbols): string | null {
  if (expression.kind !== 'product' || !isScalar(expression)) return null;
  const divisors = expression.factors.filter(isDivisor).map(inverted);
  if (divisors.length === 0) return null;
  const [first, ...others] = expression.factors.filter((each) => !isDivisor(each));
  const negative = first?.kind === 'number' && Q.isNegative(first.value);
  const magnitude = negative
    ? [{ ...first, value: Q.absolute(first.value) }]
    : first
      ? [first]
      : [];
  const top = [...magnitude, ...others].filter(
    (each) => each.kind !== 'number' || !Q.equals(each.value, Q.ONE),
  );
  const above = joined(top.map((each) => write(each, PRODUCT, symbols)));
  const [only] = divisors;
  const below =
    divisors.length === 1 && only
      ? write(only, POWER, symbols).replace(/^\\left\((.*)\\right\)$/, '($1)')
      : `(${joined(divisors.map((each) => write(each, PRODUCT, symbols)))})`;
  return `${negative ? '-' : ''}${above === '' ? '1' : above}/${below}`;
}

/** 1 where a condition holds and 0 elsewhere is the condition in square brackets. */
function casesLatex(
  expression: Extract<MatrixExpression, { kind: 'cases' }>,
  symbols: Symbols,
): Written {
  const { then, otherwise } = expression;
  const condition = conditionLatex(expression.condition, symbols);
  const is = (each: MatrixExpression, value: Rational): boolean =>
    each.kind === 'number' && Q.equals(each.value, value);
  if (is(then, Q.ONE) && is(otherwise, Q.ZERO)) {
    return { text: bracketed(condition, SQUARE), tightness: ATOM };
  }
  const [first, second] = [then, otherwise].map((each) => write(each, SUM, symbols));
  const word = isScalar(expression) ? 'if' : 'where';
  const rows = `${first} & \\text{${word} } ${condition} \\\\ ${second} & \\text{otherwise}`;
  return { text: bracketed(`\\begin{cases} ${rows} \\end{cases}`), tightness: ATOM };
}

const COMPARISONS = { '<': '<', '>': '>', '<=': '\\le', '>=': '\\ge' } as const;

function conditionLatex(condition: MatrixCondition, symbols: Symbols): string {
  if ('parts' in condition) {
    const side = (inner: MatrixCondition): string => {
      const text = conditionLatex(inner, symbols);
      return condition.kind === 'and' && inner.kind === 'or' ? bracketed(text) : text;
    };
    return condition.parts.map(side).join(` \\text{ ${condition.kind} } `);
  }
  const [left, right] = [condition.left, condition.right].map((each) => write(each, SUM, symbols));
  return `${left} ${COMPARISONS[condition.kind]} ${right}`;
}

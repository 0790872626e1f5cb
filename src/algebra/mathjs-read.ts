import type { MathNode } from 'mathjs';
import type { Diagnostic, Where } from '../base/diagnostics/diagnostic.js';
import {
  mathjsNotARule,
  mathjsUnknownName,
  mathjsUnreadable,
  mathjsWrongArguments,
} from '../base/diagnostics/mathjs.js';
import { nearest } from '../base/nearest.js';
import { EngrammarError, failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import type { BinaryOperator, Expression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { functionNamed, functionNames, reductionNamed } from '../language/functions.js';
import { binary, called, measured, named, negated } from './build-expression.js';
import { mathjs } from './mathjs-load.js';
import { mathjsNames } from './mathjs-names.js';

/** Longer texts are refused: no rule is. */
const LONGEST = 20_000;

/**
 * Reads an expression of mathjs with the parser of mathjs; nothing is evaluated. Only numbers, names
 * of the scope, + - * / ^, brackets and the functions of the language are let in. Numbers are
 * float64 to mathjs, so digits beyond the 17th are lost.
 */
export function readMathjs(source: Source, scope: Scope): Result<Expression> {
  return readMathjsNames(source, mathjsNames(scope).read);
}

/** As `readMathjs`, with the names that are known there and what they are called here. */
export function readMathjsNames(
  source: Source,
  names: ReadonlyMap<string, string>,
): Result<Expression> {
  try {
    return success(new Reading(source, names).read(parsed(source)));
  } catch (error) {
    if (error instanceof EngrammarError) return failure(...error.diagnostics);
    // A text nested deeper than the parser can follow.
    if (error instanceof RangeError) return failure(unreadable(source, 'it is nested too deeply'));
    throw error;
  }
}

function unreadable(source: Source, because: string, at?: number): Diagnostic {
  const start = at === undefined ? 0 : Math.min(Math.max(0, at), source.text.length);
  const end = at === undefined ? source.text.length : Math.min(start + 1, source.text.length);
  return mathjsUnreadable({ because }, { source, span: { start, end } });
}

function parsed(source: Source): MathNode {
  if (source.text.length > LONGEST) {
    throw new EngrammarError(unreadable(source, `it is longer than ${LONGEST} characters`));
  }
  if (source.text.trim() === '') throw new EngrammarError(unreadable(source, 'it is empty'));
  try {
    return mathjs().parse(source.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = 'char' in error && typeof error.char === 'number' ? error.char - 1 : undefined;
    const because = error.message.replace(/ \(char \d+\)$/, '');
    throw new EngrammarError(unreadable(source, because, at));
  }
}

const OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  pow: '^',
};

/** What else mathjs can write, with a mark that shows where it stands. */
const OTHERS: Readonly<Record<string, readonly [what: string, mark: RegExp]>> = {
  AccessorNode: ['a dot or an index', /[.[]/],
  ArrayNode: ['a matrix', /\[/],
  AssignmentNode: ['an assignment', /=/],
  BlockNode: ['a second expression', /[;\n]/],
  ConditionalNode: ['a condition', /\?/],
  FunctionAssignmentNode: ['a function of its own', /=/],
  IndexNode: ['an index', /\[/],
  ObjectNode: ['an object', /\{/],
  RangeNode: ['a range', /:/],
  RelationalNode: ['a comparison', /[<>=!]/],
};

const escaped = (text: string): string => text.replace(/[^\p{L}\p{N}_]/gu, '\\$&');

/** The name where it is not part of a longer one. */
const word = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped(name)}(?![\\p{L}\\p{N}_$])`, 'u');

class Reading {
  private readonly source: Source;
  private readonly names: ReadonlyMap<string, string>;

  constructor(source: Source, names: ReadonlyMap<string, string>) {
    this.source = source;
    this.names = names;
  }

  read(node: MathNode): Expression {
    const { isConstantNode, isFunctionNode, isOperatorNode, isParenthesisNode, isSymbolNode } =
      mathjs();
    if (isParenthesisNode(node)) return this.read(node.content);
    if (isConstantNode(node)) return this.number(node.value);
    if (isSymbolNode(node)) return named(this.known(node.name));
    if (isOperatorNode(node)) return this.operation(node.fn, node.op, node.args);
    if (isFunctionNode(node) && isSymbolNode(node.fn)) return this.call(node.fn.name, node.args);
    const [what, mark] = OTHERS[node.type] ?? [`\`${node.toString()}\``, null];
    throw new EngrammarError(mathjsNotARule({ what }, this.at(mark)));
  }

  private number(value: unknown): Expression {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) {
      return measured(String(value).replace('e+', 'e'));
    }
    const isText = typeof value === 'string';
    const what = isText ? 'a text' : `\`${String(value)}\``;
    const mark = isText ? /["']/ : new RegExp(`${String(value)}|\\d`);
    throw new EngrammarError(mathjsNotARule({ what }, this.at(mark)));
  }

  private operation(fn: string, op: string, args: readonly MathNode[]): Expression {
    const [left, right] = args.map((each) => this.read(each));
    const operator = OPERATORS[fn];
    if (left && right && operator) return binary(operator, left, right);
    if (left && !right && fn === 'unaryMinus') return negated(left);
    if (left && !right && fn === 'unaryPlus') return left;
    const mark = new RegExp(escaped(op));
    throw new EngrammarError(mathjsNotARule({ what: `the operator \`${op}\`` }, this.at(mark)));
  }

  private call(name: string, args: readonly MathNode[]): Expression {
    const own = functionNamed(name);
    const where = this.at(word(name));
    if (!own && !reductionNamed(name)) throw this.unknown(name, functionNames, where);
    const wanted = own ? own.arguments.length : 1;
    if (args.length !== wanted) {
      throw new EngrammarError(mathjsWrongArguments({ name, wanted, given: args.length }, where));
    }
    return called(
      name,
      args.map((each) => this.read(each)),
    );
  }

  private known(name: string): string {
    const own = this.names.get(name);
    if (own !== undefined) return own;
    throw this.unknown(name, [...this.names.keys()], this.at(word(name)));
  }

  private unknown(name: string, known: readonly string[], where: Where): EngrammarError {
    return new EngrammarError(
      mathjsUnknownName({ name, known, meant: nearest(name, known) }, where),
    );
  }

  /** mathjs keeps no places, so the first text that looks like it is shown, or else all. */
  private at(mark: RegExp | null): Where {
    const { source } = this;
    const found = mark?.exec(source.text);
    const start = found?.index ?? 0;
    return { source, span: { start, end: start + (found?.[0].length ?? source.text.length) } };
  }
}

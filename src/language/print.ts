import type {
  Clause,
  Condition,
  Expression,
  Item,
  Measure,
  MemoryLine,
  NameExpression,
  ParameterDefinition,
  Rule,
  RuleLine,
  Space,
  SpaceLine,
} from './ast.js';

/**
 * The layout printer: the writer's algebra and line order with canonical spacing and as few brackets
 * as keep the tree. Parsing what is printed gives the tree back, up to spans.
 */

/** How tightly an expression holds together; a looser one inside a tighter place gets brackets. */
const IF = 0;
const SUM = 1;
const PRODUCT = 2;
const SIGNED = 3;
const POWER = 4;
const ATOM = 5;

export function printExpression(expression: Expression): string {
  return print(expression, IF);
}

function print(expression: Expression, place: number): string {
  const [text, tightness] = written(expression);
  return tightness < place ? `(${text})` : text;
}

function written(expression: Expression): [string, number] {
  switch (expression.kind) {
    case 'number': {
      const text = printMeasure(expression.measure);
      return [text, text.startsWith('-') ? SIGNED : ATOM];
    }
    case 'name':
      return [printName(expression), ATOM];
    case 'call': {
      const args = expression.args.map((arg) => print(arg, IF));
      return [`${expression.callee}(${args.join(', ')})`, ATOM];
    }
    case 'negate':
      return [`-${print(expression.operand, SIGNED)}`, SIGNED];
    case 'if': {
      const { condition, then, otherwise } = expression;
      const branches = `then ${print(then, IF)} else ${print(otherwise, IF)}`;
      return [`if ${printCondition(condition)} ${branches}`, IF];
    }
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '^') return [`${print(left, ATOM)}^${print(right, SIGNED)}`, POWER];
      const place = operator === '+' || operator === '-' ? SUM : PRODUCT;
      return [`${print(left, place)} ${operator} ${print(right, place + 1)}`, place];
    }
  }
}

/** `or` is looser than `and`; both group to the left. */
function printCondition(condition: Condition): string {
  if (condition.kind === 'compare') {
    const { left, operator, right } = condition;
    return `${print(left, SUM)} ${operator} ${print(right, SUM)}`;
  }
  const { kind, left, right } = condition;
  const bracketed = (inner: Condition, whole: boolean): string =>
    whole ? `(${printCondition(inner)})` : printCondition(inner);
  const before = bracketed(left, kind === 'and' && left.kind === 'or');
  const after = bracketed(right, right.kind === 'or' || right.kind === kind);
  return `${before} ${kind} ${after}`;
}

function printName({ name, member, moment }: NameExpression): string {
  const suffix =
    moment === null ? '' : `@${moment.kind === 'named' ? moment.name : printMeasure(moment.delay)}`;
  return `${name}${member === null ? '' : `.${member}`}${suffix}`;
}

export function printMeasure(measure: Measure): string {
  const plural = measure.unit === 'step' && measure.number !== 1 ? 's' : '';
  const unit = measure.unit === null ? '' : ` ${measure.unit}${plural}`;
  return `${measure.text}${unit}${measure.per.map((each) => ` per ${each}`).join('')}`;
}

/** A rule or space as a text that ends with a line break. */
export function printItem(item: Item): string {
  const lines: readonly (RuleLine | SpaceLine)[] = item.lines;
  const body = lines.map((line) => `  ${printLine(line)}\n`).join('');
  return `${header(item)} {\n${body}}\n`;
}

/** Items with an empty line between them. */
export function printItems(items: readonly Item[]): string {
  return items.map(printItem).join('\n');
}

function header(item: Rule | Space): string {
  const targets = item.kind === 'rule' ? item.targets : [];
  return `${item.kind} ${item.name}${targets.length > 0 ? ` for ${targets.join(', ')}` : ''}`;
}

export function printLine(line: RuleLine | SpaceLine): string {
  switch (line.kind) {
    case 'note':
      return `${line.word} ${line.texts.map(quoted).join(' ')}`;
    case 'param':
      return `param ${line.definitions.map(printDefinition).join(', ')}`;
    case 'let':
      return `let ${line.name} = ${printExpression(line.value)}`;
    case 'change': {
      const target = line.form === 'set' ? 'set w' : line.form;
      return `${printClauses(line.clauses)}${target} = ${printExpression(line.value)}`;
    }
    case 'bound':
      return `bound w in [${printExpression(line.low)}, ${printExpression(line.high)}]`;
    case 'keeping sign':
      return 'bound w keeping sign';
    case 'transmit':
      return `transmit ${printExpression(line.value)}`;
    case 'choice': {
      const formals = line.formals.length > 0 ? `(${line.formals.join(', ')})` : '';
      return `choice ${line.name}${formals} = ${alternatives(line.alternatives)}`;
    }
    case 'term': {
      const name = line.name === null ? '' : ` ${line.name}`;
      return `${printClauses(line.clauses)}term${name} = ${alternatives(line.alternatives)}`;
    }
    case 'keep':
      return `keep ${line.limits.map((l) => `${l.what} <= ${l.limit}`).join(', ')}`;
    case 'drop':
      return `drop ${line.expressions.map(printExpression).join(', ')}`;
    default:
      return `${printClauses(line.clauses)}${printMemory(line)}`;
  }
}

function printMemory(line: MemoryLine): string {
  const start = `${line.kind} ${line.name} =`;
  switch (line.kind) {
    case 'state': {
      const since = line.since ? ` since ${printName(line.since)}` : '';
      return `${start} ${printExpression(line.start)} then ${printExpression(line.value)}${since}`;
    }
    case 'whiten': {
      const gate = line.gate ? ` gate ${printExpression(line.gate)}` : '';
      return `${start} ${printExpression(line.value)} ridge ${printExpression(line.ridge)}${gate}`;
    }
    case 'draw':
      return `${start} ${line.distribution} per ${line.scope}`;
    default: {
      const { fading, since, from } = line;
      const parts = [
        fading ? ` ${fading.kind} ${printExpression(fading.value)}` : '',
        since ? ` since ${printName(since)}` : '',
        from ? ` from ${printExpression(from)}` : '',
      ];
      return `${start} ${printExpression(line.value)}${parts.join('')}`;
    }
  }
}

function printDefinition(definition: ParameterDefinition): string {
  const { name, value, spread, range, scope, fit } = definition;
  return [
    `${name} = ${printMeasure(value)}`,
    spread ? ` ± ${printMeasure(spread)}` : '',
    range ? ` in [${printMeasure(range[0])}, ${printMeasure(range[1])}]` : '',
    scope === null ? '' : ` per ${scope}`,
    fit ? ' fit' : '',
  ].join('');
}

function printClauses(clauses: readonly Clause[]): string {
  return clauses.map((clause) => `${printClause(clause)}: `).join('');
}

/** A clause without its colon: `on pre.spike`, `every 10 steps`. */
export function printClause(clause: Clause): string {
  switch (clause.kind) {
    case 'every':
      return `every ${printMeasure(clause.interval)}`;
    case 'during':
      return `during ${clause.phase}`;
    default:
      return `${clause.kind} ${printName(clause.event)}`;
  }
}

function alternatives(expressions: readonly Expression[]): string {
  return expressions.map(printExpression).join(' | ');
}

/** Line breaks cannot stand in a text; they become spaces. */
function quoted(text: string): string {
  return `"${text.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}

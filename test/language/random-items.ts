import fc from 'fast-check';
import {
  type ChangeLine,
  type Clause,
  type Condition,
  type Expression,
  type Item,
  type Measure,
  type MemoryLine,
  type NameExpression,
  NOWHERE,
  type ParameterDefinition,
  type RuleLine,
  type SpaceLine,
  type UnitName,
} from '../../src/language/ast.js';

/** Random rules and spaces with every construct of the language, meaningful or not. */

const span = NOWHERE;
const nameSpan = NOWHERE;

/** Words that are names although they look like units, functions, or words of the language. */
const name = fc.constantFrom(
  ...['w', 'pre', 'post', 'eta', 'A_plus', 'x1', 's', 'ms', 'Hz', 'steps', 'step', 'sign'],
  ...['ridge', 'gate', 'inf', 'normal', 'format', 'dwell', 'iffy', 'online', 'ruled', '_a', 'B'],
);

const digits = fc.constantFrom(
  '0',
  '1',
  '2',
  '0.5',
  '.25',
  '3.',
  '12.75',
  '1e-3',
  '7.5e-10',
  '2E+4',
);
const unit = fc.constantFrom<UnitName>('ms', 's', 'step', 'Hz', 'mV');

const number = digits.map((text): Measure => ({ text, number: Number(text), unit: null, per: [] }));
/** With a unit, after it or after `per`. */
const quantity = fc
  .record({ text: digits, unit: fc.option(unit), per: fc.array(unit, { maxLength: 2 }) })
  .filter(({ unit, per }) => unit !== null || per.length > 0)
  .map((parts): Measure => ({ ...parts, number: Number(parts.text) }));
const measure = fc.oneof(number, quantity);
const literal = fc
  .tuple(measure, fc.boolean())
  .map(
    ([m, negative]): Measure => (negative ? { ...m, text: `-${m.text}`, number: -m.number } : m),
  );
const infinity = fc
  .constantFrom(Infinity, -Infinity)
  .map(
    (value): Measure => ({ text: value > 0 ? 'inf' : '-inf', number: value, unit: null, per: [] }),
  );

const moment = fc.oneof(
  fc.record({ kind: fc.constant('named' as const), name }),
  fc.record({ kind: fc.constant('delay' as const), delay: quantity }),
);
const nameExpression: fc.Arbitrary<NameExpression> = fc.record({
  kind: fc.constant('name' as const),
  name,
  member: fc.option(name),
  moment: fc.option(moment, { freq: 5 }),
  span: fc.constant(span),
});

const { expression } = fc.letrec<{ expression: Expression; condition: Condition }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: nameExpression },
    {
      weight: 2,
      arbitrary: measure.map((m): Expression => ({ kind: 'number', measure: m, span })),
    },
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '^' as const),
          tie('expression'),
          tie('expression'),
        )
        .map(
          ([operator, left, right]): Expression => ({
            kind: 'binary',
            operator,
            left,
            right,
            span,
          }),
        ),
    },
    {
      weight: 2,
      arbitrary: tie('expression').map(
        (operand): Expression => ({ kind: 'negate', operand, span }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(name, fc.array(tie('expression'), { minLength: 1, maxLength: 3 }))
        .map(
          ([callee, args]): Expression => ({ kind: 'call', callee, calleeSpan: span, args, span }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('condition'), tie('expression'), tie('expression')).map(
        ([condition, then, otherwise]): Expression => ({
          kind: 'if',
          condition,
          then,
          otherwise,
          span,
        }),
      ),
    },
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('<' as const, '>' as const, '<=' as const, '>=' as const),
          tie('expression'),
          tie('expression'),
        )
        .map(
          ([operator, left, right]): Condition => ({
            kind: 'compare',
            operator,
            left,
            right,
            span,
          }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), tie('condition'), tie('condition'))
        .map(([kind, left, right]): Condition => ({ kind, left, right, span })),
    },
  ),
}));

const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('on' as const, 'at' as const),
    event: nameExpression,
    span: fc.constant(span),
  }),
  quantity.map((interval): Clause => ({ kind: 'every', interval, span })),
  name.map((phase): Clause => ({ kind: 'during', phase, span })),
);
const clauses = fc.array(clause, { maxLength: 2 });

const text = fc.string({ maxLength: 12, unit: 'grapheme' }).map((t) => t.replace(/[\r\n]/g, ' '));
const note = fc
  .tuple(
    fc.constantFrom('about' as const, 'cite' as const),
    fc.array(text, { minLength: 1, maxLength: 3 }),
  )
  .map(([word, texts]): RuleLine & SpaceLine => ({ kind: 'note', word, texts, span }));

const edge = fc.oneof(literal, infinity);
const definition: fc.Arbitrary<ParameterDefinition> = fc.record({
  name,
  nameSpan: fc.constant(span),
  value: literal,
  spread: fc.option(measure),
  range: fc.option(fc.tuple(edge, edge)),
  scope: fc.option(fc.constantFrom('projection', 'pre', 'post', 'synapse')),
  fit: fc.boolean(),
  span: fc.constant(span),
});

const common: fc.Arbitrary<RuleLine & SpaceLine> = fc.oneof(
  note,
  fc
    .array(definition, { minLength: 1, maxLength: 3 })
    .map((definitions) => ({ kind: 'param' as const, definitions, span })),
  fc.tuple(name, expression).map(([n, value]) => ({
    kind: 'let' as const,
    name: n,
    nameSpan,
    value,
    span,
  })),
  fc
    .tuple(expression, expression)
    .map(([low, high]) => ({ kind: 'bound' as const, low, high, span })),
  fc.constant({ kind: 'keeping sign' as const, span }),
);

const fading = fc.record({
  kind: fc.constantFrom('over' as const, 'keeping' as const),
  value: expression,
});
const memory: fc.Arbitrary<MemoryLine> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('trace' as const, 'average' as const),
      clauses,
      name,
      nameSpan: fc.constant(span),
      value: expression,
      fading: fc.option(fading),
      since: fc.option(nameExpression),
      from: fc.option(expression),
      span: fc.constant(span),
    })
    .filter((line) => line.fading !== null || line.since !== null),
  fc.record({
    kind: fc.constant('state' as const),
    clauses,
    name,
    nameSpan: fc.constant(span),
    start: expression,
    value: expression,
    since: fc.option(nameExpression),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('whiten' as const),
    clauses,
    name,
    nameSpan: fc.constant(span),
    value: expression,
    ridge: expression,
    gate: fc.option(expression),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('draw' as const),
    clauses,
    name,
    nameSpan: fc.constant(span),
    distribution: name,
    scope: name,
    span: fc.constant(span),
  }),
);

const change: fc.Arbitrary<ChangeLine> = fc.record({
  kind: fc.constant('change' as const),
  form: fc.constantFrom('dw' as const, 'dw/dt' as const, 'set' as const),
  clauses,
  value: expression,
  span: fc.constant(span),
});

const ruleLine: fc.Arbitrary<RuleLine> = fc.oneof(
  common,
  memory,
  change,
  expression.map((value): RuleLine => ({ kind: 'transmit', value, span })),
);

const alternatives = fc.array(expression, { minLength: 1, maxLength: 3 });
const spaceLine: fc.Arbitrary<SpaceLine> = fc.oneof(
  common,
  memory,
  fc.record({
    kind: fc.constant('choice' as const),
    name,
    nameSpan: fc.constant(span),
    formals: fc.array(name, { maxLength: 2 }),
    alternatives,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('term' as const),
    clauses,
    name: fc.option(name),
    alternatives,
    span: fc.constant(span),
  }),
  fc
    .array(
      fc.record({
        what: name,
        whatSpan: fc.constant(span),
        limit: fc.oneof(fc.nat(20), name),
        span: fc.constant(span),
      }),
      { minLength: 1, maxLength: 2 },
    )
    .map((limits): SpaceLine => ({ kind: 'keep', limits, span })),
  alternatives.map((expressions): SpaceLine => ({ kind: 'drop', expressions, span })),
);

export const randomItem: fc.Arbitrary<Item> = fc.oneof(
  fc.record({
    kind: fc.constant('rule' as const),
    name,
    nameSpan: fc.constant(span),
    targets: fc.array(name, { maxLength: 2 }),
    lines: fc.array(ruleLine, { maxLength: 2 }),
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('space' as const),
    name,
    nameSpan: fc.constant(span),
    lines: fc.array(spaceLine, { maxLength: 2 }),
    span: fc.constant(span),
  }),
);

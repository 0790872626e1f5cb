import { type Result, success } from '../../base/result.js';
import {
  compareRules,
  type Neighbour,
  nearestRules,
  type RuleDifference,
} from '../../catalogue/compare.js';
import { knownRules } from '../../catalogue/known.js';
import { attempt, readRule } from '../../compile.js';
import type { CheckedRule } from '../../language/checked.js';
import type { AddCommand } from '../command.js';
import { section, table, wrap } from '../layout.js';
import type { Outcome } from '../outcome.js';
import type { Style } from '../style.js';

export const addCompare: AddCommand = (program, act) => {
  program
    .command('compare')
    .summary('which known rule this is, or how two rules differ')
    .description(
      'Compare a rule with the known rules of the catalogue, or with one other rule. Rules are compared by what they do with the values of their parameters: notation and names do not matter, and learning rates are set apart.',
    )
    .argument('<rule>', 'FILE, FILE#NAME, or a name of the catalogue')
    .argument('[other]', 'the rule to compare it with (default: all rules of the catalogue)')
    .action(
      act((_, reference: string, other: string | undefined) => {
        const rule = readRule(reference);
        if (!rule.ok) return rule;
        if (other === undefined) return amongKnown(rule.value);
        const second = readRule(other);
        if (!second.ok) return second;
        return withOther(rule.value, second.value, [...rule.warnings, ...second.warnings]);
      }),
    );
};

function withOther(
  rule: CheckedRule,
  other: CheckedRule,
  warnings: Outcome['warnings'] = [],
): Result<Outcome> {
  const compared = attempt(rule.source, () => compareRules(rule, other));
  if (!compared.ok) return compared;
  const found: Neighbour = { name: other.rule.name, ...compared.value };
  const { name } = rule.rule;
  return success(
    {
      document: documentOf(name, [found]),
      text: () => twoInWords(name, found),
    },
    warnings,
  );
}

function amongKnown(rule: CheckedRule): Result<Outcome> {
  const known = knownRules();
  const nearest = attempt(rule.source, () => nearestRules(rule, known));
  if (!nearest.ok) return nearest;
  const { name } = rule.rule;
  return success({
    document: documentOf(name, nearest.value),
    text: (style) =>
      [
        ...verdict(name, nearest.value, known, style),
        '',
        section('Nearest known rules', neighbours(nearest.value, style), style),
      ].join('\n'),
  });
}

/** What differs is said of the nearest rule; `nearest` has it for each. */
function documentOf(name: string, nearest: readonly Neighbour[]): object {
  const [first] = nearest;
  return {
    name,
    equal: first!.equal,
    difference: first!.difference,
    nearest: nearest.map(({ name: other, distance, scale, equal, difference }) => ({
      name: other,
      distance,
      scale,
      equal,
      difference,
    })),
  };
}

function twoInWords(name: string, found: Neighbour): string {
  const { name: other, equal, difference, distance } = found;
  if (equal) return `${name} and ${other} do the same`;
  if (distance === 0) return `${name} is ${other} ${rateInWords(found)}`;
  const rate = found.scale === 1 ? '' : `, if ${other} learns ${times(found.scale)} as fast`;
  return [
    `${name} less ${other}${rate} (distance ${rounded(distance)}):`,
    ...difference.split('\n').map((line) => `  ${line}`),
  ].join('\n');
}

/** What the rule is called, if it is known; several names where the catalogue has it several times. */
function verdict(
  name: string,
  nearest: readonly Neighbour[],
  known: readonly CheckedRule[],
  style: Style,
): string[] {
  const [first] = nearest;
  if (first!.distance > 0) return [style.bold(`${name} is none of the known rules.`)];
  const same = nearest.filter(({ distance, scale }) => distance === 0 && scale === first!.scale);
  const names = same.map((each) => each.name);
  const called = names.includes(name) ? [name, ...names.filter((each) => each !== name)] : names;
  const [main, ...others] = called;
  const isItself = main === name && first!.equal;
  const headline = [
    isItself ? `${name} is a rule of the catalogue` : `${name} is ${main}`,
    ...(first!.equal ? [] : [` ${rateInWords(first!)}`]),
    ...(others.length > 0 ? [`; the same rule is called ${others.join(', ')}`] : []),
  ];
  const rule = known.find((each) => each.rule.name === main);
  const notes = rule?.rule.lines.flatMap((line) => (line.kind === 'note' ? line.texts : [])) ?? [];
  return [
    style.bold(`${headline.join('')}.`),
    ...notes.flatMap((text) => wrap(text, style.width - 2).map((line) => `  ${line}`)),
  ];
}

const rateInWords = ({ scale }: RuleDifference): string =>
  `with a learning rate ${times(scale)} as large`;

const times = (scale: number): string => `${Number(scale.toPrecision(4))} times`;

const rounded = (distance: number): string => String(Number(distance.toPrecision(2)));

/** One row a rule; differences in several places follow below one another. */
function neighbours(nearest: readonly Neighbour[], style: Style): string {
  const near = nearest.filter(({ distance }) => distance < 1);
  if (near.length === 0) return 'none: it has nothing in common with any of them';
  const rows = near.flatMap(({ name, distance, scale, difference }) => {
    const [first = '', ...more] = difference.split('\n');
    const rate = scale === 1 ? '' : `× ${Number(scale.toPrecision(4))}`;
    return [[name, rounded(distance), rate, first], ...more.map((line) => ['', '', '', line])];
  });
  const narrower = { ...style, width: style.width - 2 };
  return table(['rule', 'distance', 'its rate', 'what is left'], rows, narrower, ['distance']);
}

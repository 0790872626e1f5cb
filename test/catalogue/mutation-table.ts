import { mutationsOf } from '../../src/testing/mutations.js';
import type { Behaviour, Figure } from './behaviour.js';
import { catalogueRule, type Failure, firstFailure } from './verdict.js';

/** A rule of the catalogue with what became of its mutations. */
export interface MutatedRule {
  readonly behaviour: Behaviour;
  readonly mutations: readonly { readonly name: string; readonly failure: Failure | null }[];
}

/** Tries every mutation of a rule. */
export async function mutated(behaviour: Behaviour): Promise<MutatedRule> {
  const mutations = [];
  for (const { name, rule } of mutationsOf(catalogueRule(behaviour.rule))) {
    mutations.push({ name, failure: await firstFailure(behaviour, rule) });
  }
  return { behaviour, mutations };
}

const INTRODUCTION = `# Mutations

Every rule of the catalogue is tested by what it is known to do ([behaviours](../test/catalogue/behaviours)). A test that knows a rule must fail for any other. So each rule is changed in one place, in every way there is: one sign flipped, one factor 1.2, presynaptic and postsynaptic swapped throughout. Then its test is run again.

The table says of each change which claim told it, by which figure, and where that figure should have been. A change that makes a text that does not check, or does not fit the circuit, is refused before anything runs. A change that makes no difference, or none that shows in the weights, cannot be told; the reason is given, and the tests make sure that it is indeed not told.

\`npm run mutations\` writes this page, \`npm run mutations -- --check\` compares it with what the rules do.`;

/** The page with all of it. */
export function mutationPage(rules: readonly MutatedRule[]): string {
  return `${[INTRODUCTION, counts(rules), ...rules.map(chapter)].join('\n\n')}\n`;
}

function counts(rules: readonly MutatedRule[]): string {
  const all = rules.flatMap(({ mutations }) => mutations);
  const refused = all.filter(({ failure }) => failure && 'refused' in failure).length;
  const byFigure = all.filter(({ failure }) => failure && !('refused' in failure)).length;
  return [
    '| rules | mutations | told by a figure | refused | cannot be told |',
    '|---|---|---|---|---|',
    `| ${rules.length} | ${all.length} | ${byFigure} | ${refused} | ${all.length - byFigure - refused} |`,
  ].join('\n');
}

function chapter({ behaviour, mutations }: MutatedRule): string {
  const { rule, claims, indistinguishable = [] } = behaviour;
  const listed = new Map(indistinguishable.map((each) => [each.mutation, each.because]));
  const rows = mutations.map(({ name, failure }) => {
    if (!failure)
      return `| ${name} | | cannot be told: ${listed.get(name) ?? '**nobody knows why**'} | | |`;
    if ('refused' in failure) return `| ${name} | | refused: ${failure.refused} | | |`;
    const claim = claims.findIndex(({ says }) => says === failure.says) + 1;
    const [is, shouldBe] = told(failure.figure);
    return `| ${name} | ${claim} | ${failure.figure.name} | ${is} | ${shouldBe} |`;
  });
  return [
    `## ${rule}`,
    '',
    ...claims.map(({ says }, at) => `${at + 1}. ${says}`),
    '',
    '| mutation | claim | told by | is | should be |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The figure and where it should have been, with as many digits as it takes to see the difference. */
function told({ value, within: [low, high] }: Figure): [is: string, shouldBe: string] {
  for (const digits of [3, 4, 6]) {
    const [is, from, to] = [value, low, high].map((each) => Number(each.toPrecision(digits)));
    if (is! < from! || is! > to!) return [number(value, digits), range(low, high, digits)];
  }
  return [number(value, 9), range(low, high, 9)];
}

const number = (value: number, digits: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : 'not finite';

function range(low: number, high: number, digits: number): string {
  const [from, to] = [low, high].map((each) => number(each, digits));
  if (low === Number.NEGATIVE_INFINITY) return `at most ${to}`;
  if (high === Number.POSITIVE_INFINITY) return `at least ${from}`;
  return from === to ? `${from}` : `${from} to ${to}`;
}

/** Which mutations a page is about, by rule. */
export function mutationsOn(page: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const part of page.split('\n## ').slice(1)) {
    const [rule = '', ...lines] = part.split('\n');
    found[rule] = lines
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split(' |')[0]!.slice(2))
      .slice(1);
  }
  return found;
}

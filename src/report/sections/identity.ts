import { type Html, html } from '../html.js';
import { code, count, listing, note, paragraph, section, table } from '../layout.js';
import { fixed, orDash, percent, range, short } from '../numbers.js';
import type { Reported } from '../read.js';
import { type InferenceFacts, MEASURES } from '../read-inference.js';

/** What the data cannot tell apart, and what would. */
export function aliasSection({ inferred }: Reported): Html | null {
  const { aliases, relations, nearAliases } = inferred ?? NOTHING_ALIKE;
  if (aliases.length + relations.length + nearAliases.length === 0) return null;
  return section(
    'aliases',
    'Alike on these data',
    ...relations.map((each) => relationWords(each, 'exactly')),
    ...aliases.map((names) =>
      paragraph(
        'One and the same: ',
        html`${names.map((name, k) => html`${k > 0 ? ', ' : ''}${code(name)}`)}`,
      ),
    ),
    nearAliases.length > 0 ? html`<h3>Nearly alike</h3>` : null,
    ...nearAliases.map((each) => relationWords(each, `to within ${percent(each.within)} %`)),
  );
}

const NOTHING_ALIKE = { aliases: [], relations: [], nearAliases: [] };

function relationWords(
  { formula, remedy, consequences }: InferenceFacts['relations'][number],
  how: string,
): Html {
  const more = consequences > 0 ? `, and ${count(consequences, 'product')} with it` : '';
  return html`${listing(formula)}${note(`${how}${more}. What would tell them apart: ${remedy}.`)}`;
}

/** What recorded changes, or trials, are compared with. */
export const SHIFTED = {
  changes: 'changes that were shifted in time',
  activity: 'trials that have changed places',
  choices: 'animals whose choices have changed places',
} as const;

/** Whether chance alone, or a drift, would explain as much. */
export function nullTestSection({ inferred }: Reported): Html | null {
  if (inferred === null) return null;
  const { nullTest, observed, irrepresentable } = inferred;
  if (nullTest === null || nullTest.shifts === 0) {
    const missing = `Not assessed: whether ${SHIFTED[observed]} would be explained as well.`;
    return section('null-test', 'Against chance', paragraph(missing));
  }
  const { p, shifts, rows, drift } = nullTest;
  const of = rows === undefined ? '' : ` of ${count(rows, 'row')}`;
  const what = observed === 'changes' ? `shifts${of}` : 'exchanges';
  return section(
    'null-test',
    'Against chance',
    paragraph(
      `p = ${short(p)} that ${SHIFTED[observed]} agree as well (${shifts} ${what}). Above 0.05 there is no rule.`,
    ),
    drift === null
      ? null
      : paragraph(
          `A slow course of time${drift.of === 'each' ? ' for each synapse' : ''}, and no rule, explains ${orDash(drift.r2, fixed)} of the mean square of the changes with ${count(drift.numbers, 'number')}.`,
        ),
    irrepresentable !== null && irrepresentable >= 1
      ? note(
          `Irrepresentable value ${short(irrepresentable)}: terms that are left out go with the rule's so closely that an L1 penalty alone would not find it.`,
        )
      : null,
  );
}

/** Sizes beyond the rule's that are shown. */
const MORE = 3;

/** What each further term buys on the recording. */
export function pathSection({ inferred, terms }: Reported): Html | null {
  const own = Math.max(terms.length, inferred?.refused?.terms.length ?? 0);
  const shown = (inferred?.path ?? []).filter(
    ({ terms: { length } }) => length > 0 && length <= own + MORE,
  );
  if (shown.length === 0) return null;
  const { observed } = inferred!;
  const of = observed === 'choices' ? 'deviance' : 'mean square';
  const columns = [
    { heading: 'size' },
    { heading: MEASURES[observed][0], isNumber: true },
    { heading: 'terms' },
  ];
  const rows = shown.map(({ terms: texts, r2 }) => [
    texts.length === terms.length
      ? html`<span class="own">${count(texts.length, 'term')}</span>`
      : count(texts.length, 'term'),
    orDash(r2, (value) => value.toFixed(4)),
    html`${texts.map((text, k) => html`${k > 0 ? ', ' : ''}${code(text)}`)}`,
  ]);
  return section(
    'path',
    'The best rule of each size',
    table(`What each further term buys: share of the ${of} explained`, columns, rows),
  );
}

/** Rules of other sizes and what they are worth. */
export function frontSection({ front }: Reported): Html | null {
  if (front.length === 0) return null;
  const columns = [
    { heading: 'size' },
    { heading: 'complexity', isNumber: true },
    { heading: 'loss on fresh tasks', isNumber: true },
    { heading: 'terms' },
  ];
  const rows = front.map(({ terms, complexity, loss, reported }) => [
    reported
      ? html`<span class="own">${count(terms.length, 'term')}, the rule</span>`
      : count(terms.length, 'term'),
    String(complexity),
    html`${orDash(loss.mean, fixed)} <span class="interval">${range(loss, fixed)}</span>`,
    terms.join(', '),
  ]);
  return section(
    'sizes',
    'Larger and smaller rules',
    table('Of every size the best that was tried, on fresh tasks of the search', columns, rows),
  );
}

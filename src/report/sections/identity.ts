import { type Html, html } from '../html.js';
import { code, count, listing, note, paragraph, section, table } from '../layout.js';
import { fixed, orDash, range, short } from '../numbers.js';
import type { Reported } from '../read.js';

/** What the data cannot tell apart, and what would. */
export function aliasSection({ aliases, relations }: Reported): Html | null {
  if (aliases.length === 0 && relations.length === 0) return null;
  return section(
    'aliases',
    'Alike on these data',
    ...aliases.map((names) =>
      paragraph(
        'On these data one and the same: ',
        html`${names.map((name, k) => html`${k > 0 ? ', ' : ''}${code(name)}`)}`,
      ),
    ),
    ...relations.map(({ formula, remedy }) => html`${listing(formula)}${note(remedy)}`),
  );
}

/** Whether chance alone would explain as much. */
export function nullTestSection({ nullTest, fit }: Reported): Html | null {
  if (nullTest === undefined) return null;
  const rows = fit ? ` of ${count(fit.rows, 'row')}` : '';
  return section(
    'null-test',
    'Against chance',
    nullTest === null
      ? paragraph(
          'Not assessed: whether changes that belong to other moments would be explained as well.',
        )
      : paragraph(
          `With the changes${rows} shifted in time ${count(nullTest.shifts, 'time')}, as much as by the rule was explained with probability p = ${short(nullTest.p)}.`,
        ),
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

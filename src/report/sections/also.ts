import { type Html, html } from '../html.js';
import { note, section, table } from '../layout.js';
import { type Figure, fixed, NONE, orDash, percent, range, type Write } from '../numbers.js';
import type { Reported } from '../read.js';
import type { DiscoveryFacts } from '../read-discovery.js';

type Metrics = NonNullable<DiscoveryFacts['also'][number]['metrics']>;

/** The rule and what it is compared with, under other circumstances; none of them was fitted to these. */
export function alsoSection({ discovered }: Reported): Html | null {
  const also = discovered?.also ?? [];
  const all = also.flatMap(({ metrics, baselines }) => [
    ...(metrics ? [{ name: OWN, metrics }] : []),
    ...baselines,
  ]);
  if (all.length === 0) return null;
  const names = [...new Set(all.map(({ name }) => name))];
  const isAsked = all.some(({ metrics: { accuracy } }) => accuracy !== null);
  const columns = [
    { heading: 'circumstances' },
    ...names.map((heading) => ({ heading, isNumber: true })),
  ];
  const rows = also.map(({ name, metrics, baselines }) => {
    const scored = new Map(baselines.map((each) => [each.name, each]));
    return [
      name,
      ...names.map((column) =>
        column === OWN
          ? cell(metrics, isAsked, null)
          : cell(scored.get(column)?.metrics ?? null, isAsked, scored.get(column)?.gain ?? null),
      ),
    ];
  });
  const what = isAsked ? 'Accuracy %' : 'Loss';
  const isMarked = also.some(({ baselines }) =>
    baselines.some(({ gain }) => isTold(isAsked ? gain?.accuracy : gain?.loss)),
  );
  return section(
    'also',
    'Under other circumstances',
    table(`${what} on tasks of each kind, with intervals from resampling the tasks`, columns, rows),
    note(isMarked ? `${SAME} ${CLEAR} ${MARKED}` : SAME),
  );
}

const OWN = 'the rule';
const CLEAR = '*';
const SAME =
  'The printed rule and the fitted baselines as they stand above: nothing was fitted again.';
const MARKED = 'Told apart from the rule on these tasks, task by task.';

function cell(
  metrics: Metrics | null,
  isAsked: boolean,
  gain: { readonly accuracy: Figure | null; readonly loss: Figure | null } | null,
): Html | string {
  const figure = isAsked ? metrics?.accuracy : metrics?.loss;
  if (!figure) return NONE;
  const write: Write = isAsked ? percent : fixed;
  const difference = isAsked ? gain?.accuracy : gain?.loss;
  return html`${orDash(figure.mean, write)}${isTold(difference) ? CLEAR : ''} <span class="interval">${range(figure, write)}</span>`;
}

function isTold(difference: Figure | null | undefined): boolean {
  const { lo = null, hi = null } = difference ?? {};
  return lo !== null && hi !== null && (lo > 0 || hi < 0);
}

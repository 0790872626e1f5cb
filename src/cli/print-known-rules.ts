import type { KnownRuleRow, KnownRulesReport } from '../bench/known-rules/run.js';
import { pairs, section, table } from './layout.js';
import type { Style } from './style.js';

/** How often known rules were found, as a person reads it. */
export function printKnownRules(report: KnownRulesReport, style: Style): string {
  const inner = { ...style, width: style.width - 2 };
  const sections = [
    ['Right support, of recordings with noise', rulesTable(report, inner)],
    ['All of them', noiseTable(report, inner)],
    ['Recordings without a rule', noRulesTable(report, inner)],
    ['What the verdicts are worth, over all of the above', verdictsTable(report, inner)],
    ['Not right', pairs(wrongOnes(report), inner)],
    ['What it means', explained(report, inner)],
  ] as const;
  return sections
    .filter(([, content]) => content !== '')
    .map(([heading, content]) => section(heading, content, style))
    .join('\n\n');
}

function rulesTable({ rows, noises }: KnownRulesReport, style: Style): string {
  const levels = noises.map(({ noise }) => `at ${noise}`);
  const errors = noises.map(({ noise }) => `error at ${noise}`);
  const cases = [...new Set(rows.map((row) => row.case))];
  const lines = cases.map((id) => {
    const own = noises.map(
      ({ noise }) => rows.find((row) => row.case === id && row.noise === noise)!,
    );
    const [first] = own as [KnownRuleRow];
    return [
      id,
      first.formula,
      String(first.library),
      first.irrepresentable === null ? '' : first.irrepresentable.toFixed(2),
      ...own.map(({ right, seeds }) => `${right}/${seeds}`),
      ...own.map(({ error }) => percent(error)),
    ];
  });
  const headings = ['case', 'rule', 'terms', 'irr', ...levels, ...errors];
  return table(headings, lines, style, headings.slice(2));
}

function noiseTable({ noises }: KnownRulesReport, style: Style): string {
  const lines = noises.map((each) => [
    String(each.noise),
    percent(each.right / each.recordings),
    percent(each.error),
    each.intervals === 0 ? '' : percent(each.covered / each.intervals),
  ]);
  const headings = ['noise', 'right', 'error', 'covered'];
  return table(headings, lines, style, headings);
}

function noRulesTable({ noRules }: KnownRulesReport, style: Style): string {
  const lines = noRules
    .filter(({ seeds }) => seeds > 0)
    .map((row) => [
      row.name,
      String(row.seeds),
      String(row.withTerms),
      String(row.withEstablished),
    ]);
  const headings = ['', 'recordings', 'not called "no rule"', 'with established terms'];
  return lines.length === 0 ? '' : table(headings, lines, style, headings.slice(1));
}

function verdictsTable(report: KnownRulesReport, style: Style): string {
  const line = (verdict: string, terms: number, isTrue: number): string[] => [
    verdict,
    String(terms),
    String(isTrue),
    terms === 0 ? '' : percent(isTrue / terms),
  ];
  const { established, establishedTrue, tentative, tentativeTrue } = report;
  const lines = [
    line('established', established, establishedTrue),
    line('tentative', tentative, tentativeTrue),
  ];
  const headings = ['called', 'terms', 'of these in the rule', 'share'];
  return table(headings, lines, style, headings.slice(1));
}

const wrongOnes = ({ rows }: KnownRulesReport): [string, string][] =>
  rows.flatMap((row) =>
    row.wrong.map(({ seed, reported }): [string, string] => [
      `${row.case}, noise ${row.noise}, seed ${seed}`,
      reported === '' ? 'no rule' : reported,
    ]),
  );

function explained(report: KnownRulesReport, style: Style): string {
  const { rowsOfEach } = report;
  return pairs(
    [
      [
        'right',
        'established and tentative terms are those of the rule, up to columns that are the same',
      ],
      ['irr', 'irrepresentable value: above 1, an L1 penalty alone lets false terms in'],
      [
        'error',
        'largest relative error of a coefficient where right; median over recordings, then rules',
      ],
      ['covered', 'share of 90 % intervals that hold the true coefficient'],
      ['rows', rowsOfEach === null ? 'all of each recording' : `${rowsOfEach} of each recording`],
    ],
    style,
  );
}

/** Three digits; what is less than a billionth is none. */
function percent(share: number | null): string {
  if (share === null) return '';
  return share < 1e-9 ? '0 %' : `${Number((100 * share).toPrecision(3))} %`;
}

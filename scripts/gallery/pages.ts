import type { Grade } from '../../src/language/signals.js';
import type { Entry, Shelf } from './entries.js';
import type { AllKept, Kept } from './kept.js';
import type { MeasuredClaim } from './measure.js';

/** What unites the rules of a file. */
const HEADINGS: Readonly<Record<string, string>> = {
  attractors: 'Attractor networks and contrastive learning',
  bcm: 'Thresholds of activity',
  competition: 'Competition',
  feedback: 'Errors that are fed back',
  hebb: 'Hebb’s rule and its relatives',
  homeostasis: 'Homeostasis and balance',
  oja: 'Principal components',
  perturbation: 'Perturbation',
  plateau: 'Plateau potentials',
  predictive_coding: 'Predictive coding',
  reward: 'Reward',
  rflo: 'Recurrent networks',
  shervani_tabar_2023: 'A rule that was discovered',
  stdp: 'Spike timing',
  supertrex: 'Read-outs of reservoirs',
  supervised: 'Targets',
};

/** From the general to the particular. */
const ORDER = [
  ...['hebb', 'oja', 'bcm', 'competition', 'supervised', 'feedback', 'shervani_tabar_2023'],
  ...[
    'predictive_coding',
    'reward',
    'perturbation',
    'supertrex',
    'rflo',
    'attractors',
    'stdp',
    'homeostasis',
    'plateau',
  ],
];

const GRADES: Readonly<Record<Grade, string>> = {
  synapse: 'what the two neurons and the synapse itself know',
  neuron: 'sums over one neuron’s own synapses, too',
  modulated: 'a number that is broadcast to all, too',
  feedback: 'a value of its own for each neuron, brought from elsewhere',
  transport: 'what is carried back through the forward synapses',
  global: 'sums over whole populations',
};

/** More figures than this are not listed one by one. */
const MOST = 6;

const byOrder = (all: readonly Shelf[]): Shelf[] => {
  const place = ({ file }: Shelf): number => ORDER.indexOf(file) + 1 || ORDER.length + 1;
  return [...all].sort((a, b) => place(a) - place(b));
};

/** The page on which one looks for a rule. */
export function overview(all: readonly Shelf[]): string {
  const count = all.reduce((sum, { entries }) => sum + entries.length, 0);
  const grades = Object.entries(GRADES).map(([grade, reads]) => `| \`${grade}\` | ${reads} |`);
  return page([
    '# Catalogue of rules',
    '',
    `The ${count} rules that come with engrammar. Each entry has its text, its formulas, what a synapse must know for it, what it does when it is run, with the figures that were measured, and a figure drawn from a run.`,
    '',
    'Commands know rules by their names: `engrammar show oja`, `engrammar compare mine.rule oja`. The files are in [rules](../../rules); copy one to change it. What happens when is in the formulas: a trace fades, then the spikes of a step are taken in; a superscript minus means before that.',
    '',
    ...byOrder(all).flatMap(({ file, entries }) => [
      `## [${heading(file)}](${file}.md)`,
      '',
      '| rule | what it does | locality |',
      '| --- | --- | --- |',
      ...entries.map(
        ({ name, about, locality }) =>
          `| [${name}](${file}.md#${name}) | ${about} | \`${locality.grade}\` |`,
      ),
      '',
    ]),
    '## Locality',
    '',
    'What a synapse must know for a rule, the highest grade that anything in it needs:',
    '',
    '| grade | the rule reads |',
    '| --- | --- |',
    ...grades,
    '',
    '## How these pages are made',
    '',
    'By `npm run gallery`, which puts every claim of [test/catalogue/behaviours](../../test/catalogue/behaviours) to the test again, runs [test/catalogue/pictures](../../test/catalogue/pictures) and typesets what `engrammar export` prints: [CONTRIBUTING](../../CONTRIBUTING.md#the-catalogues-pages) says when. Behind a measured number stands where it must lie; a number of 0 is less than 10⁻¹².',
  ]);
}

/** The page with the rules of one file. */
export function shelfPage({ file, entries }: Shelf, kept: AllKept): string {
  const links = entries.map(({ name }) => `[${name}](#${name})`).join(' · ');
  return page([
    `# ${heading(file)}`,
    '',
    `[Catalogue](README.md) · ${links}`,
    ...entries.flatMap((entry) => ['', ...entryLines(entry, kept[entry.name])]),
  ]);
}

function entryLines(entry: Entry, kept: Kept | undefined): string[] {
  const { name, about, cites, text, locality } = entry;
  const { claims = [], caption = '' } = kept ?? {};
  const because = locality.because ? `, because of \`${locality.because.text}\`` : '';
  return [
    `## ${name}`,
    '',
    `${about}.`,
    '',
    ...cites.map((cite) => `*${cite}*  `),
    `Locality: \`${locality.grade}\`${because}`,
    '',
    '```rule',
    ...text
      .trimEnd()
      .split('\n')
      .filter((line) => !/^ +(?:about|cite) "/.test(line)),
    '```',
    '',
    `![The formulas of ${name}](formulas/${name}.svg)`,
    '',
    ...(claims.length > 0 ? ['What it does:', '', ...claims.map(claimLine), ''] : []),
    `![${caption}](figures/${name}.svg)`,
    '',
    `${caption}.`,
  ];
}

function claimLine({ says, figures }: MeasuredClaim): string {
  const listed = new Set(
    figures.map(
      ({ name, value, within }) => `${plain(name)} **${number(value)}** (${bounds(within)})`,
    ),
  );
  const first = [...listed].slice(0, MOST);
  const more = listed.size > MOST ? [`and ${listed.size - MOST} more within their bounds`] : [];
  return `- ${plain(says)}.<br>Measured: ${[...first, ...more].join('; ')}.`;
}

/** Null: as far as one likes. */
function bounds([low = null, high = null]: readonly (number | null)[]): string {
  if (low !== null && low === high) return `must be ${number(low)}`;
  if (low !== null && high !== null) {
    const [middle, margin] = [(low + high) / 2, (high - low) / 2];
    const share = margin / Math.abs(middle);
    if (share < 1e-5) return `must be ${number(middle)}`;
    if (share < 0.01) return `must be ${number(middle)} ± ${number(margin, 1)}`;
  }
  if (high === null) return low === null ? 'anything' : `at least ${number(low)}`;
  if (low === 0 || low === null) return `at most ${number(high)}`;
  return `${number(low)} to ${number(high)}`;
}

/** With so many digits, a minus sign, and a power of ten where it is small. */
function number(value: number, digits = 4): string {
  const rounded = Number(value.toPrecision(digits));
  const isSmall = rounded !== 0 && Math.abs(rounded) < 1e-4;
  const text = isSmall ? rounded.toExponential() : String(rounded);
  const [mantissa = '', power] = text.replace('-', rounded < 0 ? '−' : '-').split('e');
  if (power === undefined) return mantissa;
  const raised = [...power.replace('+', '')]
    .map((d) => (d === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]))
    .join('');
  return /^−?1$/.test(mantissa)
    ? mantissa.replace('1', `10${raised}`)
    : `${mantissa} · 10${raised}`;
}

/** Words of a claim in Markdown: what stands behind `_` and `^` below and above the line. */
function plain(text: string): string {
  return text
    .replaceAll(/[*<|]/g, '\\$&')
    .replaceAll(/\^(?:\{([^}]*)\}|\(([^)]*)\))/g, (_, a, b) => `<sup>${a ?? b}</sup>`)
    .replaceAll(
      /(?<!\p{L}\p{L})(\p{L})_(?:\{([^}]*)\}|([\p{Ll}\p{Lu}]+|\d+))/gu,
      (_, base, a, b) => {
        return `${base}<sub>${a ?? b}</sub>`;
      },
    )
    .replaceAll('_', '\\_');
}

const heading = (file: string): string => HEADINGS[file] ?? file;

const page = (lines: readonly string[]): string => `${lines.join('\n').trimEnd()}\n`;

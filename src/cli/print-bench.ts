import type { BenchReport } from '../bench/bench.js';
import type { Row } from '../bench/row.js';
import { count, pairs, section, table } from './layout.js';
import type { Style } from './style.js';

const FIGURES = [
  'ms',
  'least to most',
  'Mflop',
  'GF/s',
  'of peak',
  'MB',
  'RSS MB',
  'compile ms',
  'error',
];

/** Times of episodes as a person reads them. */
export function printBench(report: BenchReport, style: Style): string {
  const inner = { ...style, width: style.width - 2 };
  const sections = [
    ['An episode with its meta-gradient', timed(report, inner)],
    ['Not timed', failed(report, inner)],
    ['Times as long', compared(report, inner)],
    ['What it means', explained(report, inner)],
  ] as const;
  return sections
    .filter(([, content]) => content !== '')
    .map(([heading, content]) => section(heading, content, style))
    .join('\n\n');
}

function timed({ rows }: BenchReport, style: Style): string {
  const lines = rows
    .filter(({ error }) => error === null)
    .map((row) => [row.case, row.engine, ...cellsOf(row)]);
  return lines.length === 0 ? '' : table(['case', 'engine', ...FIGURES], lines, style, FIGURES);
}

function failed({ rows }: BenchReport, style: Style): string {
  const reasons = rows.flatMap((row): [string, string][] =>
    row.error === null ? [] : [[`${row.case}, ${row.engine}`, row.error]],
  );
  return pairs(reasons, style);
}

function compared({ ratios }: BenchReport, style: Style): string {
  if (ratios.length === 0) return '';
  const lines = ratios.map(({ about, ratio }) => [about, String(ratio)]);
  return table(['', 'ratio'], lines, style, ['ratio']);
}

function explained({ machine, peak, rounds }: BenchReport, style: Style): string {
  const { processor, cores, node, load } = machine;
  const turns = rounds === 1 ? 'one turn' : `${rounds} turns`;
  const relaxed =
    peak.multiplyAdd === null ? '' : `, ${giga(peak.multiplyAdd)} with both in one instruction`;
  return pairs(
    [
      [
        'machine',
        `${processor}, ${count(cores, 'core')}, Node ${node}, load ${load.toFixed(1)} at the start`,
      ],
      ['ms', `processor time of an episode, all threads together; the middle of ${turns}`],
      [
        'flop',
        'additions and multiplications of the kernels that ran; in 128-bit registers a core can do ' +
          `${giga(peak.multiplyThenAdd)} a second${relaxed}`,
      ],
      ['MB', 'WebAssembly memory; RSS: what the process grew by beyond Node and the data'],
      ['compile', 'processor time until the first step is done: to plan, to generate, to compile'],
      ['error', 'of the gradient, relative, by norm, from the float64 interpreter'],
    ],
    style,
  );
}

function cellsOf(row: Row): string[] {
  const { spread, fractionOfPeak, relativeError, flops } = row;
  return [
    figure(row.msPerEpisode),
    spread === null ? '' : `${figure(spread[0])} to ${figure(spread[1])}`,
    figure(flops && flops / 1e6),
    figure(row.gflops),
    fractionOfPeak === null ? '' : `${Math.round(100 * fractionOfPeak)} %`,
    figure(row.memoryMB),
    figure(row.rssMB),
    figure(row.compileMs),
    relativeError === null ? '' : relativeError === 0 ? '0' : relativeError.toExponential(1),
  ];
}

/** Three digits, and as many as it has before the point. */
function figure(value: number | null): string {
  if (value === null) return '';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

const giga = (value: number): string => `${value.toFixed(1)} billion`;

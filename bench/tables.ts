import { POOL_CASES } from '../src/bench/cases.js';
import type { Row } from '../src/bench/row.js';
import { median } from '../src/bench/statistics.js';
import type { VariantName } from '../src/bench/variants.js';
import { type Goal, goalsOf } from './goals.js';
import type { PeerFigures, Results } from './results.js';

/** Tables of docs/performance.md by the name of their mark, from what was measured. */
export const BENCH_TABLES: Readonly<Record<string, (results: Results) => string[]>> = {
  'bench-machine': machine,
  'bench-goals': goals,
  'bench-roofline': roofline,
  'bench-cases': cases,
  'bench-peers': peers,
  'bench-catalogue': catalogue,
  'bench-literature': literature,
};

function literature({ literature: report }: Results): string[] {
  if (!report) return ['Not measured yet.'];
  const { machine: on, versions, rows, date } = report;
  const times = (key: 'cpuMs' | 'furtherMs') =>
    rows.map(({ ours, numpy }) => numpy[key] / ours[key]);
  const [first, further] = [times('cpuMs'), times('furtherMs')];
  const busy = on.load > IDLE ? `, with other work on the machine (load ${figure(on.load)})` : '';
  return [
    `Measured on ${dayOf(date)}: ${on.processor}, ${on.cores} cores, Node ${versions.node}, numpy ${versions.numpy}${busy}. Middle of the ratios: ${figure(median(first))} for a first run, ${figure(median(further))} for each further one (goal: 10).`,
    '',
    ...table(
      [
        ...['run', '', 'first run: ours, ms', 'numpy, ms', 'ratio'],
        ...['further runs: ours, ms', 'numpy, ms', 'ratio', 'results differ by'],
      ],
      rows.map(({ case: name, about, ours, numpy }, k) => [
        `\`${name}\``,
        about,
        figure(ours.cpuMs),
        figure(numpy.cpuMs),
        `${figure(first[k]!)}×`,
        figure(ours.furtherMs),
        figure(numpy.furtherMs),
        `${figure(further[k]!)}×`,
        Math.abs(ours.result / numpy.result - 1).toExponential(0),
      ]),
    ),
  ];
}

/** Load average above which another program was at work; what a run itself leaves behind is no other. */
const IDLE = 1;

function machine({ ours, peers: others }: Results): string[] {
  if (!ours) return ['Not measured yet.'];
  const { processor, cores, memoryGiB, system, node, load } = ours.machine;
  const libraries = Object.entries(others?.versions ?? {})
    .filter(([name]) => name !== 'node')
    .map(([name, version]) => `${name} ${version}`);
  const peak = ours.peak.multiplyThenAdd.toFixed(1);
  const relaxed = ours.peak.multiplyAdd?.toFixed(1);
  return [
    `Measured on ${dayOf(ours.date)}: ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}. A core multiplies and adds ${peak} billion times a second in 128-bit registers${relaxed === undefined ? '' : `, ${relaxed} with both in one instruction`}.`,
    ...(libraries.length > 0 ? [`Peers: ${libraries.join('; ')}.`] : []),
    ...(load > IDLE
      ? [
          '',
          `**Provisional: other work ran on this machine at the same time** (load ${load.toFixed(1)}), which slows everything that shares caches and cores. No conclusions should be drawn from these figures.`,
        ]
      : []),
  ];
}

function goals(results: Results): string[] {
  const verdict = ({ isMet }: Goal): string => (isMet === null ? '' : isMet ? 'yes' : 'no');
  return table(
    ['', 'goal', 'measured', 'met'],
    goalsOf(results).map((each) => [each.what, each.goal, each.measured, verdict(each)]),
  );
}

/** How long the operations of an episode would take if nothing else were to be done. */
function roofline({ ours }: Results): string[] {
  const engines = [
    ['fused all inputs', 'two instructions', ours?.peak.multiplyThenAdd],
    ['fused relaxed all inputs', 'one instruction', ours?.peak.multiplyAdd],
  ] as const;
  const lines = engines.flatMap(([engine, how, peak]) => {
    const found = ours?.rows.find((row) => row.case === 'ten-terms' && row.engine === engine);
    if (!found?.flops || !found.msPerEpisode || !peak) return [];
    const bound = found.flops / peak / 1e6;
    const share = Math.round((100 * bound) / found.msPerEpisode);
    return [[`\`${engine}\``, how, figure(bound), figure(found.msPerEpisode), `${share} %`]];
  });
  return table(['', 'multiply and add', 'least possible ms', 'ms', 'of peak'], lines);
}

function cases({ ours }: Results): string[] {
  const names = POOL_CASES.map(({ name }) => name);
  const rows = (ours?.rows ?? []).filter((row) => names.includes(row.case) && row.error === null);
  return table(
    [
      ...['case', 'engine', 'ms', 'least to most', 'Mflop', 'GF/s', 'of peak'],
      ...['MB', 'RSS MB', 'compile ms', 'error'],
    ],
    rows.map((row) => [
      row.case,
      row.engine,
      figure(row.msPerEpisode),
      row.spread ? `${figure(row.spread[0])} to ${figure(row.spread[1])}` : '',
      figure(row.flops && row.flops / 1e6),
      figure(row.gflops),
      row.fractionOfPeak === null ? '' : `${Math.round(100 * row.fractionOfPeak)} %`,
      figure(row.memoryMB),
      figure(row.rssMB),
      figure(row.compileMs),
      row.relativeError ? row.relativeError.toExponential(1) : '',
    ]),
  );
}

function peers({ peers: report }: Results): string[] {
  const rows = report?.rows ?? [];
  const own = rows.find(({ variant }) => variant === 'engrammar fused all inputs');
  const base = own && !('error' in own) ? own.cpuMs.median : null;
  const figures = (row: PeerFigures): string[] => [
    figure(row.cpuMs.median),
    base === null ? '' : `${figure(row.cpuMs.median / base)}×`,
    figure(row.wallMs.median),
    figure(row.firstSeconds),
    figure(row.peakMB),
    row.relativeL2.toExponential(1),
  ];
  return table(
    ['', 'threads', 'ms', 'to ours', 'wall ms', 'first s', 'peak MB', 'error'],
    rows.map((row) => [
      row.variant,
      String(row.threads),
      ...('error' in row ? [row.error, '', '', '', '', ''] : figures(row)),
    ]),
  );
}

function catalogue({ ours }: Results): string[] {
  const pool = new Set(POOL_CASES.map(({ name }) => name));
  const names = new Set(
    (ours?.rows ?? []).map((row) => row.case).filter((name) => !pool.has(name)),
  );
  const row = (name: string, engine: VariantName): Row | undefined =>
    ours?.rows.find((each) => each.case === name && each.engine === engine);
  const lines = [...names].map((name) => {
    const ms = (engine: VariantName): number | null => row(name, engine)?.msPerEpisode ?? null;
    const [fused, tfjs] = [ms('fused'), ms('tfjs wasm')];
    return [
      `\`${name}\``,
      figure(fused),
      figure(ms('interpret')),
      figure(tfjs),
      figure(ms('tfjs wasm planned')),
      fused !== null && tfjs !== null ? `${figure(tfjs / fused)}×` : '',
    ];
  });
  return table(
    ['rule', 'fused', 'interpret', 'tfjs wasm', 'tfjs wasm planned', 'tfjs wasm to fused'],
    lines,
  );
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)];
}

/** Three digits, and as many as it has before the point. */
function figure(value: number | null): string {
  if (value === null) return '';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function dayOf(date: string): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(date).toLocaleDateString('en-GB', options);
}

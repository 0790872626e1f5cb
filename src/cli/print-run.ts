import type { Divergence } from '../engine/engine.js';
import type { Interval } from '../experiments/intervals.js';
import type { RunRule } from '../experiments/measuring.js';
import type { RunResult } from '../experiments/run.js';
import { RUN_FILES } from '../runs/folder.js';
import { pairs, section, tables } from './layout.js';
import { clock } from './progress.js';
import type { Style } from './style.js';

/**
 * A run of rules as a person reads it: a row a rule, or, with many figures, a row a figure. `drawn` are
 * the files beside its result.
 */
export function printRun(result: RunResult, drawn: readonly string[], style: Style): string {
  const inner = { ...style, width: style.width - 2 };
  const { rules, circuit, task } = result;
  return [
    section(`${task} on ${circuit}`, figures(rules, inner), style),
    section(
      'Rules',
      pairs(
        rules.map(({ name, about }) => [name, about]),
        inner,
      ),
      style,
    ),
    section('Run', facts(result, drawn, inner), style),
  ].join('\n\n');
}

/** Rules below one another, figures beside one another, as long as these are few. */
function figures(rules: readonly RunRule[], style: Style): string {
  const names = [...new Set(rules.flatMap(({ metrics }) => Object.keys(metrics)))];
  const cell = (rule: RunRule, name: string): string => {
    const interval = rule.metrics[name];
    return interval ? written(interval, name === 'accuracy') : '–';
  };
  const headingOf = (name: string): string => (name === 'accuracy' ? 'accuracy %' : name);
  if (names.length <= FEW) {
    const rows = rules.map((rule) => [
      rule.name,
      ...names.map((name) => cell(rule, name)),
      String(tasksOf(rule)),
      String(rule.diverged),
    ]);
    const headings = ['rule', ...names.map(headingOf), 'tasks', 'diverged'];
    return tables(headings, rows, style);
  }
  const headings = ['figure', ...rules.map(({ name }) => name)];
  const rows = [
    ...names.map((name) => [headingOf(name), ...rules.map((rule) => cell(rule, name))]),
    ['tasks', ...rules.map((rule) => String(tasksOf(rule)))],
    ['diverged', ...rules.map(({ diverged }) => String(diverged))],
  ];
  return tables(headings, rows, style);
}

const FEW = 3;

/** All tasks: those that diverged have an accuracy, too, but no loss. */
function tasksOf({ metrics, diverged }: RunRule): number {
  const { accuracy } = metrics;
  return accuracy ? accuracy.tasks : (Object.values(metrics)[0]?.tasks ?? 0) + diverged;
}

/** `0.0123 [0.0101, 0.0140]`; of a single task no interval. */
function written({ mean, lo, hi }: Interval, isShare: boolean): string {
  const number = (value: number): string =>
    isShare ? (100 * value).toFixed(1) : String(Number(value.toPrecision(3)));
  if (!Number.isFinite(mean)) return '–';
  return Number.isFinite(lo) ? `${number(mean)} [${number(lo)}, ${number(hi)}]` : number(mean);
}

function facts(result: RunResult, drawn: readonly string[], style: Style): string {
  const { experiment, seed, engine, seconds, runFolder, rules } = result;
  const computed = engine.backend === null ? engine.name : `${engine.name} ${engine.backend}`;
  const tuned = rules
    .filter(({ baseline, values }) => baseline && Object.keys(values).length > 0)
    .map(({ name, values }) => `${name} ${values.eta}`);
  const astray = rules.flatMap(({ name, firstDivergence: first }) =>
    first ? [`${name} in task ${first.task + 1}, ${placeOf(first)}`] : [],
  );
  return pairs(
    [
      ['experiment', `${experiment}, seed ${seed}`],
      ['computed by', `${computed} in ${clock(seconds)}`],
      ...(tuned.length > 0 ? ([['learning rates', tuned.join(', ')]] as const) : []),
      ...(astray.length > 0 ? ([['diverged first', astray.join('; ')]] as const) : []),
      ['files', `${runFolder} (${[RUN_FILES.result, ...drawn].join(', ')})`],
    ],
    style,
  );
}

/** Where numbers stopped being finite; steps are counted from 1. */
const placeOf = ({ step, where }: Divergence): string =>
  typeof step === 'number' ? `step ${step + 1}: ${where}` : `${PHASES[step]}: ${where}`;

const PHASES = { readout: 'read-out', gradient: 'gradient' } as const;

import { Argument } from 'commander';
import { unknownBackend } from '../../base/diagnostics/engine.js';
import { unknownWord, wrongFlagValue } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import type { BenchReport, PlannedCase } from '../../bench/bench.js';
import type { CaseKind } from '../../bench/cases.js';
import type { Engine } from '../../engine/engine.js';
import type { AddCommand, CliCommand } from '../command.js';
import { say } from '../context.js';
import { type Outcome, UsageError } from '../outcome.js';
import { printBench } from '../print-bench.js';
import { addKnownRules } from './bench-known-rules.js';

interface Options {
  readonly engine?: string;
  readonly backend?: string;
  readonly rounds?: string;
}

const ENGINES: readonly Engine['name'][] = ['fused', 'tfjs', 'interpret'];
const MOST_ROUNDS = 1000;
/** A variant that is slow is known well enough from few turns. */
const PATIENCE_MS = 5000;
/** What is timed when nothing is named. */
const USUAL = ['ten-terms', 'small'];
const ALL_RULES = 'catalogue';

export const addBench: AddCommand = (program, act) => {
  const command = program.command('bench') as CliCommand;
  addKnownRules(command, act);
  command
    .summary('how fast the engines are on this machine')
    .description(
      'Time episodes with their meta-gradient: processor time, engines in turn, each in a process of its own.',
    )
    .addArgument(
      new Argument(
        '[case...]',
        'ten-terms, three-terms, renamed, permuted, duplicated, small, a rule of the catalogue, or catalogue for all of them',
      ).default(USUAL, USUAL.join(' ')),
    )
    .option('--engine <name>', 'only this engine: fused, tfjs or interpret')
    .option('--backend <name>', 'only tfjs, and how it computes: cpu, wasm or tensorflow')
    .option('--rounds <n>', 'turns that each takes (default: 5)')
    .action(
      act(async (context, names: string[], options: Options): Promise<Result<Outcome>> => {
        const rounds = roundsOf(options.rounds);
        // What computes takes long to load: only commands that compute load it.
        const cases = await plannedCases(names, options);
        const { bench } = await import('../../bench/bench.js');
        const report = await bench({
          cases,
          rounds,
          patienceMs: PATIENCE_MS,
          onProgress: (line) => say(context, line),
        });
        return success(outcomeOf(report));
      }),
    );
};

function roundsOf(given = '5'): number {
  const rounds = /^\d+$/.test(given) ? Number(given) : 0;
  if (rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  const expected = [`a whole number from 1 to ${MOST_ROUNDS.toLocaleString('en-US')}`];
  throw new UsageError(wrongFlagValue({ option: '--rounds', given, expected }));
}

async function plannedCases(names: readonly string[], options: Options): Promise<PlannedCase[]> {
  const { catalogueCases, POOL_CASES } = await import('../../bench/cases.js');
  const { variantsFor } = await import('../../bench/variants.js');
  const { BACKENDS } = await import('../../engine/tfjs/backends.js');
  const { backend } = options;
  // Only the tensor engine has backends.
  const engines = ENGINES.filter((name) => backend === undefined || name === 'tfjs');
  const engine = engines.find((name) => name === options.engine);
  if (options.engine !== undefined && !engine) {
    const given = { option: '--engine', given: options.engine, expected: engines };
    throw new UsageError(wrongFlagValue(given));
  }
  if (backend !== undefined && !BACKENDS.some((known) => known === backend)) {
    throw new UsageError(unknownBackend({ given: backend, known: BACKENDS }));
  }
  const rules = names.every((name) => isNamed(name, POOL_CASES)) ? [] : catalogueCases();
  const known = [...POOL_CASES, ...rules];
  const kinds = names.flatMap((name) => {
    if (name === ALL_RULES) return rules;
    const kind = known.find((each) => each.name === name);
    if (kind) return [kind];
    const words = [...known.map((each) => each.name), ALL_RULES];
    const listedBy = 'engrammar bench --help';
    throw new UsageError(unknownWord({ what: 'case', given: name, known: words, listedBy }));
  });
  return [...new Set(kinds)].map((kind) => ({
    kind,
    variants: variantsFor(kind.variants, engine, backend),
  }));
}

const isNamed = (name: string, kinds: readonly CaseKind[]): boolean =>
  kinds.some((kind) => kind.name === name);

/** An engine that does not work here is said in its row; where none does, the work has failed. */
function outcomeOf(report: BenchReport): Outcome {
  const isFailed = report.rows.every(({ error }) => error !== null);
  return {
    document: report,
    text: (style) => printBench(report, style),
    ...(isFailed && { exitCode: 1 as const }),
  };
}

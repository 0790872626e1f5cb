import { Argument } from 'commander';
import { unknownWord, wrongFlagValue } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import type { Act, CliCommand } from '../command.js';
import { say } from '../context.js';
import { type Outcome, UsageError } from '../outcome.js';
import { printKnownRules } from '../print-known-rules.js';

interface Options {
  readonly seeds?: string;
  readonly withoutRule?: string;
  readonly rows?: string;
}

const MOST = 1000;
const LEAST_ROWS = 50;
const MOST_ROWS = 100_000;

/** `engrammar bench known-rules`: how often inference is right where the answer is known. */
export function addKnownRules(bench: CliCommand, act: Act): void {
  bench
    .command('known-rules')
    .summary('how often inference finds rules that are known')
    .description(
      'Record sixteen known rules with noise of 0, 0.1 and 0.5 of their standard deviation, and recordings ' +
        'without a rule; fit them with the shipped defaults; count what is right.',
    )
    .addArgument(new Argument('[case...]', 'P01 to P16 (default: all)'))
    .option('--seeds <n>', 'recordings of each rule at each noise (default: 5)')
    .option('--without-rule <n>', 'recordings of noise, and of drift, without a rule (default: 20)')
    .option('--rows <n>', 'rows that are kept of each recording (default: all)')
    .action(
      act(async (context, names: string[], options: Options): Promise<Result<Outcome>> => {
        const { KNOWN_RULES, NO_RULES, runKnownRules, USUAL_NOISES } = await import(
          '../../bench/known-rules/run.js'
        );
        const known = KNOWN_RULES.map(({ id }) => id);
        for (const given of names) {
          const listedBy = 'engrammar bench known-rules --help';
          if (known.includes(given)) continue;
          throw new UsageError(unknownWord({ what: 'case', given, known, listedBy }));
        }
        const report = runKnownRules({
          rules: KNOWN_RULES.filter(({ id }) => names.length === 0 || names.includes(id)),
          noRules: NO_RULES,
          noises: USUAL_NOISES,
          seeds: numberOf('--seeds', options.seeds ?? '5', 1, MOST),
          nullSeeds: numberOf('--without-rule', options.withoutRule ?? '20', 0, MOST),
          rows:
            options.rows === undefined
              ? null
              : numberOf('--rows', options.rows, LEAST_ROWS, MOST_ROWS),
          onProgress: (line) => say(context, line),
        });
        return success({ document: report, text: (style) => printKnownRules(report, style) });
      }),
    );
}

function numberOf(option: string, given: string, least: number, most: number): number {
  const value = /^\d+$/.test(given) ? Number(given) : -1;
  if (value >= least && value <= most) return value;
  const expected = [`a whole number from ${least} to ${most.toLocaleString('en-US')}`];
  throw new UsageError(wrongFlagValue({ option, given, expected }));
}

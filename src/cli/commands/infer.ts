import { missingArgument, wrongFlagValue } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import { ACTIVATIONS } from '../../circuits/activation.js';
import { DECISIONS } from '../../infer/behaviour/choices.js';
import { SURPRISE } from '../../infer/behaviour/surprise.js';
import type { InferRequest } from '../../infer/from-file.js';
import type { InferResult } from '../../infer/result.js';
import type { AddCommand } from '../command.js';
import { folderOf } from '../folder.js';
import { UsageError } from '../outcome.js';
import { printInference } from '../print-inference.js';
import { packageVersions } from '../version.js';

type Options = Readonly<Record<string, string | undefined>>;

export const addInfer: AddCommand = (program, act) => {
  program
    .command('infer')
    .summary('find the rule behind recorded changes of weights')
    .description(
      'Fit a sparse rule to a recording: a table with a row for each synapse and moment, a column for each quantity and one for the change of the weight.',
    )
    .argument(
      '<recording>',
      'a table: CSV (perhaps packed by gzip), Parquet, or .npz with an array for each column',
    )
    .option('--target <column>', 'the column with the changes of the weight', 'dw')
    .option('--monomials <columns>', 'search all products of these columns: x,y,w')
    .option('--degree <n>', 'of such products at most', '4')
    .option('--max-power <n>', 'of a single column in such a product at most', '2')
    .option(
      '--events <columns>',
      'columns that count events: products are formed with each of them',
    )
    .option('--space <space>', 'search this space instead, whose terms name columns')
    .option(
      '--activity <activation>',
      `the file holds activity of a layer of such neurons (${ACTIVATIONS.join(', ')}), not changes of weights`,
    )
    .option(
      '--choices <decision>',
      `the file holds choices and rewards of animals: to accept a stimulus or not (accept), or one of several options (between); products may have ${SURPRISE}: reward less what is usual`,
    )
    .option('--window <n>', 'choices over which a reward is usual, or fit (default: "10")')
    .option('--alike', 'all animals prefer the same before they learn')
    .option('--seed <n>', 'seed of what is drawn at random', '0')
    .option('--out <folder>', 'also write rule, LaTeX and result into this folder, new or empty')
    .action(
      act(async (_, recording: string, options: Options) => {
        const out = folderOf('--out', options.out);
        const found = await inferred(recording, options);
        if (!found.ok) return found;
        const result = out === undefined ? found.value : await kept(out, found.value, options);
        return success(
          { document: result, text: (style) => printInference(result, style) },
          found.warnings,
        );
      }),
    );
};

/** What computes takes long to load: only commands that compute load it. */
async function inferred(recording: string, options: Options): Promise<Result<InferResult>> {
  const request = requestOf(options);
  if (options.choices !== undefined) {
    if (options.activity !== undefined) {
      const expected = ['no --activity beside it: a file holds one or the other'];
      throw new UsageError(
        wrongFlagValue({ option: '--choices', given: options.choices, expected }),
      );
    }
    const decision = oneOf(DECISIONS, '--choices', options.choices);
    const { inferFromChoices } = await import('../../infer/behaviour/from-choices.js');
    return inferFromChoices(recording, decision, { ...request, ...choicesOf(options) });
  }
  const idle = (['window', 'alike'] as const).find((name) => options[name] !== undefined);
  if (idle) {
    const expected = ['--choices beside it: only choices have it'];
    throw new UsageError(
      wrongFlagValue({ option: `--${idle}`, given: String(options[idle]), expected }),
    );
  }
  if (options.activity === undefined) {
    const { inferFromFile } = await import('../../infer/from-file.js');
    return inferFromFile(recording, request);
  }
  const activation = oneOf(ACTIVATIONS, '--activity', options.activity);
  const { inferFromActivity } = await import('../../infer/hidden/from-activity.js');
  return inferFromActivity(recording, { ...request, activation });
}

async function kept(folder: string, result: InferResult, options: Options): Promise<InferResult> {
  const { keepInference } = await import('../../infer/keep.js');
  const { activity, choices } = options;
  const request = {
    ...requestOf(options),
    ...(activity !== undefined && { activation: activity }),
    ...(choices !== undefined && { decision: choices, ...choicesOf(options) }),
  };
  const command = ['engrammar', ...process.argv.slice(2)];
  return keepInference(folder, result, { request, command, versions: packageVersions() });
}

function choicesOf({ window = '10', alike }: Options): { window: number | 'fit'; alike: boolean } {
  const choices = window === 'fit' ? 'fit' : whole('--window', window, 1);
  return { window: choices, alike: Boolean(alike) };
}

function requestOf(options: Options): InferRequest {
  const { target = 'dw', monomials, space } = options;
  const events = listed(options.events);
  const common = { target, events, seed: whole('--seed', options.seed, 0) };
  if (space !== undefined && monomials === undefined) return { ...common, library: { space } };
  if (monomials !== undefined && space !== undefined) {
    const expected = ['no --monomials beside it: one library is searched'];
    throw new UsageError(wrongFlagValue({ option: '--space', given: space, expected }));
  }
  if (monomials === undefined) {
    const usage = 'engrammar infer RECORDING --monomials x,y,w, or --space FILE';
    throw new UsageError(missingArgument({ argument: '--monomials or --space', usage }));
  }
  const columns = listed(monomials);
  if (columns.length === 0) {
    const expected = ['names of columns, as in x,y,w'];
    throw new UsageError(wrongFlagValue({ option: '--monomials', given: monomials, expected }));
  }
  const degree = whole('--degree', options.degree, 0);
  const maxPower = whole('--max-power', options.maxPower, 1);
  return { ...common, library: { columns, degree, maxPower } };
}

function oneOf<T extends string>(known: readonly T[], option: string, given: string): T {
  const found = known.find((each) => each === given);
  if (found !== undefined) return found;
  throw new UsageError(wrongFlagValue({ option, given, expected: [...known] }));
}

const listed = (text = ''): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function whole(option: string, given = '', least: number): number {
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= Number.MAX_SAFE_INTEGER) return value;
  const expected = [`a whole number of at least ${least}`];
  throw new UsageError(wrongFlagValue({ option, given, expected }));
}

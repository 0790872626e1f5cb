import { missingArgument, wrongFlagValue } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import { ACTIVATIONS } from '../../circuits/activation.js';
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
  if (options.activity === undefined) {
    const { inferFromFile } = await import('../../infer/from-file.js');
    return inferFromFile(recording, request);
  }
  const activation = ACTIVATIONS.find((each) => each === options.activity);
  if (!activation) {
    const given = options.activity;
    throw new UsageError(
      wrongFlagValue({ option: '--activity', given, expected: [...ACTIVATIONS] }),
    );
  }
  const { inferFromActivity } = await import('../../infer/hidden/from-activity.js');
  return inferFromActivity(recording, { ...request, activation });
}

async function kept(folder: string, result: InferResult, options: Options): Promise<InferResult> {
  const { keepInference } = await import('../../infer/keep.js');
  const { activity } = options;
  const request = {
    ...requestOf(options),
    ...(activity !== undefined && { activation: activity }),
  };
  const command = ['engrammar', ...process.argv.slice(2)];
  return keepInference(folder, result, { request, command, versions: packageVersions() });
}

function requestOf(options: Options): InferRequest {
  const { target = 'dw', monomials, space } = options;
  const events = listed(options.events);
  const common = { target, events, seed: whole('--seed', options.seed, 0) };
  if (space !== undefined && monomials === undefined) return { ...common, library: { space } };
  if (monomials === undefined || space !== undefined) {
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

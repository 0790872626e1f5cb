import { diagnosticKind } from './diagnostic.js';
import { didYouMean, type Meant } from './words.js';

const TABLE =
  'A recording is a table: a first line with the names of its columns, then one row for each synapse and moment with a number in each column. ';

/** At most a few of many names. */
function some(names: readonly string[], most = 20): readonly string[] {
  return names.length > most ? [...names.slice(0, most), '…'] : names;
}

const counted = (n: number, one: string): string =>
  `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;

export const emptyTable = diagnosticKind<{ path: string }>(
  'E450',
  'An empty recording',
  `${TABLE}This file holds nothing at all.`,
  ({ path }) => ({
    message: `${path} is empty`,
    expected: ['a line with the names of the columns, then rows of numbers'],
  }),
);

export const headerMissing = diagnosticKind<{ first: readonly string[] }>(
  'E451',
  'A table without the names of its columns',
  `${TABLE}The first line of this file holds only numbers, so nothing says what its columns are.`,
  ({ first }) => ({
    message: `the first line holds numbers (${first.join(', ')}), not the names of the columns`,
    hint: 'put a line with a name for each column before it, such as x,y,w,dw',
  }),
);

export const columnTwice = diagnosticKind<{ name: string; places: readonly number[] }>(
  'E452',
  'Two columns of one name',
  `${TABLE}Two columns of this file have the same name, so it cannot be told which one is meant.`,
  ({ name, places }) => ({
    message: `columns ${places.join(' and ')} are both called ${name}`,
    hint: 'give each column a name of its own',
  }),
);

export const raggedRow = diagnosticKind<{ found: number; expected: number }>(
  'E453',
  'A row with more or fewer fields than there are columns',
  `${TABLE}A row of this file has another number of fields than its first line, so it cannot be told which number belongs to which column. A decimal comma in a table separated by commas looks like that, too; so does a file that was cut off.`,
  ({ found, expected }) => ({
    message: `this row has ${counted(found, 'field')}, the header ${counted(expected, 'column')}`,
    ...(found > expected
      ? { hint: 'a decimal comma makes two fields of one: write numbers with a point' }
      : {}),
  }),
);

export const textInNumbers = diagnosticKind<{ column: string; text: string }>(
  'E454',
  'A text where a number must stand',
  `${TABLE}Columns that a term or the change of the weight is computed from hold numbers. Fields that are empty, or NaN, NA, null or inf, count as missing (the row is left out and counted); every other text is taken for a mistake.`,
  ({ column, text }) => ({
    message: `\`${text}\` is no number (column ${column})`,
    hint: 'leave the field empty if the number is missing',
  }),
);

export const decimalComma = diagnosticKind<{ column: string; text: string }>(
  'E455',
  'A decimal comma',
  `${TABLE}Numbers are written with a decimal point. With a comma it cannot be told whether 1,234 is a thousand or a little more than one, so such numbers are refused rather than guessed.`,
  ({ column, text }) => ({
    message: `\`${text}\` is written with a decimal comma (column ${column})`,
    hint: 'write numbers with a decimal point',
  }),
);

export const openQuote = diagnosticKind<Record<string, never>>(
  'E456',
  'A quotation mark that is not closed',
  `${TABLE}Fields may stand in double quotes; a quote inside is written twice. In this file a quote is opened and never closed.`,
  () => ({ message: 'a quotation mark is opened and never closed' }),
);

export const notATable = diagnosticKind<{ path: string; what: string }>(
  'E458',
  'A file of a kind that is not read',
  `${TABLE}Tables are read from text (columns separated by commas, semicolons or tabs, perhaps packed by gzip), from Parquet files, and from archives of NumPy arrays (.npz). The file that was named is of another kind.`,
  ({ path, what }) => ({
    message: `${path} is ${what}`,
    expected: ['CSV', 'Parquet', '.npz with an array for each column'],
  }),
);

export const tableDamaged = diagnosticKind<{
  path: string;
  reason: string;
  /** What the file should be, where it is another. */
  expected?: string;
}>(
  'E459',
  'A damaged file',
  `${TABLE}This file begins as one of its kind does, but cannot be read: it was cut off, or is packed in a way that is not known here. What the reader said stands in the message.`,
  ({ path, reason, expected }) => ({
    message: `${path} cannot be read: ${reason}`,
    ...(expected === undefined
      ? { hint: 'copy or save the file again' }
      : { expected: [expected] }),
  }),
);

export const arrayUnusable = diagnosticKind<{ path: string; column: string; reason: string }>(
  'E467',
  'An array that is no column',
  'In an archive of NumPy arrays each array is a column: one-dimensional, with a number for each synapse and moment. Arrays of more dimensions (time × neurons) have to be written out row by row first, since only their owner knows what their dimensions are.',
  ({ path, column, reason }) => ({
    message: `${path}: ${column} is no column: ${reason}`,
    hint: 'save one-dimensional arrays, for instance weights.ravel()',
  }),
);

export const activityMisfit = diagnosticKind<{ path: string; what: string }>(
  'E469',
  'Activity that does not fit together',
  'Activity from which a rule shall be found without its weights is an archive of NumPy arrays: pre [trials, steps, inputs], post [trials, steps, neurons], NaN where nothing was recorded, and w [trials, neurons, inputs], the weights before the first step of each trial (or [neurons, inputs] where all trials begin alike; without w these weights are fitted, too). With a single trial the first dimension may be left out.',
  ({ path, what }) => ({
    message: `${path}: ${what}`,
    expected: [
      'pre [trials, steps, inputs]',
      'post [trials, steps, neurons]',
      'w [trials, neurons, inputs]',
    ],
  }),
);

export const choicesMisfit = diagnosticKind<{ path: string; what: string }>(
  'E475',
  'Choices that do not fit together',
  'Choices from which a rule shall be found are a table with a row for each step (a stimulus is shown, something is chosen, a reward comes or does not): columns choice, reward and, for several animals, animal; all other columns but t and trial are inputs. Or an archive of NumPy arrays: stimulus [animals, steps, inputs], choice and reward [animals, steps], with NaN in choice where a record has ended, and w [animals, options, inputs] where the first weights are known. To accept or not is 1 or 0; one of several options is its number, from 0 on.',
  ({ path, what }) => ({
    message: `${path}: ${what}`,
    expected: ['choice', 'reward', 'a stimulus'],
  }),
);

export const columnsDiffer = diagnosticKind<{
  sizes: readonly (readonly [column: string, rows: number])[];
}>(
  'E468',
  'Columns of different lengths',
  `${TABLE}Every column has a number in every row, so all arrays that are needed must have the same length.`,
  ({ sizes }) => ({
    message: `columns differ in length: ${sizes.map(([column, rows]) => `${column} ${rows.toLocaleString('en-US')}`).join(', ')}`,
  }),
);

export const noRows = diagnosticKind<{
  rows: number;
  missing: readonly (readonly [column: string, rows: number])[];
}>(
  'E457',
  'No row to learn from',
  `${TABLE}A row is used if all numbers that are needed are there and finite. In this file there is no such row.`,
  ({ rows, missing }) => ({
    message:
      rows === 0
        ? 'the table has no rows'
        : `none of the ${counted(rows, 'row')} has all the numbers: ${missingIn(missing)}`,
  }),
);

const missingIn = (missing: readonly (readonly [string, number])[]): string =>
  missing
    .map(([column, rows]) => `${column} is missing in ${rows.toLocaleString('en-US')}`)
    .join(', ');

export const noSuchColumn = diagnosticKind<
  { name: string; header: readonly string[]; option: string } & Meant
>(
  'E460',
  'No such column',
  `${TABLE}A column that was named is not one of them. Names are compared letter by letter. Where activity was recorded instead, columns are the signals of a layer: pre, post, w and the like.`,
  ({ name, header, option, meant }) => ({
    message: `${option}: the recording has no column ${name}`,
    expected: some(header),
    ...(header.length === 1
      ? { hint: 'one column was read: columns are separated by commas, semicolons or tabs' }
      : didYouMean({ meant })),
  }),
);

export const targetInLibrary = diagnosticKind<{ target: string; option: string }>(
  'E461',
  'The change of the weight as its own explanation',
  'The column with the changes of the weight is what a rule has to explain. A term that reads it would explain it perfectly and say nothing.',
  ({ target, option }) => ({
    message: `${option}: ${target} is what the terms shall explain`,
    hint: `leave ${target} out`,
  }),
);

export const columnUnnameable = diagnosticKind<{
  name: string;
  option: string;
  /** Its numbers say which rows belong together. */
  isPlace?: boolean;
}>(
  'E462',
  'A column whose name is none of the language',
  'Terms name columns, so a column that a term reads must have a name that the language can write: letters, digits and _, not beginning with a digit, no reserved word and no function; two such names may be joined by a point. The columns `i`, `j` and `trial` are numbers of neurons and trials: they say which rows belong together.',
  ({ name, option, isPlace = false }) => ({
    message: `${option}: no term can name the column ${name}`,
    hint: isPlace
      ? 'it says which rows belong together; a quantity has to be called otherwise'
      : 'call it by one word of letters, digits and _, for instance pre_rate',
  }),
);

export const tooManyMonomials = diagnosticKind<{
  columns: number;
  degree: number;
  most: number;
}>(
  'E463',
  'Too many products',
  'The number of products of columns grows fast with their number and with the degree. A library of thousands of terms takes long to fit, and hardly any recording tells so many terms apart.',
  ({ columns, degree, most }) => ({
    message: `${counted(columns, 'column')} have more than ${most.toLocaleString('en-US')} products up to degree ${degree}`,
    hint: 'name fewer columns, lower --degree or --max-power, or write the terms into a space',
  }),
);

export const notOneRow = diagnosticKind<{ what: string }>(
  'E464',
  'A term that needs more than one row of the table',
  'A term is computed from the numbers in one row, from parameters, and from traces, averages and states of columns, which go through the rows of a synapse in the order of time. Memory that reads itself, whitening, draws, sums over neurons, values at another moment, phases and bounds need more than that. What they stand for can be recorded as a column, such as the summed input of a neuron.',
  ({ what }) => ({
    message: `${what} cannot be computed from one row of a recording`,
    hint: 'record it as a column of its own, and name that column',
  }),
);

export const memoryWithoutOrder = diagnosticKind<{ why: string }>(
  'E476',
  'Memory without an order in time',
  'A trace or an average goes through the rows of each synapse in the order of their times: t in milliseconds, or in steps if the space is written in steps; j, i and trial say which rows belong together. Without times, or with several rows of one synapse at the same time, nobody knows what was remembered.',
  ({ why }) => ({
    message: `memory needs the rows of each synapse in the order of time: ${why}`,
    expected: ['a column t', 'columns j, i and trial where there are several synapses or trials'],
  }),
);

export const noVariation = diagnosticKind<{ target: string; value: number }>(
  'E465',
  'Changes of the weight that are all the same',
  'A rule shall explain why a weight changes now more, now less. In this recording the column with the changes holds one number only, so that nothing can be learned from it.',
  ({ target, value }) => ({
    message: `${target} is ${value} in every row`,
    hint: 'check that this is the column with the changes, not with the weights or a constant',
  }),
);

export const fewerRowsThanTerms = diagnosticKind<{ rows: number; terms: number }>(
  'E466',
  'Fewer rows than terms',
  'With as many terms as rows, any changes at all can be explained exactly, and nothing is learned. A recording needs several times as many rows as there are terms.',
  ({ rows, terms }) => ({
    message: `${counted(rows, 'row')} cannot tell ${counted(terms, 'term')} apart`,
    hint: 'record more, or search fewer terms: --degree, --max-power, fewer columns',
  }),
);

export const termNotFinite = diagnosticKind<{ term: string; rows: number; of: number }>(
  'E470',
  'A term that is not a number in some rows',
  'Every term is computed in every row. A division by 0, the logarithm or root of a negative number, or a product beyond what a computer can hold gives no number, and nothing can be fitted with it.',
  ({ term, rows, of }) => ({
    message: `${term} is not a finite number in ${counted(rows, 'row')} of ${of.toLocaleString('en-US')}`,
    hint: 'guard the term with an if, leave it out, or leave such rows empty',
  }),
);

export const designTooLarge = diagnosticKind<{ rows: number; terms: number; most: number }>(
  'E471',
  'A recording that is too large for so many terms',
  'Every term is computed in every row and kept in memory, eight bytes each. What would need more than two gigabytes is refused before the machine runs out of memory.',
  ({ rows, terms, most }) => ({
    message: `${counted(terms, 'term')} in ${counted(rows, 'row')} are more than ${most.toLocaleString('en-US')} numbers`,
    hint: 'search fewer terms, or leave out rows: every second trial, or every second synapse',
  }),
);

export const columnUnnamed = diagnosticKind<{ places: readonly number[] }>(
  'W450',
  'A column without a name',
  `${TABLE}A column without a name cannot be used by any term, and is left out. Programs that save tables often put the number of the row into such a column.`,
  ({ places }) => ({
    message: `column ${places.join(', ')} has no name and is not used`,
  }),
);

export const rowsDropped = diagnosticKind<{
  dropped: number;
  rows: number;
  missing: readonly (readonly [column: string, rows: number])[];
}>(
  'W451',
  'Rows that were left out',
  `${TABLE}A row is left out if a number that is needed is missing or not finite (an empty field, NaN, NA, null, inf). How many, and for which columns, is told, since rows that are missing for a reason can make a rule look different from what it is.`,
  ({ dropped, rows, missing }) => ({
    message: `${counted(dropped, 'row')} of ${rows.toLocaleString('en-US')} left out: ${missingIn(missing)}`,
  }),
);

export const recordingDiagnostics = [
  emptyTable,
  headerMissing,
  columnTwice,
  raggedRow,
  textInNumbers,
  decimalComma,
  openQuote,
  noRows,
  notATable,
  tableDamaged,
  arrayUnusable,
  activityMisfit,
  choicesMisfit,
  columnsDiffer,
  noSuchColumn,
  targetInLibrary,
  columnUnnameable,
  tooManyMonomials,
  notOneRow,
  memoryWithoutOrder,
  noVariation,
  fewerRowsThanTerms,
  termNotFinite,
  designTooLarge,
  columnUnnamed,
  rowsDropped,
];

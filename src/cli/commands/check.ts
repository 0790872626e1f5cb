import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { EngrammarError, failure, type Result, success } from '../../base/result.js';
import { loadParts } from '../../catalogue/load.js';
import { checkItem } from '../../compile.js';
import type { Experiment } from '../../experiments/experiment.js';
import type { Sweep } from '../../experiments/sweep.js';
import type { Grade } from '../../language/signals.js';
import {
  againstAll,
  CIRCUIT_OPTION,
  type CircuitFlags,
  PROJECTION_OPTION,
  tableOf,
} from '../circuit.js';
import type { AddCommand } from '../command.js';
import { type DiagnosticDocument, diagnosticDocument } from '../json.js';
import type { Outcome } from '../outcome.js';
import type { Style } from '../style.js';
import { tellOne } from '../tell.js';

export const addCheck: AddCommand = (program, act) => {
  program
    .command('check')
    .summary('find mistakes in rules, spaces and experiments')
    .description(
      'Check rules, spaces (.rule, .space) and experiments (.yaml): spelling, names, extents, units, locality.',
    )
    .argument('<file...>', 'files to check')
    .option(...CIRCUIT_OPTION)
    .option(...PROJECTION_OPTION)
    .action(
      act(async (_, files: string[], options: CircuitFlags) => {
        // A circuit that is none is told before any file is read.
        tableOf(options);
        const entries: Entry[] = [];
        for (const file of files) entries.push(...(await checkFile(file, options)));
        return success(report(entries));
      }),
    );
};

/** What was found out about one rule, space or experiment; about a whole file where it has no item. */
interface Entry {
  readonly file: string;
  readonly kind: 'rule' | 'space' | 'experiment' | null;
  readonly name: string | null;
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly locality: Grade | null;
}

async function checkFile(file: string, flags: CircuitFlags): Promise<Entry[]> {
  if (/\.ya?ml$/.test(file)) return [await checkExperiment(file)];
  const parsed = loadParts(file);
  if (!parsed.ok) return [entry(file, null, null, parsed)];
  const { items, mistakes, source } = parsed.value;
  const spelling = mistakes.length > 0 ? [entry(file, null, null, failure(...mistakes))] : [];
  const meaning = items.map((item) => {
    const checked = againstAll(item, flags, (table) => checkItem(item, source, table));
    const locality = checked.ok ? checked.value : null;
    return entry(file, item.kind, item.name, checked, locality);
  });
  return [...spelling, ...meaning];
}

async function checkExperiment(file: string): Promise<Entry> {
  const { loadAnyExperiment } = await import('../../experiments/sweep.js');
  const experiment = loadAnyExperiment(file);
  if (!experiment.ok) return entry(file, 'experiment', null, experiment);
  const { name } = experiment.value;
  return entry(file, 'experiment', name, await rehearsed(experiment.value));
}

/** Whether rules, circuit and task fit together: what a run or a discovery would find out first. */
async function rehearsed(experiment: Experiment | Sweep): Promise<Result<unknown>> {
  const { rehearse } = await import('../../experiments/run.js');
  const { distinct } = await import('../../experiments/part.js');
  const { planned } = await import('../../discover/session.js');
  const all =
    'cells' in experiment ? experiment.cells.map((cell) => cell.experiment) : [experiment];
  const mistakes: Diagnostic[] = [];
  for (const each of all) {
    try {
      if (each.subject?.kind === 'space') planned(each);
      else await rehearse(each);
    } catch (error) {
      if (!(error instanceof EngrammarError)) throw error;
      mistakes.push(...error.diagnostics);
    }
  }
  return mistakes.length > 0 ? failure(...distinct(mistakes)) : success(null);
}

function entry(
  file: string,
  kind: Entry['kind'],
  name: string | null,
  result: Result<unknown>,
  locality: Grade | null = null,
): Entry {
  const found = result.ok ? result.warnings : result.diagnostics;
  // Every diagnostic of a check begins with a place, that of a missing file with the file's first.
  const diagnostics = found.map((each) => (each.source ? each : { ...each, ...startOf(file) }));
  return { file, kind, name, ok: result.ok, diagnostics, locality };
}

const startOf = (file: string): Pick<Diagnostic, 'source'> => ({
  source: { name: file, text: '' },
});

type EntryDocument = Omit<Entry, 'diagnostics'> & { diagnostics: DiagnosticDocument[] };

function report(entries: readonly Entry[]): Outcome {
  const document: EntryDocument[] = entries.map((each) => ({
    ...each,
    diagnostics: each.diagnostics.map(diagnosticDocument),
  }));
  return {
    document,
    text: (style) => stacked(entries.map((each) => describeEntry(each, style))),
    exitCode: entries.every(({ ok }) => ok) ? 0 : 1,
  };
}

/** One below the other; what has several lines stands apart. */
function stacked(blocks: readonly string[]): string {
  const [first = '', ...others] = blocks;
  let text = first;
  let wasLong = first.includes('\n');
  for (const block of others) {
    const isLong = block.includes('\n');
    text += (wasLong || isLong ? '\n\n' : '\n') + block;
    wasLong = isLong;
  }
  return text;
}

/** One line where all is well, then warnings; only the diagnostics where it is not. */
function describeEntry(
  { file, kind, name, ok, diagnostics, locality }: Entry,
  style: Style,
): string {
  const found = diagnostics.map((each) => tellOne(each, style));
  if (!ok) return found.join('\n\n');
  const grade = locality === null ? '' : ` — ${inWords(locality)}`;
  return [`${file}: ${kind} ${name} ${style.good('ok')}${grade}`, ...found].join('\n');
}

const inWords = (grade: Grade): string =>
  grade === 'synapse' || grade === 'neuron' ? `${grade}-local` : grade;

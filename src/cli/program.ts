import type { Result } from '../base/result.js';
import { type Act, type AddCommand, CliCommand } from './command.js';
import { addBench } from './commands/bench.js';
import { addCheck } from './commands/check.js';
import { addCircuits } from './commands/circuits.js';
import { addCompare } from './commands/compare.js';
import { addDiscover } from './commands/discover.js';
import { addDoctor } from './commands/doctor.js';
import { addExplain } from './commands/explain.js';
import { addExport } from './commands/export.js';
import { addFunctions } from './commands/functions.js';
import { addInfer } from './commands/infer.js';
import { addReport } from './commands/report.js';
import { addResume } from './commands/resume.js';
import { addRun } from './commands/run.js';
import { addRuns } from './commands/runs.js';
import { addShow } from './commands/show.js';
import { addSignals } from './commands/signals.js';
import { addSweep } from './commands/sweep.js';
import { addTasks } from './commands/tasks.js';
import { addTerms } from './commands/terms.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { packageVersion } from './version.js';

export interface Receiver {
  take(result: Result<Outcome>): void;
  showHelp(text: string): void;
}

/** In the order in which `--help` lists them. */
const COMMANDS: readonly AddCommand[] = [
  addDiscover,
  addInfer,
  addSweep,
  addRun,
  addReport,
  addResume,
  addRuns,
  addCheck,
  addShow,
  addCompare,
  addTerms,
  addExport,
  addCircuits,
  addSignals,
  addTasks,
  addFunctions,
  addExplain,
  addDoctor,
  addBench,
];

const CLOSING = `
Results go to stdout, talk and progress to stderr.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.

  $ engrammar discover digits        discover a rule on real handwritten digits
  $ engrammar show oja               a known rule: normal form, LaTeX, locality, cost
  $ engrammar compare mine.rule      which known rule is nearest, and how it differs
  $ engrammar check mine.rule        what is wrong with a rule, and where`;

/** The whole command line. */
export function buildProgram(context: Context, receiver: Receiver): CliCommand {
  const program = new CliCommand('engrammar');
  const { out } = context;
  program
    .description('Write, discover and verify local synaptic plasticity rules as formulas.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help for the program or a command')
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .option('-q, --quiet', 'no progress and no warnings on stderr')
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: out.bold,
      commandUsage: (command) =>
        command.parent ? `engrammar ${command.name()} ${command.usage()}` : 'engrammar COMMAND …',
    })
    .configureOutput({
      writeOut: receiver.showHelp,
      getOutHasColors: () => true,
      getOutHelpWidth: () => (Number.isFinite(out.width) ? out.width : 100),
    })
    .exitOverride()
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', CLOSING);
  const act: Act =
    (work) =>
    async (...args) =>
      receiver.take(await work(context, ...args));
  for (const add of COMMANDS) add(program, act);
  return program;
}

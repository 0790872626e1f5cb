import { unknownWord } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import { describeRule, type RuleDescription } from '../../compile.js';
import { latexEquations, latexStandalone } from '../../express/latex.js';
import { mathjsUpdate } from '../../express/mathjs.js';
import type { CheckedRule } from '../../language/checked.js';
import {
  CIRCUIT_OPTION,
  type CircuitFlags,
  PROJECTION_OPTION,
  readRuleFor,
  tableOf,
} from '../circuit.js';
import type { AddCommand } from '../command.js';
import { type Outcome, UsageError } from '../outcome.js';

const TARGETS = ['latex', 'mathjs'] as const;

interface Options extends CircuitFlags {
  readonly to: string;
  readonly standalone?: boolean;
}

export const addExport: AddCommand = (program, act) => {
  program
    .command('export')
    .summary('a rule as LaTeX, or as an expression of mathjs')
    .description('Write a rule in another language, on stdout.')
    .argument('<rule>', 'FILE, FILE#NAME, or a name of the catalogue')
    .requiredOption('--to <target>', `what to write: ${TARGETS.join(', ')}`)
    .option('--standalone', 'of LaTeX, a whole document that compiles, not only the equations')
    .option(...CIRCUIT_OPTION)
    .option(...PROJECTION_OPTION)
    .action(
      act((_, reference: string, options: Options) => {
        tableOf(options);
        requireTarget(options.to);
        const rule = readRuleFor(reference, options);
        if (!rule.ok) return rule;
        if (options.to === 'mathjs') return exportedMathjs(rule.value);
        const description = describeRule(rule.value);
        if (!description.ok) return description;
        return success(exported(description.value, options.standalone === true), rule.warnings);
      }),
    );
};

function requireTarget(given: string): void {
  if (TARGETS.some((target) => target === given)) return;
  const listedBy = 'engrammar export --help';
  throw new UsageError(unknownWord({ what: 'target', given, known: TARGETS, listedBy }));
}

function exported({ name, latex }: RuleDescription, standalone: boolean): Outcome {
  const code = standalone ? latexStandalone(name, latex) : latexEquations(latex);
  return {
    // Nothing runs LaTeX against the rule.
    document: { name, target: 'latex', code, verified: false },
    text: () => code,
  };
}

/** The update in mathjs's syntax, read back and compared before it is given out. */
function exportedMathjs(rule: CheckedRule): Result<Outcome> {
  const written = mathjsUpdate(rule);
  if (!written.ok) return written;
  const { code, verified } = written.value;
  return success({
    document: { name: rule.rule.name, target: 'mathjs', code, verified },
    text: () => code,
  });
}

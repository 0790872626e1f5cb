import { unknownWord } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import { attempt } from '../../compile.js';
import { latexEquations, latexOf, latexStandalone } from '../../express/latex.js';
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
import { section } from '../layout.js';
import { type Outcome, UsageError } from '../outcome.js';

const TARGETS = ['latex', 'mathjs'] as const;
type Target = (typeof TARGETS)[number];

/** Instead of a target. */
const ALL = 'all';

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
    .requiredOption('--to <target>', `what to write: ${TARGETS.join(', ')}; ${ALL}`)
    .option('--standalone', 'of LaTeX, a whole document that compiles, not only the equations')
    .option(...CIRCUIT_OPTION)
    .option(...PROJECTION_OPTION)
    .action(
      act((_, reference: string, options: Options) => {
        tableOf(options);
        requireTarget(options.to);
        const rule = readRuleFor(reference, options);
        if (!rule.ok) return rule;
        const write = (target: Target): Result<Exported> =>
          exported(rule.value, target, options.standalone === true);
        if (options.to === ALL) return success(everything(rule.value, write), rule.warnings);
        const written = write(options.to as Target);
        if (!written.ok) return written;
        const { name } = rule.value.rule;
        return success(
          { document: { name, ...written.value }, text: () => written.value.code },
          rule.warnings,
        );
      }),
    );
};

function requireTarget(given: string): void {
  const known = [...TARGETS, ALL];
  if (known.includes(given)) return;
  const listedBy = 'engrammar export --help';
  throw new UsageError(unknownWord({ what: 'target', given, known, listedBy }));
}

interface Exported {
  readonly target: Target;
  readonly code: string;
  /** It was read back, or run, and found to be the same rule. */
  readonly verified: boolean;
}

function exported(rule: CheckedRule, target: Target, standalone: boolean): Result<Exported> {
  if (target === 'mathjs') {
    const written = mathjsUpdate(rule);
    return written.ok ? success({ target, ...written.value }) : written;
  }
  return attempt(rule.source, () => {
    const latex = latexOf(rule);
    const code = standalone ? latexStandalone(rule.rule.name, latex) : latexEquations(latex);
    // Nothing runs LaTeX against the rule.
    return { target, code, verified: false };
  });
}

/** Every target, with the reasons where a target cannot say the rule. */
function everything(rule: CheckedRule, write: (target: Target) => Result<Exported>): Outcome {
  const targets = TARGETS.map((target) => {
    const written = write(target);
    if (written.ok) return written.value;
    return {
      target,
      refused: written.diagnostics.map(({ code, message }) => `${code} ${message}`),
    };
  });
  return {
    document: { name: rule.rule.name, targets },
    text: (style) =>
      targets
        .map((each) =>
          section(each.target, 'code' in each ? each.code : each.refused.join('\n'), style),
        )
        .join('\n\n'),
  };
}

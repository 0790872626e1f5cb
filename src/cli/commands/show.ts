import { describeCost } from '../../algebra/cost.js';
import { missingArgument, unknownWord, wrongFlagValue } from '../../base/diagnostics/usage.js';
import { type Result, success } from '../../base/result.js';
import { placeOf } from '../../base/source.js';
import { describeRule, type RuleDescription, shortestText } from '../../compile.js';
import type { CheckedRule } from '../../language/checked.js';
import type { Grade } from '../../language/signals.js';
import {
  CIRCUIT_OPTION,
  type CircuitFlags,
  circuitsFor,
  type Fitting,
  PROJECTION_OPTION,
  readRuleFor,
} from '../circuit.js';
import type { AddCommand } from '../command.js';
import { section, wrap, wrapFormula } from '../layout.js';
import { type Outcome, UsageError } from '../outcome.js';
import { givenSettings } from '../settings.js';
import type { Style } from '../style.js';

const STAGES = ['program', 'plan', 'kernel'] as const;
const PRECISIONS = ['float32', 'float64'] as const;

interface Options extends CircuitFlags {
  readonly as?: string;
  readonly set?: readonly string[];
  readonly only?: string;
  readonly precision?: string;
  readonly relaxed?: boolean;
}

export const addShow: AddCommand = (program, act) => {
  program
    .command('show')
    .summary('a rule: formulas, locality, cost; its program, plan, kernels')
    .description(
      'Show a rule: its text, normal form, LaTeX of both forms, locality, cost, and the circuits that offer all it reads; or, with --as, what it becomes on a circuit.',
    )
    .argument('<rule>', 'FILE, FILE#NAME, or a name of the catalogue')
    .option(
      '--circuit <name>',
      `${CIRCUIT_OPTION[1].replace(')', '; with --as, the simplest that offers all the rule reads)')}`,
    )
    .option(...PROJECTION_OPTION)
    .option('--as <stage>', `what it becomes: ${STAGES.join(', ')} (commented WebAssembly)`)
    .option(
      '--set <name=value>',
      'with --as: a setting of the circuit, such as inputs=3 or sizes=4,3,2 (may be repeated)',
      (given: string, before: readonly string[] = []) => [...before, given],
    )
    .option('--only <parts>', 'with --as: these parts, such as forward or step,readout')
    .option('--precision <type>', `with --as: of arrays: ${PRECISIONS.join(' or ')}`)
    .option('--relaxed', 'with --as: multiply and add in one rounding')
    .action(
      act(async (_, reference: string, options: Options): Promise<Result<Outcome>> => {
        if (options.as !== undefined) return becoming(reference, options);
        requireAs(options);
        const rule = readRuleFor(reference, options);
        if (!rule.ok) return rule;
        const description = describeRule(rule.value);
        if (!description.ok) return description;
        const shortest = shortestText(rule.value);
        if (!shortest.ok) return shortest;
        // Of a rule that was held against one circuit that is no question.
        const circuits = options.circuit === undefined ? circuitsFor(rule.value) : null;
        return success(
          shown(rule.value, description.value, shortest.value, circuits),
          rule.warnings,
        );
      }),
    );
};

/** The rule on a circuit, as a program, a plan or kernels. */
async function becoming(reference: string, options: Options): Promise<Result<Outcome>> {
  const { as: given = '', only = '', precision = 'float32', relaxed = false } = options;
  const stage = STAGES.find((each) => each === given);
  if (stage === undefined) {
    const listedBy = 'engrammar show --help';
    throw new UsageError(unknownWord({ what: 'form called', given, known: STAGES, listedBy }));
  }
  const type = PRECISIONS.find((each) => each === precision);
  if (type === undefined) {
    const facts = { option: '--precision', given: precision, expected: PRECISIONS };
    throw new UsageError(wrongFlagValue(facts));
  }
  const settings = givenSettings(options.set ?? []);
  const rule = readRuleFor(reference, options);
  if (!rule.ok) return rule;
  // What plans and generates code takes a while to load.
  const { shownAs } = await import('../stages.js');
  const parts = only.split(',').map((part) => part.trim());
  const flags = {
    ...options,
    precision: type,
    relaxed,
    only: parts.filter((part) => part !== ''),
  };
  const shownStage = shownAs(stage, rule.value, flags, settings);
  return shownStage.ok ? success(shownStage.value, rule.warnings) : shownStage;
}

/** Options that mean nothing without `--as`. */
function requireAs({ set, only, precision, relaxed }: Options): void {
  const isNeeded = (set ?? []).length > 0 || only !== undefined || precision !== undefined;
  if (!isNeeded && !relaxed) return;
  const usage = `engrammar show <rule> --as ${STAGES.join('|')} …`;
  throw new UsageError(missingArgument({ argument: '--as', usage }));
}

function shown(
  checked: CheckedRule,
  description: RuleDescription,
  shortest: string | null,
  circuits: readonly Fitting[] | null,
): Outcome {
  const { locality, ...rest } = description;
  const because = locality.because && {
    text: locality.because.text,
    ...placeOf(checked.source, locality.because.span.start),
  };
  return {
    document: {
      ...rest,
      shortest,
      locality: locality.grade,
      localityBecause: because,
      ...(circuits && { circuits }),
    },
    text: (style) => sections(description, shortest, circuits, style),
  };
}

function sections(
  description: RuleDescription,
  shortest: string | null,
  circuits: readonly Fitting[] | null,
  style: Style,
): string {
  const { text, normalForm, canonical, latex, locality, cost } = description;
  const because = locality.because === null ? '' : `, because of ${locality.because.text}`;
  const grade = `${locality.grade}: ${MEANINGS[locality.grade]}${because}`;
  const formula = (heading: string, written: string): string =>
    section(heading, wrapFormula(written, style.width - 2), style);
  return [
    formula('Rule', text.trimEnd()),
    formula('Normal form', normalForm),
    formula('Factored', canonical),
    ...(shortest === null || shortest === canonical ? [] : [formula('Shortest', shortest)]),
    formula('LaTeX, one synapse', latex.synapse),
    formula('LaTeX, matrices', latex.matrix),
    section('Locality', wrap(grade, style.width - 2).join('\n'), style),
    section('Cost of an update', describeCost(cost), style),
    ...(circuits === null
      ? []
      : [section('Circuits', wrap(listed(circuits), style.width - 2).join('\n'), style)]),
  ].join('\n\n');
}

function listed(circuits: readonly Fitting[]): string {
  if (circuits.length === 0) return 'none offers all it reads';
  return circuits
    .map(({ circuit, projections }) => `${circuit} (${projections.join(', ')})`)
    .join(', ');
}

/** What a synapse must be told for a rule of this grade. */
const MEANINGS: Readonly<Record<Grade, string>> = {
  synapse: 'it reads only its two neurons and its own weight',
  neuron: 'it reads a sum over the dendrite or the axon of one of its neurons',
  modulated: 'it reads a number that is broadcast to all synapses',
  feedback: 'it reads a value of its own for every neuron, brought from elsewhere',
  transport: 'it needs information carried back through forward synapses',
  global: 'it needs a whole population or projection',
};

import { describeCost } from '../../algebra/cost.js';
import { success } from '../../base/result.js';
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
import type { Outcome } from '../outcome.js';
import type { Style } from '../style.js';

export const addShow: AddCommand = (program, act) => {
  program
    .command('show')
    .summary('a rule: normal form, LaTeX, locality, cost, circuits')
    .description(
      'Show a rule: its text, normal form, LaTeX of both forms, locality, cost, and the circuits that offer all it reads.',
    )
    .argument('<rule>', 'FILE, FILE#NAME, or a name of the catalogue')
    .option(...CIRCUIT_OPTION)
    .option(...PROJECTION_OPTION)
    .action(
      act((_, reference: string, options: CircuitFlags) => {
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

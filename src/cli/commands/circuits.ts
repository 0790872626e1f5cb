import { success } from '../../base/result.js';
import type { CircuitKind, OptionInWords } from '../../circuits/kind.js';
import { CIRCUITS } from '../../circuits/registry.js';
import { scheduledEvents } from '../../language/signals.js';
import type { AddCommand } from '../command.js';
import { pairs, section } from '../layout.js';
import type { Outcome } from '../outcome.js';
import type { Style } from '../style.js';

export const addCircuits: AddCommand = (program, act) => {
  program
    .command('circuits')
    .summary('circuits a rule can act in')
    .description('List the circuits in which a rule can act, and what they offer to it.')
    .action(act(() => success(listed)));
};

const listed: Outcome = {
  document: CIRCUITS.map(({ name, meaning, step, trial, projections, options }) => ({
    name,
    meaning,
    step,
    trial,
    projections: projections.map(({ kind, meaning: what, table }) => ({
      kind,
      meaning: what,
      signals: table.signals.map((signal) => signal.name),
      phases: table.phases,
      events: scheduledEvents(table),
      time: table.time,
    })),
    options,
  })),
  text: (style) => CIRCUITS.map((circuit) => described(circuit, style)).join('\n\n'),
};

function described({ name, meaning, step, trial, ...more }: CircuitKind, style: Style): string {
  const narrower = { ...style, width: style.width - 2 };
  const words = pairs(
    [
      ['what it is', meaning],
      ['a step is', step],
      ['a trial is', trial],
      ...phasesOf(more.projections),
    ],
    narrower,
  );
  const inner = { ...narrower, width: narrower.width - 2 };
  const projections = pairs(
    more.projections.map(({ kind, meaning: what, table }) => [
      kind,
      `${what}; offers ${table.signals.map((signal) => signal.name).join(', ')}`,
    ]),
    inner,
  );
  const settings = pairs(
    more.options.map((option) => [option.name, inWords(option)]),
    inner,
  );
  const parts = [
    words,
    section('projections', projections, style),
    section('settings', settings, style),
  ];
  return section(name, parts.join('\n'), style);
}

function phasesOf(projections: CircuitKind['projections']): [string, string][] {
  const phases = [...new Set(projections.flatMap(({ table }) => table.phases))];
  return phases.length === 0 ? [] : [['phases', phases.join(', ')]];
}

function inWords({ meaning, range, fallback }: OptionInWords): string {
  const unless = fallback === null ? 'must be given' : `default ${valueInWords(fallback)}`;
  return `${meaning} (${range}; ${unless})`;
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

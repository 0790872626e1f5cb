import { linesFigure } from '../figures/lines.js';
import { formula } from '../formula.js';
import { type Html, html } from '../html.js';
import { note, section } from '../layout.js';
import type { Reported } from '../read.js';
import { curveFigures } from '../run/curves.js';

/** The rules that were run, typeset; of several contestants with one rule it stands at the first. */
export function typesetSection({ learners }: Reported): Html | null {
  const seen = new Set<string>();
  const parts = learners.flatMap(({ name, latex, values }) => {
    const rules = Object.entries(latex).flatMap(([kind, { synapse, parameters }]) => {
      const key = `${kind} ${synapse}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [
        html`<h3>${name}, on ${kind}</h3>\n${formula(synapse)}`,
        parameters === '' ? html`` : formula(parameters),
      ];
    });
    const others = Object.entries(values).map(([parameter, value]) => `${parameter} ${value}`);
    return others.length === 0
      ? rules
      : [...rules, note(`${name} ran with other values than those written: ${others.join(', ')}.`)];
  });
  return parts.length === 0 ? null : section('rules', 'The rules', ...parts);
}

/** How the loss, and whatever else was followed, went over the trials. */
export function curvesSection({ learners }: Reported, level: number | null): Html | null {
  const figures = curveFigures(learners, level ?? DEFAULT_LEVEL);
  return figures.length === 0
    ? null
    : section('curves', 'Learning curves', ...figures.map(({ figure }) => linesFigure(figure)));
}

/** Where the configuration is not that of an experiment. */
const DEFAULT_LEVEL = 0.95;

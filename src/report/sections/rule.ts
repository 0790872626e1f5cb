import { formula } from '../formula.js';
import { type Html, html } from '../html.js';
import { listing, paragraph, section } from '../layout.js';
import type { Reported } from '../read.js';

/** The rule in both mathematical forms, its parameters, and its text. */
export function ruleSection({ rule, kind }: Reported): Html | null {
  if (rule === undefined) return null;
  if (rule === null) {
    const answer =
      kind === 'inference'
        ? 'No rule: no term explains the changes better than chance would.'
        : 'No rule: no term of the space is worth having on these tasks.';
    return section('rule', 'The rule', html`<div class="answer">${paragraph(answer)}</div>`);
  }
  const { synapse, matrix, parameters } = rule.latex;
  const part = (heading: string, latex: string): Html | null =>
    latex === '' ? null : html`<h3>${heading}</h3>\n${formula(latex)}`;
  return section(
    'rule',
    'The rule',
    part('One synapse', synapse),
    part('Whole projection', matrix),
    part('Parameters', parameters),
    html`<h3>Text</h3>`,
    listing(rule.text),
  );
}

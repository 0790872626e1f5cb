import { formula } from '../formula.js';
import { type Html, html } from '../html.js';
import { code, count, listing, paragraph, section } from '../layout.js';
import { fixed, orDash, short } from '../numbers.js';
import type { Reported } from '../read.js';
import type { InferenceFacts } from '../read-inference.js';
import { SHIFTED } from './identity.js';

/** The rule in both mathematical forms, its parameters, and its text. */
export function ruleSection({ rule, kind, inferred }: Reported): Html | null {
  if (rule === undefined) return null;
  if (rule === null) {
    const answer =
      kind === 'inference'
        ? whyNone(inferred)
        : 'no term of the space is worth having on these tasks.';
    return section(
      'rule',
      'The rule',
      html`<div class="answer">${paragraph(`No rule: ${answer}`)}</div>`,
      inferred?.refused ? paragraph(seen(inferred.refused, inferred.observed)) : null,
    );
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
    inferred?.factored
      ? html`<h3>With numbers, factored</h3>\n${listing(inferred.factored.text)}`
      : null,
    html`<h3>Text</h3>`,
    listing(rule.text),
    inferred?.known ? paragraph(knownWords(inferred.known)) : null,
  );
}

/** Why what was found in a recording is no rule. */
function whyNone(inferred: InferenceFacts | null): string {
  const { refused = null, observed = 'changes', nullTest = null } = inferred ?? {};
  if (refused === null) return `no term explains the ${observed} better than chance would.`;
  if (refused.why !== 'drift') {
    return `what was found agrees as well with ${SHIFTED[observed]}${nullTest ? ` (p = ${short(nullTest.p)})` : ''}.`;
  }
  const drift = nullTest?.drift;
  const how = drift
    ? ` (R² ${orDash(drift.r2, fixed)}, ${count(drift.numbers, 'number')} fitted)`
    : '';
  return `a slow course of time explains the changes as well${how}, and no term agrees with them better than with shifted ones.`;
}

const seen = (
  { terms, r2 }: NonNullable<InferenceFacts['refused']>,
  observed: InferenceFacts['observed'],
): Html => {
  const share = orDash(r2, fixed);
  const words = observed === 'choices' ? `${share} of the deviance` : `R² ${share}`;
  return html`What was found, and is no rule: ${terms.map((text, k) => html`${k > 0 ? ', ' : ''}${code(text)}`)} (${words}).`;
};

function knownWords({ name, scale, distance }: NonNullable<InferenceFacts['known']>): Html {
  const rate = `with a learning rate ${orDash(scale, short)} times as large`;
  return distance > 0
    ? html`No rule of the catalogue; the nearest is ${code(name)}, ${rate} (distance ${short(distance)}).`
    : html`As far as the intervals tell this is ${code(name)} ${rate}.`;
}

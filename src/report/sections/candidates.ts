import { type Html, html } from '../html.js';
import { code, count, facts, note, section } from '../layout.js';
import type { Reported } from '../read.js';

/** What a rule that grew term by term was chosen from. */
export function candidatesSection({ discovered }: Reported): Html | null {
  const candidates = discovered?.candidates ?? null;
  if (candidates === null) return null;
  const { scored, probed, tried, monomials, locality, alike } = candidates;
  const because = locality?.because ? html`, because of ${code(locality.because)}` : '';
  return section(
    'candidates',
    'What it was chosen from',
    facts([
      ['looked at', `${count(scored, 'extension')} of rules by a term: derivative of the loss`],
      ['probed', `${count(probed, 'of them', 'of them')}: several coefficients each`],
      ['fitted', `${count(tried, 'set')} of terms, compared on fresh tasks`],
      locality ? ['normal form', count(monomials, 'monomial')] : null,
      locality ? ['locality', html`${locality.grade}${because}`] : null,
    ]),
    ...alike.map(({ id, texts }) =>
      note(
        html`Where ${code(id)} was found, the loss changed in proportion with ${texts.map((text, k) => html`${k > 0 ? ', ' : ''}${code(text)}`)}: of these only ${code(id)}, the simplest, was tried.`,
      ),
    ),
  );
}

import { describe, expect, test } from 'vitest';
import { enumerate } from '../../src/algebra/enumerate.js';
import type { TermLibrary } from '../../src/algebra/types.js';
import { unwrap } from '../../src/base/result.js';
import { extraTerms, leadingTerm } from '../../src/discover/candidates.js';
import { checkSpace } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

function libraryOf(terms: string): TermLibrary {
  const source = { name: 'test.space', text: `space test { ${terms} }` };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'space') throw new Error('no space');
  return unwrap(enumerate(unwrap(checkSpace(item, source, wholeVocabulary))));
}

describe('the term a search begins with', () => {
  test.each([
    ['term a = -post.error * pre term b = w', 'a', 1],
    ['term b = w term a = pre * 2 * post.error', 'a', -1],
    ['term b = w term a = -(pre * post.error) / 3', 'a', 1],
    ['term b = w term c = post * pre', 'b', 1],
    ['term b = w term c = post.error * pre * post', 'b', 1],
  ] as const)('in { %s } is %s with sign %i', (terms, id, sign) => {
    expect(leadingTerm(libraryOf(terms))).toEqual({ id, sign });
  });

  test('is no extra term of the baseline that it is', () => {
    const library = libraryOf('term b = w term a = pre * post.error term c = post * pre');
    expect(extraTerms(library).map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

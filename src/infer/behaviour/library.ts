import { noSuchColumn } from '../../base/diagnostics/recording.js';
import { nearest } from '../../base/nearest.js';
import { failure, type Result } from '../../base/result.js';
import type { Source } from '../../base/source.js';
import { loadSpace } from '../../catalogue/load.js';
import { parse } from '../../language/parse.js';
import type { SignalTable } from '../../language/signals.js';
import { type Library, type Monomials, monomialSpace, spaceOn } from '../library.js';
import type { Decision } from './choices.js';
import { SURPRISE } from './surprise.js';

/** Over how many choices a reward is expected: so many, or as many as suit the data best. */
export type Window = number | 'fit';

/** Where a window that is fitted begins, and where it may be. */
const FITTED = { start: 10, least: 1, most: 100 };

/** The terms that choices are searched for. */
export function libraryOfChoices(
  asked: Monomials | { readonly space: string },
  { decision, window }: { readonly decision: Decision; readonly window: Window },
  table: SignalTable,
): Result<Library> {
  if ('space' in asked) {
    const loaded = loadSpace(asked.space);
    return loaded.ok ? spaceOn(loaded.value.item, loaded.value.source, table) : loaded;
  }
  const offered = [...table.signals.map(({ name }) => name), SURPRISE];
  const unknown = asked.columns.filter((name) => !offered.includes(name));
  if (unknown.length > 0) {
    const facts = { header: offered, option: '--monomials' };
    return failure(
      ...unknown.map((name) => noSuchColumn({ ...facts, name, meant: nearest(name, offered) })),
    );
  }
  const products = monomialSpace(asked, []);
  if (!products.ok) return products;
  const source = asked.columns.includes(SURPRISE)
    ? withSurprise(products.value, decision, window)
    : products.value;
  const parsed = parse(source);
  if (!parsed.ok) return parsed;
  const [item] = parsed.value;
  if (item?.kind !== 'space') throw new TypeError('the monomials are no space');
  return spaceOn(item, source, table);
}

/**
 * What is expected is a running mean of what choices brought. Where a stimulus is not accepted there is
 * nothing to learn from, nor to be surprised by.
 */
function withSurprise({ name, text }: Source, decision: Decision, window: Window): Source {
  const { start, least, most } = FITTED;
  const value = window === 'fit' ? `${start} in [${least}, ${most}] fit` : String(window);
  const [rate, less] =
    decision === 'accept'
      ? ['chosen / window', 'chosen * (reward - expected@before)']
      : ['1 / window', 'reward - expected@before'];
  const lines = [
    `  param window = ${value}`,
    `  average expected = reward keeping 1 - ${rate}`,
    `  let ${SURPRISE} = ${less}`,
  ];
  return { name, text: text.replace('{\n', `{\n${lines.join('\n')}\n`) };
}

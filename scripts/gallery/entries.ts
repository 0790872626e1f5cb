import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { unwrap } from '../../src/base/result.js';
import { loadFile, loadRule } from '../../src/catalogue/load.js';
import { catalogueFiles } from '../../src/catalogue/shelves.js';
import { type Latex, latexOf } from '../../src/express/latex.js';
import type { Rule } from '../../src/language/ast.js';
import { checkRule } from '../../src/language/check/rule.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { printItem } from '../../src/language/print.js';
import type { SignalTable } from '../../src/language/signals.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import type { Behaviour } from '../../test/catalogue/behaviour.js';
import type { Draw, Picture } from '../../test/catalogue/pictures/picture.js';

/** What the catalogue's text says about a rule; nothing is run for it. */
export interface Entry {
  readonly name: string;
  readonly about: string;
  readonly cites: readonly string[];
  /** As `engrammar print` lays it out. */
  readonly text: string;
  readonly formulas: Latex;
  readonly locality: CheckedRule['locality'];
}

/** The rules of one file. */
export interface Shelf {
  readonly file: string;
  readonly entries: readonly Entry[];
}

/** The whole catalogue in the order of its files. */
export function shelves(): Shelf[] {
  return catalogueFiles()
    .filter(({ kind }) => kind === 'rule')
    .map(({ name, path }) => {
      const { items, source } = unwrap(loadFile(path));
      const rules = items.filter((item): item is Rule => item.kind === 'rule');
      return {
        file: name,
        entries: rules.map((rule) => {
          const checked = unwrap(checkRule(rule, source, wholeVocabulary));
          return entryOf(checked);
        }),
      };
    });
}

function entryOf(checked: CheckedRule): Entry {
  const { rule, locality } = checked;
  const notes = (word: 'about' | 'cite'): string[] =>
    rule.lines.flatMap((line) => (line.kind === 'note' && line.word === word ? line.texts : []));
  return {
    name: rule.name,
    about: notes('about').join(' '),
    cites: notes('cite'),
    text: printItem(rule),
    formulas: latexOf(checked),
    locality,
  };
}

export const behaviourOf = async (name: string): Promise<Behaviour | null> =>
  (await optional<{ behaviour: Behaviour }>(`behaviours/${name}`))?.behaviour ?? null;

export const drawOf = async (name: string): Promise<Draw | null> =>
  (await optional<{ picture: Draw }>(`pictures/${name}`))?.picture ?? null;

async function optional<T>(place: string): Promise<T | null> {
  const url = new URL(`../../test/catalogue/${place}.ts`, import.meta.url);
  return existsSync(url) ? ((await import(url.href)) as T) : null;
}

/** A rule of the catalogue, held against what a circuit offers. */
export function catalogued(name: string, table: SignalTable): CheckedRule {
  const { item, source } = unwrap(loadRule(name));
  return unwrap(checkRule(item, source, table));
}

/** Short for formulas and data: what a drawing carries to say what it was made from. */
export const stamp = (made: Latex | Picture): string =>
  createHash('sha256').update(JSON.stringify(made, rounded)).digest('hex').slice(0, 16);

/** Other machines may compute other last digits. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;

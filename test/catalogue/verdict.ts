import { EngrammarError, unwrap } from '../../src/base/result.js';
import { loadRule } from '../../src/catalogue/load.js';
import type { Rule } from '../../src/language/ast.js';
import { checkRule } from '../../src/language/check/rule.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { printItem } from '../../src/language/print.js';
import type { SignalTable } from '../../src/language/signals.js';
import { type Behaviour, type Figure, holds } from './behaviour.js';

/** Why a rule does not do what it is known to do; null if it does. */
export type Failure =
  | { readonly says: string; readonly figure: Figure }
  | { readonly refused: string };

const companion = (name: string, table: SignalTable): CheckedRule => {
  const { item, source } = unwrap(loadRule(name));
  return unwrap(checkRule(item, source, table));
};

/** Parsed anew, so that places in diagnostics are places of the text that is checked. */
function checked(rule: Rule, table: SignalTable): CheckedRule {
  const source = { name: rule.name, text: printItem(rule) };
  const [item] = unwrap(parse(source));
  return unwrap(checkRule(item as Rule, source, table));
}

/** The first claim that the rule fails, and by how much. Refused rules fail, too. */
export async function firstFailure(behaviour: Behaviour, rule: Rule): Promise<Failure | null> {
  for (const { says, measure } of behaviour.claims) {
    try {
      const figures = await measure((table) => checked(rule, table), companion);
      const figure = figures.find((each) => !holds(each));
      if (figure) return { says, figure };
    } catch (error) {
      if (!(error instanceof EngrammarError)) throw error;
      return { refused: error.diagnostics[0]?.message ?? error.message };
    }
  }
  return null;
}

export const catalogueRule = (name: string): Rule => unwrap(loadRule(name)).item;

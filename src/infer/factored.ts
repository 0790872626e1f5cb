import { canonicalRule } from '../algebra/canonical-rule.js';
import { roundSignificant, roundToSpread } from '../algebra/polish.js';
import { numericForm } from '../algebra/rule-equal.js';
import { ruleForm } from '../algebra/rule-form.js';
import { ruleText } from '../discover/rule-text.js';
import { readRuleText } from '../experiments/attached.js';
import { printLine } from '../language/print.js';
import type { Library } from './library.js';
import { metricsOfText } from './metrics.js';
import type { Recording } from './recording.js';
import type { FactoredRule } from './result.js';
import type { Chosen } from './rule-words.js';

/**
 * The rule with numbers instead of parameters, factored for people: `dw = 0.05 * y * (x - y * w)`.
 * Coefficients whose sizes may be equal, as far as their intervals tell, are made so: only then can what
 * they have in common be taken out. Its own R² tells what that costs. Null for no terms.
 */
export function factoredRule(
  chosen: readonly Chosen[],
  library: Library,
  recording: Recording,
  target: Float64Array,
): FactoredRule | null {
  if (chosen.length === 0) return null;
  const sizes = equalised(chosen);
  const weighted = chosen.map(({ id, term, value }, k) => ({
    id,
    expression: term.expression,
    clauses: term.clauses,
    value: Number(value) < 0 ? `-${sizes[k]}` : sizes[k]!,
  }));
  const plain = ruleText({ name: 'factored', frame: library.frame }, weighted, false);
  const rule = readRuleText('factored.rule', plain, library.table);
  const form = numericForm(ruleForm(rule), rule.scope.parameters);
  const head = { name: 'factored', targets: [], parameters: new Map() };
  const lines = canonicalRule(form, head).lines.map(printLine);
  const text = `rule factored {\n${lines.map((line) => `  ${line}`).join('\n')}\n}\n`;
  const { r2 } = metricsOfText(text, library, recording, target);
  return { text: lines.join('\n'), r2 };
}

interface Size {
  readonly size: number;
  readonly spread: number;
}

/** The sizes of the coefficients as texts; where intervals have a number in common, the same text. */
function equalised(chosen: readonly Chosen[]): string[] {
  const sizes = chosen.map(({ value, spread }, at): Size & { at: number } => {
    const size = Math.abs(Number(value));
    return { at, size, spread: spread === null ? size * EXACT : Number(spread) };
  });
  sizes.sort((a, b) => a.size - b.size);
  const groups: (typeof sizes)[] = [];
  for (const each of sizes) {
    const last = groups.at(-1);
    if (last && haveCommon([...last, each])) last.push(each);
    else groups.push([each]);
  }
  const texts = chosen.map(({ value }) => value.replace(/^-/, ''));
  for (const group of groups) {
    if (group.length === 1) continue;
    const shared = common(group);
    for (const { at } of group) texts[at] = shared;
  }
  return texts;
}

/** Of a number without an interval, as a share of it. */
const EXACT = 1e-6;

const haveCommon = (sizes: readonly Size[]): boolean =>
  Math.max(...sizes.map(({ size, spread }) => size - spread)) <=
  Math.min(...sizes.map(({ size, spread }) => size + spread));

/** The mean, weighted by certainty, to the digits that the most certain one has. */
function common(sizes: readonly Size[]): string {
  const weights = sizes.map(({ spread }) => 1 / spread ** 2);
  const sum = weights.reduce((a, b) => a + b, 0);
  const mean = sizes.reduce((total, { size }, k) => total + size * weights[k]!, 0) / sum;
  const spread = Math.min(...sizes.map((each) => each.spread));
  return spread <= mean * EXACT
    ? roundSignificant(mean, 6)
    : String(Number(roundToSpread(mean, spread).value));
}

import { readRuleText } from '../experiments/attached.js';
import { evaluateRule } from './evaluate.js';
import type { Library } from './library.js';
import { withMemory } from './memory/columns.js';
import type { Recording } from './recording.js';
import type { FitMetrics } from './result.js';

/** What a printed rule, parsed again, explains of the recorded changes. */
export function metricsOfText(
  text: string,
  { table }: Pick<Library, 'table'>,
  recording: Recording,
  target: Float64Array,
): FitMetrics {
  const { rows } = recording;
  const rule = readRuleText('rule.rule', text, table);
  const explained = evaluateRule(rule, rows, withMemory(recording, rule.memory, rule.scope));
  let [left, all] = [0, 0];
  for (let row = 0; row < rows; row++) {
    left += (target[row]! - explained[row]!) ** 2;
    all += target[row]! ** 2;
  }
  return { loss: left / rows, r2: all === 0 ? 0 : 1 - left / all };
}

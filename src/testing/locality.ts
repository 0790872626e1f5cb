import { unknownGrade } from '../base/diagnostics/testing.js';
import { EngrammarError } from '../base/result.js';
import { placeOf } from '../base/source.js';
import { GRADES, type Grade } from '../language/signals.js';
import { ruleGiven } from './given-rule.js';
import { judgedNow, type Verdict } from './verdict.js';

/** Whether a rule reads nothing beyond a grade of locality. */
export function localityAtMost(received: unknown, most: Grade): Verdict {
  return judgedNow(() => {
    if (!GRADES.includes(most)) {
      throw new EngrammarError(unknownGrade({ given: String(most), known: GRADES }));
    }
    const { rule, source, locality } = ruleGiven(received);
    const pass = GRADES.indexOf(locality.grade) <= GRADES.indexOf(most);
    const { because, grade } = locality;
    const lines = [`${rule.name} is ${grade}, ${pass ? 'not more' : 'more'} than ${most}`];
    if (because) {
      const { line, column } = placeOf(source, because.span.start);
      lines.push(`  because of \`${because.text}\` (${source.name}:${line}:${column})`);
    }
    return { pass, message: lines.join('\n') };
  });
}

import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { limitTwice, unknownLimit, wrongLimit } from '../../base/diagnostics/space.js';
import { nearest } from '../../base/nearest.js';
import type { Source } from '../../base/source.js';
import type { KeepLine } from '../ast.js';
import type { Limits } from '../checked.js';
import { GRADES, type Grade } from '../signals.js';

const NUMERIC = ['degree', 'power', 'complexity'] as const;
const NAMES = [...NUMERIC, 'locality'];

/** The bounds of all `keep` lines together; wrong ones are reported and left out. */
export function readLimits(
  lines: readonly KeepLine[],
  source: Source,
  mistakes: Diagnostic[],
): Limits {
  const limits: { -readonly [K in keyof Limits]: Limits[K] } = {};
  const seen = new Set<string>();
  for (const { what: name, whatSpan, limit, span } of lines.flatMap((line) => line.limits)) {
    const given = String(limit);
    if (!NAMES.includes(name)) {
      const meant = nearest(name, NAMES);
      mistakes.push(unknownLimit({ name, meant }, { source, span: whatSpan }));
    } else if (seen.has(name)) {
      mistakes.push(limitTwice({ name }, { source, span }));
    } else if (name === 'locality') {
      if (isGrade(limit)) limits.locality = limit;
      else {
        const meant = nearest(given, GRADES);
        const facts = { name, given, expected: GRADES, meant };
        mistakes.push(wrongLimit(facts, { source, span }));
      }
    } else if (typeof limit === 'number' && Number.isInteger(limit)) {
      limits[name as (typeof NUMERIC)[number]] = limit;
    } else {
      mistakes.push(wrongLimit({ name, given, expected: ['a whole number'] }, { source, span }));
    }
    seen.add(name);
  }
  return limits;
}

function isGrade(limit: number | string): limit is Grade {
  return GRADES.some((grade) => grade === limit);
}

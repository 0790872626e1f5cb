import { needsPlainNumber } from '../../base/diagnostics/language.js';
import { notConstant } from '../../base/diagnostics/memory.js';
import { describeDimension } from '../../base/dimension.js';
import type { Expression } from '../ast.js';
import { infer } from './infer.js';
import { type Facts, isPlain } from './inferred.js';
import { at, type Names } from './names.js';

/** The facts of what must be known before the first step. */
export function inferConstant(what: string, value: Expression, names: Names): Facts {
  const facts = infer(value, names);
  if (facts.varies !== null && facts.known) {
    names.report(notConstant({ what, reads: facts.varies }, at(names, value.span)));
  }
  return facts;
}

/** Reports what has a unit where there can be none. */
export function checkPlain(what: string, facts: Facts, value: Expression, names: Names): void {
  if (isPlain(facts)) return;
  const given = describeDimension(facts.dimension);
  names.report(needsPlainNumber({ what, given }, at(names, value.span)));
}

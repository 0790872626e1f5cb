import { notYet } from '../../base/diagnostics/language.js';
import type { MemoryLine } from '../ast.js';
import { at, type Names } from './names.js';

const REFUSED: Partial<Record<MemoryLine['kind'], string>> = {
  draw: 'a stochastic synapse (`draw`)',
  whiten: 'recursive least squares (`whiten`)',
};

/** Refuses the memory that the language has and engines cannot run yet. */
export function refuseNotYet(lines: Iterable<MemoryLine>, names: Names): void {
  for (const { kind, span } of lines) {
    const what = REFUSED[kind];
    if (what) names.report(notYet({ what }, at(names, span)));
  }
}

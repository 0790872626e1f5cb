import { notYet } from '../../base/diagnostics/language.js';
import type { MemoryLine } from '../ast.js';
import { at } from './names.js';
import type { Workshop } from './workshop.js';

const REFUSED: Partial<Record<MemoryLine['kind'], string>> = {
  draw: 'a stochastic synapse (`draw`)',
  whiten: 'recursive least squares (`whiten`)',
};

/** Refuses the memory that the language has and engines cannot run yet, unless it has a mistake anyway. */
export function refuseNotYet({ definitions, mistakes, names }: Workshop): void {
  for (const { kind, span } of definitions.memories.values()) {
    const what = REFUSED[kind];
    const isInside = (start: number): boolean => span.start <= start && start < span.end;
    const hasMistake = mistakes.some((each) => each.span && isInside(each.span.start));
    if (what && !hasMistake) names.report(notYet({ what }, at(names, span)));
  }
}

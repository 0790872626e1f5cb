import { notPositive, whitensOther } from '../../base/diagnostics/memory.js';
import type { MemoryLine } from '../ast.js';
import { checkPlain, inferConstant } from './constants.js';
import { infer } from './infer.js';
import { type Facts, join, NUMBER, raisedBy } from './inferred.js';
import { at, type Names } from './names.js';

/**
 * The facts of recursive least squares. It keeps the correlations of the presynaptic neurons, one table
 * for the whole projection, so nothing about it may differ between postsynaptic neurons or synapses.
 */
export function inferWhiten(
  line: Extract<MemoryLine, { readonly kind: 'whiten' }>,
  clauses: Facts,
  names: Names,
): { readonly facts: Facts; readonly input: Facts } {
  const { name } = line;
  const input = infer(line.value, names);
  const ridge = inferConstant('a ridge', line.ridge, names);
  const gate = line.gate ? infer(line.gate, names) : NUMBER;
  checkPlain('what is whitened', input, line.value, names);
  checkPlain('a ridge', ridge, line.ridge, names);
  if (line.gate) checkPlain('a gate', gate, line.gate, names);
  if (ridge.literal !== null && !(ridge.literal > 0)) {
    names.report(notPositive({ what: 'a ridge' }, at(names, line.ridge.span)));
  }
  const shared = [ridge, gate, clauses].reduce(join);
  if (input.known && input.extent !== 'pre') {
    names.report(
      whitensOther({ what: 'what is whitened', extent: input.extent }, at(names, line.value.span)),
    );
  } else if (shared.known && shared.extent !== 'global' && ridge.varies === null) {
    const what = clauses.extent === 'global' ? 'a ridge or gate' : 'this clause';
    names.report(whitensOther({ what, extent: shared.extent }, at(names, line.span)));
  }
  const because = { text: `whiten ${name}`, span: line.nameSpan };
  return { facts: raisedBy(join(input, shared), 'global', () => because), input };
}

import { type Circuit, maskOf } from './circuit.js';
import { Names } from './names.js';
import { ofStream } from './slots.js';

/** Everything that a circuit itself has. Throws an `EngrammarError` where two have one name. */
export function namesOf(circuit: Circuit, streams: number): Names {
  const names = new Names(circuit.name);
  for (const { name } of circuit.projections) names.give(name, 'projection');
  for (const { name, masked } of circuit.projections) {
    if (masked) names.give(maskOf(name), 'constant');
  }
  for (const { name } of circuit.constants) names.give(name, 'constant');
  for (const { name } of circuit.queryInputs) names.give(name, 'query input');
  for (let stream = 0; stream < streams; stream++) {
    for (const { name } of circuit.states) names.give(ofStream(name, stream), 'state');
    for (const { name } of circuit.stepInputs) names.give(ofStream(name, stream), 'step input');
  }
  return names;
}

/** Throws an `EngrammarError` where two results of a circuit's read-out have one name. */
export function distinctResults(
  circuit: Circuit,
  results: readonly { readonly name: string }[],
): void {
  if (results[0]?.name !== 'loss') {
    const given = results.map(({ name }) => name).join(', ') || 'nothing';
    throw new TypeError(
      `the first result of the read-out of ${circuit.name} is its loss, not ${given}`,
    );
  }
  const names = new Names(circuit.name);
  for (const { name } of results) names.give(name, 'result of the read-out');
}

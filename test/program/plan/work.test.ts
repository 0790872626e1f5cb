import { expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/program/builder.js';
import { canonicalGraph } from '../../../src/program/plan/canonical.js';
import { fuseGraph } from '../../../src/program/plan/fuse.js';
import { workOf } from '../../../src/program/plan/work.js';

const [M, N] = [4, 6];

it('counts passes over matrices, and values of functions', () => {
  const b = new GraphBuilder();
  const [w, back, x] = [b.input('W', [M, N]), b.input('B', [M, N]), b.input('x', [1, N])];
  const y = b.unary('tanh', b.matmul(x, w, false, true));
  // The update needs all of Wᵀy, and so a pass of its own; B is read once, and not changed.
  const change = b.matmul(y, b.add(b.matmul(y, w), b.matmul(y, back)), true, false);
  const graph = b.build('step', [{ name: 'W', node: b.add(w, change) }]);
  const { functions, passes } = workOf(fuseGraph(canonicalGraph(graph)));
  expect(functions).toBe(M);
  expect([...passes].sort((one, other) => other.passes - one.passes)).toEqual([
    { matrix: 'W', shape: [M, N], passes: 2, isWritten: true },
    { matrix: 'B', shape: [M, N], passes: 1, isWritten: false },
  ]);
});

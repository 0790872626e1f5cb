import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineForm } from '../../src/algebra/machine-form.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import type { Expression } from '../../src/language/ast.js';
import type { Scope } from '../../src/language/checked.js';
import { printExpression } from '../../src/language/print.js';
import type { Extent } from '../../src/language/signals.js';
import { GraphBuilder } from '../../src/program/builder.js';
import type { Shape } from '../../src/program/ir.js';
import { lowerUpdate } from '../../src/program/lower.js';
import type { ProjectionSignals } from '../../src/program/projection-signals.js';
import { PARAMETERS, SIGNALS } from '../support/algebra-scope.js';
import { evaluateExpression, type Network, randomNetwork } from '../support/network.js';
import { expressions } from '../support/rules.js';

const scope: Scope = {
  table: {
    name: 'test',
    signals: SIGNALS,
    projections: [],
    phases: [],
    events: [],
    time: 'either',
  },
  parameters: new Map(
    PARAMETERS.filter(({ extent }) => extent === 'global').map((p) => [p.name, p]),
  ),
  memories: new Map(),
};

const PRE = 3;
const POST = 4;
const SHAPES: Record<Extent, Shape> = {
  global: [1, 1],
  pre: [1, PRE],
  post: [1, POST],
  synapse: [POST, PRE],
};

/** All synapses exist: that is what lowering is for, so far. */
function fullNetwork(seed: number): Network {
  const network = randomNetwork(scope, seed, PRE, POST);
  return { ...network, exists: network.exists.map((row) => row.map(() => true)) };
}

function lowered(expression: Expression, network: Network): Float64Array {
  const b = new GraphBuilder();
  const extents = new Map(SIGNALS.map(({ name, extent }) => [name, extent]));
  const signal = (name: string) => b.input(name, SHAPES[extents.get(name) ?? 'global']);
  const projection: ProjectionSignals = {
    preSize: PRE,
    postSize: POST,
    weight: signal('w'),
    signal,
    parameter: signal,
  };
  const node = lowerUpdate(b, machineForm(normalForm(expression, scope)), projection);
  const evaluation = prepareEvaluation(b.build('update', [{ name: 'dw', node }]));
  for (const [name, values] of network.values) {
    const extent = extents.get(name) ?? 'global';
    const rows = extent === 'pre' || extent === 'global' ? values.slice(0, 1) : values;
    const flat = rows.flatMap((row) =>
      extent === 'post' || extent === 'global' ? row.slice(0, 1) : [...row],
    );
    evaluation.bind(name, Float64Array.from(flat));
  }
  evaluation.run();
  return evaluation.output('dw');
}

describe('lowering', () => {
  test('the program of 1,500 generated updates computes what the text says', () => {
    let compared = 0;
    let unclear = 0;
    fc.assert(
      fc.property(expressions(scope), fc.integer({ min: 1, max: 1e6 }), (expression, seed) => {
        const network = fullNetwork(seed);
        const expected = evaluateExpression(expression, network);
        const found = lowered(expression, network);
        expected.forEach(({ value, error }, k) => {
          // Another order of operations may round differently, by some multiple of the bound.
          const isClear = Number.isFinite(value) && error < 1e-9 * Math.max(1, Math.abs(value));
          if (!isClear) {
            unclear += 1;
            return;
          }
          compared += 1;
          const allowed = 1e-8 * Math.max(1, Math.abs(value));
          if (!(Math.abs(found[k]! - value) <= allowed)) {
            throw new Error(`${printExpression(expression)}: ${found[k]} for ${value}`);
          }
        });
      }),
      { numRuns: 1500, seed: 11 },
    );
    expect(unclear / (compared + unclear)).toBeLessThan(0.2);
  });
});

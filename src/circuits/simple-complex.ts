import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import type { Circuit, CircuitEnd } from '../program/circuit.js';
import type { Node, Output } from '../program/ir.js';
import { glorot } from './glorot.js';
import { circuitKind } from './kind.js';
import { countOption, type ValuesOf, wordOption, wordsOption } from './options.js';
import {
  CELL_MEASURES,
  CELL_MEASURES_MEANING,
  type CellOutputs,
  measureCells,
} from './simple-complex-measures.js';

const OPTIONS = {
  inputs: countOption({ meaning: 'values of a view', fallback: 2, least: 1 }),
  outputs: countOption({ meaning: 'simple cells', fallback: 2, least: 1 }),
  pool: wordOption({
    meaning:
      'what a complex cell makes of its simple cells: the sum of their squares, or the largest',
    fallback: 'energy',
    words: ['energy', 'max'],
  }),
  pooled: countOption({
    meaning: 'simple cells of a complex cell, one after the other; 0: all',
    fallback: 0,
    least: 0,
  }),
  things: countOption({ meaning: 'things the read-out is shown', fallback: 0, least: 0 }),
  views: countOption({
    meaning: 'views of each of them, in an order whose reverse has the mirrored views, if any',
    fallback: 1,
    least: 1,
  }),
  axes: countOption({ meaning: 'axes the weights are compared with', fallback: 0, least: 0 }),
  measures: wordsOption({ meaning: CELL_MEASURES_MEANING, fallback: [], words: CELL_MEASURES }),
};

type Options = ValuesOf<typeof OPTIONS>;

const TABLE: SignalTable = tableOffering(
  'simple-complex',
  ['w', 'pre', 'post', 'pre.size', 'post.size'],
  ['forward'],
);

/**
 * Simple cells y = W x, which learn, and complex cells that pool them: the sum of squares (energy) or the
 * largest answer (Leibo & Poggio 2018; Riesenhuber & Poggio 1999). Step input `view`.
 *
 * The read-out is shown `things × views` others. The loss is what a layer of linear cells is for: the share of
 * these views, in squared length, that is lost when they are put together again from the answers,
 * Σ ‖x − Wᵀ W x‖² / Σ ‖x‖². It is smallest where the rows of W are an orthonormal basis of the first principal
 * components.
 */
function simpleComplex(options: Options): Circuit {
  const { inputs, outputs, things, views, axes, measures } = options;
  const queries = things * views;
  return {
    name: `simple-complex ${inputs}-${outputs} (${options.pool})`,
    projections: [
      { name: 'W', kind: 'forward', preSize: inputs, postSize: outputs, masked: false },
    ],
    tables: { forward: TABLE },
    states: [],
    constants: [],
    stepInputs: [{ name: 'view', shape: [1, inputs] }],
    queryInputs: [
      ...(queries > 0 ? [{ name: 'query views', shape: [queries, inputs] } as const] : []),
      ...(axes > 0 ? [{ name: 'query axes', shape: [axes, inputs] } as const] : []),
    ],
    stepLength: null,
    step: (b, now) => {
      const pre = now.value('view');
      const post = b.matmul(pre, now.weight('W'), false, true);
      return {
        states: [],
        signal: (_, name) => (name === 'pre' ? pre : post),
        observed: [{ name: 'activity', node: post }],
      };
    },
    readout: (b, end) => readout(b, end, options),
    draw: (stream) => ({ W: glorot(stream, 'W', [outputs, inputs]) }),
    ...(measures.length > 0 && {
      measures: (given) => {
        const of = (name: keyof CellOutputs) => given[name] ?? new Float64Array();
        const rows = {
          weights: of('weights'),
          axes: of('axes'),
          simple: of('simple'),
          complex: of('complex'),
        };
        return measureCells(measures, rows, options);
      },
    }),
  };
}

function readout(
  b: GraphBuilder,
  end: CircuitEnd,
  { outputs, things, axes, pool, pooled, measures }: Options,
): Output[] {
  const weights = end.weight('W');
  const isMeasured = measures.length > 0;
  const told: Output[] = isMeasured ? [{ name: 'weights', node: weights }] : [];
  if (isMeasured && axes > 0) told.push({ name: 'axes', node: end.value('query axes') });
  if (things === 0) return [{ name: 'loss', node: b.constant(0) }, ...told];
  const shown = end.value('query views');
  const simple = b.matmul(shown, weights, false, true);
  const lost = b.subtract(shown, b.matmul(simple, weights));
  const size = (node: Node): Node => b.sum(b.sum(b.multiply(node, node), 'columns'), 'rows');
  const loss = { name: 'loss', node: b.binary('divide', size(lost), size(shown)) };
  if (!isMeasured) return [loss];
  const each = pooled === 0 ? outputs : pooled;
  const cells = b.transpose(simple);
  const groups = Array.from({ length: Math.floor(outputs / each) }, (_, k) => {
    const own = b.transpose(b.slice(cells, k * each, each));
    return pool === 'energy' ? b.sum(b.multiply(own, own), 'columns') : b.max(own, 'columns');
  });
  const complex =
    groups.length === 0
      ? []
      : [{ name: 'complex', node: b.transpose(b.concat(groups.map((row) => b.transpose(row)))) }];
  return [loss, ...told, { name: 'simple', node: simple }, ...complex];
}

export const simpleComplexKind = circuitKind({
  name: 'simple-complex',
  meaning:
    'simple cells, linear, that are shown one view after the other and learn; complex cells that pool them by energy or by the maximum',
  step: 'one view: the simple cells answer it',
  trial: 'a sequence of views',
  projections: [{ kind: 'forward', meaning: 'from the view to the simple cells', table: TABLE }],
  options: OPTIONS,
  make: simpleComplex,
});

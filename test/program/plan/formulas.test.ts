import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import type { Graph, Node } from '../../../src/program/ir.js';
import { canonicalGraph } from '../../../src/program/plan/canonical.js';
import { fuseGraph } from '../../../src/program/plan/fuse.js';
import { plainName } from '../../../src/program/plan/node-names.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { printFormulas } from '../../../src/program/plan/print-formulas.js';
import { printKernelPlan } from '../../../src/program/plan/print-kernels.js';
import { cataloguePrograms } from '../../support/catalogue-programs.js';
import { arrayOf, FormulaValues, type Value } from '../../support/formula-values.js';
import { distanceOf, graphsOf, outputsOf, randomInputs } from '../../support/graph-values.js';
import { randomGraph } from '../../support/random-graph.js';

type Arrays = Readonly<Record<string, Float64Array>>;

/** Carries out printed lines with the values of the graph's inputs. */
function carriedOut(graph: Graph, inputs: Arrays, lines: readonly string[]): FormulaValues {
  const values = new FormulaValues(
    graph.inputs.map(({ name, shape }) => [plainName(name), arrayOf(shape, inputs[name]!)]),
  );
  for (const line of lines) {
    try {
      values.carryOut(line);
    } catch (error) {
      throw new Error(`${line}\nin\n${lines.join('\n')}`, { cause: error });
    }
  }
  return values;
}

/** What is the same in all rows or columns is printed without saying how many there are. */
function stretched({ sides, data }: Value, { shape: [rows, columns] }: Node): Float64Array {
  if (data.length === rows * columns) return data;
  const [height, width] = data.length === 1 ? [1, 1] : [sides[0]!, sides[1]!];
  return Float64Array.from({ length: rows * columns }, (_, k) => {
    const [r, c] = [Math.floor(k / columns), k % columns];
    return data[(height === 1 ? 0 : r) * width + (width === 1 ? 0 : c)]!;
  });
}

/** How far what is printed is from what is meant. */
function distance(graph: Graph, inputs: Arrays, lines: readonly string[]) {
  const { known } = carriedOut(graph, inputs, lines);
  const isInput = new Set(graph.inputs.map(({ name }) => name));
  const got = graph.outputs.map(({ name, node }) => {
    return [name, stretched(known.get(`${plainName(name)}${isInput.has(name) ? '′' : ''}`)!, node)];
  });
  return distanceOf(Object.fromEntries(got), outputsOf(graph, inputs));
}

const formulaLines = (graph: Graph): string[] =>
  printFormulas(graph)
    .split('\n')
    .filter((line) => !line.startsWith('reads '))
    .map((line) => line.replace(/ {2}\[\d+, \d+\]$/, ''));

const kernelLines = (graph: Graph): string[] =>
  printKernelPlan(fuseGraph(canonicalGraph(graph)))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(' = '));

describe('printed formulas give what is computed', () => {
  it('on random graphs, before and after they are made into loops', () => {
    let worst = 0;
    for (let k = 0; k < 300; k++) {
      const stream = new Stream(k, 'formulas');
      const graph = randomGraph(stream, 2 + (k % 4), 3);
      const inputs = Object.fromEntries(
        graph.inputs.map(({ name, shape }) => [
          name,
          Float64Array.from({ length: shape[0] * shape[1] }, () => stream.normal()),
        ]),
      );
      for (const lines of [formulaLines(graph), kernelLines(graph)]) {
        const found = distance(graph, inputs, lines);
        if (!(found.distance < 1e-9)) {
          throw new Error(`${k}: ${found.name} ${found.distance}\n${lines.join('\n')}`);
        }
        worst = Math.max(worst, found.distance);
      }
    }
    expect(worst).toBeGreaterThan(0);
  });

  it('for the rules of the catalogue and their plans', () => {
    let compared = 0;
    for (const [k, { rule, circuit, program }] of cataloguePrograms(1).entries()) {
      if (k % 13 !== 0) continue;
      const { forward, backward } = planEpisode(program);
      for (const graph of [...graphsOf(program), forward, backward]) {
        const inputs = randomInputs(graph, program, new Stream(k, graph.name));
        for (const lines of [formulaLines(graph), kernelLines(graph)]) {
          const found = distance(graph, inputs, lines);
          if (!(found.distance < 1e-9)) {
            const what = `${rule} on ${circuit}, ${graph.name}: ${found.name} ${found.distance}`;
            throw new Error(`${what}\n${lines.join('\n')}`);
          }
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe('a formula', () => {
  it('has no brackets and signs that it does not need', () => {
    const b = new GraphBuilder();
    const [w, x, y] = [b.input('W', [2, 3]), b.input('x', [1, 3]), b.input('y', [1, 2])];
    const down = b.multiply(b.constant(-0.5), b.transpose(y));
    const after = b.subtract(b.add(w, b.multiply(down, x)), b.multiply(w, b.constant(-2)));
    const graph = b.build('step', [
      { name: 'W', node: after },
      { name: 'z', node: b.matmul(y, w) },
      { name: 'dot', node: b.matmul(x, x, false, true) },
    ]);
    expect(printFormulas(graph)).toMatchInlineSnapshot(`
      "reads W [2, 3], x [1, 3], y [1, 2]
      W′[i,j] = W[i,j] - 0.5 * y[i] * x[j] + 2 * W[i,j]  [2, 3]
      z = Wᵀ y  [1, 3]
      dot = sum of x^2"
    `);
  });

  it('says how often something is added that is the same everywhere', () => {
    const b = new GraphBuilder();
    const [gain, x, y] = [b.input('gain', [1, 1]), b.input('x', [1, 5]), b.input('y', [4, 1])];
    const [same, all] = [b.broadcast(gain, [1, 5]), b.broadcast(y, [4, 5])];
    const graph = b.build('sums', [
      { name: 'row', node: b.sum(same, 'columns') },
      { name: 'greatest', node: b.max(same, 'columns') },
      { name: 'rows', node: b.sum(all, 'columns') },
      { name: 'columns', node: b.sum(all, 'rows') },
      { name: 'dot', node: b.matmul(b.constant(0.1, [1, 5]), same, false, true) },
      { name: 'weighted', node: b.matmul(x, same, false, true) },
    ]);
    expect(printFormulas(graph)).toMatchInlineSnapshot(`
      "reads gain, x [1, 5], y [4, 1]
      row = 5 * gain
      greatest = gain
      rows[i] = 5 * y[i]  [4, 1]
      columns[j] = sum over i of y[i]  [1, 5]
      dot = 5 * 0.1 * gain
      weighted = sum of x * gain"
    `);
  });
});

/**
 * Passes over one matrix, as the fused engine writes them, next to the most that multiplications and
 * additions reach in registers: billions of operations a second of processor time, best of many, in turn.
 *
 *     node --import ./scripts/run-typescript.mjs bench/sweeps.ts [ROWS COLUMNS]
 */

import { offers } from '../src/engine/fused/features.js';
import { SINGLE } from '../src/engine/fused/lanes.js';
import { moduleWriter } from '../src/engine/fused/wasm/module.js';
import { GraphBuilder } from '../src/program/builder.js';
import type { Graph, Node, Output } from '../src/program/ir.js';
import { canonicalGraph } from '../src/program/plan/canonical.js';
import { fuseGraph } from '../src/program/plan/fuse.js';
import { shapesOf, wasmGraph } from '../test/support/wasm-graph.js';

const [M = 170, N = 784] = process.argv.slice(2).map(Number);
const ROUNDS = 60;
/** Operations of one call, about. */
const WORK = 4e6;

interface Case {
  readonly name: string;
  readonly operations: number;
  run(): void;
  best: number;
}

/** Twelve independent chains of multiplication and addition: all registers, and nothing else. */
function peak(relaxed: boolean): Case {
  const [times, chains] = [20_000, 12];
  const writer = moduleWriter();
  const spec = {
    name: 'peak',
    parameters: [{ type: 'i32', name: 'times' }],
    exported: true,
  } as const;
  writer.define(spec, (code) => {
    const [left] = code.parameters;
    const values = Array.from({ length: chains }, (_, k) => code.local('v128', `value ${k}`));
    const [factor, addend] = [code.local('v128', 'factor'), code.local('v128', 'addend')];
    for (const [local, value] of [...values, factor, addend].map((each, k) => [each, k] as const)) {
      code.f32x4(value < chains ? 1 : local === factor ? 0.999 : 0.001);
      code.set(local);
    }
    code.loop('again', (again) => {
      for (const value of values) {
        code.get(value);
        code.get(factor);
        if (!relaxed) code.op('f32x4.mul');
        code.get(addend);
        code.op(relaxed ? 'f32x4.relaxed_madd' : 'f32x4.add');
        code.set(value);
      }
      code.get(left!);
      code.i32(1);
      code.op('i32.sub');
      code.tee(left!);
      code.brIf(again);
    });
    code.i32(0);
    for (const [k, value] of values.entries()) {
      code.get(value);
      if (k > 0) code.op('f32x4.add');
    }
    code.memory('v128.store', 0);
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(writer.binary(1));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const call = exports.peak as (times: number) => void;
  return {
    name: 'multiply and add in registers',
    operations: times * chains * 8,
    run: () => call(times),
    best: Number.POSITIVE_INFINITY,
  };
}

/** W and `rank` outer products; products with `rows` vectors one way, `columns` the other. */
function sweep(rank: number, rows: number, columns: number, isLocal = false): Graph {
  const b = new GraphBuilder();
  let matrix = b.input('W', [M, N]);
  for (let k = 0; k < rank; k++) {
    const outer = b.matmul(b.input(`u${k}`, [1, M]), b.input(`v${k}`, [1, N]), true);
    matrix = b.add(matrix, outer);
  }
  const outputs: Output[] = rank > 0 ? [{ name: 'W', node: matrix }] : [];
  const give = (node: Node): Node => {
    outputs.push({ name: `result ${outputs.length}`, node });
    return node;
  };
  let sum: Node | undefined;
  for (let k = 0; k < rows; k++) {
    sum = give(b.matmul(b.input(`x${k}`, [1, N]), matrix, false, true));
  }
  for (let k = 0; k < columns; k++) {
    const left = isLocal && sum ? b.unary('relu', sum) : b.input(`y${k}`, [1, M]);
    give(b.matmul(left, matrix));
  }
  return b.build('sweep', outputs);
}

function caseOf(name: string, graph: Graph, perNumber: number, relaxed: boolean): Case {
  const compiled = wasmGraph(fuseGraph(canonicalGraph(graph)), { ...SINGLE, relaxed });
  // Small enough to stay so when outer products are added over and over.
  const values = shapesOf(graph).map(({ name: input, shape }) => {
    const of = (): number => (Math.random() - 0.5) * (input === 'W' ? 1 : 1e-3);
    return [input, Float64Array.from({ length: shape[0] * shape[1] }, of)];
  });
  compiled.run(Object.fromEntries(values));
  const times = Math.ceil(WORK / (M * N * perNumber));
  const operations = times * M * N * perNumber;
  return { name, operations, run: () => compiled.repeat(times), best: Number.POSITIVE_INFINITY };
}

/** Microseconds of processor time, or of time if that is less. */
function timed(run: () => void): number {
  const [before, start] = [process.cpuUsage(), process.hrtime.bigint()];
  run();
  const { user, system } = process.cpuUsage(before);
  return Math.min(user + system, Number(process.hrtime.bigint() - start) / 1000);
}

for (const relaxed of offers('relaxed SIMD') ? [false, true] : [false]) {
  const cases = [
    peak(relaxed),
    caseOf('W·x', sweep(0, 1, 0), 2, relaxed),
    caseOf('Wᵀ·y', sweep(0, 0, 1), 2, relaxed),
    caseOf('W + 2 outer products; W·x', sweep(2, 1, 0), 6, relaxed),
    caseOf('W + 2 outer products; y = f(W·x); Wᵀ·y', sweep(2, 1, 1, true), 8, relaxed),
    caseOf('2 × W·x, 2 × Wᵀ·y', sweep(0, 2, 2), 8, relaxed),
    caseOf('W + 2 outer products; 2 × W·x, 2 × Wᵀ·y', sweep(2, 2, 2), 12, relaxed),
    caseOf('W + 3 outer products; 2 × W·x, 2 × Wᵀ·y', sweep(3, 2, 2), 14, relaxed),
  ];
  // V8 compiles in the background what is called often.
  for (const { run } of cases) for (let k = 0; k < 50; k++) run();
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of cases) each.best = Math.min(each.best, timed(each.run));
  }
  const rates = cases.map(({ operations, best }) => operations / best / 1000);
  console.log(`[${M}, ${N}], Node ${process.versions.node}${relaxed ? ', in one rounding' : ''}`);
  for (const [k, { name }] of cases.entries()) {
    const share = ((100 * rates[k]!) / rates[0]!).toFixed(0);
    console.log(
      `  ${name.padEnd(46)} ${rates[k]!.toFixed(1).padStart(5)} GF/s ${share.padStart(4)} %`,
    );
  }
}

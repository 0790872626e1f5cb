import { EngrammarError } from '../base/result.js';
import { GraphBuilder } from '../program/builder.js';
import type { Program } from '../program/ir.js';
import type { Engine } from './engine.js';
import { createFusedEngine } from './fused/engine.js';
import { interpreter } from './interpret/interpret.js';
import { BACKENDS } from './tfjs/backends.js';
import { createTfjsEngine } from './tfjs/engine.js';

/** Whether an engine computes on this machine, and why not. */
export interface EngineReport {
  readonly engine: Engine['name'];
  readonly backend: string | null;
  readonly available: boolean;
  /** Null when it is available; else what is missing and how to get it. */
  readonly reason: string | null;
}

export interface EnginesReport {
  /** Version of Node. */
  readonly node: string;
  readonly engines: readonly EngineReport[];
}

/** Tries every engine and backend on a tiny program: nothing is reported that was not run. */
export async function inspectEngines(): Promise<EnginesReport> {
  const engines: EngineReport[] = [
    await tried('interpret', null, async () => interpreter),
    await tried('fused', null, async () => createFusedEngine()),
  ];
  for (const backend of BACKENDS) {
    engines.push(await tried('tfjs', backend, () => createTfjsEngine(backend)));
  }
  return { node: process.version, engines };
}

async function tried(
  engine: EngineReport['engine'],
  backend: string | null,
  create: () => Promise<Engine>,
): Promise<EngineReport> {
  try {
    const reason = await fault(await create());
    return { engine, backend, available: reason === null, reason };
  } catch (error) {
    return { engine, backend, available: false, reason: describe(error) };
  }
}

/** What is wrong with the result of w ← 3w in one step from 7, read out as it is; null for nothing. */
async function fault(engine: Engine): Promise<string | null> {
  const runner = await engine.prepare(tinyProgram());
  const episode = {
    start: { w: Float64Array.of(7) },
    steps: 1,
    stepInputs: {},
    queryInputs: {},
  };
  const [result] = await runner.run([episode], [], { gradient: false });
  runner.dispose();
  return result?.loss === 21 ? null : `3 × 7 came out as ${result?.loss}`;
}

function tinyProgram(): Program {
  const b = new GraphBuilder();
  const w = b.input('w', [1, 1]);
  const step = b.build('step', [{ name: 'w', node: b.multiply(b.constant(3), w) }]);
  const readout = b.build('readout', [{ name: 'loss', node: w }]);
  const slot = { name: 'w', shape: [1, 1] } as const;
  return {
    name: 'multiplication',
    parameters: [],
    discrete: [],
    states: [slot],
    constants: [],
    stepInputs: [],
    queryInputs: [],
    observed: [],
    schedule: [],
    initial: {},
    step,
    readout,
    // Never run: no gradient is asked for.
    stepAdjoint: step,
    readoutAdjoint: readout,
  };
}

function describe(error: unknown): string {
  if (error instanceof EngrammarError) {
    return error.diagnostics
      .map(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`))
      .join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

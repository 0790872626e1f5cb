/**
 * An engine of engrammar as a worker beside the peers, in the words of worker.py: says that it is ready,
 * runs the episode with its meta-gradient for each line `run`, ends at `end`.
 *
 *     node --import ./scripts/run-typescript.mjs bench/peers/ours.ts ENGINE float32 .cache/peers-episode
 *
 * ENGINE is `fused`, `fused relaxed`, `interpret`, or `tfjs BACKEND`.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Engine } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import { shortened } from '../cases/shorten.js';
import { fullPool } from '../cases.js';
import { enableRelaxedSimd } from '../relaxed-simd.js';

const [engineName = 'fused', precision = 'float32', folder = ''] = process.argv.slice(2);

async function engineOf(name: string): Promise<Engine> {
  if (name.startsWith('tfjs ')) return createTfjsEngine(name.slice('tfjs '.length));
  if (name === 'interpret') return interpreter;
  const relaxed = name === 'fused relaxed';
  if (relaxed) enableRelaxedSimd();
  return createFusedEngine({ relaxed, precision: precision === 'float64' ? precision : 'float32' });
}

const say = (document: object): void => {
  process.stdout.write(`${JSON.stringify(document)}\n`);
};

// The one who asks has told the episode's length when it was exported.
const reference = JSON.parse(readFileSync(path.join(folder, 'reference.json'), 'utf8')) as {
  readonly steps: number;
};
const { program, episode, parameters } = shortened(fullPool(), reference.steps);
const engine = await engineOf(engineName);
const peak = (): number => process.resourceUsage().maxRSS * 1024;
say({ ready: true, versions: { node: process.version }, rss: peak() });

// What it takes to plan and compile belongs to the first episode, as for the others.
let runner: Awaited<ReturnType<Engine['prepare']>> | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === 'end') break;
  try {
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    runner ??= await engine.prepare(program);
    const [result] = await runner.run([episode], parameters, { gradient: true });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - wall) / 1000;
    const { loss, gradient } = result!;
    say({
      cpu: (user + system) / 1e6,
      wall: seconds,
      loss,
      gradient: [...gradient!],
      rss: peak(),
    });
  } catch (error) {
    say({ error: String(error) });
  }
}
process.exit(0);

/**
 * An engine of engrammar as a worker beside the peers, in the words of worker.py: says that it is ready,
 * runs the episode with its meta-gradient for each line `run`, ends at `end`.
 *
 *     node --import ./scripts/run-typescript.mjs bench/peers/ours.ts ENGINE float32 .cache/peers-episode
 *
 * ENGINE is one of `VARIANTS`: `fused`, `fused all inputs`, `tfjs wasm`, …
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { shortened } from '../../src/bench/cases/shorten.js';
import { fullPool } from '../../src/bench/cases.js';
import { enableRelaxedSimd } from '../../src/bench/relaxed-simd.js';
import { VARIANTS, type Variant } from '../../src/bench/variants.js';
import type { Runner } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open.js';

const [variantName = 'fused', precision = 'float32', folder = ''] = process.argv.slice(2);
const variant: Variant | undefined = VARIANTS.find(({ name }) => name === variantName);
if (!variant) throw new Error(`no variant ${variantName}`);
/** What is compiled better while it runs has been by then. */
const WARM_SECONDS = 0.6;

const say = (document: object): void => {
  process.stdout.write(`${JSON.stringify(document)}\n`);
};

// The one who asks has told the episode's length when it was exported.
const reference = JSON.parse(readFileSync(path.join(folder, 'reference.json'), 'utf8')) as {
  readonly steps: number;
};
const { program, episode, parameters } = shortened(fullPool(), reference.steps);
if (variant.engine.relaxed) enableRelaxedSimd();
const engine = await openEngine({
  ...variant.engine,
  precision: precision === 'float64' ? precision : 'float32',
});
const peak = (): number => process.resourceUsage().maxRSS * 1024;
say({ ready: true, versions: { node: process.version }, rss: peak() });

let runner: Runner | undefined;
/** An episode, and what it took. */
const run = async (): Promise<{ cpu: number; wall: number; loss: number; gradient: number[] }> => {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  // What it takes to plan and compile belongs to the first episode, as for the others.
  runner ??= await engine.prepare(program);
  const [result] = await runner.run([episode], parameters, { gradient: true });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - wall) / 1000;
  const { loss, gradient } = result!;
  return { cpu: (user + system) / 1e6, wall: seconds, loss, gradient: [...gradient!] };
};

let isWarm = false;
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === 'end') break;
  try {
    const done = await run();
    // Before the answer, so that it is over when another takes its turn.
    for (let spent = done.cpu; !isWarm && spent < WARM_SECONDS; ) spent += (await run()).cpu;
    isWarm = true;
    say({ ...done, rss: peak() });
  } catch (error) {
    say({ error: String(error) });
  }
}
process.exit(0);

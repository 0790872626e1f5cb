/**
 * An engine of engrammar as a worker beside the peers, in the words of worker.py: says that it is ready,
 * runs the episode with its meta-gradient for each line `run`, for half a second at `turn`, ends at `end`.
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
/** Of processor time, which a turn lasts. */
const TURN_SECONDS = 0.5;

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
interface Run {
  readonly cpu: number;
  readonly wall: number;
  readonly loss: number;
  readonly gradient: readonly number[];
}

async function run(): Promise<Run> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  // What it takes to plan and compile belongs to the first episode, as for the others.
  runner ??= await engine.prepare(program);
  const [result] = await runner.run([episode], parameters, { gradient: true });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - wall) / 1000;
  const { loss, gradient } = result!;
  return { cpu: (user + system) / 1e6, wall: seconds, loss, gradient: [...gradient!] };
}

/** Episodes for so many seconds of processor time, at least one. */
async function runFor(seconds: number): Promise<Run[]> {
  const runs = [await run()];
  for (let spent = runs[0]!.cpu; spent < seconds; spent += runs.at(-1)!.cpu) runs.push(await run());
  return runs;
}

let isWarm = false;
for await (const line of createInterface({ input: process.stdin })) {
  const word = line.trim();
  if (word === 'end') break;
  try {
    const runs = await runFor(word === 'turn' ? TURN_SECONDS : 0);
    const middle = runs.toSorted((a, b) => a.cpu - b.cpu)[runs.length >> 1]!;
    // Before the answer, so that it is over when another takes its turn.
    if (!isWarm) await runFor(WARM_SECONDS);
    isWarm = true;
    say({ ...middle, rss: peak() });
  } catch (error) {
    say({ error: String(error) });
  }
}
process.exit(0);

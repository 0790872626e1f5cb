/**
 * Milliseconds of processor time per episode with its meta-gradient, on every engine that works here:
 * the standard experiment's network and tasks, all ten terms.
 *
 *     node --import ./scripts/run-typescript.mjs bench/engines.ts [interpret|cpu|wasm|tensorflow]
 *
 * Processor time, medians, engines in turn, since other work on the machine moves wall time.
 */

import { unwrap } from '../src/base/result.js';
import { loadSpace } from '../src/catalogue/load.js';
import { combination } from '../src/discover/candidates.js';
import { planDiscovery } from '../src/discover/plan.js';
import { inspectEngines } from '../src/engine/doctor.js';
import type { Engine } from '../src/engine/engine.js';
import { interpreter } from '../src/engine/interpret/interpret.js';
import { createTfjsEngine } from '../src/engine/tfjs/engine.js';
import { readRuleText } from '../src/experiments/attached.js';
import { episodeOn } from '../src/experiments/episodes.js';
import { loadExperiment } from '../src/experiments/load.js';
import { setupOf } from '../src/experiments/study.js';
import { prepareRule } from '../src/program/rule.js';
import { weave } from '../src/program/weave.js';

const ROUNDS = 3;
const BATCHES = [1, 8];
/** Near a rule that learns; no term is idle. */
const COEFFICIENTS = [0.03, 1e-3, -0.03, 1e-4, 1e-3, 1e-4, 1e-3, 1e-3, 1e-3, 0.008];

const { config } = unwrap(loadExperiment('digits'));
const { circuit, task, seed } = config;
const study = { circuit, task, seed };
const setup = setupOf(study);
const { item: space, source } = unwrap(loadSpace('shervani_tabar_2023'));
const search = { name: 'bench', space, source, study, setup, method: config, others: {} };
const plan = planDiscovery(search);
const zeros = new Map(plan.library.terms.map(({ id }) => [id, 0]));
const rule = readRuleText('pool', combination('pool', plan, zeros, true), plan.table);
const program = weave(setup.circuit, { forward: prepareRule(rule) });

const { engines } = await inspectEngines();
const cases: { name: string; batch: number; run(): Promise<void>; times: number[] }[] = [];
const only = process.argv[2];
for (const { engine: kind, backend, available } of engines) {
  if (only !== undefined && only !== (backend ?? kind)) continue;
  if (!available) continue;
  const engine: Engine = kind === 'interpret' ? interpreter : await createTfjsEngine(backend ?? '');
  const runner = await engine.prepare(program);
  for (const batch of BATCHES) {
    const episodes = Array.from({ length: batch }, (_, k) =>
      episodeOn(program, setup.circuit, setup.episode('search', k)),
    );
    const run = async (): Promise<void> => {
      await runner.run(episodes, COEFFICIENTS, { gradient: true });
    };
    cases.push({ name: backend ? `tfjs ${backend}` : kind, batch, run, times: [] });
  }
}
for (let round = 0; round <= ROUNDS; round++) {
  for (const { batch, run, times } of cases) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    // The first round warms up.
    if (round > 0) times.push((user + system) / 1000 / batch);
  }
}
console.log(setup.circuit.name);
for (const { name, batch, times } of cases) {
  const middle = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  console.log(`${name.padEnd(16)} batch ${batch}: ${middle.toFixed(0)} ms CPU an episode`);
}
process.exit(0);

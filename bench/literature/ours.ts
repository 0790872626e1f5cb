import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { unwrap } from '../../src/base/result.js';
import { readRuleTexts } from '../../src/experiments/attached.js';
import { contestantsOf } from '../../src/experiments/contest.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { setupOf } from '../../src/experiments/study.js';
import { stepsOf } from '../../src/program/schedule.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { prepareSimulation } from '../../src/tasks/simulate.js';
import { FURTHER_RUNS, LITERATURE_CASES, type LiteratureCase } from './cases.js';

/**
 * `ours.ts export CASE FOLDER` writes weights and inputs of a run for its peer; `ours.ts run CASE` makes
 * the run on the fused engine, in this thread, and prints what it took and came to.
 */
async function main([what, name, folder]: readonly string[]): Promise<void> {
  const found = LITERATURE_CASES.find((each) => each.name === name);
  if (!found) throw new RangeError(`there is no case ${name}`);
  if (what === 'export') writeInputs(found, folder!);
  else process.stdout.write(`${JSON.stringify(await timed(found))}\n`);
}

function contestantOf({ name, experiment }: LiteratureCase) {
  const text = `${experiment}\nbaselines: []\n`;
  const parsed = unwrap(parseExperiment({ name: `${name}.yaml`, text }, process.cwd()));
  return contestantsOf(parsed)[0]!;
}

/** Weights and inputs of the first task, all steps of them. */
function episodeOf({ study }: ReturnType<typeof contestantOf>) {
  const { circuit, episode } = setupOf(study);
  const { start, timeline, chance, ...given } = episode('score', 0);
  const whole = stepsOf(timeline);
  const stepInputs = inputsBetween(given, { from: 0, to: whole, whole });
  const { queryInputs = {} } = given;
  return { circuit, start, timeline, stepInputs, queryInputs, seed: chance.bits() };
}

/** All arrays one after the other in float64, and where each begins. */
function writeInputs(given: LiteratureCase, folder: string): void {
  const { start, stepInputs } = episodeOf(contestantOf(given));
  const arrays = Object.entries({ ...start, ...stepInputs });
  let at = 0;
  const places = arrays.map(([array, { length }]) => {
    at += length;
    return [array, [at - length, length]] as const;
  });
  const all = new Float64Array(at);
  arrays.forEach(([, values], k) => {
    all.set(values, places[k]![1][0]);
  });
  writeFileSync(join(folder, 'arrays.f64'), all);
  const arraysAt = Object.fromEntries(places);
  const facts = { options: given.options, furtherRuns: FURTHER_RUNS, arrays: arraysAt };
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
}

/** From rules and arrays to the result: planning, compiling and running; then the same runs again. */
async function timed(given: LiteratureCase) {
  const contestant = contestantOf(given);
  const { circuit, ...episode } = episodeOf(contestant);
  const { name, rules, values } = contestant;
  await setTimeout(SETTLING_MS);
  const first = stopwatch();
  const simulator = await prepareSimulation({
    circuit,
    rules: readRuleTexts(name, rules, circuit),
    values,
    engine: { name: 'fused' },
  });
  const { loss, states } = await simulator.run(episode);
  const { cpuMs, wallMs } = first();
  const further = stopwatch();
  for (let k = 0; k < FURTHER_RUNS; k++) await simulator.run(episode);
  const furtherMs = further().cpuMs / FURTHER_RUNS;
  const result = given.compared === 'loss' ? loss : Math.hypot(...states.W!);
  return { cpuMs, furtherMs, wallMs, result };
}

/** Time for threads that still compile what made the arrays, or clear away what that has left. */
const SETTLING_MS = 200;

/** Tells the time since it was made, of the processor and on the wall. */
function stopwatch() {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1000, wallMs: performance.now() - wall };
  };
}

await main(process.argv.slice(2));

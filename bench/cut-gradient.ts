/**
 * The derivative of the loss by the learning rate of backpropagation, whole and with the feedback weights
 * taken for constant, as the public code of Shervani-Tabar & Rosenbaum (2023) takes them.
 *
 *     node --import ./scripts/run-typescript.mjs bench/cut-gradient.ts [TASKS]
 */

import { unwrap } from '../src/base/result.js';
import { createFusedEngine } from '../src/engine/fused/engine.js';
import { readRuleText } from '../src/experiments/attached.js';
import { episodeOn } from '../src/experiments/episodes.js';
import { parseExperiment } from '../src/experiments/load.js';
import { setupOf, studyOf } from '../src/experiments/study.js';
import { prepareRule } from '../src/program/rule.js';
import { weave } from '../src/program/weave.js';

const TASKS = Number(process.argv[2] ?? 20);
/** Images of each of five classes. */
const SHOTS = [4, 50];
const RATES = [0.001, 0.003, 0.01, 0.015];
const RULE = 'rule error { param F0 = 0 fit dw = -F0 * post.error * pre }';

const experiment = (shots: number, differentiateFeedback: boolean): string => `
rule: feedback_alignment
circuit:
  name: feed-forward
  hidden: [170, 130, 100, 70]
  outputs: 47
  feedback: symmetric
  differentiateFeedback: ${differentiateFeedback}
task: {name: digits, shots: ${shots}, pool: 1}
`;

/** The mean slope of the loss over the tasks, at each rate. */
async function slopes(shots: number, whole: boolean): Promise<number[]> {
  const source = { name: 'cut.yaml', text: experiment(shots, whole) };
  const { circuit, episode } = setupOf(
    studyOf(unwrap(parseExperiment(source, process.cwd())).config),
  );
  const rule = prepareRule(readRuleText('error', RULE, circuit.tables.forward!));
  const program = weave(circuit, { forward: rule });
  const runner = await createFusedEngine().prepare(program);
  const sums = RATES.map(() => 0);
  for (let task = 0; task < TASKS; task++) {
    const one = episodeOn(program, circuit, episode('search', task));
    for (const [k, rate] of RATES.entries()) {
      const [result] = await runner.run([one], [rate], { gradient: true });
      sums[k]! += result!.gradient![0]! / TASKS;
    }
  }
  return sums;
}

console.log('| steps | F0 | whole | cut | cut / whole |\n| --- | --- | --- | --- | --- |');
for (const shots of SHOTS) {
  const [whole, cut] = [await slopes(shots, true), await slopes(shots, false)];
  for (const [k, rate] of RATES.entries()) {
    const cells = [5 * shots, rate, whole[k]!.toPrecision(4), cut[k]!.toPrecision(4)];
    console.log(`| ${cells.join(' | ')} | ${(cut[k]! / whole[k]!).toFixed(2)} |`);
  }
}

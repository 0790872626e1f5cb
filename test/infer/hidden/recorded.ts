import { Stream } from '../../../src/base/random.js';
import type { Activation } from '../../../src/circuits/activation.js';
import { layer } from '../../../src/circuits/layer.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { readRuleText } from '../../../src/experiments/attached.js';
import type { Activity } from '../../../src/infer/hidden/activity.js';
import { prepareRule } from '../../../src/program/rule.js';
import { startOf } from '../../../src/program/start.js';
import { weave } from '../../../src/program/weave.js';

export interface Setting {
  /** What `dw` is. */
  readonly rule: string;
  readonly activation: Activation;
  /** Of the recorded activity, standard deviation. */
  readonly noise: number;
  /** Of 5 neurons, how many were recorded. */
  readonly seen: number;
  readonly seed: number;
  readonly trials?: number;
}

const [INPUTS, NEURONS, STEPS, TRIALS] = [10, 5, 120, 10];

/** A layer of 5 neurons learns from correlated patterns; its activity is recorded, its weights are not. */
export async function recorded(setting: Setting): Promise<Activity> {
  const { rule, activation, noise, seen, seed, trials: count = TRIALS } = setting;
  const stream = new Stream(seed, 'hidden');
  const circuit = layer({ inputs: INPUTS, outputs: NEURONS, activation });
  const text = `rule truth {\n  dw = ${rule}\n}\n`;
  const checked = readRuleText('truth', text, circuit.tables.forward!);
  const program = weave(circuit, { forward: prepareRule(checked) });
  const begun = Array.from({ length: count }, () => {
    const pre = new Float64Array(STEPS * INPUTS);
    for (let t = 0; t < STEPS; t++) {
      const common = stream.normal();
      for (let j = 0; j < INPUTS; j++) {
        pre[t * INPUTS + j] = Math.sqrt(0.6) * stream.normal() + Math.sqrt(0.4) * common;
      }
    }
    return { pre, w: Float64Array.from({ length: INPUTS * NEURONS }, () => 0.3 * stream.normal()) };
  });
  const runner = await createFusedEngine({ precision: 'float64' }).prepare(program);
  const episodes = begun.map(({ pre, w }) => ({
    start: startOf(program, { W: w }),
    steps: STEPS,
    stepInputs: { pattern: pre },
    queryInputs: {},
  }));
  const options = { gradient: false, record: { slots: ['activity'], every: 1 } };
  const results = await runner.run(episodes, [], options);
  return {
    name: 'recorded',
    inputs: INPUTS,
    neurons: NEURONS,
    steps: STEPS,
    startsKnown: true,
    trials: begun.map(({ pre, w }, k) => ({
      pre,
      w,
      post: results[k]!.record!.activity!.map((y, at) =>
        at % NEURONS < seen ? y + noise * stream.normal() : Number.NaN,
      ),
    })),
  };
}

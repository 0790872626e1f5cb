import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import type { Engine } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import type { Timeline } from '../../src/program/circuit.js';
import { literalRecord, worstSlot } from '../support/against-literal.js';
import { corpusRules, type RuleInText } from '../support/corpus.js';
import { type ReplaySetting, replayed } from '../support/replayed.js';

/*
 * Every rule of the corpus, on random signals: by the definition, woven and interpreted, fused in double
 * precision, and in single precision: one stream on one backend, two on another.
 */

const textOf = ({ rule, source }: RuleInText): string =>
  source.text.slice(rule.span.start, rule.span.end);

/** Two trials with all phases; long ones for rules that act seldom. */
function timelineFor(text: string): Timeline {
  const trial = (steps: number, each: number) => ({
    steps,
    phases: ['free', 'clamped', 'nudged', 'baseline', 'perturbed'].map((name) => ({
      name,
      steps: each,
    })),
    events: [{ name: 'relax.end', step: 4 }],
  });
  return { trials: [trial(text.includes('100 steps') ? 105 : 13, 2), trial(11, 1)] };
}

/** A rule that tells times in milliseconds needs steps that have a length; one with a delay, a whole number of them. */
const stepLengthFor = (text: string): number | null =>
  text.includes('13.7') ? 13.7 : /\d (ms|s|Hz|mV)\b/.test(text) ? 2 : null;

const fused = createFusedEngine({ precision: 'float64' });
/** By the number of streams. */
let engines: Record<number, Engine>;
beforeAll(async () => {
  engines = { 1: await createTfjsEngine('cpu'), 2: await createTfjsEngine('wasm') };
});

describe.each([
  { streams: 1, masked: false },
  { streams: 2, masked: true },
])('with $streams streams, synapses missing: $masked', (shape) => {
  it.each(corpusRules().map((each) => [`${each.rule.name} of ${each.source.name}`, each] as const))(
    '%s',
    async (name, each) => {
      const text = textOf(each);
      const setting: ReplaySetting = {
        preSize: 4,
        postSize: 3,
        ...shape,
        stepLength: stepLengthFor(text),
        timeline: timelineFor(text),
      };
      const made = replayed([each], setting, new Stream(shape.streams, name));
      const wanted = literalRecord(made, setting);
      const options = { gradient: true, record: { slots: Object.keys(wanted), every: 1 } };
      const { program, episode, parameters } = made;
      const [exact] = await prepareInterpreter(program).run([episode], parameters, options);
      expect(exact!.divergence).toBeNull();
      const { distance } = worstSlot(exact!.record!, wanted);
      expect(distance).toBeLessThan(1e-12);
      const loops = await fused.prepare(program);
      const [double] = await loops.run([episode], parameters, options);
      loops.dispose();
      expect(worstSlot(double!.record!, exact!.record!).distance).toBeLessThan(1e-12);
      const gradients = [double!, exact!].map(({ gradient }) => ({ gradient: gradient! }));
      expect(worstSlot(gradients[0]!, gradients[1]!).distance).toBeLessThan(1e-11);
      const runner = await engines[shape.streams]!.prepare(program);
      const [single] = await runner.run([episode], parameters, options);
      runner.dispose();
      expect(worstSlot(single!.record!, wanted).distance).toBeLessThan(2e-5);
    },
  );
});

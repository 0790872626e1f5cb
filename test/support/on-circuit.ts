import { readFileSync } from 'node:fs';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import type { CircuitKind } from '../../src/circuits/kind.js';
import type { Arrays, Engine, EpisodeResult, RunOptions } from '../../src/engine/engine.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import { checkRule } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import type { Circuit, Timeline } from '../../src/program/circuit.js';
import type { Program } from '../../src/program/ir.js';
import { prepareRule, type RuleForCircuit } from '../../src/program/rule.js';
import { scheduleInputs, stepsOf } from '../../src/program/schedule.js';
import { startOf } from '../../src/program/start.js';
import { type WeaveOptions, weave } from '../../src/program/weave.js';

/** A circuit with rules on it, for tests that look at every number. */
export interface OnCircuit {
  readonly circuit: Circuit;
  readonly program: Program;
  /** What a seed gives for a start. */
  drawn(seed: number): Arrays;
  run(parts: {
    readonly timeline: Timeline;
    readonly stepInputs: Arrays;
    readonly start: Arrays;
    readonly continued?: boolean;
    readonly engine?: Engine;
    readonly options?: Partial<RunOptions>;
  }): Promise<EpisodeResult>;
}

/** Rules are given as text, or as the name of one in a file of the corpus (`seeds.rule: rflo`). */
export function onCircuit(
  kind: CircuitKind,
  settings: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, string>> = {},
  options: WeaveOptions = {},
): OnCircuit {
  const circuit = unwrap(kind.make(settings));
  // The same text on two kinds of projection is one rule.
  const known = new Map<string, RuleForCircuit>();
  const attached: Record<string, RuleForCircuit> = {};
  for (const [projection, text] of Object.entries(rules)) {
    const rule = known.get(text) ?? ruleOn(circuit, projection, text);
    known.set(text, rule);
    attached[projection] = rule;
  }
  const program = weave(circuit, attached, options);
  return {
    circuit,
    program,
    drawn: (seed) => circuit.draw(new Stream(seed, 'test')),
    run: async ({ timeline, stepInputs, start, continued = false, engine, options: asked }) => {
      const runner = await (engine ?? interpreter).prepare(program);
      const [result] = await runner.run(
        [
          {
            start: startOf(program, start),
            steps: stepsOf(timeline),
            stepInputs: { ...stepInputs, ...scheduleInputs(program, timeline, { continued }) },
            queryInputs: {},
          },
        ],
        program.parameters.map((name) => program.initial[name] as number),
        { gradient: false, states: true, ...asked },
      );
      runner.dispose();
      return result!;
    },
  };
}

function ruleOn(circuit: Circuit, projection: string, text: string): RuleForCircuit {
  const [file, name] = text.includes('{') ? [null, null] : text.split(': ');
  const source = {
    name: file ?? 'test.rule',
    text: file
      ? readFileSync(new URL(`../fixtures/corpus/${file}`, import.meta.url), 'utf8')
      : text,
  };
  const items = unwrap(parse(source));
  const item = name ? items.find((each) => each.name === name) : items[0];
  if (item?.kind !== 'rule') throw new Error(`no rule ${text}`);
  return prepareRule(unwrap(checkRule(item, source, circuit.tables[projection]!)));
}

/** As many equal trials, one after the other. */
export function trials(count: number, trial: Timeline['trials'][number]): Timeline {
  return { trials: Array.from({ length: count }, () => trial) };
}

/** The same rows of values, as many times. */
export function repeated(values: readonly number[], times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, k) => values[k % values.length]!);
}

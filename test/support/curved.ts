import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { layer } from '../../src/circuits/layer.js';
import type { Episode } from '../../src/engine/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { checkRule } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import type { Program } from '../../src/program/ir.js';
import { prepareRule } from '../../src/program/rule.js';
import { weave } from '../../src/program/weave.js';

/** Nothing has moved where an episode begins. */
export function begun({ states }: Program, episode: Episode): Episode {
  const still = Object.fromEntries(
    states.map(({ name, shape }) => [name, new Float64Array(shape[0] * shape[1])]),
  );
  return { ...episode, start: { ...still, ...episode.start } };
}

/** Rows that are 1 at one place. */
export function oneHot(places: readonly number[], classes: number): Float64Array {
  const rows = new Float64Array(places.length * classes);
  places.forEach((place, row) => {
    rows[row * classes + place] = 1;
  });
  return rows;
}

const [INPUTS, OUTPUTS, STEPS] = [4, 2, 8];

/** A layer that learns by the delta rule and forgets, asked afterwards what it answers. */
export function learningLayer({ queries = 3 } = {}) {
  const circuit = layer({
    inputs: INPUTS,
    outputs: OUTPUTS,
    activation: 'tanh',
    offers: ['target'],
    queries,
  });
  const source = {
    name: 'delta.rule',
    text: `rule delta { param a = 0.01 fit, b = 0 fit
      dw = -a * post.error * pre - b * w }`,
  };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('the text holds no rule');
  const rule = prepareRule(unwrap(checkRule(item, source, circuit.tables.forward!)));
  const program = weave(circuit, { forward: rule });
  const runner = prepareInterpreter(program);
  /** An episode whose targets are what the layer answers that learned with these coefficients. */
  const episodeOf = async (index: number, learned: readonly number[]): Promise<Episode> => {
    const stream = new Stream(9, 'layer', index);
    const numbers = (n: number) => Float64Array.from({ length: n }, () => stream.uniform(-1, 1));
    const episode = {
      start: circuit.draw(stream),
      steps: STEPS,
      stepInputs: { pattern: numbers(STEPS * INPUTS), target: numbers(STEPS * OUTPUTS) },
      queryInputs: {
        'query patterns': numbers(queries * INPUTS),
        'query targets': new Float64Array(queries * OUTPUTS),
      },
    };
    const [result] = await runner.run([episode], learned, { gradient: false });
    return {
      ...episode,
      queryInputs: { ...episode.queryInputs, 'query targets': result!.outputs.answers! },
    };
  };
  return { program, runner, episodeOf };
}

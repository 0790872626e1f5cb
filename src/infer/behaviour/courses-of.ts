import type { Engine } from '../../engine/engine.js';
import { readRuleText } from '../../experiments/attached.js';
import type { Circuit } from '../../program/circuit.js';
import type { Program } from '../../program/ir.js';
import { prepareRule } from '../../program/rule.js';
import { startOf } from '../../program/start.js';
import { weave } from '../../program/weave.js';
import { coefficientsIn } from '../hidden/all-terms.js';
import { Courses, type StartModel, type Trial } from '../hidden/courses.js';
import type { Library } from '../library.js';
import { type Choices, chosenOptions } from './choices.js';
import { BIAS, URGES, WEIGHTS } from './chooser.js';
import { likelihoodOf } from './likelihood.js';

/** What rules are followed on. */
export interface Followed {
  readonly choices: Choices;
  readonly circuit: Circuit;
  readonly library: Library;
  readonly engine: Engine;
}

/** Courses of urges under this rule; what is marked `fit` in it are their parameters. */
export function urgesOf(
  text: string,
  { choices, circuit, library, engine }: Followed,
): Promise<Courses> {
  const rule = readRuleText('rule.rule', text, circuit.tables.forward!);
  const program = weave(circuit, { forward: prepareRule(rule) });
  const options = {
    ...coefficientsIn(program, library),
    observed: URGES,
    fittedStarts: choices.startsKnown ? [BIAS] : [BIAS, WEIGHTS],
    start: startModel(choices),
    measure: likelihoodOf(choices),
  };
  return Courses.prepare(program, options, trialsOf(choices, program), engine);
}

/**
 * Preferences of animals differ about as much as urges that make one animal accept three quarters, another
 * a quarter of what it is shown; without such knowledge a start that nearly decides everything could stand
 * for any course of choices.
 */
function startModel({ animals, inputs }: Choices): StartModel {
  const squares = animals.flatMap(({ stimulus, choice }) =>
    Array.from(choice, (chosen, step) => {
      const shown = stimulus.subarray(step * inputs, (step + 1) * inputs);
      return Number.isNaN(chosen) ? Number.NaN : shown.reduce((sum, x) => sum + x * x, 0);
    }).filter((each) => !Number.isNaN(each)),
  );
  const mean = squares.reduce((a, b) => a + b, 0) / squares.length;
  return { kind: 'around', spread: { [BIAS]: 1, [WEIGHTS]: mean > 0 ? 1 / Math.sqrt(mean) : 1 } };
}

function trialsOf(choices: Choices, program: Program): Trial[] {
  const { steps, inputs } = choices;
  return choices.animals.map(({ stimulus, choice, reward, w }) => {
    const chosen = chosenOptions(choices, choice);
    const isKnown = (step: number): boolean => !Number.isNaN(choice[step]!);
    return {
      episode: {
        start: startOf(program, { [WEIGHTS]: w }),
        steps,
        stepInputs: {
          pattern: stimulus.map((value, at) => (isKnown(Math.floor(at / inputs)) ? value : 0)),
          chosen: chosen.map((value) => (Number.isNaN(value) ? 0 : value)),
          reward: reward.map((value, step) => (isKnown(step) ? value : 0)),
        },
        queryInputs: {},
      },
      recorded: chosen,
    };
  });
}

import { Stream } from '../../base/random.js';
import type { Activation } from '../../circuits/activation.js';
import { layer } from '../../circuits/layer.js';
import { ruleText } from '../../discover/rule-text.js';
import type { Engine } from '../../engine/engine.js';
import { readRuleText } from '../../experiments/attached.js';
import { latexOf } from '../../express/latex.js';
import type { Circuit } from '../../program/circuit.js';
import type { Program } from '../../program/ir.js';
import { prepareRule } from '../../program/rule.js';
import { startOf } from '../../program/start.js';
import { weave } from '../../program/weave.js';
import type { Library } from '../library.js';
import { recognise } from '../recognise.js';
import type { InferResult } from '../result.js';
import { chosenTerms, described, droppedTerms, printedRule, refusedRule } from '../rule-words.js';
import type { PathPoint } from '../sparse/select-support.js';
import type { Assessment } from '../trust/assess.js';
import type { Activity } from './activity.js';
import { allTerms, coefficientsIn } from './all-terms.js';
import { assessCourses } from './assess-courses.js';
import { Courses, type Trial } from './courses.js';
import { fittedParameters } from './fitted-parameters.js';
import { gaussNewton } from './gauss-newton.js';

export interface ActivityOptions {
  /** Of the layer: what its neurons make of their summed input. */
  readonly activation: Activation;
  readonly seed: number;
  /** Best in double precision: derivatives are small differences. */
  readonly engine: Engine;
}

/** The slot of a layer that was recorded. */
const OBSERVED = 'activity';
/** Its weights. */
const WEIGHTS = 'W';

/** The layer whose activity this is. */
export function layerOf(
  { inputs, neurons }: Pick<Activity, 'inputs' | 'neurons'>,
  activation: Activation,
): Circuit {
  return layer({ inputs, outputs: neurons, activation });
}

/**
 * Finds the rule behind the activity of a layer whose weights nobody saw, phase by phase:
 * 1. courses: the layer with all terms of the library, and how its activity depends on their coefficients,
 * 2. select and assess: terms that explain what was recorded, the same on resampled trials, the test
 *    against trials that have changed places, verdicts,
 * 3. print the rule, parse it again, and compute from exactly that what it explains.
 */
export async function inferActivity(
  activity: Activity,
  library: Library,
  { activation, seed, engine }: ActivityOptions,
): Promise<InferResult> {
  const circuit = layerOf(activity, activation);
  const given = { activity, library, circuit, engine };
  const courses = await coursesOf(allTerms(library), given);
  const stream = new Stream(seed, 'infer activity');
  const found = await assessCourses(courses, stream);
  courses.dispose();
  // Weights that do not change, and inputs that are finite.
  if (!found) throw new TypeError('a layer that does not learn diverged');
  const { assessment: assessed, settled } = found;

  const chosen = chosenTerms(assessed, library.terms, library);
  const fitted = fittedParameters(settled, library, stream.child('parameters'));
  const values = new Map(fitted.map(({ name, text }) => [name, text]));
  const text = chosen.length > 0 ? printedRule(chosen, library, values) : null;
  const nothing = ruleText({ name: 'no_plasticity' }, [], false);
  const none = await explained(nothing, given);
  const left = text === null ? null : await explained(text, given);
  const r2 = left && none.loss > 0 ? 1 - left.loss / none.loss : 0;
  const table = circuit.tables.forward!;
  return {
    schemaVersion: 1,
    recording: activity.name,
    target: 'post',
    observed: 'activity',
    seed,
    engine: null,
    rule: text === null ? null : { text, latex: latexOf(readRuleText('rule.rule', text, table)) },
    refused: refusedRule(assessed, library.terms),
    factored: null,
    known: recognise(chosen, library),
    terms: chosen.map((each) => described(each, library.terms, [])),
    ...(fitted.length > 0 && { fitted: fitted.map(({ text: _, ...each }) => each) }),
    dropped: droppedTerms(chosen, assessed, library.terms, library, () => null),
    metrics: left && { loss: left.loss, r2 },
    baselines: [
      {
        name: 'no-plasticity',
        about: 'weights do not change',
        text: nothing,
        metrics: { loss: none.loss, r2: 0 },
      },
    ],
    aliases: [],
    relations: [],
    nearAliases: [],
    nullTest: { ...assessed.nullTest, rows: none.rows, drift: null },
    fit: {
      r2,
      rows: none.rows,
      dropped: 0,
      resampled: { by: 'trial', blocks: activity.trials.length },
    },
    irrepresentable: chosen.length > 0 ? assessed.irrepresentable : null,
    path: bestOfEachSize(assessed).map(({ support, left }) => ({
      terms: support.map((at) => library.terms[at]!.text),
      r2: 1 - left,
    })),
    runFolder: null,
  };
}

/** Several supports of one size may have been fitted. */
export function bestOfEachSize({ path }: Assessment): PathPoint[] {
  const best: PathPoint[] = [];
  for (const point of path) {
    const had = best[point.support.length];
    if (!had || point.left < had.left) best[point.support.length] = point;
  }
  return best.filter(Boolean);
}

interface Given {
  readonly activity: Activity;
  readonly library: Library;
  readonly circuit: Circuit;
  readonly engine: Engine;
}

/** Courses of the layer with this rule; what is marked `fit` in it are their parameters. */
function coursesOf(text: string, { activity, library, circuit, engine }: Given): Promise<Courses> {
  const rule = readRuleText('rule.rule', text, circuit.tables.forward!);
  const program = weave(circuit, { forward: prepareRule(rule) });
  const options = {
    ...coefficientsIn(program, library),
    observed: OBSERVED,
    fittedStarts: activity.startsKnown ? [] : [WEIGHTS],
  };
  return Courses.prepare(program, options, trialsOf(activity, program), engine);
}

function trialsOf({ trials, steps }: Activity, program: Program): Trial[] {
  return trials.map(({ pre, post, w }) => ({
    episode: {
      start: startOf(program, { [WEIGHTS]: w }),
      steps,
      stepInputs: { pattern: pre },
      queryInputs: {},
    },
    recorded: post,
  }));
}

/** Mean square of what a rule leaves of the recorded activity, with the starts that suit it best. */
async function explained(text: string, given: Given): Promise<{ loss: number; rows: number }> {
  const courses = await coursesOf(text, given);
  const optimum = await gaussNewton(courses, courses.origin(), []);
  courses.dispose();
  if (!optimum) return { loss: Number.POSITIVE_INFINITY, rows: 0 };
  const rows = optimum.trials.reduce((sum, { n }) => sum + n, 0);
  return { loss: optimum.cost / rows, rows };
}

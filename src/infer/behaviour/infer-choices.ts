import { roundSignificant } from '../../algebra/polish.js';
import { Stream } from '../../base/random.js';
import { ruleText } from '../../discover/rule-text.js';
import type { Engine } from '../../engine/engine.js';
import { readRuleText } from '../../experiments/attached.js';
import { latexOf } from '../../express/latex.js';
import type { Circuit } from '../../program/circuit.js';
import { allTerms } from '../hidden/all-terms.js';
import type { Courses } from '../hidden/courses.js';
import { fittedParameters } from '../hidden/fitted-parameters.js';
import { gaussNewton } from '../hidden/gauss-newton.js';
import { bestOfEachSize } from '../hidden/infer-activity.js';
import type { Library } from '../library.js';
import { recognise } from '../recognise.js';
import type { FitMetrics, InferResult } from '../result.js';
import { chosenTerms, described, droppedTerms, printedRule, refusedRule } from '../rule-words.js';
import { type AssessedChoices, assessChoices } from './assess-choices.js';
import { aliasesOfChoices } from './choice-aliases.js';
import type { Choices } from './choices.js';
import { type Followed, urgesOf } from './courses-of.js';
import { heldOut } from './held-out.js';

export interface ChoiceOptions {
  readonly circuit: Circuit;
  readonly seed: number;
  /** Whether animals may differ before they learn. */
  readonly alike: boolean;
  /** Best in double precision: derivatives are small differences. */
  readonly engine: Engine;
}

/** Factors of the spread of first preferences where all animals are known to begin alike. */
const ALIKE = [0];

/**
 * Finds the rule behind choices and rewards, weights unseen, phase by phase:
 * 1. courses: animals with all terms of the library, and how their urges depend on the coefficients,
 * 2. select and assess: terms that make the choices likely, the same on resampled animals, the test
 *    against animals whose choices have changed places, verdicts,
 * 3. print the rule, parse it again, and compute from exactly that how likely the choices are; the same
 *    for animals that were held out.
 */
export async function inferChoices(
  choices: Choices,
  library: Library,
  { circuit, seed, alike, engine }: ChoiceOptions,
): Promise<InferResult> {
  const given: Followed = { choices, circuit, library, engine };
  const courses = await urgesOf(allTerms(library), given);
  const stream = new Stream(seed, 'infer choices');
  const found = await assessChoices(courses, stream, alike ? ALIKE : undefined);
  // Weights that do not change, and stimuli that are finite.
  if (!found) throw new TypeError('animals that do not learn diverged');
  const { assessment, spread, moments } = found;
  const same = aliasesOfChoices(moments, library.terms);
  const chosen = chosenTerms(assessment, library.terms, library);
  const fitted = fittedParameters(found, library, stream.child('parameters'));
  const values = new Map(fitted.map(({ name, text }) => [name, text]));
  const text = chosen.length > 0 ? printedRule(chosen, library, values) : null;
  const nothing = ruleText({ name: 'no_plasticity' }, [], false);
  const none = await likelihood(nothing, given, spread);
  const left = text === null ? null : await likelihood(text, given, spread);
  const metricsOf = (deviance: number): FitMetrics => ({
    loss: deviance / none.rows,
    r2: 1 - deviance / none.deviance,
  });
  const animals = choices.animals.length;
  const crossed =
    text === null
      ? null
      : await heldOut(found.courses, { optimum: found.optimum, nothing: found.nothing, animals });
  const single = await singleTerm(found, library);
  const singleLeft = single && (await likelihood(single.text, given, spread));
  courses.dispose();
  const rule = text === null ? null : readRuleText('rule.rule', text, circuit.tables.forward!);
  return {
    schemaVersion: 1,
    recording: choices.name,
    target: 'choice',
    observed: 'choices',
    seed,
    engine: null,
    rule: rule && { text: text!, latex: latexOf(rule) },
    refused: refusedRule(assessment, library.terms),
    factored: null,
    known: recognise(chosen, library),
    terms: chosen.map((each) => described(each, library.terms, same.aliasesOf(each.term))),
    ...(fitted.length > 0 && { fitted: fitted.map(({ text: _, ...each }) => each) }),
    dropped: droppedTerms(chosen, assessment, library.terms, library, same.reason),
    metrics: left && metricsOf(left.deviance),
    baselines: [
      {
        name: 'no-plasticity',
        about: 'weights do not change',
        text: nothing,
        metrics: metricsOf(none.deviance),
      },
      {
        name: 'constant',
        about: 'the same probabilities always',
        text: nothing,
        metrics: metricsOf(constantDeviance(choices)),
      },
      ...(single && singleLeft
        ? [{ name: 'best-single-term', ...single, metrics: metricsOf(singleLeft.deviance) }]
        : []),
    ],
    aliases: same.classes,
    relations: [],
    nearAliases: [],
    nullTest: { ...assessment.nullTest, rows: none.rows, drift: null },
    fit: {
      r2: left ? metricsOf(left.deviance).r2 : 0,
      rows: none.rows,
      dropped: 0,
      resampled: { by: 'animal', blocks: animals },
    },
    heldOut: crossed,
    irrepresentable: chosen.length > 0 ? assessment.irrepresentable : null,
    path: bestOfEachSize(assessment).map(({ support, left: share }) => ({
      terms: support.map((at) => library.terms[at]!.text),
      r2: 1 - share,
    })),
    runFolder: null,
  };
}

/** −2 log probability of the choices under exactly this text, with the starts that suit it best. */
async function likelihood(
  text: string,
  given: Followed,
  spread: number,
): Promise<{ readonly deviance: number; readonly rows: number }> {
  const courses: Courses = (await urgesOf(text, given)).spreadBy(spread);
  const optimum = await gaussNewton(courses, courses.origin(), courses.always);
  courses.dispose();
  if (!optimum) return { deviance: Number.POSITIVE_INFINITY, rows: 0 };
  const rows = optimum.trials.reduce((sum, { n }) => sum + n, 0);
  return { deviance: optimum.cost + courses.evidence(optimum), rows };
}

/** Of probabilities that depend neither on the stimulus nor on time, for each animal its own. */
function constantDeviance({ animals }: Choices): number {
  return animals.reduce((sum, { choice }) => {
    const counts = new Map<number, number>();
    for (const each of choice) {
      if (!Number.isNaN(each)) counts.set(each, (counts.get(each) ?? 0) + 1);
    }
    const all = [...counts.values()].reduce((a, b) => a + b, 0);
    return [...counts.values()].reduce((own, n) => own - 2 * n * Math.log(n / all), sum);
  }, 0);
}

/** The best rule of one term that was met, fitted again, if the rule has more. */
async function singleTerm(
  { assessment, nothing, courses }: AssessedChoices,
  { terms, frame }: Library,
): Promise<{ readonly about: string; readonly text: string } | null> {
  const single = bestOfEachSize(assessment).find(({ support }) => support.length === 1);
  const [at] = single?.support ?? [];
  if (at === undefined || assessment.terms.length < 2) return null;
  const fit = await gaussNewton(courses, nothing.point, [at, ...courses.always]);
  if (!fit) return null;
  const { expression, clauses, text: about } = terms[at]!;
  const weighted = {
    id: 'c',
    expression,
    clauses,
    value: roundSignificant(fit.point[at]!, DIGITS),
  };
  return { about, text: ruleText({ name: 'best_single_term', frame }, [weighted], false) };
}

/** Of a baseline's coefficient. */
const DIGITS = 6;

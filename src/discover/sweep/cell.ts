import { unwrap } from '../../base/result.js';
import type { Source } from '../../base/source.js';
import type { RuleTexts } from '../../experiments/attached.js';
import type { ExperimentConfig } from '../../experiments/schema.js';
import { type Study, setupOf, studyOf } from '../../experiments/study.js';
import { parse } from '../../language/parse.js';
import { combination, leadingTerm } from '../candidates.js';
import { planFit, written } from '../fit.js';
import type { ScoreJob, TrainJob } from '../jobs.js';
import { baseOf, planDiscovery, type Setting, searchJob } from '../plan.js';
import type { Values } from '../several-fits.js';

/** A cell as its run folder has it: nothing outside is needed to run it. */
export interface CellInputs {
  readonly name: string;
  readonly ablate: boolean;
  readonly config: ExperimentConfig;
  /** The text of its space; null where the parameters of a rule are searched. */
  readonly space: Source | null;
  /** Rules by kind of projection: those that are searched, or those beside a space. */
  readonly rules: RuleTexts;
}

/** A cell that is ready to be searched. */
export interface CellPlan {
  readonly name: string;
  readonly ablate: boolean;
  readonly subject: 'space' | 'rule';
  readonly plan: Setting;
  /** Of a space: its terms, by name. */
  readonly terms: ReadonlyMap<string, string>;
  /** Base units in one unit as written, of what has one. */
  readonly units: ReadonlyMap<string, number>;
  /** The search of one seed. */
  search(seed: number): TrainJob;
  /** The rule with these values, to all digits. */
  textOf(values: Values): string;
}

const ALL_DIGITS = 17;

/** Throws an `EngrammarError` for a space or rule that is none on its circuit. */
export function planCell(inputs: CellInputs): CellPlan {
  return inputs.space ? planSpace(inputs, inputs.space) : planRule(inputs);
}

function planSpace({ name, ablate, config, rules }: CellInputs, source: Source): CellPlan {
  const [space] = unwrap(parse(source));
  if (space?.kind !== 'space') throw new TypeError(`${source.name} holds no space`);
  const study = studyOf(config);
  const method = { name, study, setup: setupOf(study), method: config };
  const plan = {
    ...planDiscovery({ ...method, space, source, others: rules }),
    digits: ALL_DIGITS,
  };
  const leading = leadingTerm(plan.library);
  const start = new Map(
    plan.library.terms.map(({ id }) => [
      id,
      id === leading.id ? leading.sign * plan.learner.start : 0,
    ]),
  );
  const text = combination('search', plan, start, true);
  const options = { steps: plan.learner.episodes, penalised: true, reference: leading.id };
  return {
    name,
    ablate,
    subject: 'space',
    plan,
    terms: new Map(plan.library.terms.map((term) => [term.id, term.text])),
    units: new Map(plan.frame.searched.map(({ name: id, unit }) => [id, unit])),
    search: (seed) => seeded(name, searchJob(plan, name, text, options), seed),
    textOf: (values) => combination('found', plan, values, false),
  };
}

function planRule({ name, ablate, config, rules }: CellInputs): CellPlan {
  const study = studyOf(config);
  const fit = planFit({ name, rules, study, setup: setupOf(study), method: config });
  const { scaling } = config.learner;
  // Without scaling one step size is for all of them as they are.
  const searched = fit.searched.map((each) => (scaling ? each : { ...each, size: each.unit }));
  const plan = { ...fit, searched };
  const start = new Map(searched.map((each) => [each.name, each.start]));
  const text = written(plan, start, true, ALL_DIGITS);
  const options = {
    steps: plan.learner.episodes,
    penalised: false,
    reference: searched[0]!.name,
  };
  return {
    name,
    ablate,
    subject: 'rule',
    plan,
    terms: new Map(),
    units: new Map(searched.map(({ name: id, unit }) => [id, unit])),
    search: (seed) => seeded(name, searchJob(plan, name, text, options), seed),
    textOf: (values) => written(plan, values, false, ALL_DIGITS),
  };
}

const seeded = (cell: string, job: TrainJob, seed: number): TrainJob => ({
  ...job,
  id: searchName(cell, seed),
  sample: seed,
});

/** The name under which a search is filed; seeds are counted from 0, and told from 1. */
export const searchName = (cell: string, seed: number): string => `${cell}, seed ${seed + 1}`;

/** A rule on the held-out tasks of a seed, learning from so many images a class (null: as the study says). */
export function scoreJob(
  { name, plan }: CellPlan,
  seed: number,
  ruleText: string,
  what: string,
  shots: number | null,
): ScoreJob {
  const { tasks } = plan.evaluate;
  return {
    kind: 'score',
    ...baseOf(plan),
    id: `${searchName(name, seed)}: ${what}${shots === null ? '' : `, ${shots} shots`}`,
    study: withShots(plan.study, shots),
    ruleText,
    sample: seed,
    episodes: 'score',
    from: seed * tasks,
    to: (seed + 1) * tasks,
  };
}

function withShots(study: Study, shots: number | null): Study {
  const { task } = study;
  return shots === null || !('shots' in task) ? study : { ...study, task: { ...task, shots } };
}

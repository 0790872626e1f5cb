import { ruleForAnother } from '../base/diagnostics/circuit.js';
import {
  type Diagnostic,
  type NamedAt,
  placedAt,
  type Where,
} from '../base/diagnostics/diagnostic.js';
import { contestantTwice } from '../base/diagnostics/experiment.js';
import { noSuchProjection } from '../base/diagnostics/program.js';
import { EngrammarError, failure, type Result, success, unwrap } from '../base/result.js';
import type { Source } from '../base/source.js';
import { loadRule } from '../catalogue/load.js';
import type { Rule } from '../language/ast.js';
import { checkRule } from '../language/check/rule.js';
import type { Circuit } from '../program/circuit.js';
import type { RuleTexts } from './attached.js';
import { type Descent, descentOf } from './descent.js';
import type { Experiment } from './load.js';
import { type ExperimentConfig, isNamed } from './schema.js';
import { type Study, setupOf } from './study.js';

/** Rules on a circuit that are run, and compared with others on the same tasks. */
export interface Contestant {
  readonly name: string;
  /** One sentence: what it is. */
  readonly about: string;
  /** By kind of projection; kinds without a rule do not learn. */
  readonly rules: RuleTexts;
  /** Values of parameters, by their names in the program, instead of those written. */
  readonly values: Readonly<Record<string, number>>;
  /** What goes down the gradient besides; null: nothing. */
  readonly descent: Descent | null;
  readonly study: Study;
  readonly isBaseline: boolean;
}

/** The rules of an experiment, each held against the projection it stands on. */
export function contestantOf(experiment: Experiment, circuit: Circuit): Result<Contestant> {
  const { config, subject, rules: named, where } = experiment;
  const references = Object.entries(named).map(([kind, { reference }]) => [kind, reference]);
  const placed =
    references.length > 0
      ? placedRules(references as [string, string][], where)
      : subject
        ? onItsKinds(subject.reference, circuit, where(['rule'], 'value'))
        : success([]);
  if (!placed.ok) return placed;
  const known = [...new Set(circuit.projections.map(({ kind }) => kind))];
  const unknown = placed.value.filter(({ kind }) => !known.includes(kind));
  if (unknown.length > 0) {
    const facts = ({ kind }: Placed) => ({ kind, circuit: circuit.name, known });
    return failure(
      ...unknown.map((each) => noSuchProjection(facts(each), where(['rules', each.kind], 'key'))),
    );
  }
  const texts = textsOf(placed.value, circuit);
  if (!texts.ok) return texts;
  const descent = descentOf(experiment, circuit);
  if (!descent.ok) return descent;
  const { kinds, rate } = descent.value ?? { kinds: [], rate: 0 };
  const gradient =
    kinds.length > 0 ? [`gradient of the loss on ${kinds.join(', ')}, rate ${rate}`] : [];
  const names = [...new Set(placed.value.map(({ rule }) => rule.name))];
  if (kinds.length > 0) names.push('gradient');
  const said = placed.value.map(({ kind, rule }) => `${rule.name} on ${kind}`);
  const { circuit: settings, task, seed, values = {} } = config;
  return success({
    name: names.join(' + ') || 'nothing learns',
    about: [...said, ...gradient].join(', ') || 'nothing learns',
    rules: texts.value,
    values,
    descent: descent.value,
    study: { circuit: settings, task, seed },
    isBaseline: false,
  });
}

/**
 * What runs in an experiment: its own rules first, then what it is compared with. Those beside the own
 * ones are held against their circuits. Throws an `EngrammarError` for what is wrong with any of them,
 * or where two have one name.
 */
export function contestantsOf(experiment: Experiment): Contestant[] {
  const { config, others } = experiment;
  const found = unwrap(contestantOf(experiment, circuitOf(config)));
  const own = { ...found, name: config.name ?? found.name };
  const beside = others.map(({ name, about, differences, experiment: one }, k): Contestant => {
    const place = experiment.where(['compare', k, 'name'], 'value');
    const found = at(
      { ...place, what: `the contestant ${name}` },
      contestantOf(one, circuitOf(one.config)),
    );
    const contestant = unwrap(found);
    return { ...contestant, name, about: about ?? [contestant.about, ...differences].join('; ') };
  });
  const all = [own, ...beside, ...baselinesOf(experiment)];
  const isTaken = (name: string): boolean => all.filter((each) => each.name === name).length > 1;
  const twice = beside.findIndex(({ name }) => isTaken(name));
  if (twice >= 0) {
    const place = experiment.where(['compare', twice, 'name'], 'value');
    throw new EngrammarError(contestantTwice(beside[twice]!, place));
  }
  return all;
}

const circuitOf = ({ circuit, task, seed }: ExperimentConfig): Circuit =>
  setupOf({ circuit, task, seed }).circuit;

interface Placed {
  readonly kind: string;
  readonly rule: Rule;
  readonly source: Source;
  /** Where the experiment names it. */
  readonly named: Where;
}

/** What is wrong told at a place, or as named there. */
function at<T>(place: NamedAt, result: Result<T>): Result<T> {
  return result.ok ? result : failure(...result.diagnostics.map((each) => placedAt(each, place)));
}

function placedRules(
  references: readonly (readonly [string, string])[],
  where: Experiment['where'],
): Result<Placed[]> {
  const placed: Placed[] = [];
  for (const [kind, reference] of references) {
    const named = where(['rules', kind], 'value');
    const loaded = at(named, loadRule(reference));
    if (!loaded.ok) return loaded;
    placed.push({ kind, rule: loaded.value.item, source: loaded.value.source, named });
  }
  return success(placed);
}

/** One rule stands on what it is `for`, as far as the circuit has it, or else on the first kind there is. */
function onItsKinds(reference: string, circuit: Circuit, named: Where): Result<Placed[]> {
  const loaded = at(named, loadRule(reference));
  if (!loaded.ok) return loaded;
  const { item: rule, source } = loaded.value;
  const known = [...new Set(circuit.projections.map(({ kind }) => kind))];
  if (rule.targets.length === 0) return success([{ kind: known[0]!, rule, source, named }]);
  const meant = rule.targets.filter((kind) => known.includes(kind));
  if (meant.length > 0) return success(meant.map((kind) => ({ kind, rule, source, named })));
  const facts = { kind: rule.targets[0]!, circuit: circuit.name, known };
  return at(named, failure(noSuchProjection(facts, { source, span: rule.nameSpan })));
}

/** The text of each rule, held against the projection that it stands on. */
function textsOf(placed: readonly Placed[], circuit: Circuit): Result<Record<string, string>> {
  const mistakes = placed.flatMap(({ kind, rule, source, named }): Diagnostic[] => {
    if (rule.targets.length > 0 && !rule.targets.includes(kind)) {
      const facts = { rule: rule.name, targets: rule.targets, kind };
      return [placedAt(ruleForAnother(facts, { source, span: rule.nameSpan }), named)];
    }
    const checked = checkRule(rule, source, circuit.tables[kind]!);
    return checked.ok ? [] : checked.diagnostics.map((each) => placedAt(each, named));
  });
  if (mistakes.length > 0) return failure(...mistakes);
  const texts = placed.map(
    ({ kind, rule, source }) => [kind, source.text.slice(rule.span.start, rule.span.end)] as const,
  );
  return success(Object.fromEntries(texts));
}

/** The text of one rule that an experiment names for a kind of projection, held against it. */
export function ruleOn(
  reference: string,
  kind: string,
  circuit: Circuit,
  named: Where,
): Result<string> {
  const known = [...new Set(circuit.projections.map((each) => each.kind))];
  if (!known.includes(kind)) {
    return failure(noSuchProjection({ kind, circuit: circuit.name, known }, named));
  }
  const loaded = at(named, loadRule(reference));
  if (!loaded.ok) return loaded;
  const { item: rule, source } = loaded.value;
  const texts = textsOf([{ kind, rule, source, named }], circuit);
  return texts.ok ? success(texts.value[kind]!) : texts;
}

/** Learning rates that a gradient baseline may have: half decades. */
export const RATES = [3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 3];

const GRADIENT = 'rule gradient { param eta = 0.01 dw = -eta * post.error * pre }';

/** Everything a run of rules is compared with: no learning, and gradients where errors come back layer by layer. */
function baselinesOf({ config, where }: Experiment): Contestant[] {
  const { circuit, task, seed, baselines = [] } = config;
  if (baselines.length === 0) return [];
  const study = { circuit, task, seed };
  const still: Contestant = {
    name: 'no-learning',
    about: 'the circuit as it starts',
    rules: {},
    values: {},
    descent: null,
    study,
    isBaseline: true,
  };
  const given = baselines.flatMap((each, k) =>
    isNamed(each) ? [] : [givenRule(still, each, where(['baselines', k], 'value'))],
  );
  if (circuit.name !== 'feed-forward') return [still, ...given];
  const gradients = (
    [
      ['feedback-alignment', 'random', 'gradient of the error through fixed random feedback'],
      ['backpropagation', 'symmetric', 'the same through the forward weights'],
    ] as const
  ).filter(([name]) => baselines.includes(name));
  return [
    still,
    ...gradients.map(([name, feedback, about]): Contestant => {
      return {
        ...still,
        name,
        about,
        rules: { forward: GRADIENT },
        study: { ...study, circuit: { ...circuit, feedback } },
      };
    }),
    ...given,
  ];
}

/** A given rule, as it is written. Throws an `EngrammarError` where it does not stand on the circuit. */
function givenRule(still: Contestant, reference: string, named: Where): Contestant {
  const { circuit } = setupOf(still.study);
  const placed = unwrap(onItsKinds(reference, circuit, named));
  const { name } = placed[0]!.rule;
  const rules = unwrap(textsOf(placed, circuit));
  return { ...still, name, about: `${name} as it is written`, rules };
}

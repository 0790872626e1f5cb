import { enumerate } from '../../algebra/enumerate.js';
import type { Term } from '../../algebra/types.js';
import { unwrap } from '../../base/result.js';
import { loadSpace } from '../../catalogue/load.js';
import { feedForward } from '../../circuits/feed-forward.js';
import { ruleText } from '../../discover/rule-text.js';
import type { Episode } from '../../engine/engine.js';
import { readRuleText } from '../../experiments/attached.js';
import { checkSpace } from '../../language/check/space.js';
import type { SignalTable } from '../../language/signals.js';
import type { Circuit } from '../../program/circuit.js';
import { prepareRule } from '../../program/rule.js';
import { weave } from '../../program/weave.js';
import { fewShotEpisode } from '../../tasks/episodes.js';
import { loadImages } from '../../tasks/images.js';
import { wholePool } from '../../tasks/sampler.js';
import type { BenchCase } from './case.js';

/** The network of Shervani-Tabar & Rosenbaum 2023 (Methods), its task, and its 47 classes. */
export const PAPER = {
  hidden: [170, 130, 100, 70],
  classes: 47,
  ways: 5,
  shots: 50,
  queries: 10,
  pooled: 1,
} as const;

/** The network and task of the standard experiment `digits`. */
export const DIGITS = {
  hidden: [48, 36, 28, 20],
  classes: 10,
  ways: 5,
  shots: 40,
  queries: 10,
  pooled: 2,
} as const;

/** A feed-forward network that learns digits one at a time, and how many. */
export interface DigitsSetting {
  readonly hidden: readonly number[];
  /** Neurons of the output, at least ten: the digits are the first ten classes. */
  readonly classes: number;
  readonly ways: number;
  readonly shots: number;
  readonly queries: number;
  /** Average pooling of the 28 × 28 pixels: 1 leaves them as they are. */
  readonly pooled: number;
}

/** Sharpness of the softplus (Methods). */
const BETA = 10;
const SEED = 1;

/** Where the ten terms learn at the paper's size, none of them idle: found by trial, loss below chance. */
const POOL_COEFFICIENTS: Readonly<Record<string, number>> = {
  F0: 0.0136,
  F1: 1e-4,
  F2: -0.05,
  F3: 1e-4,
  F4: 1e-5,
  F5: 1e-4,
  F6: 1e-4,
  F7: 1e-4,
  F8: 1e-4,
  F9: 0.0077,
};

/** The survivors of the paper's search (Eq. 7). */
export const THREE_TERMS = ['F0', 'F2', 'F9'] as const;

/** A summand of a rule: name of the coefficient, term, value. */
export interface Summand {
  readonly id: string;
  readonly term: Term;
  readonly value: number;
}

/** A network with an episode of real digits: whatever rule runs on it, the same weights and images. */
export interface DigitsRig {
  readonly circuit: Circuit;
  readonly episode: Episode;
}

/** The network of a setting with its first episode. */
export function digitsRig(setting: DigitsSetting): DigitsRig {
  const images = unwrap(loadImages({ name: 'digits', pool: setting.pooled }));
  const set = { ...images, classes: setting.classes };
  const { ways, shots, queries } = setting;
  const circuit = feedForward({
    sizes: [set.height * set.width, ...setting.hidden, setting.classes],
    beta: BETA,
    feedback: 'random',
    queries: ways * queries,
  });
  const few = { ways, shots, queries };
  return {
    circuit,
    episode: unwrap(fewShotEpisode(wholePool(set), few, circuit, SEED, 'search', 0)).episode,
  };
}

/** The terms of the pool with their coefficients; of all, or of those named. */
export function poolSummands({ circuit }: DigitsRig, only?: readonly string[]): Summand[] {
  return termsOf(circuit.tables.forward!)
    .filter(({ id }) => only?.includes(id) ?? true)
    .map((term) => ({ id: term.id, term, value: POOL_COEFFICIENTS[term.id]! }));
}

/** A rule that is this sum, all coefficients being meta-parameters, on the rig. */
export function sumCase(
  name: string,
  { circuit, episode }: DigitsRig,
  summands: readonly Summand[],
): BenchCase {
  const weighted = summands.map(({ id, term: { expression }, value }) => ({
    id,
    expression,
    value: String(value),
  }));
  const text = ruleText({ name: 'pool' }, weighted, true);
  const rule = readRuleText(name, text, circuit.tables.forward!);
  const program = weave(circuit, { forward: prepareRule(rule) });
  const values = new Map(summands.map(({ id, value }) => [id, value]));
  const parameters = program.parameters.map((parameter) => values.get(parameter)!);
  return { name, program, episode, parameters };
}

/** Other names, so that nothing can hang on them. */
export function renamed(summands: readonly Summand[]): Summand[] {
  return summands.map((summand, k) => ({ ...summand, id: `c${summands.length - k}` }));
}

/** Another order: the last first. */
export function permuted(summands: readonly Summand[]): Summand[] {
  return [...summands].reverse();
}

/** Every term twice, with a coefficient of its own each that is half of what it was: the same function. */
export function duplicated(summands: readonly Summand[]): Summand[] {
  return ['a', 'b'].flatMap((copy) =>
    summands.map(({ id, term, value }) => ({ id: `${id}${copy}`, term, value: value / 2 })),
  );
}

function termsOf(table: SignalTable): readonly Term[] {
  const { item, source } = unwrap(loadSpace('shervani_tabar_2023'));
  return unwrap(enumerate(unwrap(checkSpace(item, source, table)))).terms;
}

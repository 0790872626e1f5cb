import { z } from 'zod';
import { MEASURES, MEASURES_MEANING } from '../circuits/feed-forward-measures.js';
import { DIFFERENTIATE, FEEDBACKS, SCALES } from '../circuits/feed-forward-tables.js';
import { CIRCUITS } from '../circuits/registry.js';
import { fewShotOptions, imagePathOptions, SEQUENCES } from '../tasks/registry.js';
import { alsoShape } from './also-shape.js';
import { compareShape } from './compare-shape.js';
import { descentShape } from './descent-shape.js';
import { circuitShapes, taskShapes } from './option-shapes.js';
import { label, named, rulesByKind, text, values } from './shapes.js';
import { sweepShape } from './sweep-shape.js';

/** A whole number between two bounds. */
const count = (least: number, most: number) => z.int().min(least).max(most);

/** An option of a task, with the default, the bounds and the words that the tasks room gives it. */
function taskCount(option: { least: number; most: number; fallback: number; meaning: string }) {
  const { least, most, fallback, meaning } = option;
  return count(least, most).default(fallback).describe(meaning);
}

/** A factor on weights as they are drawn. */
const scale = z.number().min(0).max(1000);

const fewShot = {
  ways: taskCount(fewShotOptions.ways),
  shots: taskCount(fewShotOptions.shots),
  queries: taskCount(fewShotOptions.queries),
  pool: taskCount(fewShotOptions.pool),
  heldOut: z
    .number()
    .min(fewShotOptions.heldOut.least)
    .max(fewShotOptions.heldOut.most)
    .default(fewShotOptions.heldOut.fallback)
    .describe(fewShotOptions.heldOut.meaning),
  validation: z
    .number()
    .min(fewShotOptions.validation.least)
    .max(fewShotOptions.validation.most)
    .default(fewShotOptions.validation.fallback)
    .describe(fewShotOptions.validation.meaning),
};

/** A variant whose options come from a registry: known when it runs, not when it is compiled. */
type Variant<N extends string> = z.ZodObject<{ name: z.ZodLiteral<N> }, z.core.$loose>;

function variants<N extends string>(
  kinds: readonly { readonly name: string; readonly shapes: Record<string, z.ZodType> }[],
): Variant<N>[] {
  const made: unknown[] = kinds.map(({ name, shapes }) =>
    z.strictObject({ name: z.literal(name), ...shapes }),
  );
  return made as Variant<N>[];
}

type SequenceName =
  | 'gaussian'
  | 'shown-images'
  | 'poisson'
  | 'sines'
  | 'sequences'
  | 'patterns'
  | 'trajectories'
  | 'latent-inputs'
  | 'reservoir-inputs'
  | 'drawing'
  | 'recorded';
type CircuitName =
  | 'layer'
  | 'perturbed'
  | 'recurrent'
  | 'recurrent-cued'
  | 'recurrent-spiking'
  | 'relaxing'
  | 'reservoir'
  | 'spiking'
  | 'replay';

const sequences = SEQUENCES.map(({ name, settings }) => ({ name, shapes: taskShapes(settings) }));

const task = z
  .discriminatedUnion('name', [
    z.strictObject({ name: z.literal('digits'), ...fewShot }),
    z.strictObject({ name: z.literal('glyphs'), ...fewShot }),
    z.strictObject({
      name: z.literal('images'),
      images: text(`${imagePathOptions.images.meaning}; relative to this file`),
      labels: text(`${imagePathOptions.labels.meaning}; relative to this file`),
      ...fewShot,
    }),
    ...variants<SequenceName>(sequences),
  ])
  .describe('what has to be learned; engrammar tasks lists all kinds');

const circuits = CIRCUITS.filter(({ name }) => name !== 'feed-forward').map(
  ({ name, settings }) => ({ name, shapes: circuitShapes(settings) }),
);

const circuit = z
  .discriminatedUnion('name', [
    z.strictObject({
      name: z.literal('feed-forward'),
      hidden: z
        .array(count(1, 4096))
        .max(16)
        .default([64, 48, 32, 24])
        .describe('neurons in each hidden layer, from the input on; [] for none'),
      outputs: count(2, 4096)
        .nullable()
        .default(null)
        .describe('output neurons; null: one for every class of the images'),
      feedback: z
        .enum(FEEDBACKS)
        .default('random')
        .describe(
          'random: a fixed random matrix carries errors back (feedback alignment); plastic: one that learns by a rule of its own; direct: one straight from the output; symmetric: the transposed forward weights do (backpropagation)',
        ),
      beta: z
        .number()
        .min(0.1)
        .max(1000)
        .default(10)
        .describe('steepness of the activation softplus(beta * u) / beta'),
      bias: z.boolean().default(false).describe('whether neurons have a bias'),
      weightScale: scale.default(1).describe(SCALES.weightScale),
      feedbackScale: scale.default(1).describe(SCALES.feedbackScale),
      differentiateFeedback: z.boolean().default(true).describe(DIFFERENTIATE),
      measures: z
        .array(z.enum(MEASURES))
        .max(MEASURES.length)
        .default([])
        .describe(MEASURES_MEANING),
    }),
    ...variants<CircuitName>(circuits),
  ])
  .describe('the network in which the rule acts; engrammar circuits lists all kinds');

const learner = z
  .strictObject({
    optimizer: z
      .enum(['adam', 'proximal', 'evolution', 'gauss-newton'])
      .default('adam')
      .describe(
        'adam: as in the paper, the penalty as a subgradient; proximal: Adam with a soft-thresholding step, which yields exact zeros; evolution: the same with gradients estimated from changed coefficients, for what has no derivative, such as spikes; gauss-newton: what has no penalty and at most 8 coefficients by the steps of Gauss and Newton (Levenberg–Marquardt; a batch of 10 or more), the rest as proximal',
      ),
    pairs: count(1, 10000)
      .default(8)
      .describe('evolution: pairs of opposite changes of the coefficients, each meta-step'),
    spread: z
      .number()
      .min(1e-9)
      .max(10)
      .default(0.02)
      .describe('evolution: standard deviation of these changes, in standardised units'),
    episodes: count(0, 1e6)
      .default(300)
      .describe('meta-steps of the search; 0 leaves the coefficients at their start'),
    rate: z
      .number()
      .min(1e-9)
      .max(10)
      .default(1e-3)
      .describe('step size of the optimizer, in standardised units of the coefficients'),
    schedule: z
      .enum(['constant', 'cosine'])
      .default('constant')
      .describe('constant: as in the paper; cosine: the rate falls to zero along half a cosine'),
    batch: count(1, 1024).default(1).describe('tasks whose gradients are averaged in a meta-step'),
    start: z
      .number()
      .min(-10)
      .max(10)
      .default(1e-3)
      .describe(
        'coefficient of the error term, -post.error * pre (or of the first term of a space without it), at the start; all others start at 0',
      ),
    penalty: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        'L1 penalty on the standardised coefficients; adam: in units of the loss, proximal: as a share of the noise of each gradient (0.3 is a good start)',
      ),
    path: count(0, 100)
      .refine((points) => points !== 1, 'a path has at least two points')
      .default(0)
      .describe(
        'points of a path of penalties, each starting from the coefficients of the one before: from the largest at which all but the error term are zero down to the penalty (0: a tenth of the largest), in the proximal form; 0 for one search with the penalty alone',
      ),
    scaling: z
      .boolean()
      .default(true)
      .describe('divide each term by its typical size, so that one step size suits all'),
    clip: z
      .number()
      .min(0)
      .max(1e6)
      .default(1)
      .describe(
        'greatest norm of a meta-gradient; longer ones are shortened to it; 0 for no limit',
      ),
  })
  .prefault({})
  .describe('how the coefficients are searched');

const select = z
  .strictObject({
    method: z
      .enum(['penalty', 'forward'])
      .default('penalty')
      .describe(
        'penalty: all terms at once, with the penalty of the learner; forward: term by term, for spaces of hundreds of terms',
      ),
    monomials: count(1, 100)
      .default(4)
      .describe(
        'forward: most monomials in the normal form of the rule; post * (pre - post * w) has two',
      ),
    tried: count(1, 1000)
      .default(8)
      .describe('forward: candidates that are fitted for each rule that grows'),
    probed: count(1, 10000)
      .default(24)
      .describe('forward: terms that are run with a few coefficients for each rule that grows'),
    beam: count(1, 100).default(2).describe('forward: rules of a size that grow further'),
    slopes: count(4, 1000)
      .default(10)
      .describe('forward: episodes over which the derivatives by all other terms are measured'),
    tasks: count(2, 10000)
      .default(24)
      .describe('tasks, none of them held out, on which candidates are compared'),
    by: z
      .enum(['loss', 'accuracy'])
      .default('loss')
      .describe(
        'forward: what rules that grow are compared by; the loss of a small rule that learns is often worse than that of one that does not, since it is sure of its mistakes',
      ),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe(
        'terms whose coefficient, in standardised units, is a smaller share of the greatest one are dropped',
      ),
    refitEpisodes: count(0, 1e6)
      .default(100)
      .describe('meta-steps without a penalty that refit the terms that are left'),
    searches: count(1, 1000)
      .default(1)
      .describe(
        'searches, each with tasks and initial weights of its own; several tell how far the terms and the coefficients can be trusted',
      ),
  })
  .prefault({})
  .describe('how a sparse rule is taken from the search');

export const baselineNames = ['feedback-alignment', 'backpropagation', 'best-single-term'] as const;

/** Whether a baseline is one that has a name of its own, and no rule. */
export const isNamed = (baseline: string): baseline is (typeof baselineNames)[number] =>
  (baselineNames as readonly string[]).includes(baseline);

const evaluate = z
  .strictObject({
    tasks: count(2, 1e6).default(100).describe('held-out tasks on which each rule is run'),
    level: z.number().min(0.5).max(0.999).default(0.95).describe('level of the intervals'),
    also: alsoShape,
  })
  .prefault({})
  .describe('how rules are compared');

const engine = z
  .strictObject({
    name: z
      .enum(['fused', 'interpret', 'tfjs'])
      .default('fused')
      .describe(
        'fused: WebAssembly made for the rule, in single precision; interpret: plain code in double precision; tfjs: TensorFlow.js',
      ),
    backend: z
      .enum(['cpu', 'wasm', 'tensorflow', 'webgl', 'webgpu'])
      .optional()
      .describe('backend of tfjs; wasm if none is given. engrammar doctor tells which work here'),
  })
  .prefault({})
  .describe('what computes');

const MOST_VALUES = 20;

const vary = z
  .strictObject({
    shots: z
      .array(count(fewShotOptions.shots.least, fewShotOptions.shots.most))
      .min(1)
      .max(MOST_VALUES)
      .describe('images a class to learn from'),
    weightScale: z.array(scale).min(1).max(MOST_VALUES).describe(SCALES.weightScale),
    feedbackScale: z.array(scale).min(1).max(MOST_VALUES).describe(SCALES.feedbackScale),
  })
  .partial()
  .describe(
    'values that episodes of the search and of the comparison of candidates take in turn, instead of those of the task and the circuit; rules are scored on the task as it stands, and on each of these values',
  );

/** The whole experiment file. The words of `describe` are those of the JSON Schema and of hints. */
export const experimentShape = z
  .strictObject({
    about: text('a sentence or two for people').optional(),
    name: label(
      'how engrammar run calls the rules of the file; by their own names if not given',
    ).optional(),
    space: named('the space of terms to search').optional(),
    rule: named('one rule to run or to fit').optional(),
    rules: rulesByKind(
      'rules by the kind of projection they stand on: those that are run ({}: none), or, beside a space, those of the other projections',
    ),
    values: values(
      'values of parameters instead of those written: NAME, or RULE.NAME of several rules or where the circuit has a NAME',
    ),
    descent: descentShape.optional(),
    projection: text(
      'the kind of projection on which the rule that is searched stands; the first of the circuit if not given',
    ).optional(),
    circuit,
    task,
    vary: vary.optional(),
    learner,
    select,
    baselines: z
      .array(z.union([z.enum(baselineNames), named('a rule')]))
      .max(20)
      .optional()
      .describe(
        'what the rule is compared with, under the same budget: what has a name of its own, and any rules, which are fitted by a search and run as they are; if not given, all of the former that the circuit has; a run adds the circuit that does not learn, unless the list is empty',
      ),
    evaluate,
    compare: compareShape,
    sweep: sweepShape.optional(),
    engine,
    seed: count(0, Number.MAX_SAFE_INTEGER)
      .default(1)
      .describe('all chance follows from it: the same seed gives the same run'),
    workers: count(1, 256)
      .optional()
      .describe('threads that compute; as many as there are processors if not given'),
  })
  .describe('An experiment of engrammar');

/** A checked experiment with every default filled in. */
export type ExperimentConfig = z.output<typeof experimentShape>;

/** What an experiment says besides its subject, its circuit and its task. */
export const methodShape = experimentShape.omit({
  space: true,
  rule: true,
  rules: true,
  circuit: true,
  task: true,
  vary: true,
  name: true,
  descent: true,
  compare: true,
  sweep: true,
});
export type MethodConfig = z.output<typeof methodShape>;
/** The same as it may be given: everything has a default. */
export type MethodInput = z.input<typeof methodShape>;

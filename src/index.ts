/** Engrammar as a library. Each name is documented where it is defined. */

// Rules and spaces: text → syntax tree → checked.

export type { Diagnostic } from './base/diagnostics/diagnostic.js';
export { renderDiagnostic, renderDiagnostics } from './base/diagnostics/render.js';
export { type Dimension, PLAIN, TIME, VOLTAGE } from './base/dimension.js';
export { EngrammarError, type Result, unwrap } from './base/result.js';
export type { Source } from './base/source.js';
export type { Expression, Item, Rule, Space } from './language/ast.js';
export { checkRule } from './language/check/rule.js';
export { checkSpace } from './language/check/space.js';
export type { CheckedRule, CheckedSpace, Locality } from './language/checked.js';
export { parse, parseExpression } from './language/parse.js';
export { printExpression, printItem, printItems } from './language/print.js';
export type { Grade, Signal, SignalTable } from './language/signals.js';
export { type TableOptions, tableOffering, wholeVocabulary } from './language/vocabulary.js';

// Algebra: normal forms, equality, printed forms, the terms of a space.

export { canonicalText } from './algebra/canonical.js';
export { canonicalRule } from './algebra/canonical-rule.js';
export { describeCost, ruleCost, type UpdateCost, updateCost } from './algebra/cost.js';
export { enumerate } from './algebra/enumerate.js';
export { equal, equalUpToFactor } from './algebra/equal.js';
export { latexMatrix, latexSynapse } from './algebra/latex-rule.js';
export { latexTerm } from './algebra/latex-synapse.js';
export { machineForm } from './algebra/machine-form.js';
export { readMathjs } from './algebra/mathjs-read.js';
export { writeMathjs } from './algebra/mathjs-write.js';
export { normalForm } from './algebra/normal-form.js';
export { ruleForm } from './algebra/rule-form.js';
export { shortest } from './algebra/shortest.js';
export type { MachineForm, Polynomial, RuleForm, Term, TermLibrary } from './algebra/types.js';

// Pipelines over whole texts.

export {
  compareRules,
  type Neighbour,
  nearestRules,
  type RuleDifference,
} from './catalogue/compare.js';
export { knownRules } from './catalogue/known.js';

export {
  attempt,
  checkItem,
  describeRule,
  type Library,
  type RuleDescription,
  readLibrary,
  readRule,
} from './compile.js';

export type { Latex } from './express/latex.js';

// Circuits, tasks, programs and engines.

export { Stream } from './base/random.js';
export {
  drawFeedForward,
  type FeedForwardOptions,
  feedForward,
  feedForwardProgram,
} from './circuits/feed-forward.js';
export { feedForwardTable } from './circuits/feed-forward-tables.js';
export type { CircuitKind } from './circuits/kind.js';
export { type LayerOffer, type LayerOptions, layer, layerTable } from './circuits/layer.js';
export { CIRCUITS } from './circuits/registry.js';
export { type ReplayOptions, replay } from './circuits/replay.js';
export { type EnginesReport, inspectEngines } from './engine/doctor.js';
export type { Engine, Episode, EpisodeResult, Runner } from './engine/engine.js';
export { createFusedEngine, type FusedOptions } from './engine/fused/engine.js';
export { interpreter } from './engine/interpret/interpret.js';
export { type EngineChoice, openEngine } from './engine/open.js';
export { type ParallelOptions, parallelEngine } from './engine/parallel/engine.js';
export { createTfjsEngine } from './engine/tfjs/engine.js';
export {
  type EpisodeOperation,
  type EpisodeTensors,
  episodeOperation,
} from './engine/tfjs/episode-operation.js';
export { type StepOperation, stepOperation } from './engine/tfjs/step-operation.js';
export type { StepSizes } from './engine/tfjs/step-program.js';
export type { GraphBuilder } from './program/builder.js';
export {
  type Circuit,
  type CircuitEnd,
  type CircuitNow,
  type CircuitStep,
  maskOf,
  type Projection,
  type Timeline,
  type Trial,
} from './program/circuit.js';
export type { Graph, Node, Output, Program, Shape, Slot } from './program/ir.js';
export { printGraph } from './program/print.js';
export { prepareRule, type RuleForCircuit } from './program/rule.js';
export { scheduleInputs, stepsOf } from './program/schedule.js';
export { startOf } from './program/start.js';
export { type WeaveOptions, weave } from './program/weave.js';
export { loadDigits } from './tasks/digits.js';
export { accuracyOf, type FewShotEpisode, fewShotEpisode } from './tasks/episodes.js';
export { forwardGradient } from './tasks/forward-gradient.js';
export { type GlyphSet, loadGlyphs } from './tasks/glyphs.js';
export { loadIdx } from './tasks/idx.js';
export { type BernoulliOptions, bernoulliPatterns } from './tasks/inputs/bernoulli.js';
export { type GaussianOptions, gaussianInputs } from './tasks/inputs/gaussian.js';
export { imageInputs, type ShownImages } from './tasks/inputs/images.js';
export { recordedInputs } from './tasks/inputs/recorded.js';
export { type PoissonOptions, poissonSpikes } from './tasks/inputs/spikes.js';
export {
  type ExpectedCourse,
  type PerturbedReadout,
  perturbationTheory,
} from './tasks/perturbation-theory.js';
export { poolImages } from './tasks/pool.js';
export { TASKS, type TaskKind } from './tasks/registry.js';
export { sampleTask, splitSet } from './tasks/sampler.js';
export {
  prepareSimulation,
  type SimulatedCircuit,
  type SimulatedEpisode,
  type Simulation,
  type SimulationResult,
  type Simulator,
  simulate,
} from './tasks/simulate.js';
export type { FewShotTask, ImageSet, Task, TaskEpisode } from './tasks/types.js';

// Rules from recordings.

export type { AnimalRecord, Choices } from './infer/behaviour/choices.js';
export {
  type ChoicesRequest,
  inferFromAnimals,
  inferFromChoices,
} from './infer/behaviour/from-choices.js';
export { type InferRequest, inferFromColumns, inferFromFile } from './infer/from-file.js';
export type { Activity, ActivityTrial } from './infer/hidden/activity.js';
export {
  type ActivityRequest,
  inferFromActivity,
  inferFromTrials,
} from './infer/hidden/from-activity.js';
export type { InferResult } from './infer/result.js';

// Experiments, discoveries, runs.

export type { DiscoveryResult } from './discover/result.js';
export {
  type DeclaredExperiment,
  DiscoveryInterrupted,
  resumeDiscovery,
  type SessionOptions,
  startDeclaredDiscovery,
  startDiscovery,
} from './discover/session.js';
export { type Experiment, loadExperiment, parseExperiment } from './experiments/load.js';
export {
  RunInterrupted,
  type RunOptions,
  type RunResult,
  resumeRun,
  runExperiment,
} from './experiments/run.js';
export { listRuns, type RunSummary } from './runs/list.js';

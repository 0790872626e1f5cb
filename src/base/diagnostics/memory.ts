import { diagnosticKind } from './diagnostic.js';
import { along, didYouMean, type Meant } from './words.js';

/** Texts about memory, clauses, moments, time and branches in rules (E228 to E269, W202 and W203). */

export const mixedBranches = diagnosticKind<Record<string, never>>(
  'E228',
  'An `if` of which only one branch is made of spikes',
  'Spikes are counts that come at moments; the other branch has a value at every moment. Next to a spike memory is read as it stood just before, elsewhere as it stands now, so such an `if` has two readings. Either all branches are made of spikes (a 0 fits), or none.',
  () => ({
    message: 'one branch of this `if` is made of spikes, the other is not',
    hint: 'write two terms: one with the spike, one without',
  }),
);

export const notConstant = diagnosticKind<{ readonly what: string; readonly reads: string }>(
  'E229',
  'Something that must not change in a run, and does',
  'What `over` and `from` take, the start of a `state`, a ridge and the bounds of the weight are known before the first step: they are made of numbers, parameters and what is fixed in a circuit, such as `dt` and the sizes of the populations. A fraction that changes from step to step can stand after `keeping`.',
  ({ what, reads }) => ({
    message: `${what} is made of numbers and parameters; \`${reads}\` changes in a run`,
  }),
);

export const timeInSteps = diagnosticKind<{ readonly unit: string; readonly circuit: string }>(
  'E230',
  'A unit of time in a circuit that counts steps',
  'In some circuits a step has no length in milliseconds: a step is one sample, one pattern or one iteration. The only unit of time there is `step`: `over 20 steps`, `0.1 per step`. In circuits whose steps last `dt` milliseconds all units of time can be used.',
  ({ unit, circuit }) => ({
    message: `\`${unit}\` is no unit here: ${circuit} counts steps`,
    expected: ['step', 'steps'],
    hint:
      unit === 'Hz'
        ? 'give the rate per step: `0.1 per step`'
        : 'give the time in steps: `20 steps`',
  }),
);

export const notPositive = diagnosticKind<{
  readonly what: string;
  /** What it comes out as, where that is not what is written. */
  readonly given?: string;
}>(
  'E231',
  'A time or ridge that is not positive',
  'Time constants, intervals and delays are longer than nothing, and so is a ridge. An interval of 0 steps or a delay of 0 ms would mean "in every step" and "now", which are written without a clause and without a moment. Of parameters the values in the text count.',
  ({ what, given }) => ({
    message: `${what} must be more than 0${given === undefined ? '' : `, and it is ${given}`}`,
  }),
);

export const notAFraction = diagnosticKind<{ readonly given: string }>(
  'E253',
  'A fraction kept that is none',
  '`keeping f` says which fraction of a memory is left in the next step: 0 keeps nothing, 1 everything. With more than 1 it would grow without end, with less than 0 it would change its sign in every step. Of parameters the values in the text count.',
  ({ given }) => ({
    message: `what is kept must lie between 0 and 1, and it is ${given}`,
    hint: 'for a time constant write `over`; any other recursion is a `state`',
  }),
);

export const onlyOnce = diagnosticKind<{ readonly what: string; readonly line: number }>(
  'E232',
  'A line that a rule can have only once',
  'Changes are added up, but of two new weights, two ranges or two values sent it would not be clear which one holds: a rule has at most one `set w`, one `bound w in`, one `bound w keeping sign` and one `transmit`.',
  ({ what, line }) => ({
    message: `a second ${what}: the first is in line ${line}`,
    hint: 'keep one of the two; what depends on a condition is an `if`',
  }),
);

export const clauseTwice = diagnosticKind<{ readonly clause: string }>(
  'E233',
  'The same clause twice before one line',
  'Clauses are factors that multiply. The same one twice says nothing more (or, of spikes, counts them squared, which is surely not meant).',
  ({ clause }) => ({ message: `\`${clause}:\` stands twice before this line`, hint: 'remove one' }),
);

export const notASpike = diagnosticKind<{
  readonly name: string;
  readonly available: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E234',
  'An `on` clause without a spike',
  '`on` takes a spike signal (perhaps one of a while ago, `on pre.spike@5 ms:`); the line acts where the neuron spiked, as often as it spiked. Moments of a schedule, such as the end of a trial, take `at`.',
  ({ name, available, hint }) => ({
    message: `\`on\` needs a spike, and \`${name}\` is none`,
    expected: available,
    ...(hint ? { hint } : {}),
  }),
);

export const notScheduled = diagnosticKind<{
  readonly name: string;
  readonly circuit: string;
  readonly available: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E235',
  'An `at` clause without a scheduled event',
  '`at` takes an event of the schedule: `trial.end`, the start or end of a phase, or an event of the circuit such as `relax.end`. Spikes take `on`.',
  ({ name, circuit, available, hint }) => ({
    message: `\`${name}\` is no scheduled event of ${circuit}`,
    expected: available,
    ...(hint ? { hint } : {}),
  }),
);

export const notAStart = diagnosticKind<{
  readonly name: string;
  readonly available: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E236',
  'A `since` without a start',
  'Memory starts again at the start of a trial or phase (`since trial.start`) or at a spike (`since pre.spike`). An end is no start: the next trial or phase starts in the step after it.',
  ({ name, available, hint }) => ({
    message: `memory cannot start again at \`${name}\``,
    expected: available,
    ...(hint ? { hint } : {}),
  }),
);

export const unknownPhase = diagnosticKind<
  { readonly name: string; readonly circuit: string; readonly available: readonly string[] } & Meant
>(
  'E237',
  'A phase this circuit does not have',
  '`during` takes a phase of the circuit, such as `free` or `clamped`. `engrammar circuits` lists them.',
  ({ name, circuit, available, meant }) => ({
    message: `\`${name}\` is no phase of ${circuit}`,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const unknownMoment = diagnosticKind<
  { readonly moment: string; readonly available: readonly string[] } & Meant
>(
  'E238',
  'An unknown moment',
  'A signal can be read one step ago (`@previous`), a while ago (`@13.7 ms`) and as it was at the end of a phase of this trial (`@free`). The phases are those of the circuit.',
  ({ moment, available, meant }) => ({
    message: `there is no moment \`@${moment}\` here`,
    expected: available.map((each) => `@${each}`),
    ...didYouMean({ meant: meant && `@${meant}` }),
  }),
);

export const unknownDistribution = diagnosticKind<
  { readonly name: string; readonly available: readonly string[] } & Meant
>(
  'E239',
  'An unknown distribution',
  '`draw` takes a fresh number each time its line acts: `normal` with mean 0 and variance 1, or `uniform` between 0 and 1. Anything else is computed from these.',
  ({ name, available, meant }) => ({
    message: `nothing can be drawn from \`${name}\``,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const signalBefore = diagnosticKind<{ readonly name: string }>(
  'E240',
  '`@before` of a signal',
  '`@before` is memory as it was before the input of this step came. Signals are what comes in this step; the value of the last step is `@previous`.',
  ({ name }) => ({
    message: `\`${name}\` is a signal: only memory has a \`@before\``,
    hint: `for the value of the last step write \`${name}@previous\``,
  }),
);

export const memoryMoment = diagnosticKind<{ readonly name: string; readonly moment: string }>(
  'E241',
  'A moment that memory does not have',
  'Memory has one moment, `@before`: as it was before the input of this step came. Moments such as `@previous`, `@free` and delays are for signals; to remember an older value, let another memory take it in.',
  ({ name, moment }) => ({
    message: `\`${name}\` is memory and has no moment \`${moment}\``,
    expected: [`\`${name}\``, `\`${name}@before\``],
  }),
);

export const memoryCircle = diagnosticKind<{ readonly names: readonly string[] }>(
  'E242',
  'Memories that read the present value of each other in a circle',
  'Within a step each memory takes in its input after those whose present value it reads. In a circle none can be the first. One of them must read the value that was there before the input of this step came.',
  ({ names }) => ({
    message: `these memories need the present value of each other: ${along(names)}`,
    hint: `read one as it was before, such as \`${names[1] ?? names[0]}@before\``,
  }),
);

export const keepsByItself = diagnosticKind<{
  readonly name: string;
  /** Along the circle. */
  readonly names: readonly string[];
}>(
  'E252',
  'A trace whose fading depends on how it has faded',
  'The `@before` value of a trace has already faded in this step, and inside the line of a trace its own name means that value. So the fraction after `keeping` cannot depend on it, directly or through other memory. A `state` can: there the own name means the value of the last step.',
  ({ name, names }) => ({
    message: `what \`${name}\` keeps depends on what is kept of it: ${along(names)}`,
    hint: `write it as a state: \`state ${name} = 0 then …\``,
  }),
);

export const needsTime = diagnosticKind<{ readonly what: string; readonly given: string }>(
  'E243',
  'Something other than a time where a time is needed',
  '`over` takes the time in which memory fades to 37 %: `over 20 ms`, `over 5 steps`, or a parameter that is a time. A fraction kept from step to step is written `keeping 0.95`. Intervals (`every`) and delays (`pre.spike@5 ms`) are times too.',
  ({ what, given }) => ({
    message: `${what} must be a time, not ${given}`,
    ...(given === 'a plain number'
      ? { hint: 'give it a unit of time; for a fraction write `keeping`' }
      : {}),
  }),
);

export const mixedInput = diagnosticKind<{ readonly kind: string; readonly name: string }>(
  'E244',
  'A memory that adds a spike to something that is not a spike',
  'A spike makes a trace jump by 1 whatever the step; anything else adds in every step. The sum would mean something else at every length of the step. Remember the two apart and add them where they are read.',
  ({ kind, name }) => ({
    message: `the ${kind} \`${name}\` adds a spike to something that is not a spike`,
    hint: 'write two memories, and add them where they are read',
  }),
);

export const rateNeedsTime = diagnosticKind<{ readonly name: string }>(
  'E245',
  'An average of spikes that is given a fraction',
  'The average of spikes is a rate: their number divided by a time. So it needs a time, `over 10 s`, or an event since which spikes are counted, `since trial.start`. What `keeping` fades from step to step has no such time.',
  ({ name }) => ({
    message: `\`${name}\` is an average of spikes: it needs \`over\` or \`since\`, not \`keeping\``,
    hint: 'write `over` and a time, or use a `trace`',
  }),
);

export const runsInTime = diagnosticKind<{ readonly what: string; readonly clause: string }>(
  'E246',
  'Something that runs in time under a clause that picks moments',
  '`dw/dt` and an average `over` a time run on from step to step, so they may act in every step or in every step of a phase (`during`). At single moments a line acts once: write `dw`, or `keeping` and a fraction.',
  ({ what, clause }) => ({
    message: `${what} runs in time and cannot stand under \`${clause}:\``,
    hint:
      what === '`dw/dt`'
        ? 'write `dw` for a change at a moment'
        : 'write `keeping` and the fraction kept each time the line acts',
  }),
);

export const changeNotPerTime = diagnosticKind<{ readonly given: string }>(
  'E247',
  'A `dw/dt` that is not per time',
  '`dw/dt` is a weight per time: it is multiplied by the length of a step. Divide by a time constant, or give the learning rate the unit `per s`.',
  ({ given }) => ({
    message: `\`dw/dt\` must be a rate (1/time), but this is ${given}`,
    hint: 'divide by a time, or write `dw` for a change in every step',
  }),
);

export const sentTooEarly = diagnosticKind<{ readonly name: string }>(
  'E248',
  'A signal in what is sent',
  'What `transmit` sends is known before the circuit runs, so it is made of the weight, parameters and memory (as it was before the input of this step). Signals come only afterwards.',
  ({ name }) => ({
    message: `\`transmit\` reads \`${name}\`, which comes only after sending`,
    expected: ['w', 'parameters', 'memory'],
    hint: 'remember it in a memory and send that',
  }),
);

export const phaseNotOver = diagnosticKind<{ readonly name: string; readonly acts: string }>(
  'E249',
  'A line that reads a phase before it is over',
  '`post@free` is the value at the end of a phase of this trial, so it can be read only in lines that act at that end or later.',
  ({ name, acts }) => ({
    message: `\`${name}\` is not there yet: this line acts ${acts}`,
    hint: 'let the line act `at trial.end:`',
  }),
);

export const notWholeSteps = diagnosticKind<{ readonly given: string }>(
  'E250',
  'A fraction of a step',
  'A circuit runs step by step, and between two steps there is nothing to read and nothing that acts: intervals and delays are whole numbers of steps.',
  ({ given }) => ({ message: `\`${given}\` is not a whole number of steps` }),
);

export const whitensOther = diagnosticKind<{ readonly what: string; readonly extent: string }>(
  'E251',
  'A `whiten` of something other than the presynaptic neurons',
  'Recursive least squares keeps the correlations of the inputs that the neurons of a projection share, one table for the whole projection. So it takes one value for each presynaptic neuron (`whiten k = pre ridge 10`), and its ridge, its gate and its clauses are the same for all of them: `at`, `every` and `during`, not `on` a spike.',
  ({ what, extent }) => ({
    message:
      extent === 'global'
        ? `${what} has one value for the whole projection`
        : `${what} has one value for each ${extent === 'synapse' ? 'synapse' : `${extent} neuron`}`,
    expected: ['`whiten` of a presynaptic quantity, with a ridge, gate and clauses that all share'],
  }),
);

export const changesWithStep = diagnosticKind<Record<string, never>>(
  'W202',
  'A change that depends on the length of a step',
  'In this circuit a step lasts `dt`. A bare `dw` acts in every step, so half the step doubles what it does in a second. `dw/dt` is a change per time; `on` and `at` say at which moments to act.',
  () => ({
    message: 'this `dw` acts in every step, so what it does in a second depends on `dt`',
    hint: 'write `dw/dt` and give the learning rate the unit `per s`',
  }),
);

export const traceWithStep = diagnosticKind<{ readonly name: string }>(
  'W203',
  'A trace that depends on the length of a step',
  'In this circuit a step lasts `dt`. A trace adds what comes in every step, so with half the step it grows twice as large (of spikes there are as many, whatever the step). An `average` does not depend on the step, nor does a trace of something times `dt`.',
  ({ name }) => ({
    message: `the trace \`${name}\` adds up in every step, so its size depends on \`dt\``,
    hint: 'write `average`, or multiply by `dt`',
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const memoryDiagnostics = [
  mixedBranches,
  notConstant,
  timeInSteps,
  notPositive,
  notAFraction,
  onlyOnce,
  clauseTwice,
  notASpike,
  notScheduled,
  notAStart,
  unknownPhase,
  unknownMoment,
  unknownDistribution,
  signalBefore,
  memoryMoment,
  memoryCircle,
  keepsByItself,
  needsTime,
  mixedInput,
  rateNeedsTime,
  runsInTime,
  changeNotPerTime,
  sentTooEarly,
  phaseNotOver,
  notWholeSteps,
  whitensOther,
  changesWithStep,
  traceWithStep,
];

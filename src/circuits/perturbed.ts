import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import type { Circuit, CircuitEnd, CircuitNow, CircuitStep } from '../program/circuit.js';
import type { Node, Output, Slot } from '../program/ir.js';
import { circuitKind } from './kind.js';
import { countOption, numberOption, type ValuesOf, wordOption } from './options.js';
import { LOSS_STATES, lossOfLastTrial } from './recurrent-parts.js';
import { runningMean } from './running-mean.js';

const OPTIONS = {
  inputs: countOption({ meaning: 'input neurons', fallback: 100, least: 1 }),
  outputs: countOption({ meaning: 'output neurons', fallback: 10, least: 1 }),
  perturbs: wordOption({
    meaning:
      'what is changed at random in the phase perturbed: outputs, anew in every step, or weights, once for a trial',
    fallback: 'outputs',
    words: ['outputs', 'weights'],
  }),
  reward: wordOption({
    meaning:
      'what reward is: minus the error of the phase so far, or how much better the phase has been so far than it would have been without perturbation, which is the same difference without its loss of digits',
    fallback: 'difference',
    words: ['difference', 'absolute'],
  }),
  spread: numberOption({
    meaning: 'weights start normal with this standard deviation',
    fallback: 0,
    least: 0,
  }),
};

type PerturbedOptions = ValuesOf<typeof OPTIONS>;

const SIGNALS = ['pre', 'post', 'post.noise', 'post.error', 'post.target', 'reward', 'cost'];
const ALWAYS = ['w', 'dt', 'pre.size', 'post.size'];

function tableOf(perturbs: PerturbedOptions['perturbs']): SignalTable {
  const signals = [...ALWAYS, ...SIGNALS, ...(perturbs === 'weights' ? ['w.noise'] : [])];
  return tableOffering('perturbed', signals, ['readout'], { phases: ['baseline', 'perturbed'] });
}

/** The reward of the phase so far. */
const REWARD_STATES: readonly Slot[] = [
  { name: 'phase step', shape: [1, 1] },
  { name: 'phase reward', shape: [1, 1] },
];

/**
 * A linear read-out z = W x whose outputs or weights are perturbed (Züge, Klos & Memmesheimer 2023, Phys
 * Rev X 13:021006). In the phase `perturbed` the outputs are z + ξ, with ξ drawn anew in every step, or
 * (W + Ξ) x, with Ξ drawn once for a trial; elsewhere z. `post.noise` is what that changes in the outputs,
 * either way; `w.noise` is Ξ.
 *
 * With E = ½ Σ (target − output)², averaged over the steps of the phase so far, `reward` is −E, or the
 * difference that the perturbation makes to it: Σ (target − z) δz − ½ δz², averaged in the same way. A
 * phase without perturbation then has a reward of 0, so that rules that compare two phases read the same.
 *
 * Step inputs `pattern`, `target`, and `noise`: `[1, outputs]`, or `[outputs, inputs]`, the same in every step
 * of a trial. The loss is E without perturbation, averaged over the steps of the last trial.
 */
function perturbedCircuit(options: PerturbedOptions): Circuit {
  const { inputs, outputs, perturbs } = options;
  return {
    name: `perturbed ${inputs}-${outputs} (${perturbs})`,
    projections: [
      { name: 'readout', kind: 'readout', preSize: inputs, postSize: outputs, masked: false },
    ],
    tables: { readout: tableOf(perturbs) },
    states: [...LOSS_STATES, ...REWARD_STATES, { name: 'used', shape: [1, inputs] }],
    constants: [],
    stepInputs: [
      { name: 'pattern', shape: [1, inputs] },
      { name: 'target', shape: [1, outputs] },
      { name: 'noise', shape: perturbs === 'weights' ? [outputs, inputs] : [1, outputs] },
    ],
    queryInputs: [],
    stepLength: null,
    step: (builder, now) => step(builder, now, options),
    readout: (builder, end) => readout(builder, end, options),
    draw: (stream) => draw(stream, options),
  };
}

function step(b: GraphBuilder, now: CircuitNow, options: PerturbedOptions): CircuitStep {
  const pattern = now.value('pattern');
  const target = now.value('target');
  const isPerturbed = now.during('perturbed');
  const noise = now.value('noise');
  const tried = options.perturbs === 'weights' ? b.matmul(pattern, noise, false, true) : noise;
  const change = b.multiply(isPerturbed, tried);
  const output = b.matmul(pattern, now.weight('readout'), false, true);
  const missing = b.subtract(target, output);
  const post = b.add(output, change);
  const half = (values: Node): Node =>
    b.multiply(b.constant(0.5), b.sum(b.multiply(values, values), 'columns'));
  const error = b.subtract(post, target);

  const begins = b.binary('maximum', now.at('trial.start'), now.at('perturbed.start'));
  const trial = runningMean(b, now.at('trial.start'), half(missing), {
    count: now.value('trial step'),
    mean: now.value('trial loss'),
  });
  const gained =
    options.reward === 'difference'
      ? b.subtract(b.sum(b.multiply(missing, change), 'columns'), half(change))
      : b.unary('negate', half(error));
  const phase = runningMean(b, begins, gained, {
    count: now.value('phase step'),
    mean: now.value('phase reward'),
  });
  const signals: Readonly<Record<string, () => Node>> = {
    pre: () => pattern,
    post: () => post,
    'post.noise': () => change,
    'post.error': () => error,
    'post.target': () => target,
    'w.noise': () => noise,
    reward: () => phase.mean,
    cost: () => half(error),
  };
  return {
    states: [
      { name: 'trial step', node: trial.count },
      { name: 'trial loss', node: trial.mean },
      { name: 'phase step', node: phase.count },
      { name: 'phase reward', node: phase.mean },
      {
        name: 'used',
        node: b.binary('maximum', now.value('used'), b.unary('abs', pattern)),
      },
    ],
    signal: (_, name) => signals[name]!(),
    observed: [{ name: 'output', node: post }],
  };
}

/** The loss, and the root mean square of weights from inputs that were 0 throughout (0 if there are none). */
function readout(b: GraphBuilder, end: CircuitEnd, { outputs }: PerturbedOptions): Output[] {
  const idle = b.subtract(b.constant(1), b.unary('step', end.value('used')));
  const weights = b.multiply(end.weight('readout'), idle);
  const squares = b.sum(b.sum(b.multiply(weights, weights), 'columns'), 'rows');
  const count = b.multiply(b.constant(outputs), b.sum(idle, 'columns'));
  const mean = b.binary('divide', squares, b.binary('maximum', count, b.constant(1)));
  return [...lossOfLastTrial(b, end), { name: 'rms of idle weights', node: b.unary('sqrt', mean) }];
}

function draw(
  stream: Stream,
  { inputs, outputs, spread }: PerturbedOptions,
): Record<string, Float64Array> {
  const draws = stream.child('weights', 'readout');
  const length = inputs * outputs;
  return { readout: Float64Array.from({ length }, () => spread * draws.normal()) };
}

export const perturbed = circuitKind({
  name: 'perturbed',
  meaning:
    'a linear read-out that explores: its outputs, or its weights, are changed a little at random, and a reward tells what that was worth',
  step: 'one time bin: the outputs follow the inputs of the bin',
  trial:
    'a sequence of inputs with its targets, shown without perturbation (baseline), if at all, and then with it (perturbed)',
  projections: [
    {
      kind: 'readout',
      meaning:
        'from the inputs to the outputs: post is what the outputs did, post.noise how much of it is due to the perturbation',
      table: tableOf('weights'),
    },
  ],
  options: OPTIONS,
  make: perturbedCircuit,
});

import type { RunContents } from '../../src/runs/list.js';

const interval = (mean: number, lo: number, hi: number) => ({ mean, lo, hi, tasks: 50 });

/** Numbers made up for the layout alone. */
export const discovery = {
  schemaVersion: 1,
  experiment: 'example',
  seed: 7,
  engine: { name: 'fused', backend: null, notices: ['tfjs computed a part'] },
  rule: {
    text: 'rule discovered {\n  param F0 = 0.01\n  dw = -F0 * post.error * pre\n}\n',
    latex: {
      synapse: '\\Delta w_{ij} = -F_0 e_i x_j + F_7 (y_i - w_{ij})',
      matrix:
        '\\begin{aligned}\n  x &\\leftarrow x + S \\\\\n  \\Delta W &= -F_0 e x^\\top\n\\end{aligned}',
      parameters: 'F_0 = 0.01,\\quad F_7 = -0.0025',
    },
  },
  terms: [
    {
      id: 'F0',
      text: '-post.error * pre',
      coefficient: 0.01,
      interval: [0.00812345678, 0.012],
      inclusion: 1,
      verdict: 'established',
      effect: interval(1.5, 1.25, 1.75),
      aliases: ['pre * post.error'],
    },
    {
      id: 'F7',
      text: '-post.error * sum_all(post * w * pre.error) * pre',
      coefficient: -0.0025,
      interval: null,
      inclusion: null,
      verdict: 'not assessed',
      effect: null,
    },
  ],
  dropped: [{ id: 'F3', text: 'if(w < 1, w, "a & b")', by: 'small or zero in the search' }],
  front: [
    { terms: ['F0'], complexity: 2, loss: interval(0.6, 0.5, 0.7), reported: false },
    { terms: ['F0', 'F7'], complexity: 7, loss: interval(0.5, 0.4, 0.6), reported: true },
  ],
  metrics: { accuracy: interval(0.75, 0.725, 0.775), loss: interval(0.5, 0.45, 0.55), diverged: 0 },
  baselines: [
    {
      name: 'feedback-alignment',
      about: 'an example',
      text: 'rule fa { dw = -post.error * pre }',
      metrics: {
        accuracy: interval(0.5, 0.475, 0.525),
        loss: { mean: null, lo: null, hi: null, tasks: 0 },
        diverged: 2,
      },
      gain: { accuracy: interval(0.25, 0.2, 0.3), loss: interval(-0.1, -0.3, 0.1) },
    },
    {
      name: 'hebb',
      about: 'a given rule',
      text: 'rule hebb { dw = post * pre }',
      metrics: {
        accuracy: interval(0.74, 0.7, 0.78),
        loss: interval(0.6, 0.5, 0.7),
        diverged: 0,
      },
      gain: { accuracy: interval(0.01, -0.02, 0.04), loss: interval(-0.1, -0.15, -0.05) },
    },
  ],
  gain: {
    over: 'feedback-alignment',
    accuracy: interval(0.25, 0.2, 0.3),
    loss: interval(-0.1, -0.3, 0.1),
  },
  also: [
    {
      name: 'shots 1',
      circuit: {},
      task: {},
      jitter: 0,
      metrics: { accuracy: interval(0.5, 0.45, 0.55), loss: interval(0.9, 0.8, 1), diverged: 0 },
      baselines: [
        {
          name: 'feedback-alignment',
          metrics: { accuracy: interval(0.3, 0.25, 0.35), loss: interval(1, 0.9, 1), diverged: 0 },
          gain: { accuracy: interval(0.2, 0.1, 0.3), loss: interval(-0.1, -0.2, 0) },
        },
        {
          name: 'hebb',
          metrics: { accuracy: interval(0.5, 0.4, 0.6), loss: interval(1, 0.9, 1), diverged: 0 },
          gain: { accuracy: interval(0, -0.1, 0.1), loss: interval(-0.1, -0.2, 0) },
        },
      ],
    },
    {
      name: 'other weights',
      circuit: { scale: 2 },
      task: {},
      jitter: 0,
      metrics: { accuracy: interval(0.7, 0.65, 0.75), loss: interval(0.7, 0.6, 0.8), diverged: 0 },
      // As in folders that an earlier version wrote.
      baselines: [
        {
          name: 'hebb',
          metrics: { accuracy: interval(0.6, 0.5, 0.7), loss: interval(1, 0.9, 1), diverged: 1 },
        },
      ],
    },
  ],
  candidates: {
    scored: 1200,
    probed: 40,
    tried: 12,
    monomials: 3,
    locality: { grade: 'neuron', because: 'sum_all(post * w * pre.error)' },
    alike: [{ id: 'F0', texts: ['-post.error * pre * 1', 'pre * post.error'] }],
  },
  divergedEpisodes: 3,
  runFolder: '/somewhere/runs/example-1',
  seconds: 83.4,
};

export const inference = {
  schemaVersion: 1,
  recording: 'slice.csv',
  target: 'dw',
  seed: 0,
  engine: null,
  rule: discovery.rule,
  terms: discovery.terms.map(({ effect, ...term }) => ({ ...term, p: 0.01, instead: ['w'] })),
  dropped: discovery.dropped,
  metrics: { loss: 1.5e-7, r2: 0.9 },
  baselines: [
    { name: 'no-plasticity', about: 'no change', text: '', metrics: { loss: 1e-3, r2: null } },
  ],
  aliases: [['x', 'x^2']],
  relations: [{ formula: 'x^2 = x', consequences: 2, remedy: 'record other values of x' }],
  nearAliases: [
    {
      formula: 'w^2 = 1.99 * w - 0.98',
      within: 0.0125,
      consequences: 0,
      terms: ['w^2', 'w', '1'],
      remedy: 'record w over a wider range',
    },
  ],
  factored: { text: 'dw = 0.01 * x * (y - w)', r2: 0.9 },
  known: { name: 'oja', scale: 4.987654, distance: 0 },
  nullTest: { p: 0.01, shifts: 99, rows: 800, drift: { r2: 0.25, numbers: 40, of: 'each' } },
  fit: { r2: 0.9, rows: 1000, dropped: 0, resampled: { by: 'synapse', blocks: 40 } },
  irrepresentable: 1.25,
  path: [
    { terms: [], r2: 0 },
    { terms: ['x'], r2: 0.5 },
    { terms: ['x', 'w'], r2: 0.9 },
  ],
  runFolder: null,
};

/** Choices of animals, with a window that was fitted and one that the data do not tell. */
export const choices = {
  ...inference,
  recording: 'flies.csv',
  target: 'choice',
  observed: 'choices',
  metrics: { loss: 0.8765, r2: 0.35 },
  heldOut: { r2: 0.31, folds: 5 },
  baselines: [
    { name: 'no-learning', about: 'as at first', text: '', metrics: { loss: 1.35, r2: 0 } },
  ],
  fitted: [
    { name: 'window', value: 10.2, unit: '', interval: [8.1, 12.345678], isTold: true },
    { name: 'tau', value: 200, unit: 'ms', interval: [20, null], isTold: false },
  ],
  aliases: [],
  relations: [],
  nearAliases: [],
  factored: null,
  known: null,
  nullTest: { p: 0.005, shifts: 199, rows: 4320, drift: null },
  fit: { r2: 0.35, rows: 4320, dropped: 0, resampled: { by: 'animal', blocks: 18 } },
};

/** A recording of nothing but drift. */
export const refused = {
  ...inference,
  rule: null,
  terms: [],
  metrics: null,
  factored: null,
  known: null,
  irrepresentable: null,
  refused: { why: 'drift', terms: ['x', 'w'], r2: 0.2 },
};

export const ran = {
  schemaVersion: 1,
  experiment: 'hebbian',
  circuit: 'layer',
  task: 'gaussian',
  rules: [
    {
      name: 'oja',
      about: 'the rule',
      baseline: false,
      texts: { feedforward: 'rule oja { dw = post * pre }' },
      values: {},
      metrics: { alignment: interval(0.99, 0.98, 1) },
      diverged: 0,
    },
    {
      name: 'no-plasticity',
      about: 'weights stay',
      baseline: true,
      texts: {},
      values: {},
      metrics: { alignment: interval(0.1, 0.05, 0.2) },
      diverged: 1,
    },
  ],
  seed: 1,
  engine: { name: 'fused', backend: null, notices: [] },
  runFolder: '/somewhere/runs/hebbian-1',
  seconds: 2,
};

const step = (job: string, at: number, coefficients: readonly number[], more = {}) => ({
  job,
  step: at,
  loss: 2 - at / 10,
  accuracy: at / 20,
  coefficients,
  diverged: 0,
  ...more,
});

/** Two steps of each search; a smaller rule was tried and not taken. */
export const history = [
  step('search', 0, [0.001, 0, 0], { names: ['F0', 'F3', 'F7'], scales: [1, 2, 0.5] }),
  step('search', 1, [0.01, 0.1, -0.001]),
  step('feedback-alignment', 0, [0.001], { names: ['eta'], scales: [1] }),
  step('feedback-alignment', 1, [0.002]),
  step('refit', 0, [0.01, -0.001], { names: ['F0', 'F7'], scales: [1, 0.5] }),
  step('refit of F0', 0, [0.01], { names: ['F0'], scales: [1] }),
  step('last refit', 0, [0.01, -0.002], { names: ['F0', 'F7'], scales: [1, 0.5] }),
  step('last refit', 0, [0.01, -0.002]),
  step('search 2, search', 0, [0.001, 0, 0], { names: ['F0', 'F3', 'F7'], scales: [1, 2, 0.5] }),
];

/** A run folder with that result, as it is read. */
export function contents(result: unknown, changes: Partial<RunContents> = {}): RunContents {
  return {
    folder: 'runs/example-1',
    status: 'done',
    manifest: {
      schemaVersion: 1,
      name: 'example',
      status: 'done',
      command: [
        'engrammar',
        'discover',
        "my file's.yaml",
        '--out',
        'runs/example-1',
        '--seed',
        '7',
      ],
      seed: 7,
      configHash: 'c0ffee',
      inputs: { 'space.space': 'beef' },
      data: {},
      outputs: {},
      versions: { node: 'v20.0.0', engrammar: '0.1.0' },
      platform: 'linux-x64',
      started: '2026-01-02T03:04:05.678Z',
      resumed: ['2026-01-02T04:00:00.000Z'],
      finished: '2026-01-02T05:00:00.000Z',
    },
    config: 'learner:\n  batch: 2\nevaluate:\n  level: 0.9\n',
    inputs: { 'space.space': 'space s { terms <b> & "x" }' },
    history,
    result,
    rule: 'rule discovered { dw = pre }\n',
    latex: '\\Delta w = 1\n',
    ...changes,
  };
}

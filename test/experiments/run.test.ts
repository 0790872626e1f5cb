import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { readRuleTexts } from '../../src/experiments/attached.js';
import { contestantsOf } from '../../src/experiments/contest.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { RunInterrupted, type RunResult, runExperiment } from '../../src/experiments/run.js';
import { setupOf } from '../../src/experiments/study.js';
import { stepsOf } from '../../src/program/schedule.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { simulate } from '../../src/tasks/simulate.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
const load = (text: string) => unwrap(parseExperiment({ name: 'test.yaml', text }, folder));

function start(text: string, signal = new AbortController().signal): Promise<RunResult> {
  runs += 1;
  const out = join(folder, `run-${runs}`);
  const workers = text.includes('workers') ? '' : '\nworkers: 1';
  return runExperiment(load(text + workers), { out, command: ['test'], versions: {}, signal });
}

const codesOf = async (running: Promise<unknown>): Promise<string[]> => {
  const error = await running.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(EngrammarError);
  return (error as EngrammarError).diagnostics.map(({ code }) => code);
};

const DIGITS = 'task: {name: digits, ways: 2, shots: 6, queries: 5, pool: 7}';

describe('a run of rules', () => {
  test('of images has accuracy and loss beside its baselines, and is kept', async () => {
    const result = await start(`
rules: {forward: kolen_pollack, feedback: kolen_pollack_feedback}
values: {kolen_pollack.eta: 0.2, kolen_pollack_feedback.eta: 0.2}
circuit: {name: feed-forward, hidden: [8], feedback: plastic}
${DIGITS}
evaluate: {tasks: 8}
`);
    expect(result.rules.map(({ name, baseline }) => [name, baseline])).toEqual([
      ['kolen_pollack + kolen_pollack_feedback', false],
      ['no-learning', true],
      ['feedback-alignment', true],
      ['backpropagation', true],
    ]);
    const [own, still, alignment] = result.rules;
    for (const { metrics } of result.rules) {
      expect(Object.keys(metrics)).toEqual(['accuracy', 'loss']);
      const { mean, lo, hi, tasks } = metrics.accuracy!;
      expect(tasks).toBe(8);
      expect(lo <= mean && mean <= hi).toBe(true);
    }
    expect(own!.metrics.loss!.mean).toBeLessThan(still!.metrics.loss!.mean);
    // The best of its learning rates is better than none.
    expect(alignment!.metrics.loss!.mean).toBeLessThan(still!.metrics.loss!.mean);
    const kept = JSON.parse(readFileSync(join(result.runFolder, 'result.json'), 'utf8'));
    expect(kept).toEqual(JSON.parse(JSON.stringify(result)));
    expect(existsSync(join(result.runFolder, 'inputs', 'feedback.rule'))).toBe(true);
  });

  test('tells where its numbers stopped being finite, in steps of the whole task', async () => {
    const text = `
rules: {recurrent: rflo, readout: rflo_readout}
values: {rflo.eta: 1000, rflo_readout.eta: 1000}
circuit: {name: recurrent, neurons: 6, tau: 5}
task: {name: sines, steps: 20, trials: 60}
baselines: []
evaluate: {tasks: 2}
`;
    const [own] = (await start(text)).rules;
    const { name, study, rules, values } = contestantsOf(load(text))[0]!;
    const { circuit, episode } = setupOf(study);
    const { start: from, timeline, chance, ...given } = episode('score', 0);
    const whole = stepsOf(timeline);
    const atOnce = await simulate({
      ...{ circuit, rules: readRuleTexts(name, rules, circuit), values, start: from, timeline },
      stepInputs: inputsBetween(given, { from: 0, to: whole, whole }),
      queryInputs: given.queryInputs ?? {},
      seed: chance.bits(),
      engine: { name: 'fused' },
    });
    expect(atOnce.divergence!.step).toBeGreaterThan(20);
    expect([own!.diverged, own!.firstDivergence]).toEqual([2, { task: 0, ...atOnce.divergence }]);
  });

  test('is the same on one thread and on two', async () => {
    const text = `
rule: feedback_alignment
circuit: {name: feed-forward, hidden: [6]}
${DIGITS}
baselines: [f_bio]
evaluate: {tasks: 30}
`;
    const [one, two] = [await start(`${text}workers: 1`), await start(`${text}workers: 2`)];
    expect(two.rules).toEqual(one.rules);
    expect(one.rules.map(({ name }) => name)).toEqual([
      'feedback_alignment',
      'no-learning',
      'f_bio',
    ]);
  });

  test('of a sequence has its first and last loss, norms, and what the read-out says', async () => {
    const result = await start(`
rules: {recurrent: rflo, readout: rflo_readout}
values: {rflo.eta: 0.1, rflo.tau: 5, rflo_readout.eta: 0.1}
circuit: {name: recurrent, neurons: 12, tau: 5}
task: {name: sines, steps: 25, trials: 60}
evaluate: {tasks: 2}
`);
    const [own, still] = result.rules;
    expect(Object.keys(own!.metrics)).toEqual([
      'first loss',
      'loss',
      'norm of recurrent',
      'norm of readout',
      'norm of feedback',
    ]);
    const { 'first loss': first, loss } = own!.metrics;
    expect(loss!.mean).toBeLessThan(0.85 * first!.mean);
    expect(still!.metrics['first loss']).toEqual(still!.metrics.loss);
  });

  test('of Oja’s rule ends with weights of length 1', async () => {
    const result = await start(`
rule: oja
circuit: {name: layer}
task: {name: gaussian, eigenvalues: [3, 1, 0.3], steps: 3000}
evaluate: {tasks: 3}
`);
    expect(result.circuit).toBe('layer 3-1 (linear)');
    expect(Object.keys(result.rules[0]!.metrics)).toEqual(['norm of W']);
    expect(result.rules[0]!.metrics['norm of W']!.mean).toBeCloseTo(1, 1);
  });

  test('on spikes, on images, on patterns in phases, and on a recording', async () => {
    const [spikes, images, patterns] = [
      await start(`
rule: stdp_pair
circuit: {name: spiking, neurons: 2, excitatory: 5, excitation: 30}
task: {name: poisson, rate: 40, steps: 400}
evaluate: {tasks: 2}
`),
      await start(`
rule: delta
circuit: {name: layer, offers: [target], outputs: 2, activation: sigmoid}
task: {name: shown-images, classes: [0, 1], pool: 7, steps: 200}
evaluate: {tasks: 2}
`),
      await start(`
rules: {recurrent: contrastive, bias: contrastive}
circuit: {name: relaxing}
task: {name: patterns, epochs: 100}
evaluate: {tasks: 2}
`),
    ];
    expect(spikes.rules[1]!.metrics['mean of rates of layer']!.mean).toBeGreaterThan(0);
    expect(images.circuit).toBe('layer 16-2 (sigmoid)');
    expect(images.rules[0]!.metrics['norm of W']!.mean).not.toBe(
      images.rules[1]!.metrics['norm of W']!.mean,
    );
    const { 'first loss': first, loss } = patterns.rules[0]!.metrics;
    expect(loss!.mean).toBeLessThan(0.2 * first!.mean);
    writeFileSync(join(folder, 'seen.csv'), 'pre[1],pre[2],post\n1,0,2\n0,1,0.5\n1,1,1\n');
    writeFileSync(
      join(folder, 'seen.json'),
      JSON.stringify({
        pre: [
          [1, 0],
          [0, 1],
          [1, 1],
        ],
        post: [2, 0.5, 1],
      }),
    );
    const [csv, json] = await Promise.all(
      ['seen.csv', 'seen.json'].map((file) =>
        start(`
rule: hebb
circuit: {name: replay}
task: {name: recorded, file: ${file}, trials: 2}
evaluate: {tasks: 2}
`),
      ),
    );
    expect(csv!.circuit).toContain('2-1');
    expect(json!.rules).toEqual(csv!.rules);
  }, 60_000);

  test('that is stopped says so, and leaves a folder that says so', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const running = start(
      `
rules: {recurrent: rflo, readout: rflo_readout}
circuit: {name: recurrent}
task: {name: sines, trials: 100000, steps: 100}
evaluate: {tasks: 2}
`,
      stop.signal,
    );
    const error = await running.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RunInterrupted);
    const { runFolder } = error as RunInterrupted;
    const manifest = JSON.parse(readFileSync(join(runFolder, 'manifest.json'), 'utf8'));
    expect(manifest.status).toBe('interrupted');
  });
});

describe('what cannot be run', () => {
  const circuit = 'circuit: {name: recurrent, neurons: 4}';
  const task = 'task: {name: sines, steps: 10, trials: 2}';

  test.each([
    ['a space', `space: shervani_tabar_2023\ncircuit: {name: feed-forward}\n${DIGITS}`, 'E523'],
    ['a rule for another projection', `rules: {readout: rflo}\n${circuit}\n${task}`, 'E813'],
    ['a projection that is not there', `rules: {forward: rflo}\n${circuit}\n${task}`, 'E443'],
    ['a rule for a circuit with others', `rule: kolen_pollack\n${circuit}\n${task}`, 'E443'],
    ['a rule that reads what is not there', `rule: stdp_pair\n${circuit}\n${task}`, 'E202'],
    ['an unknown parameter', `rule: rflo\nvalues: {etta: 1}\n${circuit}\n${task}`, 'E444'],
    [
      'a task that leaves an input empty',
      'rule: oja\ncircuit: {name: layer, offers: [reward]}\ntask: {name: gaussian, eigenvalues: [1]}',
      'E810',
    ],
  ])('%s', async (_, text, code) => {
    const before = runs + 1;
    expect(await codesOf(start(text))).toContain(code);
    expect(existsSync(join(folder, `run-${before}`))).toBe(false);
  });

  test.each([
    ['rule: oja\ncircuit: {name: layer}\ntask: {name: gaussian}', 'E830', 'task'],
    [
      'rule: oja\ncircuit: {name: layer, inputs: 2}\ntask: {name: gaussian, eigenvalues: [1]}',
      'E831',
      'task',
    ],
    [
      'rule: oja\ncircuit: {name: layer}\ntask: {name: gaussian, covariance: [[1, 2], [2, 1]]}',
      'E820',
      'task',
    ],
    [`rule: rflo\n${circuit}\ntask: {name: sines, amplitudes: [1, 2]}`, 'E832', 'task'],
    [
      'rule: contrastive\ncircuit: {name: relaxing}\ntask: {name: patterns, patterns: [[1]]}',
      'E833',
      'task',
    ],
    ['rule: hebb\ncircuit: {name: replay}\ntask: {name: recorded, file: none.csv}', 'E601', 'task'],
    [`rule: rflo\n${circuit}\n${DIGITS}`, 'E518', 'task'],
    [`rule: rflo\n${circuit}\n${task}\nbaselines: [backpropagation]`, 'E519', 'baselines'],
    [
      'rule: oja\ncircuit: {name: layer, outputs: 0}\ntask: {name: gaussian, eigenvalues: [1]}',
      'E512',
      'circuit',
    ],
    [
      'rule: oja\ncircuit: {name: layer, outs: 2}\ntask: {name: gaussian, eigenvalues: [1]}',
      'E511',
      'circuit',
    ],
    [`rule: oja\ncircuit: {name: feed-forward, outputs: 9}\n${DIGITS}`, 'E524', '9'],
    [`rule: oja\nrules: {readout: oja}\n${circuit}\n${task}`, 'E516', 'rule'],
  ])('%s is told at its place', (text, code, place) => {
    const result = parseExperiment({ name: 'test.yaml', text }, folder);
    const [first] = result.ok ? [] : result.diagnostics;
    expect(first?.code).toBe(code);
    expect(
      text.slice(0, first!.span!.start).split('\n').at(-1) + text.slice(first!.span!.start),
    ).toContain(place);
  });

  test.each([
    ['a,b\n1', 'line 2'],
    ['pre[2]\n1', 'line 1'],
    ['pre\nx', 'line 2'],
    ['pre\n', 'no rows'],
    ['{"pre": 1}', 'not a list'],
    ['{"pre": [1, null]}', 'finite'],
    ['{"pre": [1], "post": [1, 2]}', '2 rows'],
    ['{', 'JSON'],
  ])('a recording %j', (text, words) => {
    const file = text.startsWith('{') ? 'wrong.json' : 'wrong.csv';
    writeFileSync(join(folder, file), text);
    const experiment = `rule: hebb\ncircuit: {name: replay}\ntask: {name: recorded, file: ${file}}`;
    const result = parseExperiment({ name: 'test.yaml', text: experiment }, folder);
    const messages = result.ok ? [] : result.diagnostics.map(({ message }) => message);
    expect(messages.join(' ')).toContain(words);
  });
});

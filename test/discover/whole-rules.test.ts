import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { enumerate } from '../../src/algebra/enumerate.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { layer } from '../../src/circuits/layer.js';
import { combination } from '../../src/discover/candidates.js';
import { inThisThread } from '../../src/discover/execute.js';
import { frameOf } from '../../src/discover/frame.js';
import {
  type DeclaredExperiment,
  resumeDiscovery,
  type SessionOptions,
  startDeclaredDiscovery,
  startDiscovery,
} from '../../src/discover/session.js';
import { readRuleText } from '../../src/experiments/attached.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { checkSpace } from '../../src/language/check/space.js';
import { parse } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import type { Task } from '../../src/tasks/types.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-whole-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function poolOf(text: string, stepLength: number | null = null) {
  const source = { name: 'test.space', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'space') throw new Error('no space');
  const space = unwrap(checkSpace(item, source, wholeVocabulary));
  return { library: unwrap(enumerate(space)), frame: frameOf(space, stepLength) };
}

describe('the text of a rule of a space with memory and clauses', () => {
  const pool = poolOf(`space s {
    param tau_plus = 20 ms in [5 ms, 100 ms] fit, tau_minus = 0.03 s fit, unneeded = 3
    trace x = pre.spike over tau_plus
    trace y = post.spike over tau_minus
    let both = x * y
    on pre.spike: term down = -y
    on post.spike: term up = x | both
    term decay = -w
    bound w in [0, 1]
  }`);
  const values = new Map([
    ['down', 0.005],
    ['up_1', 0.004],
    ['up_2', -0.001],
    ['decay', 1e-4],
    ['tau_plus', 17.28],
    ['tau_minus', 41],
  ]);

  test('has one dw for each set of clauses, fitted values in their units, and bounds', () => {
    expect(combination('found', pool, values, false)).toMatchInlineSnapshot(`
      "rule found {
        param down = 0.005, up_1 = 0.004, up_2 = -0.001, decay = 0.0001
        param tau_plus = 17.3 ms in [5 ms, 100 ms], tau_minus = 0.041 s
        trace x = pre.spike over tau_plus
        trace y = post.spike over tau_minus
        bound w in [0, 1]
        on pre.spike: dw = -down * y
        on post.spike: dw = up_1 * x + up_2 * x * y
        dw = -decay * w
      }
      "
    `);
  });

  test('leaves out lines that no term needs', () => {
    const few = new Map([...values].filter(([name]) => name === 'down' || name === 'tau_minus'));
    expect(combination('part', pool, few, true)).toMatchInlineSnapshot(`
      "rule part {
        param down = 0.005 fit
        param tau_minus = 0.041 s fit
        trace y = post.spike over tau_minus
        bound w in [0, 1]
        on pre.spike: dw = -down * y
      }
      "
    `);
  });

  test('is read again as it was written', () => {
    const text = combination('found', pool, values, false);
    const { scope, memory } = readRuleText('found', text, wholeVocabulary);
    expect(memory.map(({ line }) => line.name)).toEqual(['x', 'y']);
    expect(scope.parameters.get('tau_minus')!.value).toBeCloseTo(41, 9);
    expect(scope.parameters.get('tau_plus')!.definition.range).not.toBeNull();
  });

  test('counts time in steps of the circuit where it is written so', () => {
    const { frame } = poolOf(
      'space s { param tau = 4 steps in [1 step, 9 steps] fit trace x = pre over tau term x }'.replace(
        'term x',
        'term t = x * post',
      ),
      0.5,
    );
    expect(frame.searched).toEqual([{ name: 'tau', start: 2, unit: 0.5, range: [0.5, 4.5] }]);
  });
});

/** A layer that shall answer as a teacher does: three inputs, one output. */
const circuit = layer({ inputs: 3, outputs: 1, offers: ['target'], queries: 5 });
const TEACHER = [0.5, -1, 0.25];

const task: Task = (stream) => {
  const shown = (count: number) => {
    const patterns = Float64Array.from({ length: count * 3 }, () => stream.normal());
    const targets = Float64Array.from({ length: count }, (_, row) =>
      TEACHER.reduce((sum, w, j) => sum + w * patterns[3 * row + j]!, 0),
    );
    return { patterns, targets };
  };
  const [learned, asked] = [shown(12), shown(5)];
  return {
    timeline: { trials: Array.from({ length: 4 }, () => ({ steps: 3 })) },
    stepInputs: { pattern: learned.patterns, target: learned.targets },
    queryInputs: { 'query patterns': asked.patterns, 'query targets': asked.targets },
  };
};

const declared = (text: string, method: DeclaredExperiment['method'] = {}): DeclaredExperiment => ({
  name: 'teacher',
  space: { name: 'teacher.space', text },
  circuit,
  task,
  method: {
    learner: { optimizer: 'proximal', episodes: 60, rate: 0.02, penalty: 0.3, start: 0.01 },
    select: { refitEpisodes: 30 },
    evaluate: { tasks: 20 },
    seed: 2,
    ...method,
  },
});

const options = (out: string): SessionOptions => ({
  out: join(folder, out),
  command: ['test'],
  versions: {},
  signal: new AbortController().signal,
});

describe('a discovery with a circuit and a task of a program', () => {
  test('finds the delta rule among distractors', async () => {
    const space = `space delta {
      term grow = post * pre
      term descend = -post.error * pre
      term decay = -w
      term constant = pre
    }`;
    const result = await startDeclaredDiscovery(declared(space), options('delta'));
    expect(result.terms.map(({ id }) => id)).toContain('descend');
    expect(result.terms.find(({ id }) => id === 'descend')!.coefficient).toBeGreaterThan(0.05);
    expect(result.metrics!.accuracy).toBeNull();
    expect(result.metrics!.loss.tasks).toBe(20);
    expect(result.baselines.map(({ name }) => name)).toEqual(['best-single-term']);
    expect(readFileSync(join(folder, 'delta', 'rule.rule'), 'utf8')).toBe(result.rule!.text);
    await expect(resumeDiscovery(join(folder, 'delta'), options('delta'))).rejects.toBeInstanceOf(
      EngrammarError,
    );
  });

  test('fits time constants beside coefficients, and prints memory and clauses', async () => {
    const space = `space traced {
      param tau = 2 steps in [1 step, 5 steps] fit
      trace e = post.error * pre over tau since trial.start
      at trial.end: term late = -e
      term grow = post * pre
    }`;
    const result = await startDeclaredDiscovery(declared(space), options('traced'));
    const { text } = result.rule!;
    expect(text).toContain('at trial.end: dw = -late * e\n');
    expect(text).toContain('trace e = post.error * pre over tau since trial.start');
    const [, tau] = /tau = ([\d.]+) steps in \[1 step, 5 steps\]/.exec(text)!;
    expect(Number(tau)).toBeGreaterThan(1);
    expect(Number(tau)).toBeLessThan(5);
    expect(Number(tau)).not.toBe(2);
    expect(result.metrics!.loss.mean).toBeLessThan(0.5);
  });

  test.each([
    ['space s { param k = 1 per projection fit term t = k * post * pre }', /E551/],
    ['space s { term t = post.error.x }', /E1/],
    ['rule r { dw = pre }', /E/],
    ['space s { term t = post.spike }', /E2/],
  ])('tells what is wrong with %s', async (space, code) => {
    const failure = await startDeclaredDiscovery(declared(space), options('wrong')).catch((e) => e);
    expect(failure).toBeInstanceOf(EngrammarError);
    expect((failure as EngrammarError).diagnostics[0]!.code).toMatch(code);
  });

  test('tells what is wrong with the method', async () => {
    const method = { learner: { episodes: -1 }, projection: 'backward' };
    const wrong = startDeclaredDiscovery(declared('space s { term t = w }', method), options('m'));
    await expect(wrong).rejects.toMatchObject({ diagnostics: [{ code: 'E512' }] });
    const unknown = { projection: 'backward' };
    const nowhere = startDeclaredDiscovery(
      declared('space s { term t = w }', unknown),
      options('m'),
    );
    await expect(nowhere).rejects.toMatchObject({ diagnostics: [{ code: 'E443' }] });
  });
});

describe('a discovery on a circuit of the registry', () => {
  test('searches one projection while rules of the others act as they are', async () => {
    const text = `
space: recurrent.space
rules: {readout: rflo_readout}
values: {rflo_readout.eta: 0.1}
projection: recurrent
circuit: {name: recurrent, neurons: 6, tau: 4}
task: {name: sines, steps: 12, trials: 6}
learner: {episodes: 6, start: 0.01}
select: {refitEpisodes: 2}
evaluate: {tasks: 3}
seed: 4
`;
    writeFileSync(
      join(folder, 'recurrent.space'),
      `space recurrent {
        average e = post.slope * pre keeping 0.75 since trial.start
        average g = post.feedback * e since trial.start
        at trial.end: term rflo = -g
        term decay = -w
      }`,
    );
    const experiment = unwrap(parseExperiment({ name: 'recurrent.yaml', text }, folder));
    const run = options('recurrent');
    const result = await startDiscovery(experiment, { ...run, threads: inThisThread });
    expect(result.terms.length + result.dropped.length).toBe(2);
    expect(result.metrics!.accuracy).toBeNull();
    const kept = readFileSync(join(folder, 'recurrent', 'inputs', 'readout.rule'), 'utf8');
    expect(kept).toContain('rule rflo_readout');
    // The read-out's own rule is what makes the output move: without it the loss stays where it was.
    const still = text.replace('rflo_readout.eta: 0.1', 'rflo_readout.eta: 0');
    const idle = unwrap(parseExperiment({ name: 'idle.yaml', text: still }, folder));
    const without = await startDiscovery(idle, { ...options('idle'), threads: inThisThread });
    expect(result.metrics!.loss.mean).toBeLessThan(without.metrics!.loss.mean);
  });
});

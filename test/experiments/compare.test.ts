import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { renderDiagnostic } from '../../src/base/diagnostics/render.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { runExperiment } from '../../src/experiments/run.js';
import { parseSweep } from '../../src/experiments/sweep.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'my.rule'), 'rule my { param eta = 0.01 dw = eta * pre * post }');
writeFileSync(join(folder, 'other.rule'), 'rule other { param a = 0.1 dw = -a * w }');
writeFileSync(join(folder, 'my.space'), 'space my { term hebb = pre * post }');

const parse = (text: string) => parseExperiment({ name: 'my.yaml', text }, folder);
const faults = (text: string): string[] => {
  const result = parse(text);
  return result.ok ? [] : result.diagnostics.map((d) => renderDiagnostic(d).split('\n')[0]!);
};

const FILE = `rule: my.rule
values: {eta: 0.1}
circuit: {name: layer, outputs: 2}
task: {name: gaussian, eigenvalues: [2, 1, 1], steps: 40}
evaluate: {tasks: 2}
`;

describe('contestants', () => {
  it('are experiments of their own: that of the file, with what they say themselves', () => {
    const { others, config } = unwrap(
      parse(`${FILE}name: Hebb
compare:
  - {name: sharp, values: {eta: 0.2}}
  - {name: wide, about: more of it, circuit: {outputs: 3}}
  - {name: long, task: {steps: 50}}
  - {name: other, rule: other.rule}
  - {name: same, rules: {forward: my.rule}}
  - {name: elsewhere, circuit: {name: recurrent, neurons: 2}, task: {name: sines, trials: 3}}
`),
    );
    const of = (k: number) => others[k]!.experiment;
    expect(others.map(({ name }) => name)).toEqual(config.compare.map(({ name }) => name));
    expect(of(0).config.values).toEqual({ eta: 0.2 });
    expect(of(1).config.circuit).toMatchObject({ name: 'layer', outputs: 3 });
    expect(of(1).config.values).toEqual({ eta: 0.1 });
    expect(of(2).config.task).toMatchObject({ eigenvalues: [2, 1, 1], steps: 50 });
    expect(of(3).config.values).toBeUndefined();
    expect(of(3).subject?.file).toBe(join(folder, 'other.rule'));
    expect(of(4).config.rule).toBeUndefined();
    expect(of(5).config).toMatchObject({ circuit: { neurons: 2 }, task: { trials: 3 } });
    expect(of(5).config.circuit).not.toHaveProperty('outputs');
    // The record says everything that differs, so that it means the same under other defaults.
    expect(config.compare[1]!.circuit).toMatchObject({ outputs: 3, inputs: 3 });
    expect(config.compare[3]!.rule).toBe(join(folder, 'other.rule'));
    expect(others.map(({ about, differences }) => about ?? differences)).toEqual([
      ['eta 0.2'],
      'more of it',
      ['steps 50'],
      [],
      [],
      ['name recurrent', 'neurons 2', 'name sines', 'trials 3'],
    ]);
  });

  it('are told where they are wrong', () => {
    expect(
      faults(`${FILE}name: one
compare:
  - {name: one}
  - {name: two, circuit: {outs: 3}}
  - {name: two, task: {steps: many}}
  - {name: no-learning, rule: none.rule}
  - {name: best-single-term}
  - {name: three, rule: my.rule, rules: {forward: my.rule}}
  - {name: four, circuit: {inputs: 2}}
`),
    ).toEqual([
      'my.yaml:8:12 E547 there is a contestant one already',
      'my.yaml:9:27 E511 there is no option circuit.outs',
      'my.yaml:10:12 E547 there is a contestant two already',
      'my.yaml:10:31 E510 task.steps must be a whole number, but is the text "many"',
      'my.yaml:11:12 E547 there is a contestant no-learning already',
      `my.yaml:11:31 E521 there is no rule none.rule (no file ${join(folder, 'none.rule')})`,
      'my.yaml:12:12 E547 there is a contestant best-single-term already',
      'my.yaml:13:19 E516 the experiment names both `rules` and `rule`',
      'my.yaml:14:5 E831 the task gives 3 numbers a step, but `pattern` of layer 2-2 (linear) has 2',
    ]);
    expect(faults(`${FILE}compare: [{nme: one}]\n`)).toEqual([
      'my.yaml:6:11 E514 name (compare, item 1) is missing',
      'my.yaml:6:12 E511 there is no option nme (compare, item 1)',
    ]);
    expect(faults(FILE.replace('eta: 0.1', 'eta: fast'))).toEqual([
      'my.yaml:2:15 E510 values.eta must be a number, but is the text "fast"',
    ]);
  });

  it('stand beside no search', () => {
    expect(
      faults(`${FILE.replace('rule: my.rule', 'space: my.space')}compare: [{name: a}]\n`),
    ).toEqual([
      'my.yaml:6:1 E548 compare is about rules that are run, but this experiment has a space',
    ]);
    const text = `${FILE}compare: [{name: a}]\nsweep: {cells: [{name: b}]}\n`;
    const sweep = parseSweep({ name: 'my.yaml', text }, folder);
    expect(sweep.ok ? [] : sweep.diagnostics.map(({ message }) => message)).toEqual([
      'compare is about rules that are run, but this experiment has a sweep',
    ]);
  });
});

describe('a run with contestants', () => {
  const run = (text: string, out: string) =>
    runExperiment(unwrap(parse(`${text}workers: 1\n`)), {
      out: join(folder, out),
      command: ['test'],
      versions: {},
      signal: new AbortController().signal,
    });

  it('has them beside the rules, on the same tasks', async () => {
    const result = await run(
      `${FILE}name: Hebb
compare:
  - {name: twin}
  - {name: half, values: {eta: 0.05}}
  - {name: decay, rule: other.rule}
  - {name: short, task: {steps: 20}}
`,
      'one',
    );
    const named = Object.fromEntries(result.rules.map((each) => [each.name, each]));
    expect(result.rules.map(({ name, baseline }) => [name, baseline])).toEqual([
      ['Hebb', false],
      ['twin', false],
      ['half', false],
      ['decay', false],
      ['short', false],
      ['no-learning', true],
    ]);
    const length = (name: string): number => named[name]!.metrics['norm of W']!.mean;
    expect(length('twin')).toBe(length('Hebb'));
    expect(length('half')).toBeLessThan(length('Hebb'));
    expect(length('short')).toBeLessThan(length('Hebb'));
    expect(length('decay')).toBeLessThan(length('no-learning'));
    expect(named.half!.about).toBe('my on forward; eta 0.05');
    expect(readdirSync(join(folder, 'one', 'inputs'))).toEqual([
      '2.forward.rule',
      '3.forward.rule',
      '4.forward.rule',
      '5.forward.rule',
      'forward.rule',
    ]);
    const config = parseYaml(readFileSync(join(folder, 'one', 'config.yaml'), 'utf8'));
    expect(config.compare[3].task).toMatchObject({ steps: 20, eigenvalues: [2, 1, 1] });
  });

  it('has nothing else where the list of baselines is empty', async () => {
    const result = await run(`${FILE}baselines: []\n`, 'two');
    expect(result.rules.map(({ name }) => name)).toEqual(['my']);
  });

  it('refuses a contestant that has the name of the rules, or does not fit its circuit', async () => {
    const codes = async (text: string) => {
      const error = await run(text, 'three').catch((caught: unknown) => caught);
      return error instanceof EngrammarError ? error.diagnostics.map(({ code }) => code) : [error];
    };
    expect(await codes(`${FILE}compare: [{name: my}]\n`)).toEqual(['E547']);
    expect(await codes(`${FILE}compare: [{name: a, values: {beta: 1}}]\n`)).toEqual(['E444']);
    expect(await codes(`${FILE}compare: [{name: a, rules: {backward: my.rule}}]\n`)).toEqual([
      'E443',
    ]);
    expect(readdirSync(folder)).not.toContain('three');
  });
});

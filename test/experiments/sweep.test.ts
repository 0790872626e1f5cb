import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostics/render.js';
import { unwrap } from '../../src/base/result.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { parseSweep } from '../../src/experiments/sweep.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-sweeps-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'my.rule'), 'rule my { param a = 1 fit dw = a * pre * post }');
writeFileSync(join(folder, 'my.space'), 'space my { term hebb = pre * post }');

const parse = (text: string) => parseSweep({ name: 'my.yaml', text }, folder);
const faults = (text: string): string[] => {
  const result = parse(text);
  return result.ok ? [] : result.diagnostics.map((d) => renderDiagnostic(d).split('\n')[0]!);
};

const FILE = `rule: my.rule
circuit: {name: feed-forward, hidden: [4]}
task: {name: digits, shots: 7}
learner: {rate: 0.1}
`;

describe('a sweep', () => {
  it('makes each cell an experiment: that of the file, with what the cell says itself', () => {
    const sweep = unwrap(
      parse(`${FILE}sweep:
  cells:
    - {name: one}
    - {name: two, circuit: {feedback: symmetric}, learner: {episodes: 5}}
    - {name: three, space: my.space, task: {shots: 3}, ablate: true}
`),
    );
    expect(sweep).toMatchObject({ name: 'my', seeds: 20, shots: [], against: 'one' });
    const of = (k: number) => sweep.cells[k]!.experiment;
    expect(of(0).config.circuit).toMatchObject({ feedback: 'random', hidden: [4] });
    expect(of(1).config.circuit).toMatchObject({ feedback: 'symmetric', hidden: [4] });
    expect(of(1).config.learner).toMatchObject({ episodes: 5, rate: 0.1 });
    expect(of(2).subject?.kind).toBe('space');
    expect(of(2).config.task).toMatchObject({ shots: 3 });
    expect(of(0).config.task).toMatchObject({ shots: 7 });
    expect(sweep.cells.map(({ ablate }) => ablate)).toEqual([false, false, true]);
    expect(sweep.cells.every(({ experiment }) => experiment.config.sweep === undefined)).toBe(true);
  });

  it('tells what is wrong where it stands, and faults of the file once', () => {
    expect(faults('circuit: {name: feed-forward}\ntask: {name: digits}\nrule: my.rule\n')).toEqual([
      'my.yaml:1:1 E526 my.yaml says nothing of a sweep',
    ]);
    expect(
      faults(`${FILE}sweep:
  against: too
  cells:
    - {name: one}
    - {name: one}
    - {name: two}
`),
    ).toEqual([
      'my.yaml:9:14 E527 there is a cell one already',
      'my.yaml:6:12 E544 there is no cell too',
    ]);
    expect(
      faults(`${FILE}sweep:
  seeds: 0
  cells: []
`),
    ).toEqual([
      'my.yaml:6:10 E512 sweep.seeds is 0, but must be from 1 to 1000',
      'my.yaml:7:10 E512 sweep.cells is a list of 0, but must be a list of 1 to 100',
    ]);
    expect(
      faults(`${FILE}sweep:
  cells:
    - {name: one}
    - name: two
      circuit: {hiden: [3]}
    - name: three
      learner: {rate: fast}
    - name: four
      rule: none.rule
`),
    ).toEqual([
      'my.yaml:9:17 E511 there is no option circuit.hiden',
      'my.yaml:11:23 E510 learner.rate must be a number, but is the text "fast"',
      `my.yaml:13:13 E521 there is no rule none.rule (no file ${join(folder, 'none.rule')})`,
    ]);
    expect(
      faults(`${FILE.replace('0.1', '-1')}sweep: {cells: [{name: one}, {name: two}]}\n`),
    ).toEqual(['my.yaml:4:17 E512 learner.rate is -1, but must be from 1e-9 to 10']);
  });

  it('has horizons only where there are images', () => {
    expect(
      faults(`rule: my.rule
circuit: {name: layer, inputs: 3, outputs: 2}
task: {name: gaussian, eigenvalues: [2, 1, 1]}
sweep: {shots: [3], cells: [{name: one}]}
`),
    ).toEqual([
      'my.yaml:4:9 E545 sweep.shots is about images a class, which the task gaussian has not',
    ]);
  });

  it('is run by engrammar sweep alone', () => {
    const text = `${FILE}sweep: {cells: [{name: one}]}\n`;
    const result = parseExperiment({ name: 'my.yaml', text }, folder);
    expect(
      result.ok ? [] : result.diagnostics.map((d) => renderDiagnostic(d)),
    ).toMatchInlineSnapshot(`
      [
        "my.yaml:5:1 E525 this experiment is a sweep: it compares several searches
        5 | sweep: {cells: [{name: one}]}
          | ^^^^^
        hint: engrammar sweep runs it",
      ]
    `);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import { renderDiagnostic } from '../../src/base/diagnostics/render.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { diagnosticDocument } from '../../src/cli/json.js';
import { planned } from '../../src/discover/session.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { rehearse } from '../../src/experiments/run.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-named-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  const rules = [
    'rule asks { dw = reward * pre }',
    'rule elsewhere for recurrent { dw = pre }',
    'rule odd { every 0.35 ms: dw = post * pre }',
    'rule good { dw = pre }',
  ];
  writeFileSync(join(folder, 'all.rule'), rules.join('\n'));
  writeFileSync(join(folder, 'some.space'), 'space some { term = post * pre term = w }');
});

/** What is told of an experiment on a layer. */
async function told(text: string, layer = 'name: layer'): Promise<readonly Diagnostic[]> {
  const whole = [
    `circuit: {${layer}}`,
    'task: {name: gaussian, eigenvalues: [3, 1], steps: 20}',
    'evaluate: {tasks: 2}',
    text,
  ].join('\n');
  try {
    const experiment = unwrap(parseExperiment({ name: 'layer.yaml', text: whole }, folder));
    if (experiment.subject?.kind === 'space') planned(experiment);
    else await rehearse(experiment);
  } catch (error) {
    if (error instanceof EngrammarError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** The lines that say where. */
async function places(text: string, layer?: string): Promise<string[]> {
  return (await told(text, layer)).flatMap((each) =>
    renderDiagnostic(each)
      .replaceAll(`${folder}/`, '')
      .split('\n')
      .filter((line) => !/^ +(\d* \||expected|hint)/.test(line))
      .map((line) => line.replace(/ ([EW]\d+) .*/, ' $1').trim()),
  );
}

describe('what is wrong with a rule is told with the place that names it', () => {
  test.each([
    ['rule: all.rule#asks', 'all.rule:1:18 E202', 'named at: layer.yaml:4:7'],
    ['rules: {forward: all.rule#asks}', 'all.rule:1:18 E202', 'named at: layer.yaml:4:18'],
    ['rules: {forward: all.rule#elsewhere}', 'all.rule:2:6 E813', 'named at: layer.yaml:4:18'],
    ['rule: all.rule#elsewhere', 'all.rule:2:6 E443', 'named at: layer.yaml:4:7'],
    [
      'rule: oja\nbaselines: [hebb, all.rule#asks]',
      'all.rule:1:18 E202',
      'named at: layer.yaml:5:19',
    ],
    [
      'rule: oja\ncompare:\n  - {name: slow, values: {eta: 0.1}}\n  - {name: odd, rule: all.rule#asks}',
      'all.rule:1:18 E202',
      'named at: layer.yaml:7:23, the contestant odd',
    ],
  ])('%s', async (text, place, named) => {
    expect(await places(text)).toEqual([place, named]);
  });

  test('what only the circuit of a contestant lacks, at the contestant', async () => {
    const both = 'rule: all.rule#good\ncompare: [{name: slow, circuit: {offers: [target]}}]';
    expect(await places(both)).toEqual(['layer.yaml:5:18 E810']);
  });
});

describe('what has no place in a rule is told in the experiment', () => {
  const timed = 'name: layer, dt: 0.1';

  test.each([
    ['rule: all.rule#odd', 'layer.yaml:4:7 E440'],
    ['rules: {forward: all.rule#odd}', 'layer.yaml:4:8 E440'],
    ['rule: oja\nbaselines: [hebb, all.rule#odd]', 'layer.yaml:5:19 E440'],
    ['rule: oja\ncompare: [{name: odd, rule: all.rule#odd}]', 'layer.yaml:5:18 E440'],
  ])('%s', async (text, place) => {
    expect(await places(text, timed)).toEqual([place]);
  });
});

describe('what a discovery has beside its space is told where it is named', () => {
  test.each([
    ['projection: nowhere', ['layer.yaml:5:13 E443']],
    ['rules: {recurrent: oja}', ['layer.yaml:5:20 E443']],
    ['rules: {forward: oja}', ['layer.yaml:4:8 E516']],
    ['baselines: [hebb, all.rule#asks]', ['all.rule:1:18 E202', 'named at: layer.yaml:5:19']],
  ])('%s', async (text, place) => {
    expect(await places(`space: some.space\n${text}`)).toEqual(place);
  });
});

test('programs read the place that names it, too', async () => {
  const [wrong] = await told('rule: oja\ncompare: [{name: odd, rule: all.rule#asks}]');
  expect(diagnosticDocument(wrong!)).toMatchObject({
    line: 1,
    namedAt: { file: 'layer.yaml', line: 5, column: 29, what: 'the contestant odd' },
  });
  const [plain] = await told('rule: oja\nvalues: {etaa: 1}');
  expect(diagnosticDocument(plain!).namedAt).toBeNull();
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FOLDER, recordings } from '../../scripts/recordings.js';
import { unwrap } from '../../src/base/result.js';
import { inferFromColumns, inferFromFile } from '../../src/infer/from-file.js';

it('the recordings of the documents are those that the script makes', () => {
  for (const [name, text] of Object.entries(recordings())) {
    // Not compared as a whole: a difference would print thousands of lines.
    expect(readFileSync(path.join(FOLDER, name), 'utf8') === text, name).toBe(true);
  }
});

const REQUEST = {
  target: 'dw',
  events: [],
  library: { columns: ['x', 'y', 'w'], degree: 3, maxPower: 2 },
  seed: 0,
};

it('columns that belong to a neuron have its index in formulas, where rows show it', async () => {
  const whole = unwrap(await inferFromFile(path.join(FOLDER, 'oja.csv'), REQUEST));
  expect(whole.rule!.latex).toMatchObject({
    synapse: '\\Delta w_{ij} = \\theta_1 x_j y_i + \\theta_2 y_i^2 w_{ij}',
    matrix: '\\Delta W = \\theta_1 y x^\\top + \\theta_2 \\operatorname{diag}(y)^2 W',
  });
  expect(whole.fit.resampled).toEqual({ by: 'stretch', blocks: 24 });
  // The same numbers without their places.
  const lines = recordings()['oja.csv']!.trim().split('\n').slice(1);
  const rows = lines.map((line) => line.split(',').map(Number));
  const [x, y, w, dw] = [3, 4, 5, 6].map((k) => rows.map((row) => row[k]!)) as number[][];
  const columns = { x: x!, y: y!, w: w!, dw: dw! };
  const plain = unwrap(await inferFromColumns('plain', columns, REQUEST));
  expect(plain.rule!.latex.synapse).toBe(
    '\\Delta w_{ij} = \\theta_1 x_{ij} y_{ij} + \\theta_2 y_{ij}^2 w_{ij}',
  );
  expect(plain.terms.map(({ text }) => text)).toEqual(whole.terms.map(({ text }) => text));
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { type InferRequest, inferFromFile } from '../../src/infer/from-file.js';
import type { InferResult } from '../../src/infer/result.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-infer-'));

/** A table of rows, from what is in the first columns of each. */
function table(name: string, header: string, rows: number, row: (stream: Stream) => number[]) {
  const stream = new Stream(7, name);
  const lines = Array.from({ length: rows }, () => row(stream).join(','));
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
  return path;
}

const MONOMIALS: InferRequest = {
  target: 'dw',
  events: [],
  library: { columns: ['x', 'y', 'w'], degree: 4, maxPower: 2 },
  seed: 0,
};

const found = ({ terms }: InferResult): Record<string, number> =>
  Object.fromEntries(terms.map(({ text, coefficient }) => [text, coefficient]));

const oja = table('oja.csv', 'x,y,w,dw', 800, (stream) => {
  const [x, w] = [stream.normal(), stream.normal()];
  const y = Math.tanh(x * w + stream.normal());
  return [x, y, w, y * (x - y * w) + 0.05 * stream.normal()];
});

describe('a rule from a table', () => {
  it('is the one that made the table', async () => {
    const result = unwrap(await inferFromFile(oja, MONOMIALS));
    expect(Object.keys(found(result)).sort()).toEqual(['x * y', 'y^2 * w']);
    expect(found(result)['x * y']).toBeCloseTo(1, 1);
    expect(found(result)['y^2 * w']).toBeCloseTo(-1, 1);
    expect(result.rule!.text).toContain('dw = theta1 * x * y + theta2 * y^2 * w');
    expect(result.fit.r2).toBeGreaterThan(0.98);
  });
});

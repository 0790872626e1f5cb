import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as data from '../../src/base/diagnostics/data.js';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import { fileMissing, fileUnusable } from '../../src/base/diagnostics/run.js';
import { Stream } from '../../src/base/random.js';
import { loadIdx } from '../../src/tasks/idx.js';
import { idxBytes, smallImages } from './idx-file.js';
import { mutate, processorTime } from './mutate.js';

let folder: string;
let images: string;
let labels: string;
const good = smallImages(9);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'engrammar-idx-'));
  images = join(folder, 'images');
  labels = join(folder, 'labels');
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(imageBytes: Buffer, labelBytes: Buffer = good.labels) {
  writeFileSync(images, imageBytes);
  writeFileSync(labels, labelBytes);
  return loadIdx(images, labels);
}

function faults(imageBytes: Buffer, labelBytes?: Buffer): readonly Diagnostic[] {
  const result = load(imageBytes, labelBytes);
  return result.ok ? [] : result.diagnostics;
}

describe('IDX files', () => {
  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzipped', (bytes: Buffer) => gzipSync(bytes)],
    [
      'gzipped in two members',
      (bytes: Buffer) =>
        Buffer.concat([gzipSync(bytes.subarray(0, 5)), gzipSync(bytes.subarray(5))]),
    ],
  ])('reads %s images and labels', (_, pack) => {
    const result = load(pack(good.images), pack(good.labels));
    if (!result.ok) throw new Error(result.diagnostics[0]?.message);
    const { height, width, classes, pixels } = result.value;
    expect([height, width, classes, pixels.length]).toEqual([4, 6, 3, 9 * 24]);
    expect([...result.value.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(pixels[1]).toBe(Math.fround(7 / 255));
    expect(pixels[40]).toBe(Math.fround(((40 * 7) % 256) / 255));
  });

  const path = () => images;
  const cases: [string, () => Buffer, () => Diagnostic][] = [
    [
      'an empty file',
      () => Buffer.alloc(0),
      () => data.idxBadMagic({ path: path(), found: 'nothing: it is empty' }),
    ],
    [
      'three bytes',
      () => Buffer.from([0, 0, 8]),
      () => data.idxBadMagic({ path: path(), found: '00 00 08' }),
    ],
    [
      'another magic',
      () => Buffer.from('PK\u0003\u0004 and so on'),
      () => data.idxBadMagic({ path: path(), found: '50 4b 03 04' }),
    ],
    [
      'floats',
      () => {
        const b = Buffer.from(good.images);
        b[2] = 0x0d;
        return b;
      },
      () => data.idxWrongType({ path: path(), found: '0d' }),
    ],
    [
      'labels as images',
      () => good.labels,
      () => data.idxWrongDimensions({ path: path(), role: 'images', found: 1 }),
    ],
    [
      'a header cut off',
      () => good.images.subarray(0, 10),
      () => data.idxTruncated({ path: path(), offset: 10, expected: 16 }),
    ],
    [
      'pixels cut off',
      () => good.images.subarray(0, 100),
      () => data.idxTruncated({ path: path(), offset: 100, expected: 232 }),
    ],
    [
      'one byte too many',
      () => Buffer.concat([good.images, Buffer.alloc(1)]),
      () => data.idxTooLong({ path: path(), expected: 232 }),
    ],
    [
      'no images',
      () => idxBytes([0, 4, 6], []),
      () => data.idxEmpty({ path: path(), dimension: 'images', offset: 4 }),
    ],
    [
      'no columns',
      () => idxBytes([3, 4, 0], []),
      () => data.idxEmpty({ path: path(), dimension: 'columns', offset: 12 }),
    ],
    [
      'an absurd size',
      () => idxBytes([0xffffffff, 0xffff, 0xffff], []),
      () =>
        data.idxTooLarge({ path: path(), pixels: 0xffffffff * 0xffff * 0xffff, limit: 2 ** 28 }),
    ],
    [
      'a size the file cannot have',
      () => idxBytes([200, 1000, 1000], []),
      () => data.idxTruncated({ path: path(), offset: 16, expected: 200000016 }),
    ],
    [
      'a gzipped cut-off',
      () => gzipSync(good.images.subarray(0, 100)),
      () => data.idxTruncated({ path: path(), offset: 100, expected: 232 }),
    ],
    [
      'a gzipped excess',
      () => gzipSync(Buffer.concat([good.images, Buffer.alloc(5000)])),
      () => data.idxTooLong({ path: path(), expected: 232 }),
    ],
    [
      'a broken gzip',
      () => gzipSync(good.images).subarray(0, 60),
      () => data.idxBadGzip({ path: path(), reason: 'unexpected end of file' }),
    ],
    [
      'a gzip of nothing but its magic',
      () => Buffer.from([0x1f, 0x8b]),
      () => data.idxBadGzip({ path: path(), reason: 'unexpected end of file' }),
    ],
    [
      'a wrong gzip header',
      () => Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6]),
      () => data.idxBadGzip({ path: path(), reason: 'unknown compression method' }),
    ],
  ];
  it.each(cases)('refuses %s', (_, bytes, expected) => {
    expect(faults(bytes())).toEqual([expected()]);
  });

  it('refuses a gzip whose header promises more than it can hold, without unpacking', () => {
    const bomb = gzipSync(idxBytes([200, 1000, 1000], []));
    const [fault] = faults(bomb);
    expect(fault?.code).toBe(data.idxBadGzip.code);
  });

  it('unpacks a bomb of zeros no further than its header says', () => {
    const bomb = gzipSync(Buffer.concat([good.images, Buffer.alloc(100e6)]));
    const before = process.memoryUsage().rss;
    expect(faults(bomb)).toEqual([data.idxTooLong({ path: images, expected: 232 })]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('refuses images and labels of different number', () => {
    const fault = data.idxCountMismatch({ images, imageCount: 9, labels, labelCount: 8 });
    expect(faults(good.images, idxBytes([8], [0, 1, 2, 0, 1, 2, 0, 1]))).toEqual([fault]);
  });

  it('says that images and labels are exchanged, once for each', () => {
    const found = faults(good.labels, good.images);
    expect(found.map(({ code }) => code)).toEqual(['E403', 'E403']);
    expect(found.every(({ hint }) => hint?.includes('exchanged'))).toBe(true);
  });

  it('refuses a folder and a missing file', () => {
    const place = join(folder, 'place');
    mkdirSync(place);
    const nowhere = join(folder, 'nowhere');
    const result = loadIdx(place, nowhere);
    expect(!result.ok && result.diagnostics).toEqual([
      fileUnusable({ path: place, act: 'read', reason: 'it is a folder' }),
      fileMissing({ path: nowhere }),
    ]);
  });

  it('survives 3,000 mutated files', () => {
    const stream = new Stream(1, 'mutated idx');
    const packed = [gzipSync(good.images), gzipSync(good.labels)] as const;
    let slowest = 0;
    let refused = 0;
    for (let i = 0; i < 3000; i++) {
      const [a, b] = i % 3 === 0 ? packed : [good.images, good.labels];
      const start = processorTime();
      const result = i % 2 === 0 ? load(mutate(a, stream), b) : load(a, mutate(b, stream));
      slowest = Math.max(slowest, processorTime() - start);
      if (!result.ok) {
        refused += 1;
        expect(result.diagnostics.length).toBeGreaterThan(0);
        expect(result.diagnostics.every((d) => /^E[46]\d\d$/.test(d.code))).toBe(true);
        continue;
      }
      expect(result.value.pixels.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(result.value.labels.every((l) => l < result.value.classes)).toBe(true);
    }
    // Single changed pixels and labels leave a good file, so not all are refused.
    expect(refused).toBeGreaterThan(1500);
    expect(slowest).toBeLessThan(2000);
  }, 120_000);
});

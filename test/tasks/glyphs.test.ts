import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package-root.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { type GlyphSet, loadGlyphs } from '../../src/tasks/glyphs.js';
import { loadImages } from '../../src/tasks/images.js';
import { splitSet } from '../../src/tasks/sampler.js';
import { mutate, processorTime } from './mutate.js';

const CLASSES = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt';
const PER_CLASS = 240;
const SIZE = 28 * 28;
const folder = join(packageRoot(), 'data', 'glyphs');
const stored = readFileSync(join(folder, 'glyphs.bin'));

let glyphs: GlyphSet;
beforeAll(() => {
  glyphs = unwrap(loadGlyphs());
});

/** Mean image of some images. */
function mean(images: readonly number[]): Float64Array {
  const sum = new Float64Array(SIZE);
  for (const image of images) {
    for (let i = 0; i < SIZE; i++) sum[i]! += glyphs.pixels[image * SIZE + i]! / images.length;
  }
  return sum;
}

const imagesOf = (label: number, families: readonly number[]): number[] =>
  Array.from(glyphs.labels.keys()).filter(
    (image) => glyphs.labels[image] === label && families.includes(glyphs.families[image]!),
  );

describe('glyphs', () => {
  it('are the file that scripts/glyphs/build.ts writes', () => {
    const hash = createHash('sha256').update(stored).digest('hex');
    expect(hash).toBe('de21d82329d7f5c7e9482b5eafd46d2bdf6cbbc89ee60f3796c355d5f6b827f4');
    expect(stored.length).toBeLessThan(3e6);
  });

  it('are 240 images of 28 × 28 in each of the 47 classes of EMNIST "balanced"', () => {
    expect([glyphs.height, glyphs.width, glyphs.classes]).toEqual([28, 28, 47]);
    expect(glyphs.classNames.join('')).toBe(CLASSES);
    expect(glyphs.labels.length).toBe(47 * PER_CLASS);
    expect(glyphs.pixels.length).toBe(47 * PER_CLASS * SIZE);
    const counts = new Map<number, number>();
    for (const label of glyphs.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    expect(new Set(counts.values())).toEqual(new Set([PER_CLASS]));
    expect(counts.size).toBe(47);
  });

  it('come from 24 families, ten images of each class from each', () => {
    expect(new Set(glyphs.familyNames).size).toBe(24);
    const counts = new Map<string, number>();
    glyphs.labels.forEach((label, image) => {
      const key = `${label} ${glyphs.families[image]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
    expect(counts.size).toBe(47 * 24);
    expect(new Set(counts.values())).toEqual(new Set([10]));
  });

  it('have ink in every image, hardly any at the border, and no two alike', () => {
    const seen = new Set<string>();
    const inks: number[] = [];
    let touching = 0;
    for (let image = 0; image < glyphs.labels.length; image++) {
      const levels = Buffer.alloc(SIZE);
      let ink = 0;
      let border = false;
      for (let i = 0; i < SIZE; i++) {
        const value = glyphs.pixels[image * SIZE + i]!;
        levels[i] = Math.round(15 * value);
        ink += value;
        border ||= value > 0.5 && (i < 28 || i >= SIZE - 28 || i % 28 === 0 || i % 28 === 27);
      }
      inks.push(ink);
      touching += border ? 1 : 0;
      seen.add(levels.toString('latin1'));
    }
    expect(Math.min(...inks)).toBeGreaterThan(10);
    expect(Math.max(...inks)).toBeLessThan(SIZE / 2);
    expect(touching / inks.length).toBeLessThan(0.01);
    expect(seen.size).toBe(inks.length);
  });

  it('have pixels from 0 to 1 in sixteen levels', () => {
    const levels = new Set(glyphs.pixels);
    expect([...levels].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, level) => Math.fround(level / 15)),
    );
  });

  it('name each class for what it shows: the means of other families are nearest to its own', () => {
    const even = glyphs.familyNames.map((_, k) => k).filter((k) => k % 2 === 0);
    const odd = glyphs.familyNames.map((_, k) => k).filter((k) => k % 2 === 1);
    const labels = [...CLASSES].map((_, label) => label);
    const references = labels.map((label) => mean(imagesOf(label, odd)));
    const mistaken = labels.flatMap((label) => {
      const own = mean(imagesOf(label, even));
      const distances = references.map((other) =>
        other.reduce((sum, value, i) => sum + (value - own[i]!) ** 2, 0),
      );
      const nearest = distances.indexOf(Math.min(...distances));
      return nearest === label ? [] : [`${CLASSES[label]} for ${CLASSES[nearest]}`];
    });
    // Only what people cannot tell apart either.
    expect(mistaken.filter((each) => each !== 'O for 0' && each !== '0 for O')).toEqual([]);
  });

  it('come with the names, holders and licences of the fonts', () => {
    const licences = readFileSync(join(folder, 'FONT-LICENSES.txt'), 'utf8');
    const page = readFileSync(join(packageRoot(), 'docs', 'glyphs.md'), 'utf8');
    for (const name of glyphs.familyNames) {
      expect(licences).toContain(`${name} (@fontsource/`);
      expect(page).toContain(`| ${name} | `);
    }
    expect(licences).toContain('SIL OPEN FONT LICENSE Version 1.1');
    expect(licences).toContain('Apache License');
  });

  it('are read within 0.3 s of processor time', () => {
    const best = Math.min(
      ...[1, 2, 3].map(() => {
        const begin = processorTime();
        unwrap(loadGlyphs());
        return processorTime() - begin;
      }),
    );
    expect(best).toBeLessThan(300);
  });

  it('are a task in which whole classes are held out', () => {
    const set = unwrap(loadImages({ name: 'glyphs', pool: 2 }));
    expect([set.height, set.width]).toEqual([14, 14]);
    const { heldOut, search, evaluation } = splitSet(set, new Stream(1, 'split'), 0.3, 5);
    expect(heldOut).toBe('classes');
    const used = (pool: typeof search) =>
      [...pool.images].filter(([, images]) => images.length > 0).map(([label]) => label);
    expect(used(search)).toHaveLength(33);
    expect(used(evaluation)).toHaveLength(14);
    expect(used(search).filter((label) => used(evaluation).includes(label))).toEqual([]);
  });
});

describe('a file of glyphs that is not whole', () => {
  const aside = mkdtempSync(join(tmpdir(), 'engrammar-glyphs-'));
  const file = join(aside, 'glyphs.bin');
  afterAll(() => rmSync(aside, { recursive: true }));

  const codeOf = (content: Uint8Array): string | undefined => {
    writeFileSync(file, content);
    const result = loadGlyphs(file);
    return result.ok ? undefined : result.diagnostics.map(({ code }) => code).join();
  };

  it('is read where it is whole', () => expect(codeOf(stored)).toBeUndefined());

  it('is refused when it is missing', () => {
    const result = loadGlyphs(join(aside, 'none.bin'));
    expect(!result.ok && result.diagnostics[0]?.message).toMatch(
      /^cannot read the glyphs in .*none/,
    );
  });

  it('is refused with any injury', () => {
    const stream = new Stream(1, 'injuries');
    for (let k = 0; k < 40; k++) {
      const injured = mutate(stored, stream.child(k));
      if (!injured.equals(stored)) expect(codeOf(injured), `injury ${k}`).toBe('E411');
    }
  });
});

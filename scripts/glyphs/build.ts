/**
 * Draws the set `glyphs` from the fonts of package.json in this folder, and packs it. The same fonts
 * and seed give the same bytes.
 *
 *     npm ci --prefix scripts/glyphs
 *     node --import ./scripts/run-typescript.mjs scripts/glyphs/build.ts [FOLDER]
 *
 * FOLDER, data/glyphs if not given, gets glyphs.bin and the fonts' licences.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { Stream } from '../../src/base/random.js';
import { CLASSES, characterOf } from './classes.js';
import { drawExample } from './draw.js';
import { type Family, readFamilies } from './families.js';
import { licences } from './licences.js';
import { outlineOf, readFont } from './outlines.js';
import { SIDE } from './raster.js';

const SEED = 20250101;
const PER_FAMILY = 10;
/** Sixteen levels of grey: more cost space and look the same. */
const MOST = 15;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'data', 'glyphs'));
const families = readFamilies();
const content = drawn(families);
const packed = brotliCompressSync(content, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  },
});
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes);
const file = Buffer.concat([Buffer.from('ENGRAMG1', 'latin1'), sha256(content).digest(), packed]);
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'glyphs.bin'), file);
writeFileSync(path.join(folder, 'FONT-LICENSES.txt'), licences(families));
console.log(`${file.length} bytes, SHA-256 of the content ${sha256(content).digest('hex')}`);
console.log(`SHA-256 of the file ${sha256(file).digest('hex')}`);

/** Header and pixels, as src/tasks/glyphs.ts reads them. */
function drawn(from: readonly Family[]): Buffer {
  const header = {
    side: SIDE,
    most: MOST,
    classes: [...CLASSES],
    families: from.map(({ name }) => name),
    perFamily: PER_FAMILY,
  };
  const parts = [Buffer.from(`${JSON.stringify(header)}\0`)];
  const fonts = from.map(({ file }) => readFont(file));
  for (let label = 0; label < CLASSES.length; label++) {
    fonts.forEach((font, family) => {
      for (let k = 0; k < PER_FAMILY; k++) {
        const outline = outlineOf(font, characterOf(label, k));
        const image = drawExample(
          outline,
          new Stream(SEED, CLASSES[label]!, from[family]!.name, k),
        );
        parts.push(Buffer.from(image.map((ink) => Math.round(MOST * Math.min(1, ink)))));
      }
    });
  }
  return Buffer.concat(parts);
}

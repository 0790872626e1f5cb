import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { glyphsDamaged } from '../base/diagnostics/data.js';
import { packageRoot } from '../base/package-root.js';
import { failure, type Result, success } from '../base/result.js';
import type { ImageSet } from './types.js';

/** Drawn letters and digits, each with the family of fonts it was drawn from. */
export interface GlyphSet extends ImageSet {
  /** The character of each class, upper case for classes that hold both forms of a letter. */
  readonly classNames: readonly string[];
  readonly familyNames: readonly string[];
  /** For each image the index of its family. */
  readonly families: Uint8Array;
}

/**
 * What precedes the pixels. Images lie class by class, in each family by family; every family has
 * as many of every class.
 */
interface Header {
  readonly side: number;
  /** Pixels are whole numbers from 0 (paper) to this (ink). */
  readonly most: number;
  readonly classes: readonly string[];
  readonly families: readonly string[];
  readonly perFamily: number;
}

/*
 * Layout of the file: 8 bytes of magic, the SHA-256 of the content, the content packed by Brotli.
 * The content is the header as JSON, a zero byte, and one byte a pixel.
 */
const MAGIC = 'ENGRAMG1';
const HASH = 32;
/** Sixteen times what the set needs: more is no file of ours. */
const LARGEST = 2 ** 27;

/**
 * 47 classes of drawn digits and letters (28 × 28, in [0, 1]): the classes of EMNIST "balanced". They
 * come with the package; docs/glyphs.md tells how they were made. Fails if the file is not whole.
 */
export function loadGlyphs(
  file = join(packageRoot(), 'data', 'glyphs', 'glyphs.bin'),
): Result<GlyphSet> {
  try {
    return success(toGlyphSet(unpacked(readFileSync(file))));
  } catch (error) {
    return failure(glyphsDamaged({ path: file, reason: (error as Error).message }));
  }
}

function unpacked(packed: Buffer): Buffer {
  if (packed.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Error(`it does not begin with ${MAGIC}`);
  }
  const start = MAGIC.length + HASH;
  const content = brotliDecompressSync(packed.subarray(start), { maxOutputLength: LARGEST });
  const hash = createHash('sha256').update(content).digest();
  if (!hash.equals(packed.subarray(MAGIC.length, start))) throw new Error('its hash is another');
  return content;
}

function toGlyphSet(content: Buffer): GlyphSet {
  const end = content.indexOf(0);
  const header = JSON.parse(content.toString('utf8', 0, end)) as Header;
  const { side, most, classes, families: familyNames, perFamily } = header;
  const perClass = familyNames.length * perFamily;
  const count = classes.length * perClass;
  const bytes = content.subarray(end + 1);
  const pixels = new Float32Array(count * side * side);
  for (let i = 0; i < pixels.length; i++) pixels[i] = bytes[i]! / most;
  const labels = new Uint16Array(count);
  const families = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    labels[image] = Math.floor(image / perClass);
    families[image] = Math.floor((image % perClass) / perFamily);
  }
  return {
    name: 'glyphs',
    height: side,
    width: side,
    classes: classes.length,
    pixels,
    labels,
    classNames: classes,
    familyNames,
    families,
  };
}

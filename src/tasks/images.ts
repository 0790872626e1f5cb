import type { Result } from '../base/result.js';
import { loadDigits } from './digits.js';
import { loadGlyphs } from './glyphs.js';
import { loadIdx } from './idx.js';
import { poolImages } from './pool.js';
import type { ImageSet } from './types.js';

/** Which images a task is about. */
export type ImageSource =
  | { readonly name: 'digits' | 'glyphs'; readonly pool: number }
  | {
      readonly name: 'images';
      readonly images: string;
      readonly labels: string;
      readonly pool: number;
    };

/** Reads the images of a task and pools them. */
export function loadImages(source: ImageSource): Result<ImageSet> {
  const set = loadSet(source);
  return set.ok ? poolImages(set.value, source.pool) : set;
}

function loadSet(source: ImageSource): Result<ImageSet> {
  switch (source.name) {
    case 'digits':
      return loadDigits();
    case 'glyphs':
      return loadGlyphs();
    case 'images':
      return loadIdx(source.images, source.labels);
  }
}

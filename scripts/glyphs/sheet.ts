/**
 * A picture of the set, to look at: a row for each class, examples spread over all families.
 *
 *     node --import ./scripts/run-typescript.mjs scripts/glyphs/sheet.ts OUT.png [GLYPHS.bin]
 */
import { writeFileSync } from 'node:fs';
import { unwrap } from '../../src/base/result.js';
import { loadGlyphs } from '../../src/tasks/glyphs.js';
import { wholePool } from '../../src/tasks/sampler.js';
import { greyPng } from './png.js';

const COLUMNS = 48;

const [out, file] = process.argv.slice(2);
if (out === undefined) throw new Error('name the PNG to write');
const set = unwrap(loadGlyphs(file));
const { height, width } = set;
const classes = [...wholePool(set).images.values()];
const grey = new Uint8Array(classes.length * height * COLUMNS * width);
classes.forEach((images, row) => {
  for (let column = 0; column < COLUMNS; column++) {
    const image = images[Math.floor((column * images.length) / COLUMNS)]!;
    for (let i = 0; i < height * width; i++) {
      const y = row * height + Math.floor(i / width);
      const x = column * width + (i % width);
      grey[y * COLUMNS * width + x] = 255 * (1 - set.pixels[image * height * width + i]!);
    }
  }
});
writeFileSync(out, greyPng(COLUMNS * width, classes.length * height, grey));

/**
 * Records a finished run for a page of the documents: its result, rounded, and the figures that the page shows.
 *
 *     node --import ./scripts/run-typescript.mjs bench/record.ts RUN PAGE/NAME CPU_SECONDS [FIGURE…]
 *
 * The result of a sweep or a discovery goes to docs/PAGE/NAME.json, its figures to docs/figures/PAGE.
 * CPU_SECONDS is what `time` said of the run, user and system together; 0 where it is not known.
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/base/package-root.js';

const [run, name, cpu, ...figures] = process.argv.slice(2);
if (run === undefined || cpu === undefined || !name?.includes('/')) {
  throw new RangeError('usage: record.ts RUN PAGE/NAME CPU_SECONDS [FIGURE…]');
}

const DIGITS = 4;
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

// Terms that a search left out are hundreds; no page shows them.
const {
  runFolder: _,
  dropped: __,
  ...result
} = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8'));
const { started } = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));
const recorded = { ...result, day: String(started).slice(0, 10), cpuSeconds: Number(cpu) };
const path = join(packageRoot(), 'docs', `${name}.json`);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify(recorded, rounded, 1)}\n`);

const [page, ...rest] = name.split('/');
const shelf = join(packageRoot(), 'docs', 'figures', page!);
if (figures.length > 0) mkdirSync(shelf, { recursive: true });
for (const figure of figures) {
  const target = `${rest.join('-')}-${figure}.svg`;
  copyFileSync(join(run, 'figures', `${figure}.svg`), join(shelf, target));
}

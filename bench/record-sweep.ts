/**
 * Records a finished sweep for docs/reproduction.md: its result, rounded, and the figures that the page shows.
 *
 *     node --import ./scripts/run-typescript.mjs bench/record-sweep.ts RUN NAME CPU_SECONDS [FIGURE…]
 *
 * CPU_SECONDS is what `time` said of the run, user and system together; 0 where it is not known.
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/package-root.js';

const [run, name, cpu, ...figures] = process.argv.slice(2);
if (run === undefined || name === undefined || cpu === undefined) {
  throw new RangeError('usage: record-sweep.ts RUN NAME CPU_SECONDS [FIGURE…]');
}

const DIGITS = 4;
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

const { runFolder: _, ...result } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8'));
const { started } = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));
const recorded = { ...result, day: String(started).slice(0, 10), cpuSeconds: Number(cpu) };
const path = join(packageRoot(), 'docs', 'reproduction', `${name}.json`);
writeFileSync(path, `${JSON.stringify(recorded, rounded, 1)}\n`);

const shelf = join(packageRoot(), 'docs', 'figures', 'reproduction');
mkdirSync(shelf, { recursive: true });
for (const figure of figures) {
  copyFileSync(join(run, 'figures', `${figure}.svg`), join(shelf, `${name}-${figure}.svg`));
}

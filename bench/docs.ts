import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/package-root.js';
import type { Results } from './results.js';
import { BENCH_TABLES } from './tables.js';

const PAGE = join(packageRoot(), 'docs', 'performance.md');

/** Puts what was measured into docs/performance.md, between the marks of each table. */
export function writeDocs(results: Results): void {
  let text = readFileSync(PAGE, 'utf8');
  for (const [name, make] of Object.entries(BENCH_TABLES)) {
    const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${PAGE} has no part marked ${name}`);
    text = `${text.slice(0, from + begin.length)}${make(results).join('\n')}\n${text.slice(to)}`;
  }
  writeFileSync(PAGE, text);
}

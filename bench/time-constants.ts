/**
 * The figures of docs/from-a-recording.md on time constants: how well they are told by recorded changes
 * that follow pairs of spikes. `node --import ./scripts/run-typescript.mjs bench/time-constants.ts`, half
 * a minute.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stream } from '../src/base/random.js';
import { unwrap } from '../src/base/result.js';
import { inferFromColumns } from '../src/infer/from-file.js';

const SPACE = `space pairs {
  param tau_plus = 30 ms in [2 ms, 300 ms] fit, tau_minus = 30 ms in [2 ms, 300 ms] fit
  trace x = pre over tau_plus
  trace y = post over tau_minus
  on post: term = 1 | x | x * w
  on pre: term = 1 | y | y * w
}
`;

interface Case {
  readonly name: string;
  readonly steps: number;
  /** As a share of the root mean square of the changes. */
  readonly noise: number;
  readonly learns: boolean;
  readonly seeds: number;
}

const CASES: readonly Case[] = [
  { name: 'noise 0.1', steps: 2000, noise: 0.1, learns: true, seeds: 12 },
  { name: 'noise 1', steps: 2000, noise: 1, learns: true, seeds: 6 },
  { name: 'nothing but noise', steps: 2000, noise: 0.1, learns: false, seeds: 10 },
  { name: '100,000 rows', steps: 25_000, noise: 0.1, learns: true, seeds: 1 },
];

/** Four synapses, 1 ms a step. */
function recorded(seed: number, { steps, noise, learns }: Case): Record<string, number[]> {
  const stream = new Stream(seed, 'stdp');
  const rows: number[][] = [];
  for (let j = 0; j < 4; j++) {
    let [x, y, w] = [0, 0, 0.5];
    for (let t = 0; t < steps; t++) {
      const pre = Number(stream.uniform() < 0.03);
      const post = Number(stream.uniform() < 0.03 + (x > 0.5 ? 0.02 : 0));
      x *= Math.exp(-1 / 17);
      y *= Math.exp(-1 / 34);
      const dw = learns ? 0.01 * post * x - 0.005 * pre * y : stream.normal() * 0.01;
      rows.push([t, j, pre, post, w, dw]);
      x += pre;
      y += post;
      w += dw;
    }
  }
  const size = Math.sqrt(rows.reduce((sum, row) => sum + row[5]! ** 2, 0) / rows.length);
  for (const row of rows) row[5]! += noise * size * stream.normal();
  const names = ['t', 'j', 'pre', 'post', 'w', 'dw'];
  return Object.fromEntries(names.map((name, k) => [name, rows.map((row) => row[k]!)]));
}

const space = join(mkdtempSync(join(tmpdir(), 'engrammar-bench-')), 'pairs.space');
writeFileSync(space, SPACE);
for (const each of CASES) {
  for (let seed = 1; seed <= each.seeds; seed++) {
    const columns = recorded(seed, each);
    const before = process.cpuUsage();
    const asked = { target: 'dw', events: ['pre', 'post'], library: { space }, seed: 0 };
    const { terms, fitted = [], nullTest } = unwrap(await inferFromColumns('made', columns, asked));
    const { user, system } = process.cpuUsage(before);
    const found = terms.map(({ text, verdict }) => `${text} (${verdict})`).join(', ') || 'no rule';
    const values = fitted.map(({ name, value, interval }) => {
      return `${name} ${value} [${interval.map((end) => end.toFixed(1)).join(', ')}]`;
    });
    const facts = [found, ...values, `p ${nullTest.p}`, `${((user + system) / 1e6).toFixed(1)} s`];
    console.log(`${each.name}, seed ${seed}: ${facts.join('; ')}`);
  }
}

// Recordings of the known rules as they are fitted by `engrammar bench known-rules`, for other programs:
//
//     node --import ./scripts/run-typescript.mjs bench/peers/export-known-rules.ts FOLDER [SEEDS] [ROWS]
//
// One CSV file a recording (a column for every term of the library, and `dw`), and `cases.json` with
// what was put in.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { recordingOfRule } from '../../src/bench/known-rules/assess-table.js';
import { KNOWN_RULES } from '../../src/bench/known-rules/cases.js';
import { monomialText, termColumns } from '../../src/bench/known-rules/table.js';

const [folder = '.cache/known-rules', seeds = '3', rows = '3000'] = process.argv.slice(2);
const NOISES = [0, 0.1, 0.5];

mkdirSync(folder, { recursive: true });
const cases = KNOWN_RULES.flatMap((rule) =>
  NOISES.flatMap((noise) =>
    Array.from({ length: Number(seeds) }, (_, seed) => {
      const table = recordingOfRule(rule, noise, seed, Number(rows));
      const columns = [...termColumns(table, rule.library), table.target];
      const file = `${rule.id}-${noise}-${seed}.csv`;
      const terms = rule.library.map(monomialText);
      const lines = Array.from(table.target, (_change, row) =>
        columns.map((column) => column[row]!).join(','),
      );
      writeFileSync(
        path.join(folder, file),
        `${[...terms, 'dw'].join(',')}\n${lines.join('\n')}\n`,
      );
      return { file, case: rule.id, noise, seed, truth: Object.fromEntries(rule.truth) };
    }),
  ),
);
writeFileSync(path.join(folder, 'cases.json'), `${JSON.stringify(cases, null, 1)}\n`);

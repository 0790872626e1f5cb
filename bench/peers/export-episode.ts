/**
 * Writes the episode that all peers run, with its loss and gradient by the float64 interpreter:
 * `FOLDER/NAME.npy` (float64) for each array, and `FOLDER/reference.json`.
 *
 *     node --import ./scripts/run-typescript.mjs bench/peers/export-episode.ts [FOLDER] [--steps N]
 *
 * FOLDER is `.cache/peers-episode` unless given; `--steps` cuts the episode short, for quick checks.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { shortened } from '../../src/bench/cases/shorten.js';
import { fullPool } from '../../src/bench/cases.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import type { Slot } from '../../src/program/ir.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string' } },
});
const folder = positionals[0] ?? path.join('.cache', 'peers-episode');
const whole = fullPool();
const { name, program, episode, parameters } =
  values.steps === undefined ? whole : shortened(whole, Number(values.steps));

const runner = await interpreter.prepare(program);
const [result] = await runner.run([episode], parameters, { gradient: true });
if (!result?.gradient || result.divergence) throw new Error('the reference episode diverged');

mkdirSync(folder, { recursive: true });
const write = (slot: Slot, data: Float64Array, rows = slot.shape[0]): void => {
  const file = `${slot.name.replaceAll(' ', '_')}.npy`;
  writeFileSync(path.join(folder, file), npy(data, [rows, slot.shape[1]]));
};
for (const slot of [...program.states, ...program.constants])
  write(slot, episode.start[slot.name]!);
for (const slot of program.stepInputs) {
  write(slot, episode.stepInputs[slot.name]!, episode.steps * slot.shape[0]);
}
for (const slot of program.queryInputs) write(slot, episode.queryInputs[slot.name]!);
const reference = {
  case: name,
  program: program.name,
  steps: episode.steps,
  parameters: program.parameters,
  values: parameters,
  loss: result.loss,
  gradient: [...result.gradient],
};
writeFileSync(path.join(folder, 'reference.json'), `${JSON.stringify(reference, null, 2)}\n`);
console.log(`${folder}: ${program.name}, ${episode.steps} steps, loss ${result.loss}`);

/** A matrix of doubles, row by row, as NumPy keeps it (format 1.0). */
function npy(data: Float64Array, [rows, columns]: readonly [number, number]): Buffer {
  const words = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  // The header with what precedes it fills multiples of 64 bytes and ends in a line feed.
  const fixed = 10;
  const length = Math.ceil((fixed + words.length + 1) / 64) * 64 - fixed;
  const header = Buffer.alloc(fixed + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(words, fixed, 'latin1');
  header.write('\n', fixed + length - 1, 'latin1');
  return Buffer.concat([header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { nothingToRun } from '../../src/base/diagnostics/experiment.js';
import { interrupted } from '../../src/base/diagnostics/usage.js';
import type { RunResult } from '../../src/experiments/run.js';
import { build, engrammar } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-run-'));

beforeAll(async () => {
  const circuit = 'circuit: {name: layer}\ntask: {name: gaussian, eigenvalues: [3, 1], steps: 200}';
  writeFileSync(
    join(folder, 'oja.yaml'),
    `rule: oja\n${circuit}\nevaluate: {tasks: 2}\nworkers: 1\n`,
  );
  const rflo = 'rules: {recurrent: rflo, readout: rflo_readout}\ncircuit: {name: recurrent}\n';
  writeFileSync(
    join(folder, 'long.yaml'),
    `${rflo}task: {name: sines, trials: 100000, steps: 100}\n`,
  );
  await build();
}, 300_000);

const around = { cwd: folder };

describe('run', () => {
  it('prints one document, which the run folder keeps', async () => {
    const options = ['--out', 'runs/one', '--seed', '5', '--tasks', '3', '--json', '-q'];
    const ran = await engrammar(['run', 'oja.yaml', ...options], around);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const result = JSON.parse(ran.stdout) as RunResult;
    expect(result).toMatchObject({
      schemaVersion: 1,
      seed: 5,
      engine: { name: 'fused', backend: null, notices: [] },
      rules: [
        { name: 'oja', metrics: { 'norm of W': { tasks: 3 } } },
        { name: 'no-learning', metrics: { 'norm of W': { tasks: 3 } } },
      ],
    });
    const kept = readFileSync(join(folder, 'runs', 'one', 'result.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual(result);
  });

  it('writes a table for people', async () => {
    const ran = await engrammar(['run', 'oja.yaml', '--out', 'runs/two', '-q'], around);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^gaussian on layer 2-1 \(linear\)$/m);
    expect(ran.stdout).toMatch(/^ {2}oja +[\d.]+ \[[\d.]+, [\d.]+\] +2 +0$/m);
    expect(ran.stdout).toContain('experiment   oja, seed 1');
  });

  it('does not run a space', async () => {
    const space = await engrammar(['run', 'digits', '--out', 'runs/three'], around);
    expect([space.code, space.stdout]).toEqual([1, '']);
    expect(space.stderr).toContain(nothingToRun({ space: 'shervani_tabar_2023' }).message);
  });

  it('stopped with Ctrl-C ends with code 130, and so does what resume goes on with', async () => {
    const out = join(folder, 'runs', 'long');
    for (const words of [
      ['run', 'long.yaml', '--out', out],
      ['resume', out],
    ]) {
      let sent = false;
      const onStderr = (text: string, pid: number): void => {
        if (sent || !text.includes('The run folder is')) return;
        sent = true;
        setTimeout(() => process.kill(pid, 'SIGINT'), 400);
      };
      const ran = await engrammar(words, { ...around, onStderr });
      expect([ran.code, ran.stdout]).toEqual([130, '']);
      expect(ran.stderr).toContain(interrupted({ runFolder: out }).message);
    }
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectionWithoutCircuit } from '../../src/base/diagnostics/circuit.js';
import { signalNotOffered } from '../../src/base/diagnostics/language.js';
import { unknownWord } from '../../src/base/diagnostics/usage.js';
import { here } from './cli.js';

const file = join(mkdtempSync(join(tmpdir(), 'engrammar-circuit-')), 'two.rule');
writeFileSync(
  file,
  `rule both for forward, bias { dw = -post.error * pre }
rule down for feedback { dw = -pre.error * post }
rule anywhere { dw = pre.error }
`,
);

describe('a rule and a circuit', () => {
  it('is held against every projection it is for', async () => {
    const { code, stdout } = await here(['check', file, '--circuit', 'feed-forward']);
    expect([code, stdout.match(/ ok — /g)]).toEqual([0, [' ok — ', ' ok — ', ' ok — ']]);
  });

  it('or against the one that is named', async () => {
    const args = ['check', file, '--circuit', 'feed-forward', '--projection', 'bias'];
    const { code, stdout } = await here(args);
    // What a bias has before it is no neuron, and has no error.
    expect(code).toBe(1);
    expect(stdout.split(` ${signalNotOffered.code} `)).toHaveLength(3);
    const shown = await here(['show', `${file}#both`, ...args.slice(2)]);
    expect(shown.code).toBe(0);
  });

  it('needs a projection that is there, and its circuit', async () => {
    const wrong: [string[], string][] = [
      [['--circuit', 'feed-forward', '--projection', 'biass'], unknownWord.code],
      [['--circuit', 'feedforward'], unknownWord.code],
      [['--projection', 'bias'], projectionWithoutCircuit.code],
    ];
    for (const [flags, expected] of wrong) {
      for (const command of [
        ['check', file],
        ['show', 'oja'],
        ['terms', 'shervani_tabar_2023'],
      ]) {
        const { code, stderr } = await here([...command, ...flags]);
        expect([code, stderr], command[0]).toEqual([2, expect.stringContaining(expected)]);
      }
    }
    const { code, stderr } = await here(['signals', 'layer', 'feedback']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(unknownWord.code)]);
  });

  it('is refused where the circuit lacks what it reads', async () => {
    const { code, stderr } = await here(['show', `${file}#anywhere`, '--circuit', 'spiking']);
    expect(code).toBe(1);
    expect(stderr).toContain(signalNotOffered.code);
  });

  it('are listed by show, unless one was asked for', async () => {
    const shown = async (...more: string[]) => (await here(['show', ...more])).stdout;
    expect(await shown('rflo')).toMatch(
      /\nCircuits\n {2}recurrent \(recurrent, input\), recurrent-cued \(recurrent, input\)\n$/,
    );
    expect(await shown('stdp_triplet')).not.toMatch(/\nCircuits\n.*feed-forward/);
    expect(await shown('rflo', '--circuit', 'recurrent')).not.toContain('\nCircuits');
  });
});

import { describe, expect, test } from 'vitest';
import { expectNumbers, woven } from '../support/woven.js';

const STEPS = 24;
const row = (k: number): number => Math.floor(k / 3);
const column = (k: number): number => k % 3;

describe('recursive least squares and chance', () => {
  test('whiten', async () => {
    const at = woven(
      `rule force { every 2 steps: whiten k = pre ridge 4 gate 0.5 + reward^2
        dw = 0.1 * post * k@before + k }`,
      STEPS,
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    let P: number[][] = [0, 1, 2].map((a) => [0, 1, 2].map((b) => (a === b ? 0.25 : 0)));
    let k = [0, 0, 0];
    for (let t = 0; t < STEPS; t++) {
      const before = k;
      if (t % 2 === 1) {
        const E = at.shown('pre', t);
        const PE = P.map((p) => p.reduce((sum, value, b) => sum + value * E[b]!, 0));
        const c = 1 / (1 + PE.reduce((sum, value, b) => sum + value * E[b]!, 0));
        const g = 0.5 + at.shown('reward', t)[0]! ** 2;
        k = PE.map((value) => c * value);
        P = P.map((p, a) => p.map((value, b) => value - g * c * PE[a]! * PE[b]!));
      }
      for (let s = 0; s < 6; s++) {
        w[s]! += 0.1 * at.shown('post', t)[row(s)]! * before[column(s)]! + k[column(s)]!;
      }
      expectNumbers(ran.after(t, 'syn: k'), k);
      expectNumbers(ran.after(t, 'syn: inverse correlations of k'), P.flat());
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('draw: anew whenever its line acts, and held in between', async () => {
    const at = woven(
      `rule r { every 3 steps: draw u = uniform per synapse  draw n = normal per pre
        dw = u + 0.01 * n }`,
      600,
    );
    const ran = await at.run();
    const fresh = at.inputs['syn: fresh u']!;
    const normal = at.inputs['syn: fresh n']!;
    const w = [...at.start.syn!];
    for (let t = 0; t < 600; t++) {
      const last = 3 * Math.floor((t + 1) / 3) - 1;
      for (let k = 0; k < 6; k++) {
        w[k]! += (last < 0 ? 0 : fresh[6 * last + k]!) + 0.01 * normal[3 * t + column(k)]!;
      }
      expectNumbers(ran.after(t, 'syn'), w);
    }
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(fresh) - 0.5)).toBeLessThan(0.03);
    expect(Math.min(...fresh)).toBeGreaterThanOrEqual(0);
    expect(Math.abs(mean(normal))).toBeLessThan(0.1);
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(0.15);
  });
});

import { describe, expect, it } from 'vitest';
import { frontOf, latexFront, triedRule } from '../../src/discover/front.js';
import { plan, pretending } from './pretending.js';

const rule = (values: Record<string, number>) => triedRule(plan, new Map(Object.entries(values)));

/** F0 and F2 do the same; F1 does something else. */
const { crew } = pretending(
  ({ F0 = 0, F1 = 0, F2 = 0 }) => 1 + (F0 + F2 - 1) ** 2 + (F1 - 0.5) ** 2,
  (given) => given,
);

describe('rules by size', () => {
  const reported = rule({ F0: 0.9, F1: 0.5 });
  const others = [
    rule({ F0: 0.9 }),
    rule({ F1: 0.5 }),
    rule({ F0: 1, F1: 0.5 }),
    rule({ F1: 0.5, F2: 1 }),
    rule({ F0: 0.5, F1: 0.5, F2: 0.5 }),
    rule({}),
  ];

  it('are the best of each size, but of its own size the reported one', async () => {
    const front = await frontOf(plan, crew, reported, others);
    expect(front.map(({ terms, reported }) => [terms.join(' '), reported])).toEqual([
      ['F0', false],
      ['F0 F1', true],
      ['F0 F1 F2', false],
    ]);
    const offset = (0.01 * 23) / 2;
    expect(front.map(({ loss }) => loss.mean - offset)).toEqual([
      expect.closeTo(1.26),
      expect.closeTo(1.01),
      expect.closeTo(1),
    ]);
    for (const { loss } of front) {
      expect(loss.lo).toBeLessThan(loss.mean);
      expect(loss.hi).toBeGreaterThan(loss.mean);
      expect(loss.tasks).toBe(24);
    }
    const complexities = plan.library.terms.map(({ complexity }) => complexity);
    expect(front[2]!.complexity).toBe(complexities[0]! + complexities[1]! + complexities[2]!);
  });

  it('are a table in LaTeX', async () => {
    const front = await frontOf(plan, crew, reported, [rule({ F0: 0.9 })]);
    const written = front.map((row) => ({ ...row, loss: { mean: 1, lo: 0.5, hi: 2, tasks: 24 } }));
    expect(latexFront(written)).toMatchInlineSnapshot(`
      "\\begin{tabular}{rrll}
        Size & Complexity & Loss & Terms \\\\ \\hline
        1 & 2 & $1.000$ [$0.500$, $2.000$] & \\texttt{F0} \\\\
        2$^*$ & 4 & $1.000$ [$0.500$, $2.000$] & \\texttt{F0}, \\texttt{F1} \\\\
      \\end{tabular}"
    `);
  });

  it('are none where nothing was found', async () => {
    expect(await frontOf(plan, crew, rule({}), [])).toEqual([]);
  });
});

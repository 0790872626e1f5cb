import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { infer } from '../../src/infer/infer.js';
import { monomialSpace, readLibrary } from '../../src/infer/library.js';
import { recordingOf } from '../../src/infer/recording.js';
import type { InferResult } from '../../src/infer/result.js';

const ROWS = 600;

/** What is inferred from columns that are made row by row, each from those before it. */
function inferred(
  makers: Readonly<Record<string, (row: Record<string, number>, stream: Stream) => number>>,
  { degree = 4, maxPower = 2 } = {},
): InferResult {
  const stream = new Stream(3, 'aliases');
  const columns = new Map(Object.keys(makers).map((name) => [name, new Float64Array(ROWS)]));
  for (let at = 0; at < ROWS; at++) {
    const row: Record<string, number> = {};
    for (const [name, make] of Object.entries(makers)) {
      row[name] = make(row, stream);
      columns.get(name)![at] = row[name];
    }
  }
  const header = [...columns.keys()];
  const read = header.filter((name) => name !== 'dw');
  const space = unwrap(monomialSpace({ columns: read, degree, maxPower }, []));
  const library = unwrap(readLibrary(space, null, { header, target: 'dw', events: [] }));
  return infer(recordingOf('made', columns), library, { target: 'dw', seed: 0 });
}

const normal = (_: unknown, stream: Stream): number => stream.normal();
const binary = (_: unknown, stream: Stream): number => Number(stream.uniform() < 0.4);

describe('terms that a recording cannot tell apart', () => {
  it('binary input: 23 products are 17, and x^2 = x says why', () => {
    const result = inferred({
      x: binary,
      y: normal,
      w: normal,
      dw: ({ x, y }) => x! * y! - 0.5 * y!,
    });
    expect(result.aliases).toEqual([
      ['x', 'x^2'],
      ['x * y', 'x^2 * y'],
      ['x * w', 'x^2 * w'],
      ['x * y^2', 'x^2 * y^2'],
      ['x * w^2', 'x^2 * w^2'],
      ['x * y * w', 'x^2 * y * w'],
    ]);
    expect(result.terms.length + result.dropped.length).toBe(23);
    expect(result.relations).toEqual([
      {
        formula: 'x^2 = x',
        consequences: 5,
        remedy: 'x takes only the values 0 and 1: record it at other values',
      },
    ]);
    expect(result.terms.map(({ text, aliases }) => [text, aliases])).toEqual([
      ['y', []],
      ['x * y', ['x^2 * y']],
    ]);
    expect(result.dropped.find(({ text }) => text === 'x^2 * y')!.by).toBe(
      'the same as x * y on these data',
    );
  });

  it('signs: x^2 is 1; other levels come with their factor', () => {
    const sign = { x: (_: unknown, stream: Stream) => (stream.uniform() < 0.5 ? -1 : 1) };
    const made = { y: normal, dw: ({ x, y }: Record<string, number>) => x! * y! };
    expect(inferred({ ...sign, ...made }).relations.map(({ formula }) => formula)).toEqual([
      'x^2 = 1',
    ]);
    const levels = inferred({
      x: (row, stream) => 0.75 * binary(row, stream),
      ...made,
    });
    expect(levels.relations[0]).toMatchObject({ formula: 'x^2 = 0.75 * x', consequences: 2 });
  });

  it('a column that never changes, and one that is always 0', () => {
    const { relations, aliases } = inferred(
      { x: normal, c: () => 0.5, z: () => 0, dw: ({ x }, stream) => x! + stream.normal() },
      { degree: 2 },
    );
    expect(relations).toEqual([
      {
        formula: 'z = 0',
        consequences: 3,
        remedy: 'z is 0 in every row: record it where it is not',
      },
      { formula: 'c = 0.5', consequences: 1, remedy: 'c is 0.5 in every row: vary it' },
      { formula: 'c^2 = 0.25', consequences: 0, remedy: 'c is 0.5 in every row: vary it' },
    ]);
    expect(aliases).toContainEqual(['x', 'x * c']);
  });

  it('columns that go together, and a column that is the sum of others', () => {
    const together = inferred(
      { x: normal, u: ({ x }) => -2 * x!, dw: ({ x }, stream) => x! + stream.normal() },
      { degree: 1 },
    );
    expect(together.relations).toEqual([
      {
        formula: 'u = -2 * x',
        consequences: 0,
        remedy: 'u and x go together in every row: record one where the other is different',
      },
    ]);
    const sum = inferred(
      {
        a: normal,
        b: normal,
        s: ({ a, b }) => 1 - a! + 0.5 * b!,
        dw: ({ a }, stream) => a! + stream.normal(),
      },
      { degree: 1 },
    );
    expect(sum.aliases).toEqual([]);
    expect(sum.relations.map(({ formula }) => formula)).toEqual(['s = 1 - a + 0.5 * b']);
  });

  it('nearly binary input, a narrow range, columns that nearly go together: what holds nearly, and what to record', () => {
    const jittered = (levels: [number, number]) => (_: unknown, stream: Stream) =>
      levels[Number(stream.uniform() < 0.4)]! + 0.001 * stream.normal();
    const { nearAliases, aliases } = inferred({
      x: jittered([0.05, 1]),
      y: normal,
      w: (_, stream) => 1 + 0.1 * stream.normal(),
      dw: ({ y }, stream) => y! + stream.normal(),
    });
    expect(aliases).toEqual([]);
    expect(nearAliases.map(({ within, ...rest }) => rest)).toEqual([
      {
        formula: 'x^2 = 1.05 * x - 0.05',
        consequences: 5,
        terms: ['x^2', 'x', '1'],
        remedy: 'x lies near 0.05 or 1: record it at other values',
      },
      {
        formula: expect.stringMatching(/^w\^2 = (1\.9|2\.0)\d* \* w - (0\.9|1\.0)\d*$/),
        consequences: 4,
        terms: ['w^2', 'w', '1'],
        remedy: expect.stringMatching(
          /^w lies between 0\.8\d+ and 1\.1\d* in nine of ten rows: record it over a wider range$/,
        ),
      },
    ]);
    expect(nearAliases[0]!.within).toBeLessThan(0.003);
    const [together, ...none] = inferred(
      {
        x: normal,
        u: ({ x }, stream) => -2 * x! + 0.02 * stream.normal(),
        dw: ({ x }, stream) => x! + stream.normal(),
      },
      { degree: 1 },
    ).nearAliases;
    expect(none).toEqual([]);
    expect(together).toMatchObject({
      formula: expect.stringMatching(/^u = -2 \* x$/),
      remedy: 'u and x nearly go together: record one where the other is different',
    });
    expect(together!.within).toBeCloseTo(0.01, 2);
  });

  it('three columns that hang together; of independent ones nothing does', () => {
    const makers = {
      a: normal,
      b: normal,
      s: ({ a, b }: Record<string, number>, stream: Stream) => a! - b! + 0.01 * stream.normal(),
      dw: ({ a }: Record<string, number>, stream: Stream) => a! + stream.normal(),
    };
    expect(inferred(makers, { degree: 1 }).nearAliases).toMatchObject([
      {
        formula: expect.stringMatching(/^s = -(0\.999 \* |1 \* )?b \+ (0\.999 \* )?a$/),
        remedy: 'a, b and s hang together: record conditions in which that does not hold',
      },
    ]);
    const { s, ...independent } = makers;
    expect(inferred(independent).nearAliases).toEqual([]);
  });

  it('nothing is alike that differs in a single row', () => {
    let row = 0;
    const result = inferred({
      x: (_, stream) => (row++ === 17 ? 1.001 : binary(_, stream)),
      y: normal,
      dw: ({ x, y }) => x! * y!,
    });
    expect(result.aliases).toEqual([]);
  });
});

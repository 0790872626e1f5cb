import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import {
  columnUnnameable,
  designTooLarge,
  fewerRowsThanTerms,
  noRows,
  noSuchColumn,
  notOneRow,
  noVariation,
  rowsDropped,
  targetInLibrary,
  termNotFinite,
  tooManyMonomials,
} from '../../src/base/diagnostics/recording.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { placeOf } from '../../src/base/source.js';
import { designOf } from '../../src/infer/design.js';
import { type InferRequest, inferFromFile } from '../../src/infer/from-file.js';
import { monomialSpace, readLibrary } from '../../src/infer/library.js';
import { recordingOf } from '../../src/infer/recording.js';
import type { InferResult } from '../../src/infer/result.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-infer-'));

/** A table of rows, from what is in the first columns of each. */
function table(name: string, header: string, rows: number, row: (stream: Stream) => number[]) {
  const stream = new Stream(7, name);
  const lines = Array.from({ length: rows }, () => row(stream).join(','));
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
  return path;
}

const MONOMIALS: InferRequest = {
  target: 'dw',
  events: [],
  library: { columns: ['x', 'y', 'w'], degree: 4, maxPower: 2 },
  seed: 0,
};

const found = ({ terms }: InferResult): Record<string, number> =>
  Object.fromEntries(terms.map(({ text, coefficient }) => [text, coefficient]));

const oja = table('oja.csv', 'x,y,w,dw', 800, (stream) => {
  const [x, w] = [stream.normal(), stream.normal()];
  const y = Math.tanh(x * w + stream.normal());
  return [x, y, w, y * (x - y * w) + 0.05 * stream.normal()];
});

describe('a rule from a table', () => {
  it('is the one that made the table', async () => {
    const result = unwrap(await inferFromFile(oja, MONOMIALS));
    expect(Object.keys(found(result)).sort()).toEqual(['x * y', 'y^2 * w']);
    expect(found(result)['x * y']).toBeCloseTo(1, 1);
    expect(found(result)['y^2 * w']).toBeCloseTo(-1, 1);
    expect(result.rule!.text).toContain('dw = theta1 * x * y + theta2 * y^2 * w');
    expect(result.fit.r2).toBeGreaterThan(0.98);
  });

  it('is printed with its uncertainty, and what is printed is what was computed', async () => {
    const result = unwrap(await inferFromFile(oja, MONOMIALS));
    const { rule, terms, metrics, fit } = result;
    expect(rule!.text).toMatch(/param theta1 = [\d.]+ ± [\d.]+, theta2 = -[\d.]+ ± [\d.]+/);
    expect(terms.map(({ verdict }) => verdict)).toEqual(['established', 'established']);
    for (const { coefficient, interval } of terms) {
      expect(interval![0]).toBeLessThan(coefficient);
      expect(interval![1]).toBeGreaterThan(coefficient);
    }
    // By hand, from the printed numbers.
    const [a, b] = terms.map(({ coefficient }) => coefficient);
    let [left, all] = [0, 0];
    for (const line of readFileSync(oja, 'utf8').trim().split('\n').slice(1)) {
      const [x, y, w, dw] = line.split(',').map(Number) as [number, number, number, number];
      left += (dw - (a! * x * y + b! * y * y * w)) ** 2;
      all += dw ** 2;
    }
    expect(metrics!.r2).toBeCloseTo(1 - left / all, 12);
    expect(metrics!.loss).toBeCloseTo(left / 800, 12);
    expect(fit.r2).toBe(metrics!.r2);
  });

  it('is called by its name', async () => {
    const { known } = unwrap(await inferFromFile(oja, MONOMIALS));
    expect(known).toMatchObject({ name: 'oja', distance: 0 });
    // The learning rate of the catalogue is 0.01.
    expect(known!.scale).toBeCloseTo(100, -1);
  });

  it('is factored for people, equal coefficients taken out where the intervals allow it', async () => {
    const { factored, metrics } = unwrap(await inferFromFile(oja, MONOMIALS));
    expect(factored!.text).toMatch(/^dw = (?:[\d.]+ \* )?y \* \(x - y \* w\)$/);
    expect(factored!.r2).toBeCloseTo(metrics!.r2, 3);
  });

  it('the same seed gives the same result, to the last character', async () => {
    const [one, two] = [await inferFromFile(oja, MONOMIALS), await inferFromFile(oja, MONOMIALS)];
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });

  it('none where there is none', async () => {
    const noise = table('noise.csv', 'x,y,w,dw', 400, (stream) =>
      Array.from({ length: 4 }, () => stream.normal()),
    );
    const result = unwrap(await inferFromFile(noise, MONOMIALS));
    expect(result.rule).toBeNull();
    expect(result.terms).toEqual([]);
    expect(result.fit.r2).toBe(0);
    expect(result.dropped).toHaveLength(23);
  });

  it('drift is no rule', async () => {
    // Weights, activities and changes wander, each on its own.
    const wandering = [0, 0, 0, 0];
    const drift = table('drift.csv', 'x,y,w,dw', 1000, (stream) => {
      for (let k = 0; k < 4; k++) wandering[k]! += 0.1 * stream.normal();
      return [...wandering];
    });
    const result = unwrap(await inferFromFile(drift, MONOMIALS));
    expect(result.rule).toBeNull();
    expect(result.terms).toEqual([]);
    expect(result.refused!.terms.length).toBeGreaterThan(0);
    expect(result.nullTest.p).toBeGreaterThan(0.05);
    expect(result.nullTest.drift!.r2).toBeGreaterThan(0.3);
    const by = new Set(result.dropped.map((each) => each.by));
    expect(by).toContain('no better than chance');
  });
});

describe('events', () => {
  it('products are formed with each of them', async () => {
    const spikes = table('spikes.csv', 'pre,post,xp,yp,w,dw', 1500, (stream) => {
      const [pre, post] = [Number(stream.uniform() < 0.4), Number(stream.uniform() < 0.4)];
      const [xp, yp, w] = [stream.uniform(), stream.uniform(), stream.uniform()];
      return [pre, post, xp, yp, w, post * xp - 0.8 * pre * yp * w + 0.02 * stream.normal()];
    });
    const columns = ['xp', 'yp', 'w'];
    const result = unwrap(
      await inferFromFile(spikes, {
        ...MONOMIALS,
        events: ['pre', 'post'],
        library: { columns, degree: 2, maxPower: 2 },
      }),
    );
    expect(result.terms.length + result.dropped.length).toBe(20);
    expect(Object.keys(found(result)).sort()).toEqual(['post * xp', 'pre * yp * w']);
    expect(result.factored!.text).toMatch(
      /^on post: dw = (?:[\d.]+ \* )?xp\non pre: dw = -0\.[\d]+ \* yp \* w$/,
    );
    // What a trace is of, a table does not say.
    expect(result.known).toBeNull();
  });
});

describe('a space whose terms name columns', () => {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('its names, its parameters, its clauses; functions too', async () => {
    const space = file(
      'terms.space',
      `space terms {
  param theta = 0.5
  term hebb = x * y
  term decay = -w * y^2
  term bounded = tanh(x) * relu(y - theta)
  term other = if y > theta then x else 0
}
`,
    );
    const result = unwrap(await inferFromFile(oja, { ...MONOMIALS, library: { space } }));
    expect(result.terms.map(({ id, text }) => [id, text])).toEqual([
      ['hebb', 'x * y'],
      ['decay', '-w * y^2'],
    ]);
    // The sign stands in the term.
    expect(result.terms[1]!.coefficient).toBeCloseTo(1, 1);
    expect(result.rule!.text).toContain('dw = hebb * x * y - decay * w * y^2');
    expect(result.known).toMatchObject({ name: 'oja', distance: 0 });
  });

  it('`on` a column of events', async () => {
    const spikes = table('on.csv', 'spike,xp,dw', 600, (stream) => {
      const [spike, xp] = [Number(stream.uniform() < 0.4), stream.uniform()];
      return [spike, xp, 2 * spike * xp + 0.02 * stream.normal()];
    });
    const space = file('on.space', 'space gated {\n  on spike: term = 1 | xp\n  term = xp\n}\n');
    const request = { ...MONOMIALS, events: ['spike'], library: { space } };
    const result = unwrap(await inferFromFile(spikes, request));
    expect(result.terms.map(({ text }) => text)).toEqual(['spike * xp']);
    expect(result.rule!.text).toContain('on spike: dw = theta1 * xp');
    expect(result.fit.r2).toBeGreaterThan(0.99);
  });

  it('what needs more than one row is refused, each with its place', async () => {
    const text = `space wrong {
  param eta = 1 in [0, 2] fit
  trace slow = y over 20 steps
  term = x * slow
  term = sum_pre(w * x)
  term = x@previous
  term = eta * x
  bound w in [0, 1]
}
`;
    const space = file('wrong.space', text);
    const result = await inferFromFile(oja, { ...MONOMIALS, library: { space } });
    expect(result.ok).toBe(false);
    const said = result.ok ? [] : result.diagnostics;
    expect(said.map(({ code }) => code)).toEqual(said.map(() => notOneRow.code));
    const lines = said.map(({ source, span }) => placeOf(source!, span!.start).line);
    expect(lines.sort()).toEqual([5, 6, 8]);
  });
});

describe('columns', () => {
  const faults = async (path: string, request: Partial<InferRequest>): Promise<string[]> => {
    const result = await inferFromFile(path, { ...MONOMIALS, ...request });
    return result.ok ? [] : result.diagnostics.map(({ code, message }) => `${code} ${message}`);
  };
  const said = ({ code, message }: Diagnostic): string => `${code} ${message}`;
  const header = ['x', 'y', 'w', 'dw'];
  const of = (...columns: string[]) => ({ columns, degree: 1, maxPower: 1 });

  it('that are not there, or not to be explained by', async () => {
    expect(await faults(oja, { target: 'dv' })).toEqual([
      said(noSuchColumn({ name: 'dv', header, option: '--target' })),
    ]);
    expect(await faults(oja, { library: of('x', 'dw', 'z'), events: ['spike'] })).toEqual([
      said(targetInLibrary({ target: 'dw', option: '--monomials' })),
      said(noSuchColumn({ name: 'z', header, option: '--monomials' })),
      said(noSuchColumn({ name: 'spike', header, option: '--events' })),
    ]);
  });

  it('whose names the language cannot write; Greek letters it can', async () => {
    const odd = table('odd.csv', 'pre rate,exp,in,θ,post.rate,dw', 100, (stream) => {
      const row = Array.from({ length: 5 }, () => stream.normal());
      return [...row, row[3]! * row[4]!];
    });
    for (const name of ['pre rate', 'exp', 'in']) {
      expect(await faults(odd, { library: of(name) })).toEqual([
        said(columnUnnameable({ name, option: '--monomials' })),
      ]);
    }
    const placed = table('placed.csv', 'x,i,dw', 100, (stream) => [stream.normal(), 1, 0]);
    const place = columnUnnameable({ name: 'i', option: '--monomials', isPlace: true });
    expect(await faults(placed, { library: of('x', 'i') })).toEqual([said(place)]);
    expect(place.hint).toContain('which rows belong together');
    const library = { columns: ['θ', 'post.rate'], degree: 2, maxPower: 1 };
    const result = unwrap(await inferFromFile(odd, { ...MONOMIALS, library }));
    expect(result.terms.map(({ text }) => text)).toEqual(['theta * post.rate']);
  });

  it('too many products, too few rows, nothing to explain', async () => {
    const names = Array.from({ length: 30 }, (_, k) => `c${k}`);
    const wide = table('wide.csv', [...names, 'dw'].join(','), 20, (stream) =>
      Array.from({ length: 31 }, () => stream.normal()),
    );
    const library = { columns: names, degree: 4, maxPower: 2 };
    expect(await faults(wide, { library })).toEqual([
      said(tooManyMonomials({ columns: 30, degree: 4, most: 2000 })),
    ]);
    expect(await faults(wide, { library: of(...names) })).toEqual([
      said(fewerRowsThanTerms({ rows: 20, terms: 31 })),
    ]);
    const constant = table('constant.csv', 'x,dw', 20, (stream) => [stream.normal(), 0]);
    expect(await faults(constant, { library: of('x') })).toEqual([
      said(noVariation({ target: 'dw', value: 0 })),
    ]);
    const empty = table('header-only.csv', 'x,dw', 0, () => []);
    expect(await faults(empty, { library: of('x') })).toEqual([
      said(noRows({ rows: 0, missing: [] })),
    ]);
    const gaps = table('gaps.csv', 'x,dw', 20, () => [Number.NaN, 1]);
    expect(await faults(gaps, { library: of('x') })).toEqual([
      said(noRows({ rows: 20, missing: [['x', 20]] })),
    ]);
  });

  it('terms that are no numbers in some rows, and too many numbers for any memory', async () => {
    let row = 0;
    const zeros = table('zeros.csv', 'x,dw', 50, (stream) => {
      row += 1;
      return [row % 5 === 0 ? 0 : stream.normal(), stream.normal()];
    });
    const space = join(folder, 'divided.space');
    writeFileSync(space, 'space divided {\n  term = x\n  term = 1 / x\n  term = exp(400 + x)\n}\n');
    expect(await faults(zeros, { library: { space } })).toEqual([
      said(termNotFinite({ term: '1 / x', rows: 10, of: 50 })),
      said(termNotFinite({ term: 'exp(400 + x)', rows: 50, of: 50 })),
    ]);
    // Five columns have 96 products up to degree 4; no numbers are needed to see that they are too many.
    const facts = { rows: 3_000_000, terms: 96, most: 2 ** 28 };
    const names = ['a', 'b', 'c', 'd', 'e'];
    const [offer, column] = [{ header: names, target: 'dw', events: [] }, new Float64Array(3e6)];
    const source = unwrap(monomialSpace({ columns: names, degree: 4, maxPower: 2 }, []));
    const library = unwrap(readLibrary(source, null, offer));
    const recording = recordingOf('large', new Map(names.map((name) => [name, column])));
    expect(() => designOf(library, recording, column)).toThrow(designTooLarge(facts).message);
  });

  it('rows that are left out are told', async () => {
    let row = 0;
    const gaps = table('some-gaps.csv', 'x,dw', 100, (stream) => {
      const x = stream.normal();
      row += 1;
      return row % 10 === 0 ? [x, Number.NaN] : [x, 2 * x];
    });
    const result = await inferFromFile(gaps, { ...MONOMIALS, library: of('x') });
    expect(result.ok && result.warnings.map(said)).toEqual([
      said(rowsDropped({ dropped: 10, rows: 100, missing: [['dw', 10]] })),
    ]);
    expect(unwrap(result).fit).toMatchObject({ rows: 90, dropped: 10 });
  });
});

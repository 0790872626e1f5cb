import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../src/algebra/enumerate.js';
import { equalUpToFactor } from '../../src/algebra/equal.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { addPolynomials, NOTHING, scalePolynomial } from '../../src/algebra/polynomial.js';
import { parseRational } from '../../src/algebra/rational.js';
import type { TermLibrary } from '../../src/algebra/types.js';
import {
  boundTooLarge,
  derivedTermRefused,
  growingChoice,
  tooManyDerivations,
} from '../../src/base/diagnostics/enumerate.js';
import { packageRoot } from '../../src/base/package-root.js';
import { unwrap } from '../../src/base/result.js';
import { checkSpace } from '../../src/language/check.js';
import type { CheckedSpace } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { evaluateAt, randomNetwork } from '../support/network.js';

function checked(text: string): CheckedSpace {
  const source = { name: 'test.space', text };
  const [space] = unwrap(parse(source));
  if (space?.kind !== 'space') throw new Error('not a space');
  return unwrap(checkSpace(space, source, wholeVocabulary));
}

const library = (lines: string): TermLibrary => unwrap(enumerate(checked(`space s { ${lines} }`)));

const texts = (lines: string): string[] => library(lines).terms.map((term) => term.text);

function refusal(lines: string): { codes: string[]; message: string } {
  const result = enumerate(checked(`space s { ${lines} }`));
  if (result.ok) throw new Error('was not refused');
  return {
    codes: [...new Set(result.diagnostics.map((d) => d.code))],
    message: result.diagnostics[0]!.message,
  };
}

function ofCatalogue(name: string): CheckedSpace {
  return checked(readFileSync(join(packageRoot(), 'rules', 'spaces', `${name}.space`), 'utf8'));
}

describe('the ten terms', () => {
  const space = ofCatalogue('shervani_tabar_2023');
  const { terms, ...counts } = unwrap(enumerate(space));

  it('come in the order, with the names and the signs of the paper', () => {
    expect(terms.map((term) => `${term.id} ${term.text}`)).toEqual([
      'F0 -post.error * pre',
      'F1 -post * pre.error',
      'F2 -post.error * pre.error',
      'F3 -w',
      'F4 -pre.error',
      'F5 -post.error * sum_all(post) * pre',
      'F6 -post * sum_all(post * w * pre.error) * pre.error',
      'F7 -post.error * sum_all(post * w * pre.error) * pre',
      'F8 -post * sum_all(post.error * w * pre) * pre.error',
      'F9 post * (pre - sum_post(post * w))',
    ]);
    expect(counts).toEqual({
      derived: 10,
      merged: 0,
      dropped: 0,
      outsideBounds: 0,
      dependences: [],
    });
  });

  it('are Eqs 14 to 23 of the paper, written out', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = randomNetwork(space.scope, seed, 4, 3);
      const network = { ...random, exists: random.exists.map((row) => row.map(() => true)) };
      const value = (name: string, i: number, j: number): number =>
        network.values.get(name)![i]![j]!;
      // l is the layer of the postsynaptic neurons, l - 1 that of the presynaptic ones.
      const y = [0, 1, 2].map((i) => value('post', i, 0));
      const e = [0, 1, 2].map((i) => value('post.error', i, 0));
      const x = [0, 1, 2, 3].map((j) => value('pre', 0, j));
      const d = [0, 1, 2, 3].map((j) => value('pre.error', 0, j));
      const w = y.map((_, i) => x.map((_, j) => value('w', i, j)));
      const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
      const form = (a: number[], b: number[]): number =>
        sum(a.map((p, i) => sum(b.map((q, j) => p * w[i]![j]! * q))));
      const equations: ((i: number, j: number) => number)[] = [
        (i, j) => -e[i]! * x[j]!,
        (i, j) => -y[i]! * d[j]!,
        (i, j) => -e[i]! * d[j]!,
        (i, j) => -w[i]![j]!,
        (_, j) => -d[j]!,
        (i, j) => -e[i]! * sum(y) * x[j]!,
        (i, j) => -y[i]! * form(y, d) * d[j]!,
        (i, j) => -e[i]! * form(y, d) * x[j]!,
        (i, j) => -y[i]! * form(e, x) * d[j]!,
        (i, j) => y[i]! * x[j]! - sum(y.map((_, k) => y[i]! * y[k]! * w[k]![j]!)),
      ];
      terms.forEach((term, t) => {
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 4; j++) {
            const expected = equations[t]!(i, j);
            const found = evaluateAt(term.expression, network, i, j).value;
            expect(Math.abs(found - expected)).toBeLessThan(1e-12 * (1 + Math.abs(expected)));
          }
        }
      });
    }
  });
});

describe('libraries of known size', () => {
  it('activity and error on either side: 17 without the constant and plain Hebb', () => {
    const { terms, dropped, derived } = unwrap(enumerate(ofCatalogue('error_hebbian')));
    expect([derived, dropped, terms.length]).toEqual([19, 2, 17]);
  });

  it('monomials of two activities and the weight up to degree 4: 23', () => {
    const { terms, outsideBounds } = library(
      'choice p(s) = 1 | s | s^2 term = p(pre) * p(post) * p(w) keep degree <= 4',
    );
    expect([terms.length, outsideBounds]).toEqual([23, 4]);
  });

  it('the polynomial space: over 300 terms, the ten of the paper among them', () => {
    const { terms, dependences, ...counts } = unwrap(enumerate(ofCatalogue('error_polynomial')));
    expect({ ...counts, terms: terms.length }).toEqual({
      derived: 326,
      merged: 0,
      dropped: 1,
      outsideBounds: 8,
      terms: 317,
    });
    expect(dependences.map((set) => set.at(-1)!.id)).toEqual(['oja', 'subspace']);
    for (const term of unwrap(enumerate(ofCatalogue('shervani_tabar_2023'))).terms) {
      const found = terms.some((each) => equalUpToFactor(each.normalForm, term.normalForm));
      expect(found, term.text).toBe(true);
    }
  });
});

function ofCorpus(file: string): Record<string, TermLibrary> {
  const place = new URL(`../fixtures/corpus/${file}.rule`, import.meta.url);
  const source = { name: file, text: readFileSync(place, 'utf8') };
  const libraries: Record<string, TermLibrary> = {};
  for (const item of unwrap(parse(source))) {
    if (item.kind !== 'space') continue;
    libraries[item.name] = unwrap(enumerate(unwrap(checkSpace(item, source, wholeVocabulary))));
  }
  return libraries;
}

describe('the spaces of the corpus', () => {
  const sizes = (libraries: Record<string, TermLibrary>): Record<string, number> =>
    Object.fromEntries(Object.entries(libraries).map(([name, { terms }]) => [name, terms.length]));

  it('have as many terms as the published libraries', () => {
    // Four activities to degree 4; C(7, 2) products of two of five; 21 for each of two spikes.
    expect(sizes(ofCorpus('paper'))).toEqual({
      shervani_tabar_2023: 10,
      error_hebbian: 18,
      monomials_xyw: 23,
      monomials_xywd: 50,
      covariance_space: 21,
      stdp_space: 42,
      recursive: 26,
    });
    expect(sizes(ofCorpus('examples'))).toEqual({
      shervani_tabar_2023: 10,
      error_hebbian: 17,
      stdp_quadratic: 20,
    });
  });

  it('gate terms by spikes, which count for nothing', () => {
    const { terms } = ofCorpus('examples').stdp_quadratic!;
    expect(terms.slice(0, 3).map((t) => [t.text, t.canonical, t.complexity, t.degree])).toEqual([
      ['on pre.spike: 1', 'pre.spike', 0, 0],
      ['on pre.spike: x', 'pre.spike * x', 1, 1],
      ['on pre.spike: y', 'y * pre.spike', 1, 1],
    ]);
  });
});

describe('gates', () => {
  const MEMORY = 'trace x = pre.spike over 20 ms average m = post keeping 0.9';

  it('are factors where they are spikes, so that gated terms merge with products', () => {
    expect(texts(`${MEMORY} on post.spike: term = x | x * w term = post.spike * x`)).toEqual([
      'on post.spike: x',
      'on post.spike: x * w',
    ]);
  });

  it('keep terms apart that act at other times', () => {
    const lines = `${MEMORY} at trial.end: term = m | 2 * m term = m during free: term = m`;
    const { terms, merged, dependences } = library(lines);
    expect(terms.map(({ text, locality }) => [text, locality])).toEqual([
      ['at trial.end: m', 'synapse'],
      ['m', 'synapse'],
      ['during free: m', 'modulated'],
    ]);
    expect([merged, dependences]).toEqual([1, []]);
  });

  it('are bounded and dropped as products are', () => {
    const lines = 'on post.spike: term = x | x * w | w^2 drop 3 * post.spike * x keep power <= 1';
    expect(texts(`${MEMORY} ${lines}`)).toEqual(['on post.spike: x * w']);
  });
});

describe('deriving', () => {
  it('chooses anew at each use, leftmost slowest, by complexity first', () => {
    expect(texts('choice c = w | 1 | post term = c * pre * c')).toEqual([
      'pre',
      'w * pre * w',
      'w * pre',
      'pre * post',
      'post * pre * post',
      'w * pre * post',
    ]);
  });

  it('replaces formals, also before a dot and by other choices', () => {
    expect(texts('choice side(s) = s | s.error term = side(post) * side(pre)')).toEqual([
      'post * pre',
      'post * pre.error',
      'post.error * pre',
      'post.error * pre.error',
    ]);
    expect(texts('choice c = pre | post choice twice(s) = s * s term = twice(c)')).toEqual([
      'pre * pre',
      'post * post',
      'pre * post',
    ]);
  });

  it('keeps signs and numbers as written, and leaves out factors 1 that choices leave behind', () => {
    expect(texts('choice weight = 1 | w term = -2 * pre * weight * 0.5')).toEqual([
      '-2 * pre * 0.5',
      '-2 * pre * w * 0.5',
    ]);
    expect(texts('term = 1 * pre')).toEqual(['1 * pre']);
  });

  it('merges what is equal up to a factor, also across lines, and what is always zero', () => {
    const { terms, merged } = library(
      'choice c = pre | 2 * pre | -pre term = c * post term = post * pre term = c - c term = w',
    );
    expect(terms.map((term) => term.text)).toEqual(['pre * post', 'pre - 2 * pre', 'w']);
    expect(merged).toBe(11);
  });

  it('names terms after their line, and never gives a name that is taken', () => {
    const { terms } = library(
      'param t2 = 1 choice c = pre | post term = c * w * t2 term a = c term a_1 = w term b = c + c * 0',
    );
    expect(terms.map((term) => term.id)).toEqual(['t1', 't3', 'a_2', 'a_3', 'a_1']);
  });

  it('drops and bounds named terms too', () => {
    const { terms, dropped, outsideBounds } = library(
      'term a = 3 * pre term b = post.error * pre term c = w^3 term d = pre * post * w term e = w' +
        ' drop -pre keep power <= 2, degree <= 2, locality <= modulated',
    );
    expect(terms.map((term) => term.id)).toEqual(['e']);
    expect([dropped, outsideBounds]).toEqual([1, 3]);
  });
});

describe('choices that refer to themselves', () => {
  const bound = 'keep complexity <= 6';
  const letters = 'choice f = pre | post | w';
  /** Monomials of degree 1 to 6 in three letters: C(9, 3) - 1. */
  const monomials = 83;

  it('derive every product once, whichever way they are written', () => {
    for (const poly of ['f | poly * f', 'f | f * poly', 'f | poly * poly', 'poly * poly | f']) {
      const { terms } = library(`${letters} choice poly = ${poly} term = poly ${bound}`);
      expect(terms.length, poly).toBe(monomials);
    }
    const { terms } = library(`${letters} choice poly = 1 | poly * f term = poly ${bound}`);
    expect(terms.length).toBe(monomials + 1);
  });

  it('end where a circle adds nothing', () => {
    expect(texts(`choice a = pre | b choice b = a | 1 * a | post term = a ${bound}`)).toEqual([
      'pre',
      'post',
    ]);
    expect(texts(`choice a = b | pre choice b = a | post term = b term = a ${bound}`)).toEqual([
      'pre',
      'post',
    ]);
  });

  it('agree with writing the choices out, sums and functions included', () => {
    const recursive = library(
      'choice e = pre | post | e - e | tanh(e) | e * e term = e keep complexity <= 3',
    );
    const one = 'pre | post';
    const { terms } = library(
      `choice a = ${one} choice b = a - a | a * a | tanh(a) ` +
        'choice c = tanh(b) | a - b | b - a | a * b | b * a term = a | b | c keep complexity <= 3',
    );
    const derived = recursive.terms.map((term) => term.canonical);
    for (const term of terms) {
      const same = recursive.terms.some((r) => equalUpToFactor(r.normalForm, term.normalForm));
      expect(same, `${term.text} in ${derived.join(', ')}`).toBe(true);
    }
  });
});

describe('spaces that are too large', () => {
  it('are refused at once, with the number of derivations', () => {
    const start = performance.now();
    const chain =
      'choice a = pre | post choice b = a * a * a * a choice c = b * b * b * b term = c * c';
    const { codes, message } = refusal(chain);
    expect(codes).toEqual([tooManyDerivations.code]);
    expect(message).toContain('4,294,967,296');
    const deep = Array.from({ length: 40 }, (_, i) => `choice d${i} = d${i + 1} * d${i + 1}`);
    expect(refusal(`${deep.join(' ')} choice d40 = pre | post term = d0`).codes).toEqual([
      tooManyDerivations.code,
    ]);
    expect(refusal(`${SEVEN} term = p keep complexity <= 30`).codes).toEqual([
      tooManyDerivations.code,
    ]);
    expect(performance.now() - start).toBeLessThan(25_000);
  });

  const SEVEN =
    'choice f = pre | post | w | pre.error | post.error | reward | cost choice p = f | p - tanh(p)';

  it('are refused when formals or the bound grow without end', () => {
    expect(refusal('choice f(s) = s | f(s * s) term = f(pre) keep complexity <= 5').codes).toEqual([
      growingChoice.code,
    ]);
    expect(refusal('choice f = pre | tanh(f) term = f keep complexity <= 100000').codes).toEqual([
      boundTooLarge.code,
    ]);
  });

  it('100,000 derivations take less than 10 s', () => {
    const space = checked(`space s {
      choice p(s) = 1 | s | s^2 | s^3
      choice e(s) = 1 | s.error | s.error^2
      choice c = 1 | 2 | 3 | 4 | 5
      choice sums = 1 | sum_post(post * w) | sum_all(post)
      term = p(pre) * p(post) * e(post) * e(pre) * p(post - pre) * sums * c * sums * c
    }`);
    const start = process.cpuUsage();
    const { derived, terms, merged } = unwrap(enumerate(space));
    const { user, system } = process.cpuUsage(start);
    expect(derived).toBeGreaterThan(100_000);
    expect(terms.length + merged).toBe(derived);
    expect((user + system) / 1e6).toBeLessThan(10);
  }, 60_000);
});

describe('derived terms that are not in order', () => {
  it('are refused with the term and the place', () => {
    expect(refusal('choice q = pre | post - post term = w / q').codes).toEqual([
      derivedTermRefused.code,
    ]);
    expect(refusal('choice q = pre | w term = sum_all(q + post) term = w').message).toContain(
      'sum_all(pre + post)',
    );
  });
});

describe('linear dependences', () => {
  it('are found exactly and sum to zero', () => {
    const { terms, dependences } = library(
      'choice f = pre | post | w | 0.1 * pre + 0.2 * post term = f * f term = (pre - post)^2 / 3',
    );
    expect(dependences.length).toBe(terms.length - 6);
    for (const set of dependences) {
      const total = set
        .map(({ id, coefficient }) => {
          const term = terms.find((each) => each.id === id)!;
          return scalePolynomial(term.normalForm, parseRational(String(coefficient)));
        })
        .reduce(addPolynomials, NOTHING);
      // Coefficients are given as float64, so thirds leave a trace.
      for (const { coefficient } of total.monomials) {
        expect(Number(coefficient.numerator) / Number(coefficient.denominator)).toBeCloseTo(0, 12);
      }
    }
  });
});

it('terms carry their text, which has their normal form', () => {
  const space = ofCatalogue('error_polynomial');
  for (const term of unwrap(enumerate(space)).terms) {
    expect(term.text).toBe(printExpression(term.expression));
    expect(normalForm(term.expression, space.scope).key).toBe(term.normalForm.key);
  }
});

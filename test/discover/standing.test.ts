import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { monomialsOf } from '../../src/discover/forward/monomials.js';
import { shortlist, standings } from '../../src/discover/forward/standing.js';
import { plan } from './pretending.js';

const { terms } = plan.library;
const term = (id: string) => terms.find((each) => each.id === id)!;

describe('how terms stand at first order', () => {
  const [one, other, third] = [term('F3'), term('F9'), term('F1')];
  const rows = (count: number, row: (k: number, stream: Stream) => number[]) => {
    const stream = new Stream(4, 'rows');
    return Array.from({ length: count }, (_, k) => row(k, stream));
  };

  it('one wild episode does not make a term clear, nor unclear', () => {
    const slopes = rows(12, (k, stream) => [
      stream.normal() + (k === 3 ? 1e6 : 0),
      1 + 0.1 * stream.normal() + (k === 5 ? 1e6 : 0),
      stream.normal(),
    ]);
    const found = standings([one, other, third], slopes, [1, 1, 1]);
    const score = (id: string) => Math.abs(found.find((each) => each.id === id)!.score);
    expect(score(other.id)).toBeGreaterThan(10);
    expect(score(one.id)).toBeLessThan(3);
  });

  it('terms whose slopes are proportional are one class, named after the simplest', () => {
    const slopes = rows(12, (_, stream) => {
      const x = stream.normal();
      return [x, -3 * x, stream.normal()];
    });
    expect(one.complexity).toBeLessThan(other.complexity);
    const found = standings([other, one, third], slopes, [1, 1, 1]);
    expect(found.map(({ id, aliases }) => [id, aliases])).toEqual([
      [one.id, [other.id]],
      [third.id, []],
    ]);
  });

  it('terms that are merely steady, each with noise of its own, are not', () => {
    const slopes = rows(12, (_, stream) => [
      1 + 0.01 * stream.normal(),
      2 + 0.01 * stream.normal(),
      -1 + 0.01 * stream.normal(),
    ]);
    const found = standings([one, other, third], slopes, [1, 1, 1]);
    expect(found.map(({ aliases }) => aliases)).toEqual([[], [], []]);
  });

  it('a term that changes nothing does not stand', () => {
    const slopes = rows(6, (_, stream) => [0, stream.normal()]);
    expect(standings([one, other], slopes, [1, 1]).map(({ id }) => id)).toEqual([other.id]);
  });

  it('the shortlist takes the clearest and the steepest in turn', () => {
    const of = (id: string, score: number, gain: number) => ({ id, score, gain, aliases: [] });
    const all = [of('a', 9, 0.1), of('b', 1, -5), of('c', -8, 0.2), of('d', 0.5, 4)];
    expect(shortlist(all, 3).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(shortlist(all, 9)).toHaveLength(4);
  });
});

describe('the monomials of a rule', () => {
  it('are those of its normal form: the subspace rule has two', () => {
    expect(monomialsOf([term('F0')])).toBe(1);
    expect(monomialsOf([term('F9')])).toBe(2);
    expect(monomialsOf([term('F0'), term('F2'), term('F9')])).toBe(4);
  });

  it('what two terms share counts once', () => {
    expect(monomialsOf([term('F9'), term('F9')])).toBe(2);
  });
});

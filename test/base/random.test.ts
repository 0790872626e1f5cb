import { describe, expect, it } from 'vitest';
import { philox4x32, Stream } from '../../src/base/random.js';

type Four = [number, number, number, number];
const hex = (words: readonly number[]) => words.map((w) => w.toString(16).padStart(8, '0'));
const draw = <T>(count: number, from: () => T): T[] => Array.from({ length: count }, from);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('the block function', () => {
  // The three vectors published with Random123 (kat_vectors, philox4x32 with 10 rounds).
  const vectors: [Four, [number, number], string[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8'],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      ['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd'],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      ['d16cfe09', '94fdcceb', '5001e420', '24126ea1'],
    ],
  ];

  it.each(vectors)(
    'turns counter %j with key %j into the published words',
    (counter, key, words) => {
      const block = new Uint32Array(4);
      philox4x32(...counter, ...key, block);
      expect(hex([...block])).toEqual(words);
    },
  );
});

describe('a stream', () => {
  it('has a seed that is a number', () => {
    for (const seed of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => new Stream(seed, 'a')).toThrow(RangeError);
  });

  it('passes over what is not wanted, from wherever it stands', () => {
    for (const before of [0, 1, 3, 4]) {
      for (const skipped of [0, 1, 2, 3, 4, 5, 11, 4000]) {
        const [one, other] = [new Stream(1, 'skip'), new Stream(1, 'skip')];
        for (let k = 0; k < before; k++) [one.bits(), other.bits()];
        for (let k = 0; k < skipped; k++) one.bits();
        other.skip(skipped);
        expect(draw(6, () => other.bits())).toEqual(draw(6, () => one.bits()));
      }
    }
  });

  it('fills an array with what it yields one by one, wherever it stands', () => {
    for (const before of [0, 1, 2, 3, 4]) {
      const [one, many] = [new Stream(5, 'fill'), new Stream(5, 'fill')];
      draw(before, bitsOf(one));
      draw(before, bitsOf(many));
      const filled = many.uniforms(new Float64Array(9), -0.3, 0.7);
      expect([...filled]).toEqual(draw(9, () => one.uniform(-0.3, 0.7)));
      expect(many.bits()).toBe(one.bits());
    }
  });

  it('yields the same for the same name, and something else for every other', () => {
    const first = (...name: [number, ...(string | number)[]]) =>
      draw(4, bitsOf(new Stream(...name)));
    const names: [number, ...(string | number)[]][] = [
      [1],
      [2],
      [1, 'task'],
      [1, 'task', 17],
      [1, 17, 'task'],
      [1, 'task', '17'],
      [1, 'task17'],
      [1, 'task', 18],
      [-1],
      [0.5],
    ];
    const drawn = names.map((name) => hex(first(...name)).join(' '));
    expect(names.map((name) => hex(first(...name)).join(' '))).toEqual(drawn);
    expect(new Set(drawn).size).toBe(names.length);
  });

  it('does not depend on what was drawn before, from it or from another', () => {
    const parent = new Stream(7, 'run');
    const before = draw(5, bitsOf(parent.child('task', 3)));
    draw(1000, bitsOf(parent));
    draw(1000, bitsOf(parent.child('task', 2)));
    expect(draw(5, bitsOf(parent.child('task', 3)))).toEqual(before);
    expect(draw(5, bitsOf(new Stream(7, 'run', 'task', 3)))).toEqual(before);
  });

  it('is left where it was by its children', () => {
    const [alone, parent] = [new Stream(7), new Stream(7)];
    draw(3, bitsOf(alone));
    draw(3, bitsOf(parent));
    draw(100, bitsOf(parent.child('a')));
    expect(draw(9, bitsOf(parent))).toEqual(draw(9, bitsOf(alone)));
  });

  it('has streams that are not correlated with their neighbours', () => {
    const n = 4000;
    const streams = [0, 1, 2, 3].map((i) => new Stream(5, 'task', i));
    const series = streams.map((s) => draw(n, () => s.uniform(-1, 1)));
    for (let i = 0; i < series.length; i++) {
      for (let j = 0; j < i; j++) {
        // The product of two independent uniforms on [-1, 1) has standard deviation 1/3.
        const product = mean(series[i]!.map((x, t) => x * series[j]![t]!));
        expect(Math.abs(product)).toBeLessThan((5 / 3) * Math.sqrt(1 / n));
      }
    }
  });
});

describe('uniform numbers', () => {
  it('stay in their range and fill it evenly', () => {
    const stream = new Stream(11, 'uniform');
    const [n, bins] = [64_000, 64];
    const counts = new Array<number>(bins).fill(0);
    for (let i = 0; i < n; i++) {
      const u = stream.uniform(-2, 6);
      expect(u >= -2 && u < 6).toBe(true);
      counts[Math.floor(((u + 2) / 8) * bins)]! += 1;
    }
    // 63 degrees of freedom: above 117 with probability 4e-5, below 28 with 4e-5.
    const chiSquare = counts.reduce((sum, c) => sum + (c - n / bins) ** 2 / (n / bins), 0);
    expect(chiSquare).toBeGreaterThan(28);
    expect(chiSquare).toBeLessThan(117);
  });

  it('use 53 bits', () => {
    const stream = new Stream(12);
    const low = draw(64, () => (stream.uniform() * 2 ** 53) % 2);
    expect(new Set(low)).toEqual(new Set([0, 1]));
  });

  it('give every integer below n, and no other, equally often', () => {
    const stream = new Stream(13);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) counts[stream.integer(7)]! += 1;
    expect(counts).toHaveLength(7);
    // Binomial standard deviation √(7000·1/7·6/7) = 29.3; five of them.
    for (const c of counts) expect(Math.abs(c - 1000)).toBeLessThan(147);
    expect(draw(10, () => stream.integer(1))).toEqual(new Array(10).fill(0));
  });
});

describe('normal numbers', () => {
  it('have the moments and the tails of the standard normal distribution', () => {
    const stream = new Stream(14, 'normal');
    const n = 100_000;
    const z = draw(n, () => stream.normal());
    // Five standard errors each; the variances of z², z³ and z⁴ are 2, 15 and 96.
    const within = (power: number, expected: number, variance: number) =>
      expect(Math.abs(mean(z.map((x) => x ** power)) - expected)).toBeLessThan(
        5 * Math.sqrt(variance / n),
      );
    within(1, 0, 1);
    within(2, 1, 2);
    within(3, 0, 15);
    within(4, 3, 96);
    const tail = z.filter((x) => Math.abs(x) > 1.959964).length / n;
    expect(Math.abs(tail - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / n));
    expect(z.every(Number.isFinite)).toBe(true);
  });
});

describe('choosing', () => {
  it('gives different elements and leaves the list as it was', () => {
    const items = ['a', 'b', 'c', 'd', 'e'];
    const stream = new Stream(15);
    for (let count = 0; count <= items.length; count++) {
      const chosen = stream.choose(items, count);
      expect(chosen).toHaveLength(count);
      expect(new Set(chosen).size).toBe(count);
      expect(chosen.every((c) => items.includes(c))).toBe(true);
    }
    expect(items).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('gives every order equally often', () => {
    const stream = new Stream(16);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = stream.choose(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // √(6000·1/6·5/6) = 28.9; five of them.
    for (const c of counts.values()) expect(Math.abs(c - 1000)).toBeLessThan(145);
  });
});

function bitsOf(stream: Stream): () => number {
  return () => stream.bits();
}

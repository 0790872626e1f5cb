/**
 * Counter-based random streams: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). A stream is named by a seed and a path ("task", 17, "images"), so
 * what it yields does not depend on which worker asks, or on what was drawn before elsewhere.
 */
export class Stream {
  readonly seed: number;
  readonly path: readonly (string | number)[];
  private readonly key: readonly [number, number];
  private counter = 0;
  private readonly block = new Uint32Array(4);
  private used = 4;

  /** Throws a `RangeError` for a seed that is not finite: all of these would be one and the same. */
  constructor(seed: number, ...path: readonly (string | number)[]) {
    if (!Number.isFinite(seed)) throw new RangeError(`a seed is a number, and not ${seed}`);
    this.seed = seed;
    this.path = path;
    this.key = hashKey(JSON.stringify([seed, ...path]));
  }

  /** A stream of its own, named below this one; drawing from it leaves this one as it is. */
  child(...path: readonly (string | number)[]): Stream {
    return new Stream(this.seed, ...this.path, ...path);
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    if (this.used === 4) {
      this.nextBlock();
      this.used = 0;
    }
    return this.block[this.used++]!;
  }

  /** Passes over as many words of 32 bits, as if they had been drawn; takes no time. */
  skip(words: number): void {
    const left = Math.min(words, 4 - this.used);
    this.used += left;
    const blocks = Math.floor((words - left) / 4);
    this.counter += blocks;
    const rest = words - left - 4 * blocks;
    if (rest === 0) return;
    this.nextBlock();
    this.used = rest;
  }

  /** Uniform in [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * unit(this.bits(), this.bits());
  }

  /** As many of these as there is room for; returns the array. */
  uniforms(into: Float64Array, low: number, high: number): Float64Array {
    const range = high - low;
    const { block } = this;
    let i = 0;
    if (this.used === 4) {
      for (; i + 1 < into.length; i += 2) {
        this.nextBlock();
        into[i] = low + range * unit(block[0]!, block[1]!);
        into[i + 1] = low + range * unit(block[2]!, block[3]!);
      }
    }
    for (; i < into.length; i++) into[i] = this.uniform(low, high);
    return into;
  }

  private nextBlock(): void {
    const { counter, key, block } = this;
    philox4x32(counter >>> 0, Math.floor(counter / 2 ** 32), 0, 0, key[0], key[1], block);
    this.counter += 1;
  }

  /** Uniform integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal (Box–Muller; both halves are not kept, so that every call costs the same). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** `count` different elements in random order (Fisher–Yates on a copy). */
  choose<T>(items: readonly T[], count = items.length): T[] {
    const pool = [...items];
    for (let i = 0; i < count; i++) {
      const j = i + this.integer(pool.length - i);
      [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    }
    return pool.slice(0, count);
  }
}

/** In [0, 1), from 53 of 64 random bits. */
const unit = (a: number, b: number): number =>
  ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992;

/**
 * The ten-round block function on a counter of four words and a key of two, exported for its published
 * test vectors. Plain variables throughout: weights are drawn by the million.
 */
export function philox4x32(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  into: Uint32Array,
): void {
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd251, 0x1f53, c0);
    const high1 = highProduct(0xcd9e, 0x8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  into[0] = c0;
  into[1] = c1;
  into[2] = c2;
  into[3] = c3;
}

/**
 * The upper half of the 64-bit product of two 32-bit integers without sign, the first in two halves.
 * Products of halves, and these partial sums, stay below 2^32, so whole numbers of 32 bits are exact.
 */
function highProduct(aHigh: number, aLow: number, b: number): number {
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** Two 32-bit words from a text (FNV-1a twice, then avalanche). */
function hashKey(text: string): [number, number] {
  const word = (start: number): number => {
    let h = start;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  return [word(0x811c9dc5), word(0x9747b28c)];
}

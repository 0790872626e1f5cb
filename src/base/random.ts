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
  private block: [number, number, number, number] = [0, 0, 0, 0];
  private used = 4;

  constructor(seed: number, ...path: readonly (string | number)[]) {
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
      const high = Math.floor(this.counter / 2 ** 32);
      this.block = philox4x32([this.counter >>> 0, high, 0, 0], this.key);
      this.counter += 1;
      this.used = 0;
    }
    return this.block[this.used++ as 0 | 1 | 2 | 3];
  }

  /** Uniform in [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const a = this.bits() >>> 5;
    const b = this.bits() >>> 6;
    return low + (high - low) * ((a * 67108864 + b) / 9007199254740992);
  }

  /** As many of these as there is room for; returns the array. */
  uniforms(into: Float64Array, low: number, high: number): Float64Array {
    for (let i = 0; i < into.length; i++) into[i] = this.uniform(low, high);
    return into;
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

/** The ten-round block function, exported for its published test vectors. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  // Plain variables throughout: this is drawn from millions of times.
  let c0 = counter[0];
  let c1 = counter[1];
  let c2 = counter[2];
  let c3 = counter[3];
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0);
    const high1 = highProduct(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper half of the 64-bit product of two unsigned 32-bit integers. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // Products of halves, and these partial sums, stay below 2^32: whole numbers throughout are exact.
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) >>> 0;
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

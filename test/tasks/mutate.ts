import type { Stream } from '../../src/base/random.js';

/** One to four random injuries: flipped bytes, lost or doubled stretches, insertions, truncation. */
export function mutate(original: Uint8Array, stream: Stream, alphabet?: readonly string[]): Buffer {
  let bytes = Buffer.from(original);
  const injuries = 1 + stream.integer(4);
  for (let i = 0; i < injuries; i++) {
    const at = stream.integer(bytes.length + 1);
    const length = stream.integer(8);
    const before = bytes.subarray(0, at);
    switch (stream.integer(alphabet ? 6 : 5)) {
      case 0:
        if (at < bytes.length) bytes[at] = stream.integer(256);
        break;
      case 1:
        bytes = Buffer.from(before);
        break;
      case 2:
        bytes = Buffer.concat([before, bytes.subarray(at + length)]);
        break;
      case 3:
        bytes = Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      case 4: {
        const noise = Buffer.from(Array.from({ length }, () => stream.integer(256)));
        bytes = Buffer.concat([before, noise, bytes.subarray(at)]);
        break;
      }
      default: {
        const word = alphabet![stream.integer(alphabet!.length)]!;
        bytes = Buffer.concat([before, Buffer.from(word), bytes.subarray(at)]);
      }
    }
  }
  return bytes;
}

/** Milliseconds of processor time that this process has used: unlike a clock, blind to its neighbours. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

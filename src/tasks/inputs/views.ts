import type { Stream } from '../../base/random.js';
import type { ImageSet } from '../types.js';

/** All views of a thing, one after the other: `count × size`. */
export type Views = (thing: Stream) => Float64Array[];

/** A row or a plane of numbers that goes on at its other end. */
interface Surface {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** What is seen of a surface at every shift, through a Gaussian aperture of width sigma (0: none). */
function shiftedViews(
  { values, height, width }: Surface,
  { rows, columns, sigma }: { rows: number; columns: number; sigma: number },
): Float64Array[] {
  const open = (at: number, size: number): number =>
    sigma === 0 ? 1 : Math.exp(-((at - (size - 1) / 2) ** 2) / (2 * sigma ** 2));
  return Array.from({ length: height * width }, (_, shift) => {
    const [down, right] = [Math.floor(shift / width), shift % width];
    return Float64Array.from({ length: rows * columns }, (__, k) => {
      const [i, j] = [Math.floor(k / columns), k % columns];
      const value = values[((i + down) % height) * width + ((j + right) % width)]!;
      return value * open(j, columns) * (rows > 1 ? open(i, rows) : 1);
    });
  });
}

/** Signals with amplitudes 1/f and random phases, of mean 0 and variance 1, as they pass by. */
export const signalViews =
  (length: number, size: number, sigma: number): Views =>
  (stream) => {
    const waves = Array.from({ length: Math.floor((length - 1) / 2) }, (_, k) => ({
      frequency: k + 1,
      phase: 2 * Math.PI * stream.uniform(),
    }));
    const signal = Float64Array.from({ length }, (_, t) =>
      waves.reduce(
        (sum, { frequency, phase }) =>
          sum + Math.cos((2 * Math.PI * frequency * t) / length + phase) / frequency,
        0,
      ),
    );
    const spread = Math.sqrt(signal.reduce((sum, x) => sum + x * x, 0) / length);
    const values = signal.map((x) => x / spread);
    return shiftedViews({ values, height: 1, width: length }, { rows: 1, columns: size, sigma });
  };

/** Pieces of real images that move in both directions; what leaves on one side comes back on the other. */
export const imageViews =
  (set: ImageSet, side: number, sigma: number): Views =>
  (stream) => {
    const { height, width, pixels, labels } = set;
    const image = stream.integer(labels.length);
    const values = pixels.subarray(image * height * width, (image + 1) * height * width);
    return shiftedViews({ values, height, width }, { rows: side, columns: side, sigma });
  };

/** From −90° to 90°. */
const ANGLES = 37;
const POINTS = 6;

/**
 * Objects made of pairs of points that are each other's mirror images, as they turn about the vertical axis.
 * The view from one side is the reflection of that from the other.
 */
export const objectViews =
  (size: number): Views =>
  (stream) => {
    const points = Array.from({ length: POINTS }, () => ({
      x: stream.uniform(0.1, 1),
      z: stream.uniform(-1, 1),
      light: stream.uniform(0.5, 1.5),
    }));
    return Array.from({ length: ANGLES }, (_, k) => {
      const angle = (Math.PI * (k - (ANGLES - 1) / 2)) / (ANGLES - 1);
      return Float64Array.from({ length: size }, (__, i) => {
        const at = 1.6 * ((2 * i) / (size - 1) - 1);
        return points.reduce((sum, { x, z, light }) => {
          const [side, depth] = [x * Math.cos(angle), z * Math.sin(angle)];
          const of = (place: number): number => Math.exp(-((at - place) ** 2) / (2 * 0.15 ** 2));
          return sum + light * (of(side + depth) + of(depth - side));
        }, 0);
      });
    });
  };

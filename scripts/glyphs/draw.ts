import type { Stream } from '../../src/base/random.js';
import { boxOf, type Contour, type Outline } from './outlines.js';
import { developed, SIDE, signedDistance, smallestCounter, strokeWidth } from './raster.js';

/*
 * How far examples of one character differ, tuned so that a person reads nearly all of them and a
 * linear classifier does not (docs/glyphs.md). Standard deviations, or least and greatest values.
 */
/** Radians; shift along x per unit of y; natural logarithm of width over height. */
const ROTATION = 0.09;
const SLANT = 0.13;
const STRETCH = 0.1;
/** Displacement by the bending field, in shares of the longer side, and its periods in that length. */
const BEND = 0.033;
const BENDS = 1;
/** Pixels: longer side, and distance of its middle from the middle of the image. */
const SIZE = [18, 21] as const;
const SHIFT = 0.75;
const FARTHEST = 2.5;
/** Pixels: thickness of strokes, change of either edge by pressure, blur. */
const STROKE = [1.7, 3] as const;
const PRESSURE = 0.25;
const BLUR = [0.4, 0.75] as const;
/** Share of the shallowest counter's depth that thicker strokes may take. */
const COUNTER = 0.4;
/** Darkness of the pen. */
const INK = [0.75, 1] as const;

/** A smooth random field of about unit variance: a few waves of low frequency. */
type Field = (x: number, y: number) => number;

/**
 * One example of a character, SIDE × SIDE pixels in [0, 1]: slanted, turned, stretched, bent, written
 * with another pen and pressure, laid somewhere near the middle.
 */
export function drawExample(outline: Outline, stream: Stream): Float64Array {
  const shape = placed(distorted(outline.contours, stream.child('shape')), stream.child('place'));
  const signed = signedDistance(shape);
  const pen = stream.child('pen');
  // Half of what the stroke lacks is added on either side; thick ones are thinned, but never away,
  // and counters stay open.
  const width = strokeWidth(signed);
  const wanted = Math.max((pen.uniform(...STROKE) - width) / 2, -0.3 * width);
  const grow = Math.min(wanted, COUNTER * smallestCounter(signed));
  const pressure = randomField(pen, 2 / SIDE);
  const strength = pen.uniform(...INK);
  const ink = (distance: number, x: number, y: number): number => {
    const edge = distance + grow + PRESSURE * pressure(x, y);
    return strength * Math.min(1, Math.max(0, 4 * edge + 0.5));
  };
  return developed(signed, ink, pen.uniform(...BLUR));
}

function distorted(contours: readonly Contour[], stream: Stream): Contour[] {
  const angle = ROTATION * stream.normal();
  const slant = SLANT * stream.normal();
  const stretch = Math.exp((STRETCH * stream.normal()) / 2);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const bendX = randomField(stream, BENDS);
  const bendY = randomField(stream, BENDS);
  return contours.map((contour) => {
    const result = new Float64Array(contour.length);
    for (let i = 0; i < contour.length; i += 2) {
      const [u, v] = [contour[i]!, contour[i + 1]!];
      const x = (u - slant * v) * stretch + BEND * bendX(u, v);
      const y = v / stretch + BEND * bendY(u, v);
      result[i] = cos * x - sin * y;
      result[i + 1] = sin * x + cos * y;
    }
    return result;
  });
}

/** In pixels, near the middle of the image, whole within it. */
function placed(contours: readonly Contour[], stream: Stream): Contour[] {
  const { centreX, centreY, extent } = boxOf(contours);
  const size = stream.uniform(...SIZE) / extent;
  const [shiftX, shiftY] = [SHIFT * stream.normal(), SHIFT * stream.normal()];
  const x0 = SIDE / 2 + Math.min(FARTHEST, Math.max(-FARTHEST, shiftX));
  const y0 = SIDE / 2 + Math.min(FARTHEST, Math.max(-FARTHEST, shiftY));
  return contours.map((contour) =>
    contour.map((value, i) =>
      i % 2 === 0 ? x0 + size * (value - centreX) : y0 + size * (value - centreY),
    ),
  );
}

const WAVES = 4;

/** `frequency`: of the fastest waves, in periods a unit of length. */
function randomField(stream: Stream, frequency: number): Field {
  const waves = Array.from({ length: WAVES }, () => {
    const direction = stream.uniform(0, 2 * Math.PI);
    const turns = 2 * Math.PI * frequency * stream.uniform(0.3, 1);
    return {
      x: turns * Math.cos(direction),
      y: turns * Math.sin(direction),
      phase: stream.uniform(0, 2 * Math.PI),
    };
  });
  const scale = Math.sqrt(2 / WAVES);
  return (x, y) => {
    let sum = 0;
    for (const wave of waves) sum += Math.sin(wave.x * x + wave.y * y + wave.phase);
    return scale * sum;
  };
}

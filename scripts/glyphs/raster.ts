import type { Contour } from './outlines.js';

/** Pixels along a side of an image, and of the finer grid on which ink is measured. */
export const SIDE = 28;
const FINE = 4;
const GRID = SIDE * FINE;

/** Signed distance, in image pixels, from each point of the fine grid to the edge; inside > 0. */
export function signedDistance(contours: readonly Contour[]): Float64Array {
  const inside = filled(contours);
  const toInk = distances(inside, 1);
  const toPaper = distances(inside, 0);
  const signed = new Float64Array(GRID * GRID);
  // Half a cell: the edge lies between the centres of two cells.
  for (let i = 0; i < signed.length; i++) {
    signed[i] = (inside[i] === 1 ? toPaper[i]! - 0.5 : 0.5 - toInk[i]!) / FINE;
  }
  return signed;
}

/** 1 inside the contours (non-zero winding, image coordinates in pixels), 0 outside. */
function filled(contours: readonly Contour[]): Uint8Array {
  const inside = new Uint8Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    const y = (row + 0.5) / FINE;
    const crossings: { x: number; turn: number }[] = [];
    for (const contour of contours) {
      for (let i = 0; i < contour.length; i += 2) {
        const next = (i + 2) % contour.length;
        const [y0, y1] = [contour[i + 1]!, contour[next + 1]!];
        if (y0 <= y === y1 <= y) continue;
        const x = contour[i]! + ((y - y0) / (y1 - y0)) * (contour[next]! - contour[i]!);
        crossings.push({ x, turn: y1 > y0 ? 1 : -1 });
      }
    }
    crossings.sort((a, b) => a.x - b.x);
    let winding = 0;
    for (let k = 0; k + 1 < crossings.length; k++) {
      winding += crossings[k]!.turn;
      if (winding === 0) continue;
      const from = Math.max(0, Math.ceil(crossings[k]!.x * FINE - 0.5));
      const to = Math.min(GRID - 1, Math.ceil(crossings[k + 1]!.x * FINE - 0.5) - 1);
      for (let column = from; column <= to; column++) inside[row * GRID + column] = 1;
    }
  }
  return inside;
}

/**
 * From each cell to the nearest cell of the value, in cells: the exact Euclidean transform in two
 * passes of lower envelopes (Felzenszwalb & Huttenlocher 2012).
 */
function distances(cells: Uint8Array, value: 0 | 1): Float64Array {
  const far = 4 * GRID * GRID;
  const squared = Float64Array.from(cells, (cell) => (cell === value ? 0 : far));
  const line = new Float64Array(GRID);
  const pass = (start: number, stride: number): void => {
    for (let i = 0; i < GRID; i++) line[i] = squared[start + i * stride]!;
    lowerEnvelope(line).forEach((least, i) => {
      squared[start + i * stride] = least;
    });
  };
  for (let column = 0; column < GRID; column++) pass(column, GRID);
  for (let row = 0; row < GRID; row++) pass(row * GRID, 1);
  return squared.map(Math.sqrt);
}

/** min over j of (i − j)² + values[j], for each i. */
function lowerEnvelope(values: Float64Array): Float64Array {
  const n = values.length;
  const vertices = new Int32Array(n);
  const borders = new Float64Array(n + 1);
  let last = 0;
  borders[0] = -Infinity;
  borders[1] = Infinity;
  for (let q = 1; q < n; q++) {
    let border: number;
    for (;;) {
      const p = vertices[last]!;
      border = (values[q]! + q * q - (values[p]! + p * p)) / (2 * (q - p));
      if (border > borders[last]!) break;
      last -= 1;
    }
    last += 1;
    vertices[last] = q;
    borders[last] = border;
    borders[last + 1] = Infinity;
  }
  const result = new Float64Array(n);
  let k = 0;
  for (let i = 0; i < n; i++) {
    while (borders[k + 1]! < i) k += 1;
    const p = vertices[k]!;
    result[i] = (i - p) * (i - p) + values[p]!;
  }
  return result;
}

/** Thickness of the strokes of a field of signed distances, in pixels: twice the mean depth of ridges. */
export function strokeWidth(signed: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let row = 1; row < GRID - 1; row++) {
    for (let column = 1; column < GRID - 1; column++) {
      const at = row * GRID + column;
      const here = signed[at]!;
      const ridge =
        (here >= signed[at - 1]! && here >= signed[at + 1]!) ||
        (here >= signed[at - GRID]! && here >= signed[at + GRID]!);
      if (here <= 0 || !ridge) continue;
      sum += here;
      count += 1;
    }
  }
  return count === 0 ? 0 : (2 * sum) / count;
}

/** Depths below this, in pixels, are no counter that anybody would miss. */
const SHALLOW = 0.4;

/** Depth of the shallowest counter (paper that ink encloses), in pixels; infinite without counters. */
export function smallestCounter(signed: Float64Array): number {
  const seen = new Uint8Array(GRID * GRID);
  /** Fills the paper around a cell and returns its greatest depth. */
  const fill = (start: number): number => {
    let depth = 0;
    const open = [start];
    seen[start] = 1;
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      depth = Math.max(depth, -signed[cell]!);
      const column = cell % GRID;
      const near = [cell - GRID, cell + GRID];
      if (column > 0) near.push(cell - 1);
      if (column < GRID - 1) near.push(cell + 1);
      for (const other of near) {
        if (seen[other] !== 0 || !(signed[other]! < 0)) continue;
        seen[other] = 1;
        open.push(other);
      }
    }
    return depth;
  };
  // Paper at the rim is outside; the rest is enclosed.
  for (let i = 0; i < GRID; i++) {
    for (const cell of [i, (GRID - 1) * GRID + i, i * GRID, i * GRID + GRID - 1]) {
      if (seen[cell] === 0 && signed[cell]! < 0) fill(cell);
    }
  }
  let least = Infinity;
  for (let cell = 0; cell < signed.length; cell++) {
    if (seen[cell] !== 0 || signed[cell]! >= 0) continue;
    const depth = fill(cell);
    if (depth >= SHALLOW) least = Math.min(least, depth);
  }
  return least;
}

/** Ink in [0, 1] for each pixel: `ink` of the signed distance, averaged over the pixel, blurred. */
export function developed(
  signed: Float64Array,
  ink: (distance: number, x: number, y: number) => number,
  blur: number,
): Float64Array {
  const image = new Float64Array(SIDE * SIDE);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const x = (column + 0.5) / FINE;
      const y = (row + 0.5) / FINE;
      const pixel = Math.floor(row / FINE) * SIDE + Math.floor(column / FINE);
      image[pixel]! += ink(signed[row * GRID + column]!, x, y) / (FINE * FINE);
    }
  }
  return blurred(image, blur);
}

/** With a Gaussian of the standard deviation `sigma` in pixels. */
function blurred(image: Float64Array, sigma: number): Float64Array {
  const reach = 3;
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b, 0);
  let result = image;
  for (const stride of [1, SIDE]) {
    const from = result;
    result = new Float64Array(SIDE * SIDE);
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const along = stride === 1 ? column : row;
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          if (along + k < 0 || along + k >= SIDE) continue;
          sum += kernel[k + reach]! * from[row * SIDE + column + k * stride]!;
        }
        result[row * SIDE + column] = sum / total;
      }
    }
  }
  return result;
}

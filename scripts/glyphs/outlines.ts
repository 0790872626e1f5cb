import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A closed contour: x and y in turn, y downwards. */
export type Contour = Float64Array;

/** The contours of one character, its box laid into the unit square around (0, 0), aspect kept. */
export interface Outline {
  readonly contours: readonly Contour[];
}

/** The part of opentype.js that is used. */
interface Font {
  readonly unitsPerEm: number;
  charToGlyph(character: string): { readonly index: number };
  getPath(text: string, x: number, y: number, size: number): { readonly commands: Command[] };
}

interface Command {
  readonly type: 'M' | 'L' | 'Q' | 'C' | 'Z';
  readonly x?: number;
  readonly y?: number;
  readonly x1?: number;
  readonly y1?: number;
  readonly x2?: number;
  readonly y2?: number;
}

/** Straight pieces for each curve and longest straight piece, so that a distortion can bend it. */
const PIECES = 8;
const LONGEST = 0.04;

export function readFont(path: string): Font {
  const require = createRequire(import.meta.url);
  const { parse } = require('opentype.js') as { parse(bytes: ArrayBuffer): Font };
  const file = readFileSync(path);
  return parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer);
}

/** Throws where the font has no such character. */
export function outlineOf(font: Font, character: string): Outline {
  if (font.charToGlyph(character).index === 0) throw new Error(`no ${character} in the font`);
  return { contours: normalised(flattened(font.getPath(character, 0, 0, 1).commands)) };
}

function flattened(commands: readonly Command[]): number[][] {
  const contours: number[][] = [];
  let points: number[] = [];
  let x = 0;
  let y = 0;
  const curve = (at: (t: number) => readonly [number, number]) => {
    for (let i = 1; i <= PIECES; i++) points.push(...at(i / PIECES));
  };
  for (const { type, x: toX = 0, y: toY = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0 } of commands) {
    const [fromX, fromY] = [x, y];
    if (type === 'M') {
      points = [toX, toY];
      contours.push(points);
    } else if (type === 'L') points.push(toX, toY);
    else if (type === 'Q') {
      curve((t) => [bezier2(fromX, x1, toX, t), bezier2(fromY, y1, toY, t)]);
    } else if (type === 'C') {
      curve((t) => [bezier3(fromX, x1, x2, toX, t), bezier3(fromY, y1, y2, toY, t)]);
    } else continue;
    x = toX;
    y = toY;
  }
  return contours.filter((contour) => contour.length >= 6);
}

const bezier2 = (a: number, b: number, c: number, t: number): number =>
  a * (1 - t) * (1 - t) + 2 * b * t * (1 - t) + c * t * t;

const bezier3 = (a: number, b: number, c: number, d: number, t: number): number =>
  bezier2(a, b, c, t) * (1 - t) + bezier2(b, c, d, t) * t;

function normalised(contours: readonly number[][]): Contour[] {
  const { centreX, centreY, extent } = boxOf(contours);
  return contours.map((contour) =>
    subdivided(contour.map((value, i) => (value - (i % 2 === 0 ? centreX : centreY)) / extent)),
  );
}

/** The middle of the box around all points and its longer side. */
export function boxOf(contours: readonly ArrayLike<number>[]): {
  centreX: number;
  centreY: number;
  extent: number;
} {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const contour of contours) {
    for (let i = 0; i < contour.length; i += 2) {
      left = Math.min(left, contour[i]!);
      right = Math.max(right, contour[i]!);
      top = Math.min(top, contour[i + 1]!);
      bottom = Math.max(bottom, contour[i + 1]!);
    }
  }
  return {
    centreX: (left + right) / 2,
    centreY: (top + bottom) / 2,
    extent: Math.max(right - left, bottom - top),
  };
}

function subdivided(contour: readonly number[]): Contour {
  const points: number[] = [];
  for (let i = 0; i < contour.length; i += 2) {
    const [x, y] = [contour[i]!, contour[i + 1]!];
    const next = (i + 2) % contour.length;
    const [dx, dy] = [contour[next]! - x, contour[next + 1]! - y];
    const pieces = Math.max(1, Math.ceil(Math.sqrt(dx * dx + dy * dy) / LONGEST));
    for (let k = 0; k < pieces; k++) points.push(x + (dx * k) / pieces, y + (dy * k) / pieces);
  }
  return Float64Array.from(points);
}

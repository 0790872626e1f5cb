/** A piece of SVG with its size in pixels. */
export interface Piece {
  /** An `svg` element. */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export const FONT = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';
const MARGIN = 14;
const GAP = 22;

/**
 * Pieces below one another on a white sheet, parted by hairlines, so that they can be read on a dark
 * page, too.
 */
export function sheet(title: string, pieces: readonly Piece[]): string {
  const width = Math.max(...pieces.map((piece) => piece.width)) + 2 * MARGIN;
  const rows: string[] = [];
  let y = MARGIN;
  for (const [k, piece] of pieces.entries()) {
    if (k > 0) {
      const at = px(y + GAP / 2);
      rows.push(`<path d="M${MARGIN} ${at}H${px(width - MARGIN)}" stroke="#ddd"/>`);
      y += GAP;
    }
    rows.push(piece.svg.replace('<svg', `<svg x="${MARGIN}" y="${px(y)}"`));
    y += piece.height;
  }
  const size = `width="${px(width)}" height="${px(y + MARGIN)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${px(width)} ${px(y + MARGIN)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" rx="6" fill="#fff"/>',
    ...rows,
    '</svg>\n',
  ].join('\n');
}

/** Rounded to hundredths. */
const px = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What is higher than a line of text. */
const TALL = /\\(frac|sum|begin|left|sqrt|substack|max_|sideset)/;

/** In brackets, which grow only around what is high: `(y_i - w_{ij})`, `\left(\frac{a}{b}\right)`. */
export function bracketed(text: string, [open, close]: readonly [string, string] = ROUND): string {
  return TALL.test(text) ? `\\left${open}${text}\\right${close}` : `${open}${text}${close}`;
}

const ROUND = ['(', ')'] as const;
export const SQUARE = ['[', ']'] as const;
export const BARS = ['|', '|'] as const;

/** Of the letters in figures, in pixels. */
const SIZE = 12;

/** Widths in ems, rounded up, of a bold and rather wide typeface: which one a reader has is not known. */
const WIDTHS: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[ijlIJ ,./\\|']/, 0.4],
  [/[-:;f!()[\]rt"*_]/, 0.53],
  [/[wWmM%@…]/, 1.1],
  [/[A-Z&#+<=>^~]/, 0.86],
  // Scripts whose letters fill a square.
  [/[\u2E80-\uFFFF]/, 1.05],
];
const USUAL = 0.73;

/** Pixels that a text in a figure takes at most. */
export function widthOf(text: string): number {
  const ems = [...text].map((letter) => WIDTHS.find(([each]) => each.test(letter))?.[1] ?? USUAL);
  return SIZE * ems.reduce((sum, width) => sum + width, 0);
}

/** A text in lines of so many pixels at most, broken between words; words that are wider are cut. */
export function inLines(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && widthOf(joined) <= most) lines[lines.length - 1] = joined;
    else lines.push(cut(word, most));
  }
  return lines;
}

function cut(word: string, most: number): string {
  if (widthOf(word) <= most) return word;
  const letters = [...word];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`) > most) letters.pop();
  return `${letters.join('')}…`;
}

/** A measured figure; null where it could not be had, as when no task was finite. */
export interface Figure {
  readonly mean: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
}

export type Write = (value: number) => string;

export const fixed: Write = (value) => minus(value.toFixed(3));
export const percent: Write = (value) => minus((100 * value).toFixed(1));
/** Whatever its size: three digits. */
export const short: Write = (value) => minus(String(Number(value.toPrecision(3))));
/** Every digit there is. */
export const exact: Write = (value) => minus(String(value));
/** A difference, with its sign. */
export const signed: Write = (value) => {
  const text = fixed(value);
  return value > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
};

export const NONE = '–';

/** A value, or a dash where there is none. */
export const orDash = (value: number | null, write: Write): string =>
  value === null ? NONE : write(value);

/** `[0.12, 0.34]`; empty without both ends, as of a single task. */
export const range = ({ lo, hi }: Figure, write: Write): string =>
  lo === null || hi === null ? '' : `[${write(lo)}, ${write(hi)}]`;

/** A minus sign instead of a hyphen; no minus before a zero. */
const minus = (text: string): string => text.replace(/^-(?=0(?:\.0*)?$)/, '').replaceAll('-', '−');

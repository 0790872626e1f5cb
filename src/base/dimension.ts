/** Powers of time and voltage; everything else, weights included, is a plain number. */
export interface Dimension {
  readonly time: number;
  readonly voltage: number;
}

export const PLAIN: Dimension = { time: 0, voltage: 0 };
export const TIME: Dimension = { time: 1, voltage: 0 };
export const VOLTAGE: Dimension = { time: 0, voltage: 1 };

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.time === b.time && a.voltage === b.voltage;
}

/** The dimension of `a * b^power`. */
export function multiplyDimension(a: Dimension, b: Dimension, power = 1): Dimension {
  return { time: a.time + power * b.time, voltage: a.voltage + power * b.voltage };
}

/** In words: "a plain number", "a time", "voltage per time". */
export function describeDimension(dimension: Dimension): string {
  const { time, voltage } = dimension;
  if (time === 0 && voltage === 0) return 'a plain number';
  if (time === 1 && voltage === 0) return 'a time';
  if (time === 0 && voltage === 1) return 'a voltage';
  if (time === -1 && voltage === 0) return 'a rate (1/time)';
  const power = (word: string, n: number): string[] =>
    n === 0 ? [] : [n === 1 ? word : `${word}^${n}`];
  return [...power('voltage', voltage), ...power('time', time)].join(' · ');
}

import type { Measure, UnitName } from '../language/ast.js';

/** How numbers and units look in LaTeX: units are upright, with a thin space before them. */

const UNITS: Readonly<Record<UnitName, string>> = {
  ms: '\\mathrm{ms}',
  s: '\\mathrm{s}',
  step: '\\mathrm{step}',
  Hz: '\\mathrm{Hz}',
  mV: '\\mathrm{mV}',
};

export function unitLatex(unit: UnitName): string {
  return UNITS[unit];
}

/** How tightly the text of a number holds together. */
export type NumberKind = 'atom' | 'power' | 'product' | 'signed';

/** A number as written, 1e-3 as 10^{-3}, 8e-5 per mV per mV as 8 \cdot 10^{-5}\,\mathrm{mV}^{-2}. */
export function numberLatex({ text, number: value, unit, per }: Measure): {
  readonly text: string;
  readonly kind: NumberKind;
} {
  if (!Number.isFinite(value)) return { text: value < 0 ? '-\\infty' : '\\infty', kind: 'signed' };
  const match = /^(-?)0*(\d*(?:\.\d*)?)(?:[eE]\+?(-?)0*(\d+))?$/.exec(text);
  const [, sign = '', mantissa = text, minus = '', exponent = ''] = match ?? [];
  const padded = mantissa.startsWith('.') || mantissa === '' ? `0${mantissa}` : mantissa;
  const digits = padded.replace(/\.$/, '');
  const scale = exponent === '' ? '' : `10^{${minus}${exponent}}`;
  const number = scale === '' ? digits : digits === '1' ? scale : `${digits} \\cdot ${scale}`;
  const units = unitsLatex(unit, per, Math.abs(value) !== 1);
  const whole = sign + number + (units === '' ? '' : `\\,${units}`);
  if (sign !== '') return { text: whole, kind: 'signed' };
  if (units !== '' || number.includes('\\cdot')) return { text: whole, kind: 'product' };
  return { text: whole, kind: scale === '' ? 'atom' : 'power' };
}

/** The units behind a number; empty for a plain one. */
export function unitsLatex(
  unit: UnitName | null,
  per: readonly UnitName[],
  several = false,
): string {
  const above = unit === null ? [] : [unit === 'step' && several ? '\\mathrm{steps}' : UNITS[unit]];
  const below = [...new Set(per)].map((each) => {
    const times = per.filter((other) => other === each).length;
    return `${UNITS[each]}^{-${times}}`;
  });
  return [...above, ...below].join('\\,');
}
